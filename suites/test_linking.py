"""Linking without a C compiler: when a Go binary is static, and what turns cgo on and off (section 2.1).

Static is a fact of the ELF file: no interpreter (PT_INTERP) and no needed library (DT_NEEDED).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.elf import read_elf

if TYPE_CHECKING:
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

NO_COMPILER = {"PATH": "/nonexistent"}
ABSENT_CC = "no-such-cc"
LIBC_OF = {
    "alpine": "musl",
    "arch": "glibc",
    "centos": "glibc",
    "debian": "glibc",
    "fedora": "glibc",
    "kali": "glibc",
    "opensuse-leap": "glibc",
    "opensuse-tumbleweed": "glibc",
    "rhel": "glibc",
    "ubuntu": "glibc",
}


@pytest.mark.claim("linking.cgo-off-is-static")
@pytest.mark.parametrize(
    ("program", "says"),
    [("hello", "hello from go"), ("net", "resolved 127.0.0.1"), ("osuser", "uid "), ("mixed", "backend: ")],
)
def test_without_cgo_a_binary_is_static_and_starts(go: Workbench, program: str, says: str) -> None:
    binary = go.build(program, cgo=False)
    assert binary.elf.is_static, binary.describe()
    started = binary.run(check=False)
    assert started.text.startswith(says), f"{program} ended with {started.status}: {started.err}"


@pytest.mark.claim("linking.pure-program-stays-static-with-cgo")
def test_cgo_alone_does_not_make_a_program_dynamic(go: Workbench) -> None:
    binary = go.build("hello", cgo=True)
    assert binary.elf.is_static, binary.describe()


@pytest.mark.claim("linking.pure-program-needs-no-compiler")
def test_a_pure_program_builds_where_there_is_no_compiler(go: Workbench) -> None:
    attempt = go.attempt("hello", cgo=True, env=NO_COMPILER)
    assert attempt.status == 0, attempt.describe()


@pytest.mark.claim("linking.netgo-osusergo-is-static")
@pytest.mark.parametrize("program", ["net", "osuser"])
def test_netgo_and_osusergo_keep_the_standard_library_off_libc(go: Workbench, program: str) -> None:
    attempt = go.attempt(program, cgo=True, tags=("netgo", "osusergo"), env=NO_COMPILER)
    assert attempt.binary is not None, attempt.describe()
    assert attempt.binary.elf.is_static, attempt.describe()


@pytest.mark.claim("linking.import-c-without-cgo-fails")
def test_a_package_of_cgo_files_alone_needs_cgo(go: Workbench) -> None:
    attempt = go.attempt("cgo", cgo=False)
    assert attempt.status != 0, attempt.describe()
    assert "build constraints exclude all Go files" in attempt.stderr, attempt.describe()


@pytest.mark.claim("linking.cgo-files-are-dropped-without-cgo")
def test_without_cgo_the_files_that_import_c_are_left_out(go: Workbench) -> None:
    started = go.build("mixed", cgo=False).run(check=False)
    assert started.text == "backend: go\n", f"built without cgo, the program says {started.text!r}"


@pytest.mark.claim("linking.cgo-on-without-compiler-fails")
@pytest.mark.parametrize("program", ["net", "osuser", "cgo"])
def test_the_error_names_the_compiler_that_is_missing(go: Workbench, program: str) -> None:
    attempt = go.attempt(program, cgo=True, env={"CC": ABSENT_CC})
    assert attempt.status != 0, attempt.describe()
    assert f'C compiler "{ABSENT_CC}" not found' in attempt.stderr, attempt.describe()


@pytest.mark.claim("linking.no-compiler-turns-cgo-off")
def test_cgo_is_off_by_default_where_there_is_no_compiler(go: Workbench) -> None:
    default = go.go("env", "CGO_ENABLED", env=NO_COMPILER).text.strip()
    assert default == "0", f"with no compiler on PATH, go env CGO_ENABLED is {default}"


@pytest.mark.claim("linking.explicit-cc-keeps-cgo-on")
def test_an_explicit_cc_keeps_cgo_on(go: Workbench) -> None:
    default = go.go("env", "CGO_ENABLED", env={**NO_COMPILER, "CC": ABSENT_CC}).text.strip()
    assert default == "1", f"with CC={ABSENT_CC}, go env CGO_ENABLED is {default}"


@pytest.mark.claim("linking.cross-build-turns-cgo-off")
def test_cgo_is_off_by_default_for_a_foreign_machine(go: Workbench, toolchain: Toolchain) -> None:
    foreign = {"amd64": "arm64"}.get(toolchain.goarch, "amd64")
    default = go.go("env", "CGO_ENABLED", env={"CC": ABSENT_CC, "GOARCH": foreign}).text.strip()
    assert default == "0", f"with GOARCH={foreign} on {toolchain.goarch}, go env CGO_ENABLED is {default}"


@pytest.mark.claim("linking.default-cc-is-gcc")
def test_the_default_compiler_is_gcc(go: Workbench) -> None:
    default = go.go("env", "CC").text.strip()
    assert default == "gcc", f"with CC unset, go env CC is {default}"


@pytest.mark.claim("linking.pie-is-not-static")
def test_a_pie_names_an_interpreter_even_without_cgo(go: Workbench) -> None:
    pie = go.build("hello", cgo=False, buildmode="pie")
    assert pie.elf.pie, pie.describe()
    assert pie.elf.interpreter is not None, pie.describe()
    assert pie.elf.needed == (), pie.describe()


@pytest.mark.claim("linking.pie-starts-where-it-was-built")
def test_a_pie_finds_its_interpreter_where_it_was_built(go: Workbench) -> None:
    pie = go.build("hello", cgo=False, buildmode="pie")
    started = pie.run(check=False)
    assert started.text == "hello from go\n", f"ended with {started.status}: {pie.describe()}"


@pytest.mark.claim("linking.missing-loader-reads-as-not-found")
def test_a_missing_interpreter_reads_as_if_the_program_were_missing(go: Workbench, target: Target) -> None:
    binary = go.build("hello", cgo=False, buildmode="pie", ldflags="-I=/nonexistent/ld.so")
    assert binary.elf.interpreter == "/nonexistent/ld.so", binary.describe()
    started = target.run(["sh", "-c", '"$1"; exit $?', "sh", binary.path], check=False)
    assert started.status == 127, f"ended with {started.status}: {started.err or started.text}"
    assert "not found" in started.err or "No such file" in started.err, started.err
    assert "loading" not in started.err, started.err


@pytest.mark.claim("linking.upstream-go-is-static")
def test_the_go_command_of_an_upstream_sdk_is_static(target: Target, toolchain: Toolchain) -> None:
    command = read_elf(target.read(toolchain.go), toolchain.go)
    assert command.is_static, f"{toolchain.go}: {command.explain()}"


@pytest.mark.claim("linking.distribution-has-its-libc")
def test_the_distribution_has_the_libc_that_it_is_known_for(platform: Platform) -> None:
    known_for = LIBC_OF[platform.distro or ""]
    assert (platform.libc or "no libc").startswith(known_for), f"{platform.distro} has {platform.libc}"


@pytest.mark.claim("linking.go-never-uses-getaddrinfo-a")
def test_package_net_calls_getaddrinfo_and_not_its_asynchronous_kin(target: Target, toolchain: Toolchain) -> None:
    read = 'cat "$1"/src/net/*.go | grep -oE "getaddrinfo[_a-z]*" | sort -u'
    found = target.run(["sh", "-c", read, "sh", toolchain.goroot]).text.split()
    assert "getaddrinfo" in found, f"{toolchain.goroot}/src/net does not mention getaddrinfo"
    assert "getaddrinfo_a" not in found, f"{toolchain.goroot}/src/net mentions getaddrinfo_a"
