"""C on a target: programs that are compiled and linked with Go's libraries, compilers for a machine, tools, endings."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, MissingTool
from pytest_wslgo.model.build_table import BuildRow, Expected
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.product import Product, product_of
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CROSS = {
    "x86_64": ("gcc-arm64", "aarch64", "libc6-dev-arm64-cross"),
    "aarch64": ("gcc-amd64", "x86_64", "libc6-dev-amd64-cross"),
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The embedded Go at work on this machine."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    with open_target("local://", run_id=f"c{os.getpid()}") as target:
        yield Workbench(target, find_toolchain("embedded", target), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def gcc(bench: Workbench) -> str:
    """The name of the usual compiler, where it is there."""
    need("gcc", "gcc and libc6-dev")
    return "gcc"


def need(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: install {package}")


@pytest.mark.parametrize("mode", ["c-archive", "c-shared"])
def test_a_c_program_calls_a_go_library(mode: str, bench: Workbench, gcc: str) -> None:
    library = bench.build("adder", cc=gcc, buildmode=mode)
    assert "extern int Add(int a, int b);" in library.header
    linked = bench.compile_c("calls_add", gcc, library)
    assert linked.ok, linked.describe()
    assert linked.what == f"calls_add.c, compiled by gcc and linked with {library.what}"
    assert linked.binary is not None
    assert linked.binary.run().text == "2 + 3 = 5\n"


def test_a_c_program_that_does_not_compile_says_why_and_how_to_see_it_again(bench: Workbench, gcc: str) -> None:
    failed = bench.compile_c("calls_add", gcc)
    assert (failed.ok, failed.binary) == (False, None)
    assert failed.describe().startswith(f"calls_add.c, compiled by gcc: ended with status {failed.status}:\n")
    assert "libadder.h: No such file or directory" in failed.describe()
    again = subprocess.run(failed.command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (again.returncode, again.stderr) == (failed.status, failed.stderr)


def test_a_mistyped_c_program_names_the_nearest(bench: Workbench, gcc: str) -> None:
    expected = r"^The book ships no C program 'call_add' \(did you mean 'calls_add'\?\): it has calls_add, loads_add, "
    with pytest.raises(BadInput, match=expected):
        bench.compile_c("call_add", gcc)


def test_mingw_compiles_a_program_for_windows(bench: Workbench) -> None:
    need("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")
    made = bench.compile_c("nothing", "mingw")
    assert made.binary is not None
    assert product_of(made.binary.data) == Product.PE
    assert made.path.endswith("/nothing.exe")


def test_a_gcc_for_another_machine_is_one_of_its_own_name(bench: Workbench) -> None:
    name, machine, package = CROSS.get(os.uname().machine, ("", "", ""))
    need(f"{machine}-linux-gnu-gcc", f"gcc-{machine.replace('_', '-')}-linux-gnu and {package}")
    compiler = bench.compiler(name)
    assert (compiler.cc, compiler.triple) == (f"{machine}-linux-gnu-gcc", f"{machine}-linux-gnu")
    assert compiler.libc is Libc.GLIBC


def test_the_gcc_for_this_machine_may_be_the_usual_one(
    bench: Workbench, gcc: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gcc").write_text(f'#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin exec {gcc} "$@"\n')
    (tmp_path / "gcc").chmod(0o755)
    monkeypatch.setattr("pytest_wslgo.toolchain.compilers.SYSTEM_PATH", str(tmp_path))
    fresh = Workbench(bench.target, bench.toolchain, tmp_path)
    other, *_ = CROSS[os.uname().machine]
    own = {"gcc-arm64": "gcc-amd64", "gcc-amd64": "gcc-arm64"}[other]
    assert fresh.compiler(own).cc == "gcc"
    with pytest.raises(
        MissingTool, match=r"^Target local has no \w+-linux-gnu-gcc\. On another machine than \w+, Debian"
    ):
        fresh.compiler(other)


def test_a_tool_is_asked_where_go_builds(bench: Workbench) -> None:
    need("python3", "python3")
    assert bench.ask("python3", "-c", "import os; print(os.environ['GOFLAGS'] == '')").text == "True\n"
    assert bench.ask("python3", "-c", "raise SystemExit(3)", check=False).status == 3


def test_a_tool_that_is_absent_names_the_packages(bench: Workbench) -> None:
    expected = (
        r"^Target local has no readelf\. Debian, Ubuntu: `sudo apt-get install binutils`; "
        r"Fedora: `sudo dnf install binutils`; Alpine: `sudo apk add binutils`\.$"
    )
    with pytest.raises(MissingTool, match=expected):
        bench.ask("readelf", env={"PATH": "/nonexistent"})


def test_a_mistyped_tool_names_the_nearest(bench: Workbench) -> None:
    expected = (
        r"^'readelv' is no tool of ours \(did you mean 'readelf'\?\): expected one of bash, pkg-config, python3, "
    )
    with pytest.raises(BadInput, match=expected):
        bench.ask("readelv")


def test_a_copy_is_fresh_and_of_this_run(bench: Workbench) -> None:
    first, again = bench.copy("bare"), bench.copy("bare")
    assert first != again
    assert first.startswith(bench.target.workdir)
    bench.go("build", cwd=first)
    assert bench.target.run(["ls", first]).text.split() == ["bare", "go.mod", "main.go"]


def a_row(mode: str | None = None, **changes: str | None) -> BuildRow:
    """A build of bare without cgo."""
    values = {"cc": None, "output": None, **changes}
    return BuildRow("bare", "here", "bare", False, mode, values["output"], values["cc"], {}, ("-x",), (Expected(),))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(a_row(), Expected(leaves=Product.STATIC, linker="exe"), id="exe"),
        pytest.param(a_row(output="bare.so"), Expected(leaves=Product.STATIC, linker="exe"), id="name"),
        pytest.param(a_row("c-archive"), Expected(leaves=Product.ARCHIVE, linker="c-archive"), id="archive"),
        pytest.param(a_row("bogus"), Expected(status=(1,), says=("buildmode=bogus not supported",)), id="refused"),
    ],
)
def test_an_ending_is_what_the_build_left(row: BuildRow, expected: Expected, bench: Workbench) -> None:
    assert expected.difference(bench.ending(row)) is None


def test_an_ending_tells_of_the_header(bench: Workbench, gcc: str) -> None:
    row = BuildRow("adder", "here", "adder", True, "c-archive", None, gcc, {}, (), (Expected(),))
    ending = bench.ending(row)
    assert (ending.status, ending.leaves, ending.header) == (0, Product.ARCHIVE, True)
