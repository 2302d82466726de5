"""Tables of builds: the rows that they stand for, what a row expects of a version, and each mistake's sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.build_table import BuildRow, Ending, Expected, load_build_table
from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.model.go import GoVersion, satisfies
from pytest_wslgo.model.product import Product
from pytest_wslgo.resources import CLAIMS, SUITES

if TYPE_CHECKING:
    from pathlib import Path

ROW = """
[[a-name]]
programs = ["bare"]
ends = [{ leaves = "an archive" }]
"""
GO = GoVersion.parse("go1.26.4")
AREAS = {"buildmodes.toml": "buildmode", "compilers.toml": "compiler"}
# Every minor release that the book speaks of, and some to come.
MINORS = [GoVersion.parse(f"1.{minor}") for minor in range(19, 35)]


def load(folder: Path, text: str) -> dict[str, tuple[BuildRow, ...]]:
    path = folder / "modes.toml"
    path.write_text(text, encoding="utf-8")
    return load_build_table(path)


def test_a_table_stands_for_every_combination_of_its_lists(tmp_path: Path) -> None:
    text = """
    [[a]]
    programs = ["bare", "adder"]
    cgo = [false, true]
    modes = ["pie"]
    platforms = ["js/wasm"]
    outputs = ["x.a"]
    cc = "gcc"
    env = { CC = "false" }
    flags = ["-x"]
    ends = [{ go = ">=1.22", status = [1, 2], says = ["no"] }, { go = "<1.22", leaves = "an archive", header = true }]
    """
    rows = load(tmp_path, text)["a"]
    assert [row.id for row in rows] == [
        f"{program}-cgo{cgo}-pie-js-wasm-x.a-gcc-false" for program in ("bare", "adder") for cgo in (0, 1)
    ]
    first = rows[0]
    assert (first.program, first.cgo, first.mode, first.output, first.cc) == ("bare", False, "pie", "x.a", "gcc")
    assert (first.env, first.flags) == ({"GOOS": "js", "GOARCH": "wasm", "CC": "false"}, ("-x",))
    assert first.expected(GO) == Expected(go=">=1.22", status=(1, 2), says=("no",))
    assert first.expected(GoVersion.parse("1.21")) == Expected(go="<1.22", leaves=Product.ARCHIVE, header=True)


def test_what_a_table_leaves_out_is_gos_own_choice(tmp_path: Path) -> None:
    (row,) = load(tmp_path, ROW)["a-name"]
    assert (row.id, row.cgo, row.mode, row.output, row.cc, row.env) == ("bare", None, None, None, None, {})
    assert row.expected(GO) == Expected(leaves=Product.ARCHIVE)


MISTAKES = [
    pytest.param(
        '[a]\nprograms = ["bare"]', "modes.toml: expected tables [[a]], got one that is not in a list", id="list"
    ),
    pytest.param(
        ROW + 'mode = ["pie"]',
        "modes.toml [[a-name]] 1: unknown key 'mode' (did you mean 'modes'?); valid keys are cc, cgo, ends, env, "
        "flags, modes, outputs, platforms, programs",
        id="typo",
    ),
    pytest.param('[[a]]\nprograms = ["bare"]', "modes.toml [[a]] 1: key 'ends' is missing", id="missing"),
    pytest.param(
        '[[a]]\nprograms = ["bare"]\nends = []',
        "modes.toml [[a]] 1: key 'ends' is empty; name at least one",
        id="no-ends",
    ),
    pytest.param(
        ROW + ROW.replace('"an archive"', '"an archiv"'),
        "modes.toml [[a-name]] 2 [[ends]] 1: leaves = 'an archiv' is not one of a static executable, a dynamic "
        "executable, a position-independent executable, a static position-independent executable, a shared library, an "
        "unlinked file, an archive, a WebAssembly module, a PE file, a Mach-O file (did you mean 'an archive'?)",
        id="product",
    ),
    pytest.param(
        ROW.replace("leaves", 'go = "since 1.22", leaves'),
        "modes.toml [[a-name]] 1: key 'go' of 'ends': 'since 1.22' is not a constraint on Go versions: write "
        "bounds without 'go', such as >=1.21 or >=1.21,<1.26",
        id="constraint",
    ),
    pytest.param(
        ROW.replace("leaves", "status = [1], leaves"),
        "modes.toml [[a-name]] 1: key 'leaves' of 'ends': a build that fails leaves no file; leave the key out",
        id="failed-and-left",
    ),
    pytest.param(
        ROW.replace('leaves = "an archive"', "header = true"),
        "modes.toml [[a-name]] 1: key 'header' of 'ends': a header comes with a file; say which with 'leaves'",
        id="header-alone",
    ),
    pytest.param(
        ROW + 'platforms = ["linux-amd64"]',
        "modes.toml [[a-name]] 1: key 'platforms': 'linux-amd64' is not of the form GOOS/GOARCH, or GOOS alone",
        id="platform",
    ),
    pytest.param(
        ROW + ROW,
        "modes.toml [[a-name]] 2: the build bare stands in modes.toml [[a-name]] 1 already; keep one",
        id="twice",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), MISTAKES)
def test_a_mistake_names_the_table_and_the_key(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        load(tmp_path, text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("ends", "count"),
    [
        pytest.param('[{ go = "<1.22" }]', "none is", id="gap"),
        pytest.param('[{ go = ">=1.22" }, { go = ">=1.24" }]', "2 of them are", id="overlap"),
    ],
)
def test_a_version_with_no_ending_or_two_is_told(ends: str, count: str, tmp_path: Path) -> None:
    (row,) = load(tmp_path, f'[[a]]\nprograms = ["bare"]\nends = {ends}')["a"]
    with pytest.raises(BadInput) as raised:
        row.expected(GO)
    assert str(raised.value) == (
        f"modes.toml [[a]] 1: key 'ends': exactly one shall be about each Go, and {count} about go1.26.4"
    )


LINKED = "/sdk/pkg/tool/linux_amd64/link -o $WORK/b001/exe/a.out -buildmode=exe -buildid=x"
BUILT = Ending("bare, built by go1.26.4", 0, LINKED, Product.ARCHIVE, header=False)
DIFFERENCES = [
    pytest.param(Expected(leaves=Product.ARCHIVE, says=("/link",), linker="exe"), None, id="none"),
    pytest.param(Expected(status=(1, 2)), f"ended with status 0, expected 1 or 2; it said {LINKED}", id="status"),
    pytest.param(Expected(says=("loadinternal",)), f"expected the message 'loadinternal'; it said {LINKED}", id="says"),
    pytest.param(
        Expected(leaves=Product.PIE),
        f"left an archive, expected a position-independent executable; it said {LINKED}",
        id="leaves",
    ),
    pytest.param(Expected(), f"left an archive, expected none; it said {LINKED}", id="leaves-something"),
    pytest.param(
        Expected(leaves=Product.ARCHIVE, header=True), "left no header beside it, expected a header", id="header"
    ),
    pytest.param(
        Expected(leaves=Product.ARCHIVE, linker="pie"),
        "the linker was run with -buildmode=exe, expected pie",
        id="linker",
    ),
]


@pytest.mark.parametrize(("expected", "difference"), DIFFERENCES)
def test_a_difference_is_told_with_what_was_seen(expected: Expected, difference: str | None) -> None:
    told = f"bare, built by go1.26.4: {difference}" if difference else None
    assert expected.difference(BUILT) == told


def test_a_build_that_left_nothing_and_said_nothing_is_told() -> None:
    silent = Ending("bare", 0, "", None, header=True)
    assert Expected(leaves=Product.PE).difference(silent) == "bare: left no file, expected a PE file; it said nothing"
    assert Expected().difference(silent) == "bare: left a header beside it, expected no header"
    assert Expected(header=True, linker="exe").difference(silent) == (
        "bare: the linker was run with -buildmode=None, expected exe"
    )


@pytest.mark.parametrize("name", AREAS)
def test_the_books_tables_know_every_version_that_their_claims_are_about(name: str) -> None:
    claims = load_claims(CLAIMS)
    for table, rows in load_build_table(SUITES / name).items():
        claim = claims[f"{AREAS[name]}.{table}"]
        about = [version for version in MINORS if satisfies(version, claim.go or "")]
        assert about, claim.id
        assert all(row.expected(version) for row in rows for version in about)
