"""Installing Go and the first program: the archive, an SDK over another, go mod init, go run, go env -w (chapter 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.buildinfo import read_build_info
from pytest_wslgo.model.elf import read_elf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.several import Toolchains
    from pytest_wslgo.toolchain.workbench import Workbench

HELLO = "wslgo.example/hello"
GREETING = "Hello from WSL + Go!"
MAIN = f'package main\n\nimport "fmt"\n\nfunc main() {{ fmt.Println("{GREETING}") }}\n'
GO_MOD = "module hello\n\ngo 1.19\n"
PARTS = ("bin/go", "bin/gofmt", "src/runtime", "pkg/include/textflag.h", "VERSION")
TOOLS = ("asm", "compile", "link")
PROXY = "https://goproxy.cn,direct"


def project(home: Mapping[str, str], target: Target, **files: str) -> str:
    """Write ``main.go`` and these files into a folder of the home, and return its path."""
    folder = f"{home['HOME']}/projects/hello"
    for name, text in {"main.go": MAIN, **files}.items():
        target.write(f"{folder}/{name}", text.encode())
    return folder


@pytest.mark.claim("install.archive-layout")
def test_an_upstream_sdk_has_the_layout_of_the_archive(target: Target, toolchain: Toolchain) -> None:
    tools = [f"pkg/tool/{toolchain.goos}_{toolchain.goarch}/{tool}" for tool in TOOLS]
    listed = target.run(["ls", "-d", *PARTS, *tools], cwd=toolchain.goroot, check=False)
    assert listed.status == 0, f"{toolchain.goroot}: {listed.explain()}"
    named = target.read(f"{toolchain.goroot}/VERSION").decode().splitlines()[0]
    assert named == str(toolchain.version), f"VERSION in {toolchain.goroot} begins with {named}"


@pytest.mark.claim("install.upstream-tools-are-static")
@pytest.mark.parametrize("tool", TOOLS)
def test_the_tools_of_an_upstream_sdk_are_static(target: Target, toolchain: Toolchain, tool: str) -> None:
    path = f"{toolchain.goroot}/pkg/tool/{toolchain.goos}_{toolchain.goarch}/{tool}"
    data = target.read(path)
    assert read_elf(data, path).is_static, f"{path}: {read_elf(data, path).explain()}"
    recorded = read_build_info(data)
    assert recorded is not None, f"{path} has no build information"
    assert ("CGO_ENABLED", "0") in recorded.settings, f"{path} was built with {recorded.settings}"


@pytest.mark.claim("install.overlay-breaks-builds")
def test_an_sdk_that_is_unpacked_over_another_builds_nothing(
    go: Workbench, toolchain: Toolchain, toolchains: Toolchains
) -> None:
    clean, mixed = go.tree(over=[toolchain]), go.tree(over=[toolchains.of_another_minor(toolchain)])
    program = go.place("hello")
    built = go.go("build", "-o", f"{clean}/hello", HELLO, command=f"{clean}/bin/go", cwd=program, check=False)
    assert built.status == 0, built.explain()
    told = go.go("version", command=f"{mixed}/bin/go", check=False)
    assert (told.status, str(toolchain.version) in told.text) == (0, True), told.explain()
    failed = go.go("build", "-o", f"{mixed}/hello", HELLO, command=f"{mixed}/bin/go", cwd=program, check=False)
    assert failed.status != 0, f"two SDKs in one tree: {failed.explain()}"


@pytest.mark.claim("install.mod-init-makes-a-module")
def test_go_mod_init_makes_a_module_and_says_so(go: Workbench, target: Target) -> None:
    folder = project(go.private(), target)
    made = go.go("mod", "init", "hello", cwd=folder, check=False)
    assert made.status == 0, made.explain()
    assert "go: creating new go.mod: module hello" in made.err, made.explain()
    written = target.run(["cat", f"{folder}/go.mod"], check=False).text
    assert written.startswith("module hello\n"), f"go.mod is {written!r}"


@pytest.mark.claim("install.mod-init-names-its-own-version")
def test_the_go_line_is_that_of_the_sdk(
    go: Workbench, target: Target, toolchain: Toolchain, texts: Mapping[str, str]
) -> None:
    folder = project(go.private(), target)
    go.go("mod", "init", "hello", cwd=folder, check=False)
    written = target.run(["cat", f"{folder}/go.mod"], check=False).text
    minor, version = ".".join(map(str, toolchain.version.minor)), str(toolchain.version).removeprefix("go")
    expected = texts["go-line-of-mod-init"].format(minor=minor, version=version)
    assert expected in written.splitlines(), f"{toolchain.version} wrote {written!r}"


@pytest.mark.claim("install.mod-init-refuses-a-second-time")
def test_go_mod_init_leaves_a_go_mod_alone(go: Workbench, target: Target) -> None:
    folder = project(go.private(), target, **{"go.mod": GO_MOD})
    again = go.go("mod", "init", "hello", cwd=folder, check=False)
    assert (again.status, f"{folder}/go.mod already exists" in again.err) == (1, True), again.explain()
    assert target.read(f"{folder}/go.mod").decode() == GO_MOD, "go mod init changed a go.mod that was there"


@pytest.mark.claim("install.run-prints-the-greeting")
def test_go_run_prints_the_greeting_and_nothing_else(go: Workbench, target: Target) -> None:
    ran = go.go("run", "main.go", cwd=project(go.private(), target, **{"go.mod": GO_MOD}), check=False)
    assert (ran.status, ran.text) == (0, f"{GREETING}\n"), f"it printed {ran.text!r}; {ran.explain()}"


@pytest.mark.claim("install.run-adds-no-library-path")
def test_go_hands_no_library_path_to_what_it_runs(go: Workbench, target: Target) -> None:
    folder = project(go.private(), target, **{"go.mod": GO_MOD})
    target.write(f"{folder}/show", b'#!/bin/sh\necho "LD_LIBRARY_PATH is ${LD_LIBRARY_PATH-unset}"\n', mode=0o755)
    ran = go.go("run", f"-exec={folder}/show", "main.go", cwd=folder, check=False)
    assert ran.text == "LD_LIBRARY_PATH is unset\n", f"{ran.text.strip()}; {ran.explain()}"


@pytest.mark.claim("install.home-go-grows-on-demand")
def test_home_go_gets_bin_with_the_first_install_and_never_src(go: Workbench, target: Target) -> None:
    home = {**go.private(), "GOPATH": None}
    folder = f"{home['HOME']}/go"
    program = go.place("hello")
    go.go("run", HELLO, cwd=program, env=home, check=False)
    before = target.run(["ls", folder], check=False).text.split()
    go.go("install", HELLO, cwd=program, env=home, check=False)
    after = target.run(["ls", folder], check=False).text.split()
    assert ("bin" in before, "src" in before) == (False, False), f"after go run {folder} holds {before}"
    assert ("bin" in after, "src" in after) == (True, False), f"after go install {folder} holds {after}"


@pytest.mark.claim("install.workspace-joins-modules")
def test_a_workspace_lets_a_module_use_its_neighbour(go: Workbench, target: Target) -> None:
    room = go.private()["HOME"]
    for name, text in {
        "lib/go.mod": "module wslgo.example/lib\n\ngo 1.19\n",
        "lib/lib.go": "package lib\n",
        "app/go.mod": "module wslgo.example/app\n\ngo 1.19\n",
        "app/app.go": 'package main\n\nimport _ "wslgo.example/lib"\n\nfunc main() {}\n',
    }.items():
        target.write(f"{room}/{name}", text.encode())
    alone = go.go("vet", "wslgo.example/app", cwd=f"{room}/app", check=False)
    assert (alone.status, "no required module provides package" in alone.err) == (1, True), alone.explain()
    go.go("work", "init", "./app", "./lib", cwd=room, env={"GOWORK": None}, check=False)
    joined = go.go("vet", "wslgo.example/app", cwd=f"{room}/app", env={"GOWORK": None}, check=False)
    assert joined.status == 0, joined.explain()


@pytest.mark.claim("install.env-w-is-kept-in-the-goenv-file")
def test_go_env_w_writes_the_goenv_file_and_u_takes_it_out(go: Workbench, target: Target) -> None:
    home = {**go.private(), "GOPROXY": None}
    go.go("env", "-w", f"GOPROXY={PROXY}", env=home, check=False)
    written = target.run(["cat", home["GOENV"] or ""], check=False).text
    assert f"GOPROXY={PROXY}" in written.splitlines(), f"the GOENV file holds {written!r}"
    kept = go.go("env", "GOPROXY", env=home, check=False).text.strip()
    assert kept == PROXY, f"after go env -w, GOPROXY is {kept}"
    go.go("env", "-u", "GOPROXY", env=home, check=False)
    dropped = go.go("env", "GOPROXY", env=home, check=False).text.strip()
    assert dropped != PROXY, f"after go env -u, GOPROXY is {dropped}"


@pytest.mark.claim("install.environment-beats-the-goenv-file")
@pytest.mark.parametrize(("variable", "wins"), [("off", "off"), ("", PROXY), (None, PROXY)])
def test_a_variable_beats_the_goenv_file_unless_it_is_empty(
    go: Workbench, target: Target, variable: str | None, wins: str
) -> None:
    home = go.private()
    target.write(home["GOENV"], f"GOPROXY={PROXY}\n".encode())
    told = go.go("env", "GOPROXY", env={**home, "GOPROXY": variable}, check=False).text.strip()
    assert told == wins, f"the GOENV file says {PROXY}, the variable {variable!r}, go env GOPROXY {told}"


@pytest.mark.claim("install.env-w-warns-of-the-environment")
def test_go_env_w_warns_where_a_variable_hides_it(go: Workbench) -> None:
    told = go.go("env", "-w", f"GOPROXY={PROXY}", env=go.private(), check=False)
    assert told.status == 0, told.explain()
    warning = "warning: go env -w GOPROXY=... does not override conflicting OS environment variable"
    assert warning in told.err, told.explain()


@pytest.mark.claim("install.env-w-refuses-what-it-does-not-know")
@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("NOTAVAR=1", "go: unknown go command variable NOTAVAR"),
        ("GOHOSTOS=plan9", "go: GOHOSTOS cannot be modified"),
        ("GOPROXY", "go: arguments must be KEY=VALUE: invalid argument: GOPROXY"),
    ],
)
def test_go_env_w_refuses_unknown_and_fixed_names(go: Workbench, word: str, says: str) -> None:
    told = go.go("env", "-w", word, env=go.private(), check=False)
    assert (told.status, told.err.strip()) == (1, says), told.explain()


@pytest.mark.claim("install.goenv-file-beats-go-env")
def test_the_goenv_file_beats_the_sdks_own_which_has_the_defaults(go: Workbench, target: Target) -> None:
    home, tree = {**go.private(), "GOPROXY": None}, go.tree(without=("go.env",))
    command = f"{tree}/bin/go"
    without = go.go("env", "GOPROXY", env=home, command=command, check=False).text.strip()
    target.write(f"{tree}/go.env", b"GOPROXY=https://sdk.example\n")
    of_sdk = go.go("env", "GOPROXY", env=home, command=command, check=False).text.strip()
    target.write(home["GOENV"] or "", b"GOPROXY=https://file.example\n")
    of_file = go.go("env", "GOPROXY", env=home, command=command, check=False).text.strip()
    assert without == "", f"without go.env, GOPROXY is {without}"
    assert of_sdk == "https://sdk.example", f"with go.env in GOROOT, GOPROXY is {of_sdk}"
    assert of_file == "https://file.example", f"with a GOENV file too, GOPROXY is {of_file}"
