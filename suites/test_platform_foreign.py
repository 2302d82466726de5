"""Foreign programs: what becomes of one that is made for another system or machine (section 2.5).

The kernel refuses it (ENOEXEC, "exec format error") unless a handler is registered for it in binfmt_misc, as WSL's
interop is for Windows programs; an emulator may also be named. All of this holds with handlers and without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.workbench import Workbench

ENOEXEC = 8
SYSTEMS = pytest.mark.parametrize("goos", ["linux", "windows", "darwin"])


def environment(go: Workbench, goos: str) -> dict[str, str | None]:
    return {"GOOS": goos, "GOARCH": {"linux": go.foreign.goarch}.get(goos, "amd64"), "CGO_ENABLED": "0"}


def built(go: Workbench, goos: str) -> Binary:
    return go.build("where", env=environment(go, goos))


def here(go: Workbench) -> str:
    return f"{go.toolchain.goos}/{go.toolchain.goarch}"


@pytest.mark.claim("platform.kernel-refuses-what-no-handler-takes")
@SYSTEMS
def test_the_kernel_refuses_a_foreign_program_that_no_handler_takes(go: Workbench, goos: str) -> None:
    native = go.foreign.start(go.build("where", cgo=False))
    assert native.err == f"{here(go)}\n", f"the native program ended with {native.status}: {native.err}"
    binary = built(go, goos)
    handler = go.foreign.handler_of(binary)
    started = go.foreign.start(binary)
    refused = started.status == ENOEXEC and "exec format error" in started.err
    assert refused == (handler is None), f"handler: {handler}; ended with {started.status}: {started.err}"


@pytest.mark.claim("platform.bash-says-126")
def test_bash_ends_with_126_where_the_kernel_refuses(go: Workbench) -> None:
    bash = (go.tool("bash"), "-c", '"$1"; exit $?', "bash")
    native, binary = go.build("where", cgo=False), built(go, "linux")
    control = go.target.run([*bash, native.path], env=native.environment, check=False)
    assert control.status == 0, f"the native program ended with {control.status}: {control.err}"
    handler = go.foreign.handler_of(binary)
    started = go.target.run([*bash, binary.path], env=binary.environment, check=False)
    refused = started.status == 126 and "Exec format error" in started.err
    assert refused == (handler is None), f"handler: {handler}; ended with {started.status}: {started.err}"


@pytest.mark.claim("platform.go-run-says-exec-format-error")
@SYSTEMS
def test_go_run_of_a_foreign_program_says_exec_format_error(go: Workbench, goos: str) -> None:
    native = go.go("run", ".", cwd=go.place("where"), check=False)
    assert native.err == f"{here(go)}\n", f"go run of the native program ended with {native.status}: {native.err}"
    handler = go.foreign.handler_of(built(go, goos))
    started = go.go("run", ".", cwd=go.place("where"), env=environment(go, goos), check=False)
    refused = started.status == 1 and "exec format error" in started.err
    assert refused == (handler is None), f"handler: {handler}; ended with {started.status}: {started.err}"


@pytest.mark.claim("platform.exec-flag-names-an-emulator")
def test_the_flag_exec_runs_a_foreign_program_in_an_emulator(go: Workbench) -> None:
    emulator, env = go.foreign.emulator(), environment(go, "linux")
    ran = go.go("run", "-exec", emulator, ".", cwd=go.place("where"), env=env, check=False)
    assert ran.err == f"linux/{go.foreign.goarch}\n", f"-exec {emulator} ended with {ran.status}: {ran.err}"


@pytest.mark.claim("platform.emulator-starts-foreign")
def test_an_emulator_starts_a_foreign_program(go: Workbench) -> None:
    emulator, binary = go.foreign.emulator(), built(go, "linux")
    ran = go.target.run([emulator, binary.path], env=binary.environment, check=False)
    assert ran.err == f"linux/{go.foreign.goarch}\n", f"{emulator} ended with {ran.status}: {ran.err}"


@pytest.mark.claim("platform.handler-starts-foreign")
def test_a_registered_emulator_starts_a_foreign_program_by_itself(go: Workbench) -> None:
    binary = built(go, "linux")
    started = go.foreign.start_with_handler(binary)
    assert started.err == f"linux/{go.foreign.goarch}\n", f"ended with {started.status}: {started.err}"
