"""Go's own switching of toolchains: GOTOOLCHAIN, the go line and the toolchain line, offline (section 2.4).

Offline, auto says that it downloads before it says that it cannot: the second line is the one to match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.several import Toolchains
    from pytest_wslgo.toolchain.workbench import Workbench

NEWER = "go 1.99.1"
COMMANDS = pytest.mark.parametrize("command", [("build", "."), ("version",), ("list", ".")])


def module(go: Workbench, target: Target, *lines: str) -> str:
    """Write a module with these lines in its go.mod, and return its folder."""
    folder = f"{go.private()['HOME']}/t"
    target.write(f"{folder}/go.mod", "\n".join(("module t", "", *lines, "")).encode())
    target.write(f"{folder}/main.go", b"package main\n\nfunc main() {}\n")
    return folder


def link_named(go: Workbench, target: Target, other: Toolchain) -> dict[str, str]:
    """Put a link to the other go, named as GOTOOLCHAIN looks for it, on a PATH, and return that."""
    folder = f"{go.private()['HOME']}/bin"
    target.run(["mkdir", folder])
    target.run(["ln", "-s", other.go, f"{folder}/{other.version}"])
    return {"PATH": f"{go.environment['PATH']}:{folder}"}


@pytest.mark.claim("toolchains.local-refuses-a-newer-go-line")
def test_local_refuses_a_module_for_a_newer_go(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    refused = go.go("build", ".", cwd=module(go, target, NEWER), check=False)
    running = str(toolchain.version).removeprefix("go")
    says = f"go: go.mod requires go >= 1.99.1 (running go {running}; GOTOOLCHAIN=local)"
    assert (refused.status, refused.err.strip()) == (1, says), refused.explain()


@pytest.mark.claim("toolchains.auto-downloads-for-a-newer-go-line")
@COMMANDS
def test_auto_wants_to_download_the_newer_go(
    go: Workbench, target: Target, toolchain: Toolchain, command: tuple[str, ...]
) -> None:
    refused = go.go(*command, cwd=module(go, target, NEWER), env={"GOTOOLCHAIN": "auto"}, check=False)
    says = f"go: download go1.99.1 for {toolchain.goos}/{toolchain.goarch}: toolchain not available"
    assert (refused.status, refused.err.splitlines()[-1:]) == (1, [says]), refused.explain()


@pytest.mark.claim("toolchains.path-looks-for-a-command")
def test_path_looks_for_a_command_of_that_name(go: Workbench, target: Target) -> None:
    refused = go.go("build", ".", cwd=module(go, target, NEWER), env={"GOTOOLCHAIN": "path"}, check=False)
    assert (refused.status, refused.err.strip()) == (1, 'go: cannot find "go1.99.1" in PATH'), refused.explain()


@pytest.mark.claim("toolchains.toolchain-line-is-ignored-under-local")
def test_local_ignores_a_newer_toolchain_line(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    folder = module(go, target, "go 1.21", "toolchain go1.99.0")
    ignored = go.go("list", ".", cwd=folder, check=False)
    assert ignored.status == 0, ignored.explain()
    heeded = go.go("list", ".", cwd=folder, env={"GOTOOLCHAIN": "auto"}, check=False)
    says = f"go: download go1.99.0 for {toolchain.goos}/{toolchain.goarch}: toolchain not available"
    assert (heeded.status, heeded.err.splitlines()[-1:]) == (1, [says]), f"under auto: {heeded.explain()}"


@pytest.mark.claim("toolchains.default-stands-in-go-env")
@pytest.mark.parametrize("mode", ["auto", "local"])
def test_the_sdks_go_env_has_the_default(go: Workbench, target: Target, mode: str) -> None:
    tree = go.tree(without=("go.env",))
    target.write(f"{tree}/go.env", f"GOTOOLCHAIN={mode}\n".encode())
    shown = go.go("env", "GOTOOLCHAIN", command=f"{tree}/bin/go", env={"GOTOOLCHAIN": None}, check=False).text.strip()
    assert shown == mode, f"go.env in GOROOT says {mode}, and nothing else; go env GOTOOLCHAIN prints {shown}"


@pytest.mark.claim("toolchains.name-runs-the-go-of-path")
def test_a_toolchains_name_runs_the_go_of_that_name(
    go: Workbench, target: Target, toolchain: Toolchain, toolchains: Toolchains
) -> None:
    other = toolchains.that_switch(toolchain)
    env = {**link_named(go, target, other), "GOTOOLCHAIN": str(other.version)}
    shown = go.go("env", "GOROOT", "GOVERSION", env=env, check=False)
    assert shown.text.split() == [other.goroot, str(other.version)], f"it runs {shown.text.split()}; {shown.explain()}"
    local = go.go("env", "GOVERSION", env={**env, "GOTOOLCHAIN": "local"}, check=False).text.strip()
    assert local == str(toolchain.version), f"GOTOOLCHAIN=local runs {local}"


@pytest.mark.claim("toolchains.newer-go-line-runs-the-go-of-path")
@pytest.mark.parametrize("mode", ["path", "auto"])
def test_a_newer_go_line_runs_the_go_of_path(
    go: Workbench, target: Target, toolchain: Toolchain, toolchains: Toolchains, mode: str
) -> None:
    other = toolchains.newer(toolchain)
    folder = module(go, target, f"go {str(other.version).removeprefix('go')}")
    env = {**link_named(go, target, other), "GOTOOLCHAIN": mode}
    shown = go.go("env", "GOROOT", "GOVERSION", cwd=folder, env=env, check=False)
    assert shown.text.split() == [other.goroot, str(other.version)], f"it runs {shown.text.split()}; {shown.explain()}"


@pytest.mark.claim("toolchains.old-go-knows-no-such-lines")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        (NEWER, "go.mod:3: invalid go version '1.99.1': must match format 1.23"),
        ("toolchain go1.99.0", "go.mod:3: unknown directive: toolchain"),
    ],
)
def test_a_go_before_1_21_cannot_read_newer_lines(go: Workbench, target: Target, line: str, says: str) -> None:
    refused = go.go("build", ".", cwd=module(go, target, line), check=False)
    assert (refused.status, "go: errors parsing go.mod:" in refused.err) == (1, True), refused.explain()
    assert says in refused.err, refused.explain()
