"""Wrong compilers and odd linker flags: where they fail, and how loudly (section 3.1).

How builds with a wrong compiler end is data, compilers.toml. What depends on a compiler or tool that a machine may lack
is a claim of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.build_table import load_build_table
from pytest_wslgo.model.product import Product, product_of

if TYPE_CHECKING:
    from pytest_wslgo.model.build_table import BuildRow
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

TABLE = load_build_table(Path(__file__).with_name("compilers.toml"))
ABSENT_LOADER = "/nonexistent/ld.so"
LOADERS_NAMED = """
{ cat "$1"; find "$2" -name '*.go' -exec cat {} +; } | LC_ALL=C tr -c '[:print:]' '\\n' |
    LC_ALL=C grep -oE 'ld-(linux|mingw)[-_a-z0-9]*' | sort -u
"""
ABSENT_PKG_CONFIG = "/nonexistent/pkg-config"


def rows(name: str) -> pytest.MarkDecorator:
    """Run the check once for each row of a table of compilers.toml."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in TABLE[name]])


@pytest.mark.claim("compiler.mingw-fails-in-the-build")
@rows("mingw-fails-in-the-build")
def test_mingw_fails_in_the_build_and_leaves_no_program(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("compiler.mingw-fails-in-the-build")
def test_mingw_does_no_harm_to_a_program_without_cgo(go: Workbench) -> None:
    started = go.build("hello", cc="mingw").run(check=False)
    assert started.text == "hello from go\n", f"built with mingw in CC, it ended with {started.status}: {started.err}"


@pytest.mark.claim("compiler.mingw-makes-pe")
def test_mingw_makes_files_that_name_no_interpreter(go: Workbench) -> None:
    mingw, gcc = go.compile_c("nothing", "mingw"), go.compile_c("nothing", "gcc")
    assert mingw.binary is not None, mingw.describe()
    assert gcc.binary is not None, gcc.describe()
    assert product_of(gcc.binary.data) != Product.PE, gcc.describe()
    assert product_of(mingw.binary.data) == Product.PE, mingw.describe()
    assert b"ld-mingw" not in mingw.binary.data, f"{mingw.what} mentions ld-mingw"


@pytest.mark.claim("compiler.linker-knows-no-ld-mingw")
def test_the_linker_of_go_knows_no_loader_of_mingw(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    linker = go.go("tool", "-n", "link").text.strip()
    source = f"{toolchain.goroot}/src/cmd/link/"
    found = target.run(["sh", "-c", LOADERS_NAMED, "sh", linker, source], deadline=60).text.split()
    assert any(name.startswith("ld-linux") for name in found), f"{linker} names {found}"
    assert not any(name.startswith("ld-mingw") for name in found), f"{linker} and its source name {found}"


@pytest.mark.claim("compiler.gcc-for-arm64-refuses-amd64")
@rows("gcc-for-arm64-refuses-amd64")
def test_a_gcc_for_arm64_refuses_to_build_for_amd64(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("compiler.gcc-for-amd64-refuses-arm64")
@rows("gcc-for-amd64-refuses-arm64")
def test_a_gcc_for_amd64_refuses_to_build_for_arm64(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("compiler.gcc-builds-for-its-machine")
@pytest.mark.parametrize(
    ("goarch", "machine", "loader"),
    [("amd64", "x86_64", "ld-linux-x86-64.so.2"), ("arm64", "aarch64", "ld-linux-aarch64.so.1")],
)
def test_the_gcc_of_a_machine_builds_for_it(go: Workbench, goarch: str, machine: str, loader: str) -> None:
    attempt = go.attempt("cgo", cc=f"gcc-{goarch}", env={"GOARCH": goarch})
    assert attempt.binary is not None, attempt.describe()
    assert attempt.binary.elf.machine == machine, attempt.describe()
    assert (attempt.binary.elf.interpreter or "").endswith(f"/{loader}"), attempt.describe()


@pytest.mark.claim("compiler.useless-compilers-end-the-build")
@rows("useless-compilers-end-the-build")
def test_a_compiler_that_is_none_ends_the_build(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("compiler.interpreter-flag-beats-gcc")
def test_the_linkers_flag_beats_the_loader_of_gcc(go: Workbench, target: Target) -> None:
    usual, binary = go.build("cgo", cc="gcc"), go.build("cgo", cc="gcc", ldflags=f"-I={ABSENT_LOADER}")
    assert usual.run(check=False).status == 0, usual.describe()
    assert binary.elf.interpreter == ABSENT_LOADER, binary.describe()
    started = target.run(["sh", "-c", '"$1"; exit $?', "sh", binary.path], check=False)
    assert started.status == 127, f"ended with {started.status}: {started.err or started.text}"
    assert "not found" in started.err or "No such file" in started.err, started.err


@pytest.mark.claim("compiler.readelf-agrees")
@pytest.mark.parametrize("ldflags", [None, f"-I={ABSENT_LOADER}"])
def test_readelf_shows_the_interpreter_that_we_read(go: Workbench, ldflags: str | None) -> None:
    binary = go.build("bare", cgo=False, buildmode="pie", ldflags=ldflags)
    shown = go.ask("readelf", "-lW", binary.path).text
    assert f"[Requesting program interpreter: {binary.elf.interpreter}]" in shown, f"{binary.describe()} {shown}"


@pytest.mark.claim("compiler.default-cgo-ldflags")
def test_cgo_ldflags_is_not_empty_by_default(go: Workbench) -> None:
    default = go.go("env", "CGO_LDFLAGS").text.split()
    assert sorted(default) == ["-O2", "-g"], f"go env CGO_LDFLAGS is {default}"


@pytest.mark.claim("compiler.static-libgcc-is-harmless")
def test_static_libgcc_and_lc_do_no_harm(go: Workbench) -> None:
    attempt = go.attempt("cgo", cc="gcc", env={"CGO_LDFLAGS": "-static-libgcc -lc"}, flags=("-x",))
    assert attempt.ok, attempt.describe()
    assert attempt.binary is not None, attempt.describe()
    assert "-static-libgcc" in attempt.stderr, f"{attempt.what}: no command of it has -static-libgcc"
    started = attempt.binary.run(check=False)
    assert started.text == "40 + 2 = 42\n", f"ended with {started.status}: {started.err}"


@pytest.mark.claim("compiler.mingw-libraries-break-the-link")
def test_the_libraries_of_mingw_break_the_link(go: Workbench, target: Target) -> None:
    gcc, mingw = go.compiler("gcc"), go.compiler("mingw")
    library = target.run([mingw.cc, "-print-file-name=libpthread.a"]).text.strip()
    folder = library.rpartition("/")[0]
    attempt = go.attempt("cgo", cc=gcc, env={"CGO_LDFLAGS": f"-L{folder}"})
    assert attempt.status != 0, f"with -L{folder}: {attempt.describe()}"
    assert "undefined reference to `__imp_" in attempt.stderr, attempt.describe()


@pytest.mark.claim("compiler.pkg-config-knows-no-glibc")
def test_pkg_config_knows_no_glibc(go: Workbench) -> None:
    asked, version = go.ask("pkg-config", "--libs", "glibc", check=False), go.ask("pkg-config", "--version")
    assert asked.status == 1, f"pkg-config {version.text.strip()} ended with {asked.status}: {asked.text}{asked.err}"
    assert "glibc" in asked.err, f"pkg-config {version.text.strip()} said {asked.err!r}"


@pytest.mark.claim("compiler.pkg-config-is-asked-by-cgo-lines-alone")
def test_go_asks_pkg_config_for_its_lines_alone(go: Workbench) -> None:
    env = {"CGO_ENABLED": "1", "CC": go.compiler("gcc").cc, "PKG_CONFIG": ABSENT_PKG_CONFIG}
    # Copies, for what is compiled already asks nobody.
    plain = go.go("build", "-buildvcs=false", cwd=go.copy("cgo"), env=env, check=False)
    asking = go.go("build", "-buildvcs=false", cwd=go.copy("pkgconfig"), env=env, check=False)
    assert plain.status == 0, f"without a line for pkg-config, go build ended with {plain.status}: {plain.err}"
    assert asking.status != 0, f"with a line for pkg-config, and none there, go build ended with {asking.status}"
    assert ABSENT_PKG_CONFIG in asking.err, f"with a line for pkg-config, and none there, go build said {asking.err!r}"


@pytest.mark.claim("compiler.gohostos-is-fixed")
def test_no_variable_sets_gohostos(go: Workbench) -> None:
    host, chosen = go.go("env", "GOHOSTOS", "GOOS", env={"GOHOSTOS": "windows", "GOOS": "windows"}).text.split()
    assert chosen == "windows", f"with GOOS=windows, go env GOOS is {chosen}"
    assert host == "linux", f"with GOHOSTOS=windows, go env GOHOSTOS is {host}"
