"""Linking with a C compiler: what a cgo binary needs from the machine that runs it (sections 2.1 and 3.1).

What depends on a compiler that a machine may lack is a claim of that compiler's own. Every binary that must not have
something is started, or shown beside one that has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.libc import Libc, LibcVersion, libc_of_library
from pytest_wslgo.model.loader_paths import loader_path

if TYPE_CHECKING:
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench

SAYS = {"net": "resolved 127.0.0.1", "osuser": "uid ", "cgo": "40 + 2 = 42"}
REACHES_CGO = pytest.mark.parametrize("program", list(SAYS))
STATIC = "-linkmode=external -extldflags=-static"
STATIC_PIE = "-linkmode=external -extldflags=-static-pie"


@pytest.mark.claim("linking.cgo-programs-need-libc")
@REACHES_CGO
def test_a_program_that_reaches_cgo_needs_the_libc_of_gcc(go: Workbench, program: str) -> None:
    gcc = go.compiler("gcc")
    binary = go.build(program, cgo=True, cc=gcc)
    assert binary.elf.interpreter is not None, binary.describe()
    assert binary.elf.libc is gcc.libc, f"gcc is for {gcc.triple}; {binary.describe()}"
    started = binary.run(check=False)
    assert started.text.startswith(SAYS[program]), f"{program} ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.gcc-loader-has-its-usual-path")
def test_gcc_writes_the_usual_path_of_the_loader(go: Workbench) -> None:
    gcc = go.compiler("gcc")
    binary = go.build("cgo", cgo=True, cc=gcc)
    usual = loader_path(gcc.libc, binary.elf.goarch)
    assert binary.elf.interpreter == usual, f"expected {usual}; {binary.describe()}"


@pytest.mark.claim("linking.libc-is-needed-by-soname")
@REACHES_CGO
def test_libc_is_needed_by_soname_and_not_by_path(go: Workbench, program: str) -> None:
    gcc = go.compiler("gcc")
    binary = go.build(program, cgo=True, cc=gcc)
    assert gcc.libc in map(libc_of_library, binary.elf.needed), binary.describe()
    assert not any("/" in name for name in binary.elf.needed), binary.describe()


@pytest.mark.claim("linking.tags-leave-import-c-dynamic")
def test_netgo_and_osusergo_do_not_undo_import_c(go: Workbench) -> None:
    binary = go.build("cgo", cgo=True, cc="gcc", tags=("netgo", "osusergo"))
    assert not binary.elf.is_static, binary.describe()


@pytest.mark.claim("linking.cgo-files-join-with-cgo")
def test_with_cgo_the_files_that_import_c_take_part(go: Workbench) -> None:
    started = go.build("mixed", cgo=True, cc="gcc").run(check=False)
    assert started.text == "backend: c\n", f"built with cgo, the program says {started.text!r}"


@pytest.mark.claim("linking.compiler-turns-cgo-on")
def test_cgo_is_on_by_default_where_gcc_is(go: Workbench) -> None:
    gcc = go.compiler("gcc")
    default = go.go("env", "CGO_ENABLED").text.strip()
    assert default == "1", f"with {gcc.name} for {gcc.triple} on PATH, go env CGO_ENABLED is {default}"


@pytest.mark.claim("linking.extldflags-static-is-static")
@REACHES_CGO
def test_an_external_static_link_is_static(go: Workbench, program: str) -> None:
    binary = go.build(program, cgo=True, cc="gcc", ldflags=STATIC)
    assert binary.elf.is_static, binary.describe()
    started = binary.run(check=False)
    assert started.text.startswith(SAYS[program]), f"{program} ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.static-glibc-warns")
def test_a_static_link_of_net_warns_when_libc_is_glibc(go: Workbench) -> None:
    gcc = go.compiler("gcc")
    attempt = go.attempt("net", cgo=True, cc=gcc, ldflags=STATIC)
    assert attempt.status == 0, attempt.describe()
    warned = "'getaddrinfo' in statically linked applications" in attempt.stderr
    assert warned == (gcc.libc is Libc.GLIBC), f"gcc is for {gcc.triple}; {attempt.describe()}"


@pytest.mark.claim("linking.static-pie-needs-no-loader")
def test_a_static_pie_needs_no_interpreter(go: Workbench) -> None:
    binary = go.build("cgo", cgo=True, cc="gcc", buildmode="pie", ldflags=STATIC_PIE)
    assert binary.elf.linkage == "static-pie", binary.describe()
    started = binary.run(check=False)
    assert started.text.startswith(SAYS["cgo"]), f"ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.glibc-floor-within-target")
@REACHES_CGO
def test_gcc_asks_for_no_newer_glibc_than_this_machine_has(go: Workbench, platform: Platform, program: str) -> None:
    binary = go.build(program, cgo=True, cc="gcc")
    floor = binary.elf.floor() or LibcVersion((0, 0))
    here = LibcVersion.parse((platform.libc or "unknown").rpartition(" ")[2])
    assert floor <= here, f"here is {platform.libc}; {binary.describe()}"


@pytest.mark.claim("linking.newer-glibc-is-refused")
def test_glibc_refuses_a_binary_that_asks_for_a_newer_one(go: Workbench, target: Target) -> None:
    gcc = go.compiler("gcc")
    binary = go.build("cgo", cgo=True, cc=gcc)
    newer = f"{target.workdir}/needs-newer-glibc"
    target.write(newer, binary.data.replace(b"GLIBC_2.", b"GLIBC_9."), mode=0o755)
    started = target.run([newer], check=False)
    refused = started.status == 1 and "version `GLIBC_9." in started.err
    assert refused == (gcc.libc is Libc.GLIBC), f"{gcc.triple}: it ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.missing-library-is-told-by-the-loader")
def test_the_loader_names_the_library_that_is_missing(go: Workbench, target: Target) -> None:
    binary = go.build("cgo", cgo=True, cc="gcc")
    broken = f"{target.workdir}/needs-absent-library"
    target.write(broken, binary.data.replace(b"\0libc.", b"\0libq."), mode=0o755)
    started = target.run([broken], check=False)
    assert started.status == 127, f"ended with {started.status}: {started.err or started.text}"
    assert "libq." in started.err, started.err


@pytest.mark.claim("linking.musl-gcc-uses-musl-loader")
@REACHES_CGO
def test_musl_gcc_makes_binaries_for_musl(go: Workbench, program: str) -> None:
    binary = go.build(program, cgo=True, cc="musl-gcc")
    assert binary.elf.interpreter == loader_path(Libc.MUSL, binary.elf.goarch), binary.describe()
    assert Libc.MUSL in map(libc_of_library, binary.elf.needed), binary.describe()


@pytest.mark.claim("linking.zig-gnu-uses-glibc-loader")
@REACHES_CGO
def test_zig_makes_binaries_for_glibc(go: Workbench, program: str) -> None:
    binary = go.build(program, cgo=True, cc="zig-gnu")
    assert binary.elf.interpreter == loader_path(Libc.GLIBC, binary.elf.goarch), binary.describe()
    assert Libc.GLIBC in map(libc_of_library, binary.elf.needed), binary.describe()


@pytest.mark.claim("linking.zig-gnu-floor-follows-the-triple")
def test_the_glibc_version_in_the_triple_of_zig_bounds_the_floor(go: Workbench) -> None:
    older = go.build("cgo", cgo=True, cc="zig-gnu.2.17").elf.floor() or LibcVersion((0, 0))
    newer = go.build("cgo", cgo=True, cc="zig-gnu.2.34").elf.floor() or LibcVersion((0, 0))
    assert older <= LibcVersion.parse("2.17"), f"built for glibc 2.17, it needs {older}"
    assert newer == LibcVersion.parse("2.34"), f"built for glibc 2.34, it needs {newer}"


@pytest.mark.claim("linking.zig-musl-is-static")
def test_zig_for_musl_makes_a_cgo_program_static(go: Workbench) -> None:
    binary = go.build("cgo", cgo=True, cc="zig-musl")
    assert binary.elf.is_static, binary.describe()
    started = binary.run(check=False)
    assert started.text.startswith(SAYS["cgo"]), f"ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.zig-musl-net-needs-external-linking")
@pytest.mark.parametrize("program", ["net", "osuser"])
def test_zig_for_musl_links_the_standard_library_externally_only(go: Workbench, program: str) -> None:
    internal = go.attempt(program, cgo=True, cc="zig-musl")
    assert internal.status != 0, internal.describe()
    assert "relocation target" in internal.stderr, internal.describe()
    external = go.build(program, cgo=True, cc="zig-musl", ldflags="-linkmode=external")
    assert external.elf.is_static, external.describe()
    assert external.run(check=False).text.startswith(SAYS[program]), external.describe()
