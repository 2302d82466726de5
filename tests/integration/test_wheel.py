"""The wheel is the product: installed into a fresh virtual environment, it works from anywhere."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ledgers import stored_ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT))
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh virtual environment that holds the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("venv")
    _run(sys.executable, "-m", "venv", str(home))
    made = home / "bin" / "python"
    _run(str(made), "-m", "pip", "install", "--quiet", str(wheel))
    return made


def test_the_wheel_holds_book_and_fixtures_under_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"pytest_wslgo/suites/__init__.py", "pytest_wslgo/suites/claims.toml", "pytest_wslgo/py.typed"} <= names
    assert "pytest_wslgo/fixtures/modules/hello/main.go" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"pytest_wslgo"}


PROJECTS = {
    "empty": {},
    "strict-settings": {
        "pytest.ini": "[pytest]\naddopts = --strict-markers -p no:cacheprovider\ntestpaths = checks\n"
        "python_files = check_*.py\npython_functions = check_*\nnorecursedirs = suites\nfilterwarnings = error\n",
        "checks/check_own.py": "def check_one(): pass\n",
        "conftest.py": "import pytest\n\n@pytest.fixture\ndef target():\n    return 'mine'\n",
    },
    "same-file-name": {
        "tests/test_linking.py": "def test_mine(): pass\n",
        "test_linking.py": "def test_mine(): pass\n",
    },
}


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_bundled_book_is_collected_from_anywhere(
    python: Path, tmp_path: Path, project: str, workers: tuple[str, ...]
) -> None:
    for name, text in PROJECTS[project].items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    before = sorted(path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts)

    done = _pytest(
        python, tmp_path, "--wslgo", "--wslgo-ledger=../ledger.json", "-k", "libc_that_it_is_known_for", *workers
    )

    assert done.returncode == 0, done.stdout
    ledger = stored_ledger(tmp_path.parent / "ledger.json")
    assert ledger["summary"]["verified"] == 1, done.stdout
    left = {path for path in tmp_path.rglob("*") if not {"__pycache__", ".pytest_cache"} & set(path.parts)}
    assert sorted(left) == before


def test_a_users_own_suite_uses_our_fixtures_and_markers(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.claim('linking.distribution-has-its-libc')\n"
        "def test_shell_is_there(target):\n"
        "    assert target.host.file('/bin/sh').exists, 'no /bin/sh'\n"
    )

    done = _pytest(python, tmp_path, "--wslgo", "--strict-markers", "test_ours.py")

    assert done.returncode == 0, done.stdout
    assert "1 verified" in done.stdout


def test_kind_markers_select(python: Path, tmp_path: Path) -> None:
    done = _pytest(python, tmp_path, "--wslgo", "--collect-only", "-q", "-m", "setup")

    assert done.returncode in (0, 5), done.stdout
    assert "test_linking.py" not in done.stdout


def _pytest(python: Path, cwd: Path, *args: str) -> subprocess.CompletedProcess[str]:
    argv = (str(python), "-m", "pytest", *args)
    return subprocess.run(argv, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)


def _run(*argv: str) -> None:
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    assert done.returncode == 0, done.stdout
