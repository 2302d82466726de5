"""Which tree a go command takes for its own, and what it needs of it (sections 2.2 and 2.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.several import Toolchains
    from pytest_wslgo.toolchain.workbench import Workbench

TRIMMED = "go: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set"
HELLO = "wslgo.example/hello"
# Of two packages go build writes nothing.
BUILD = ("build", HELLO, "errors")
COMMANDS = pytest.mark.parametrize("command", [("version",), ("env", "GOROOT"), BUILD, ("list", "errors")])
RUN = '"$@"; exit $?'
ASSEMBLY = {
    "go.mod": "module assembly\n\ngo 1.19\n",
    "main.go": 'package main\n\nimport _ "fmt"\n\nfunc f()\n\nfunc main() { f() }\n',
    "f.s": '#include "textflag.h"\n\nTEXT ·f(SB), NOSPLIT, $0-0\n\tRET\n',
}


def mismatch(tools: Toolchain, command: Toolchain) -> str:
    """Return what compile says when the go command is of another version; see cmd/compile, -goversion."""
    return f'compile: version "{tools.version}" does not match go tool version "{command.version}"'


def assembly(go: Workbench, target: Target) -> str:
    """Write a program that no build cache knows, and that needs src, pkg/tool and pkg/include; return its folder."""
    folder = f"{go.private()['HOME']}/assembly"
    for name, text in ASSEMBLY.items():
        target.write(f"{folder}/{name}", text.encode())
    return folder


@pytest.mark.claim("goroot.follows-links")
def test_a_link_to_go_finds_the_tree_of_the_sdk(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    room = go.private()["HOME"]
    target.run(["ln", "-s", toolchain.go, f"{room}/go"])
    shown = go.go("env", "GOROOT", command=f"{room}/go", check=False)
    assert shown.text.strip() == toolchain.goroot, f"through a link go env GOROOT prints {shown.text}{shown.err}"
    built = go.go("build", "-o", f"{room}/hello", HELLO, cwd=go.place("hello"), command=f"{room}/go", check=False)
    assert built.status == 0, built.explain()


@pytest.mark.claim("goroot.follows-links")
def test_a_shell_script_that_starts_go_finds_the_tree(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    script = f"{go.private()['HOME']}/go"
    target.write(script, f'#!/bin/sh\nexec "{toolchain.go}" "$@"\n'.encode(), mode=0o755)
    shown = go.go("env", "GOROOT", command=script, check=False)
    assert shown.text.strip() == toolchain.goroot, f"through a script go env GOROOT prints {shown.text}{shown.err}"


@pytest.mark.claim("goroot.dangling-link-is-not-found")
def test_a_link_to_nowhere_reads_as_if_go_were_missing(go: Workbench, target: Target) -> None:
    link = f"{go.private()['HOME']}/go"
    target.run(["ln", "-s", "/nonexistent/bin/go", link])
    started = target.run(["sh", "-c", RUN, "sh", link, "version"], env=go.environment, check=False)
    assert started.status == 127, started.explain()
    assert "not found" in started.err or "No such file" in started.err, started.explain()


@pytest.mark.claim("goroot.relinking-mends-a-link")
def test_ln_sf_replaces_a_link_that_leads_nowhere(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    link = f"{go.private()['HOME']}/go"
    target.run(["ln", "-s", "/nonexistent/bin/go", link])
    target.run(["ln", "-sf", toolchain.go, link], env=go.environment, check=False)
    told = go.go("version", command=link, check=False)
    assert (told.status, str(toolchain.version) in told.text) == (0, True), told.explain()


@pytest.mark.claim("goroot.copied-command-stops")
@COMMANDS
def test_a_copied_go_command_has_no_tree(
    go: Workbench, target: Target, toolchain: Toolchain, command: tuple[str, ...]
) -> None:
    copy = f"{go.private()['HOME']}/go"
    target.run(["cp", toolchain.go, copy])
    stopped = go.go(*command, cwd=go.place("hello"), command=copy, check=False)
    assert (stopped.status, stopped.err.strip()) == (2, TRIMMED), stopped.explain()
    works = go.go("env", "GOROOT", command=copy, env={"GOROOT": toolchain.goroot}, check=False)
    assert works.text.strip() == toolchain.goroot, f"with GOROOT set: {works.explain()}"


@pytest.mark.claim("goroot.follows-a-move")
def test_a_moved_sdk_reports_its_new_place(go: Workbench, target: Target) -> None:
    tree = go.tree()
    target.run(["mv", tree, f"{tree}-moved"])
    command = f"{tree}-moved/bin/go"
    shown = go.go("env", "GOROOT", command=command, check=False)
    assert shown.text.strip() == f"{tree}-moved", f"moved to {tree}-moved, GOROOT is {shown.text}{shown.err}"
    built = go.go("build", "-o", f"{tree}-moved/hello", HELLO, cwd=go.place("hello"), command=command, check=False)
    assert built.status == 0, built.explain()


@pytest.mark.claim("goroot.nowhere-stops-every-command")
@COMMANDS
@pytest.mark.parametrize("goroot", ["/nonexistent", "C:\\Program Files\\Go"])
def test_a_goroot_that_is_not_there_stops_every_command(go: Workbench, goroot: str, command: tuple[str, ...]) -> None:
    stopped = go.go(*command, cwd=go.place("hello"), env={"GOROOT": goroot}, check=False)
    says = f"go: cannot find GOROOT directory: {goroot}"
    assert (stopped.status, stopped.err.strip()) == (2, says), stopped.explain()


@pytest.mark.claim("goroot.empty-variable-is-ignored")
def test_an_empty_goroot_is_no_goroot(go: Workbench, toolchain: Toolchain) -> None:
    shown = go.go("env", "GOROOT", env={"GOROOT": ""}, check=False)
    assert shown.text.strip() == toolchain.goroot, f"with GOROOT empty, go env GOROOT prints {shown.text}{shown.err}"


@pytest.mark.claim("goroot.empty-folder-fails-at-the-build")
def test_an_empty_folder_passes_go_version_and_fails_to_build(
    go: Workbench, texts: Mapping[str, str], toolchain: Toolchain
) -> None:
    empty = go.places.empty
    told = go.go("version", env={"GOROOT": empty}, check=False)
    assert (told.status, str(toolchain.version) in told.text) == (0, True), told.explain()
    failed = go.go(*BUILD, cwd=go.place("hello"), env={"GOROOT": empty}, check=False)
    says = texts["not-in-std"].format(package="fmt", goroot=empty)
    assert (failed.status, says in failed.err) == (1, True), failed.explain()


@pytest.mark.claim("goroot.needs-src-and-tools")
@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("src", "package fmt is not in "),
        ("pkg/tool", 'go: no such tool "compile"'),
        ("pkg/include", "pkg/include/textflag.h: no such file or directory"),
    ],
)
def test_a_tree_without_a_part_that_is_needed(go: Workbench, target: Target, part: str, says: str) -> None:
    robbed = {"GOROOT": go.tree(without=(part,))}
    told = go.go("version", env=robbed, check=False)
    assert told.status == 0, f"without {part}: {told.explain()}"
    failed = go.go("build", "assembly", cwd=assembly(go, target), env=robbed, check=False)
    assert (failed.status != 0, says in failed.err) == (True, True), f"without {part}: {failed.explain()}"
    built = go.go("build", "assembly", cwd=assembly(go, target), check=False)
    assert built.status == 0, f"with {part}: {built.explain()}"


@pytest.mark.claim("goroot.needs-no-bin")
def test_a_tree_without_bin_builds(go: Workbench) -> None:
    tree = go.tree(without=("bin", "api", "doc", "misc", "test", "lib", "go.env"))
    built = go.go("build", "-o", f"{tree}/out", HELLO, cwd=go.place("hello"), env={"GOROOT": tree}, check=False)
    assert built.status == 0, built.explain()


@pytest.mark.claim("goroot.zversion-has-no-version")
def test_zversion_has_no_version(target: Target, toolchain: Toolchain, texts: Mapping[str, str]) -> None:
    text = target.read(f"{toolchain.goroot}/{texts['zversion']}").decode()
    assert "package sys" in text, f"{texts['zversion']} is {text!r}"
    assert not re.search(r"go\d|Version", text), f"{texts['zversion']} is {text!r}"


@pytest.mark.claim("goroot.mismatch-is-loud")
@pytest.mark.parametrize("command", [BUILD, ("vet", HELLO)])
def test_another_minors_goroot_fails_loudly(
    go: Workbench, toolchain: Toolchain, toolchains: Toolchains, command: tuple[str, ...]
) -> None:
    other = toolchains.of_another_minor(toolchain)
    program = go.place("hello")
    forth = go.go(*command, cwd=program, env={"GOROOT": other.goroot}, check=False)
    assert (forth.status != 0, mismatch(other, toolchain) in forth.err) == (True, True), forth.explain()
    back = go.go(*command, cwd=program, env={"GOROOT": toolchain.goroot}, command=other.go, check=False)
    assert (back.status != 0, mismatch(toolchain, other) in back.err) == (True, True), back.explain()


@pytest.mark.claim("goroot.patch-mismatch-is-loud")
def test_another_patchs_goroot_fails_loudly(go: Workbench, toolchain: Toolchain, toolchains: Toolchains) -> None:
    other = toolchains.of_the_same_minor(toolchain)
    program = go.place("hello")
    forth = go.go(*BUILD, cwd=program, env={"GOROOT": other.goroot}, check=False)
    assert (forth.status != 0, mismatch(other, toolchain) in forth.err) == (True, True), forth.explain()
    back = go.go(*BUILD, cwd=program, env={"GOROOT": toolchain.goroot}, command=other.go, check=False)
    assert (back.status != 0, mismatch(toolchain, other) in back.err) == (True, True), back.explain()


@pytest.mark.claim("goroot.go-version-hides-a-mismatch")
def test_go_version_names_the_command_and_not_the_tree(
    go: Workbench, toolchain: Toolchain, toolchains: Toolchains
) -> None:
    other = {"GOROOT": toolchains.of_another_minor(toolchain).goroot}
    told = go.go("version", env=other, check=False)
    assert (told.status, str(toolchain.version) in told.text.split()) == (0, True), f"{told.text}; {told.explain()}"
    shown = go.go("env", "GOROOT", env=other, check=False).text.strip()
    assert shown == other["GOROOT"], f"GOROOT is set to {other['GOROOT']}, go env GOROOT prints {shown}"


@pytest.mark.claim("goroot.path-order-decides")
def test_the_first_go_of_path_is_the_one(
    go: Workbench, target: Target, toolchain: Toolchain, toolchains: Toolchains
) -> None:
    other = toolchains.of_another_minor(toolchain)
    for first, second in ((toolchain, other), (other, toolchain)):
        path = f"{first.goroot}/bin:{second.goroot}/bin:{go.environment['PATH']}"
        shown = target.run(
            ["sh", "-c", "go env GOROOT GOVERSION"], env={**go.environment, "PATH": path}, check=False
        ).text.split()
        assert shown == [first.goroot, str(first.version)], f"PATH is {path}; go is that of {shown}"


@pytest.mark.claim("goroot.exe-suffix-is-not-added")
def test_a_search_for_go_does_not_find_go_exe(go: Workbench, target: Target) -> None:
    folder = go.private()["HOME"]
    target.write(f"{folder}/go.exe", b"MZ", mode=0o755)
    script = "PATH=$1; command -v go.exe; go version; exit $?"
    told = target.run(["sh", "-c", script, "sh", folder], env=go.environment, check=False)
    assert told.text.strip() == f"{folder}/go.exe", f"go.exe is found as {told.text!r}"
    assert told.status == 127, told.explain()


@pytest.mark.claim("goroot.builds-run-its-own-tools")
def test_a_build_starts_only_tools_of_its_tree(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    room = go.private()["HOME"]
    target.write(f"{room}/note", f'#!/bin/sh\necho "$1" >>{room}/tools\nexec "$@"\n'.encode(), mode=0o755)
    build = ["build", f"-toolexec={room}/note", "-o", f"{room}/hello", HELLO]
    built = go.go(*build, cwd=go.place("hello"), check=False)
    assert built.status == 0, built.explain()
    tools = sorted(set(target.read(f"{room}/tools").decode().split()))
    own = f"{toolchain.goroot}/pkg/tool/{toolchain.goos}_{toolchain.goarch}"
    assert f"{own}/link" in tools, f"the build started {tools}"
    assert not [tool for tool in tools if not tool.startswith(f"{own}/")], f"the build started {tools}"
