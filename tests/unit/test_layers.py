"""DESIGN section 3: imports only point down. Read from the sources, so that an import inside a function counts too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.imports import complaints, imports_of, read_tree, too_long

CHECKOUT = Path(__file__).resolve().parents[2]


def make_tree(root: Path, files: dict[str, str]) -> Path:
    """Write modules; a name without a folder ("model/a") is below pytest_wslgo."""
    for name, source in files.items():
        path = root / (name if name.startswith("suites/") else f"pytest_wslgo/{name}")
        path = path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return root


def test_the_house_is_in_order() -> None:
    modules = read_tree(CHECKOUT)
    assert {"pytest_wslgo.errors", "pytest_wslgo.model.gate", "pytest_wslgo.plugin", "suites"} <= set(modules)
    assert complaints(modules) == []


def test_no_file_is_longer_than_a_readers_patience() -> None:
    assert too_long(CHECKOUT, ("pytest_wslgo", "suites", "tests", "fixtures")) == []


def test_the_entry_module_imports_nothing_but_pytest() -> None:
    at_top = {one.name.partition(".")[0] for one in read_tree(CHECKOUT)["pytest_wslgo.plugin"] if one.at_top}
    assert at_top <= {"__future__", "typing", "pytest"}


ALLOWED = {
    "__init__": "__version__ = '1'",
    "errors": "import difflib",
    "resources": "from pathlib import Path",
    "model/__init__": "",
    "model/a": "import msgspec\nfrom pytest_wslgo.errors import BadInput\nfrom pytest_wslgo.model.b import B",
    "model/b": "def f():\n    from pytest_wslgo.model import a",
    "target/t": "import subprocess\nfrom pytest_wslgo import resources\nfrom pytest_wslgo.model.a import A",
    "toolchain/go": "from ..target import t\nfrom .other import x",
    "toolchain/other": "from pytest_wslgo.model import a",
    "report/r": "from pytest_wslgo.model.a import A",
    "plugin/__init__": "import pytest\ndef f():\n    from pytest_wslgo.plugin.p import P",
    "plugin/p": "import pytest\nfrom pytest_wslgo.report.r import R\nfrom pytest_wslgo.toolchain.go import Go",
    "suites/__init__": "",
    "suites/test_x": (
        "import re\nimport pytest\nfrom pytest_wslgo.model.a import A\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from pytest_wslgo.plugin.p import P\n    from pytest_wslgo.target.t import T"
    ),
}


def test_what_points_down_is_allowed(tmp_path: Path) -> None:
    assert complaints(read_tree(make_tree(tmp_path, ALLOWED))) == []


VIOLATIONS = [
    pytest.param("errors", "from pytest_wslgo.model.a import A", "errors is below model", id="errors-model"),
    pytest.param(
        "errors", "from pytest_wslgo import resources", "errors and resources stand side by side", id="errors-resources"
    ),
    pytest.param("resources", "import pytest_wslgo.model.a", "resources is below model", id="resources-model"),
    pytest.param(
        "__init__", "from pytest_wslgo.errors import X", "the package's own module holds the version only", id="package"
    ),
    pytest.param("model/a", "from pytest_wslgo.target.t import T", "model is below target", id="model-target"),
    pytest.param("model/a", "import pytest_wslgo.toolchain.go", "model is below toolchain", id="model-toolchain"),
    pytest.param("model/a", "from ..target import t", "model is below target", id="relative"),
    pytest.param("model/a", "from pytest_wslgo import plugin", "model is below plugin", id="a-package-as-a-name"),
    pytest.param(
        "model/a", "def f():\n    from pytest_wslgo.target.t import T", "model is below target", id="in-a-function"
    ),
    pytest.param(
        "model/a",
        "if TYPE_CHECKING:\n    from pytest_wslgo.target.t import T",
        "model is below target",
        id="for-types-only",
    ),
    pytest.param(
        "model/a",
        "try:\n    import pytest_wslgo.target.t\nexcept ImportError:\n    pass",
        "model is below target",
        id="try",
    ),
    pytest.param("model/a", "import pexpect", "only target starts processes", id="model-pexpect"),
    pytest.param("model/a", "import filelock", "model does without", id="model-third-party"),
    pytest.param("model/a", "import suites.test_x", "model is below suites", id="model-suites"),
    pytest.param(
        "target/t", "from pytest_wslgo.toolchain.go import Go", "target is below toolchain", id="target-toolchain"
    ),
    pytest.param("target/t", "import pytest", "only plugin and suites import pytest", id="target-pytest"),
    pytest.param("toolchain/go", "import subprocess", "only target starts processes", id="toolchain-subprocess"),
    pytest.param(
        "toolchain/go", "from testinfra import host", "only target starts processes", id="toolchain-testinfra"
    ),
    pytest.param("toolchain/go", "import pytest_wslgo.report.r", "toolchain is below report", id="toolchain-report"),
    pytest.param("report/r", "from pytest_wslgo.plugin.p import P", "report is below plugin", id="report-plugin"),
    pytest.param("report/r", "import pytest", "only plugin and suites import pytest", id="report-pytest"),
    pytest.param(
        "report/r", "from _pytest import terminal", "only plugin and suites import pytest", id="report-private-pytest"
    ),
    pytest.param("plugin/p", "import suites.test_x", "plugin is below suites", id="plugin-suites"),
    pytest.param("plugin/p", "import subprocess", "only target starts processes", id="plugin-subprocess"),
    pytest.param(
        "suites/test_x",
        "from pytest_wslgo.target.t import T",
        "a suite has fixtures, and pytest_wslgo.model",
        id="suite-target",
    ),
    pytest.param("suites/test_x", "import subprocess", "only target starts processes", id="suite-subprocess"),
    pytest.param("suites/test_x", "import msgspec", "suites does without", id="suite-third-party"),
]


@pytest.mark.parametrize(("name", "source", "trouble"), VIOLATIONS)
def test_what_points_up_is_told(tmp_path: Path, name: str, source: str, trouble: str) -> None:
    found = complaints(read_tree(make_tree(tmp_path, {**ALLOWED, name: source})))
    (sentence,) = [one for one in found if not one.startswith("cycle: ")]
    module = name.replace("/", ".") if name.startswith("suites") else f"pytest_wslgo.{name}".replace("/", ".")
    assert sentence.startswith(f"{module.removesuffix('.__init__')}:")
    assert sentence.endswith(f": {trouble}")


def test_a_module_called_utils_is_told(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, {**ALLOWED, "model/utils": ""})
    assert complaints(read_tree(tree)) == ["pytest_wslgo.model.utils is called utils: name it after its idea"]


def test_a_module_outside_of_every_layer_is_told(tmp_path: Path) -> None:
    (sentence,) = complaints(read_tree(make_tree(tmp_path, {**ALLOWED, "helpers/a": "import os"})))
    assert sentence == (
        "pytest_wslgo.helpers.a is in no layer; the layers are errors, resources, model, target, toolchain, report, "
        "commands, __main__, plugin, suites"
    )


@pytest.mark.parametrize(
    ("files", "cycle"),
    [
        pytest.param(
            {"model/a": "import pytest_wslgo.model.b", "model/b": "from pytest_wslgo.model.a import A"},
            "pytest_wslgo.model.a -> pytest_wslgo.model.b -> pytest_wslgo.model.a",
            id="two",
        ),
        pytest.param(
            {"model/a": "from . import b", "model/b": "from .c import C", "model/c": "from .a import A"},
            "pytest_wslgo.model.a -> pytest_wslgo.model.b -> pytest_wslgo.model.c -> pytest_wslgo.model.a",
            id="three",
        ),
        pytest.param(
            {"model/a": "class A:\n    from pytest_wslgo.model import b", "model/b": "import pytest_wslgo.model.a"},
            "pytest_wslgo.model.a -> pytest_wslgo.model.b -> pytest_wslgo.model.a",
            id="in-a-class",
        ),
    ],
)
def test_a_cycle_is_told(tmp_path: Path, files: dict[str, str], cycle: str) -> None:
    assert complaints(read_tree(make_tree(tmp_path, files))) == [f"cycle: {cycle}"]


@pytest.mark.parametrize(
    "late",
    [
        pytest.param("def f():\n    import pytest_wslgo.model.a", id="in-a-function"),
        pytest.param("if TYPE_CHECKING:\n    import pytest_wslgo.model.a", id="for-types-only"),
        pytest.param("if typing.TYPE_CHECKING:\n    import pytest_wslgo.model.a", id="for-types-only-by-its-long-name"),
    ],
)
def test_a_late_import_closes_no_cycle(tmp_path: Path, late: str) -> None:
    assert complaints(read_tree(make_tree(tmp_path, {"model/a": "import pytest_wslgo.model.b", "model/b": late}))) == []


def test_what_stands_in_the_else_of_type_checking_runs() -> None:
    source = "if TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
    assert [(one.name, one.runs, one.at_top) for one in imports_of("m", source)] == [
        ("a", False, False),
        ("b", True, True),
    ]


def test_a_file_of_too_many_lines_is_told(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_long.py").write_text("#\n" * 401)
    (tmp_path / "tests" / "test_full.py").write_text("#\n" * 400)
    assert too_long(tmp_path, ("tests",)) == ["tests/test_long.py has 401 lines; 400 is the limit"]
