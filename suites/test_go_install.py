"""Where go install writes: GOBIN, GOPATH, and programs for other machines (section 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

HELLO = "wslgo.example/hello"
FOREIGN = {"amd64": "arm64"}
NOT_ABSOLUTE = "cannot install, GOBIN must be an absolute path"
NO_CROSS = "go: cannot install cross-compiled binaries when GOBIN is set"


@pytest.mark.claim("gobin.unset-means-gopath-bin")
def test_without_gobin_a_program_goes_to_gopath_bin(go: Workbench, target: Target) -> None:
    home, program = go.private(), go.place("hello")
    foretold = go.go("list", "-f", "{{.Target}}", HELLO, cwd=program, env=home, check=False).text.strip()
    assert foretold == f"{home['GOPATH']}/bin/hello", f"GOPATH is {home['GOPATH']}, go list foretells {foretold}"
    go.go("install", HELLO, cwd=program, env=home, check=False)
    made = target.run(["find", home["GOPATH"], "-name", "hello*"], check=False).text.split()
    assert made == [foretold], f"go install made {made}"


@pytest.mark.claim("gobin.shown-as-the-version-does")
def test_go_env_gobin_while_it_is_unset(go: Workbench, toolchain: Toolchain, texts: Mapping[str, str]) -> None:
    home = go.private()
    shown = go.go("env", "GOBIN", env=home, check=False).text.strip()
    expected = texts["unset-gobin"].format(gopath=home["GOPATH"])
    assert shown == expected, f"GOBIN is not set; go env GOBIN of {toolchain.version} prints {shown!r}"


@pytest.mark.claim("gobin.beats-gopath")
def test_gobin_receives_the_program_and_gopath_nothing(go: Workbench, target: Target) -> None:
    home = go.private()
    gobin = f"{home['HOME']}/.local/bin"
    go.go("install", HELLO, cwd=go.place("hello"), env={**home, "GOBIN": gobin}, check=False)
    made = target.run(["find", home["HOME"], home["GOPATH"], "-name", "hello*"], check=False).text.split()
    assert made == [f"{gobin}/hello"], f"GOBIN is {gobin}, GOPATH {home['GOPATH']}; go install made {made}"


@pytest.mark.claim("gobin.relative-is-refused")
@pytest.mark.parametrize("gobin", ["bin", "./bin", "~/bin"])
def test_a_gobin_that_is_not_absolute_is_refused(go: Workbench, gobin: str) -> None:
    refused = go.go("install", HELLO, cwd=go.place("hello"), env={**go.private(), "GOBIN": gobin}, check=False)
    assert (refused.status, refused.err.strip()) == (1, NOT_ABSOLUTE), f"GOBIN is {gobin}: {refused.explain()}"


@pytest.mark.claim("gobin.sdk-commands-stay-in-goroot")
def test_the_sdks_own_commands_go_to_goroot_whatever_gobin_says(go: Workbench, toolchain: Toolchain) -> None:
    names = ["cmd/go", "cmd/gofmt", "cmd/vet", HELLO]
    listed = go.go("list", "-f", "{{.Target}}", *names, cwd=go.place("hello"), env={"GOBIN": "/x"}, check=False)
    tools = f"{toolchain.goroot}/pkg/tool/{toolchain.goos}_{toolchain.goarch}"
    expected = [f"{toolchain.goroot}/bin/go", f"{toolchain.goroot}/bin/gofmt", f"{tools}/vet", "/x/hello"]
    assert sorted(listed.text.split()) == sorted(expected), f"GOBIN is /x; targets of {names}: {listed.text.split()}"


@pytest.mark.claim("gobin.refuses-cross-installs")
def test_gobin_forbids_to_install_for_another_machine(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    home, program = go.private(), go.place("hello")
    gobin, foreign = f"{home['HOME']}/bin", FOREIGN.get(toolchain.goarch, "amd64")
    own = {**home, "GOBIN": gobin, "GOOS": "linux", "GOARCH": toolchain.goarch}
    refused = go.go("install", HELLO, cwd=program, env={**own, "GOARCH": foreign}, check=False)
    assert (refused.status, refused.err.strip()) == (1, NO_CROSS), f"for {foreign}: {refused.explain()}"
    allowed = go.go("install", HELLO, cwd=program, env=own, check=False)
    assert allowed.status == 0, f"for {toolchain.goarch} itself: {allowed.explain()}"


@pytest.mark.claim("gobin.build-is-free-of-the-rule")
def test_go_build_writes_a_foreign_program_into_gobin(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    home, foreign = go.private(), FOREIGN.get(toolchain.goarch, "amd64")
    env = {**home, "GOBIN": f"{home['HOME']}/bin", "GOARCH": foreign}
    built = go.go("build", "-o", f"{home['HOME']}/bin/", HELLO, cwd=go.place("hello"), env=env, check=False)
    assert built.status == 0, built.explain()
    made = target.run(["ls", f"{home['HOME']}/bin"], check=False).text.split()
    assert made == ["hello"], f"GOBIN holds {made}"


@pytest.mark.claim("gobin.file-in-the-way-is-told")
def test_a_file_where_gobin_should_be(go: Workbench, target: Target, texts: Mapping[str, str]) -> None:
    home = go.private()
    gobin = f"{home['HOME']}/file"
    target.write(gobin, b"")
    refused = go.go("install", HELLO, cwd=go.place("hello"), env={**home, "GOBIN": gobin}, check=False)
    says = texts["failed-install"].format(package=HELLO) + f"mkdir {gobin}/: file exists"
    assert (refused.status, refused.err.strip()) == (1, says), refused.explain()


@pytest.mark.claim("gobin.folder-in-the-way-is-told")
def test_a_folder_where_the_program_should_be(go: Workbench, target: Target, texts: Mapping[str, str]) -> None:
    home = go.private()
    target.write(f"{home['HOME']}/hello/file", b"")
    refused = go.go("install", HELLO, cwd=go.place("hello"), env={**home, "GOBIN": home["HOME"]}, check=False)
    output = f'build output "{home["HOME"]}/hello" already exists and is a directory'
    says = texts["failed-install"].format(package=HELLO) + output
    assert (refused.status, refused.err.strip()) == (1, says), refused.explain()


@pytest.mark.claim("gopath.default-is-home-go")
def test_gopath_is_go_in_the_home(go: Workbench) -> None:
    home = go.private()
    shown = go.go("env", "GOPATH", env={**home, "GOPATH": None}, check=False).text.strip()
    assert shown == f"{home['HOME']}/go", f"GOPATH is not set, HOME is {home['HOME']}; go env GOPATH prints {shown!r}"


@pytest.mark.claim("gopath.equal-to-goroot-warns")
def test_a_gopath_that_is_goroot_is_warned_of(go: Workbench, toolchain: Toolchain, texts: Mapping[str, str]) -> None:
    told = go.go("env", "GOPATH", env={"GOPATH": toolchain.goroot}, check=False)
    warning = texts["gopath-is-goroot"].format(goroot=toolchain.goroot)
    assert (told.status, warning in told.err) == (0, True), told.explain()


@pytest.mark.claim("gopath.first-entry-receives")
def test_of_several_entries_the_first_receives_programs(go: Workbench, target: Target) -> None:
    home = go.private()
    first, second = f"{home['HOME']}/a", f"{home['HOME']}/b"
    go.go("install", HELLO, cwd=go.place("hello"), env={**home, "GOPATH": f"{first}:{second}"}, check=False)
    made = target.run(["find", home["HOME"], "-name", "hello*"], check=False).text.split()
    assert made == [f"{first}/bin/hello"], f"GOPATH is {first}:{second}; go install made {made}"


@pytest.mark.claim("gopath.absolute-or-refused")
@pytest.mark.parametrize(
    ("gopath", "says"),
    [
        ("rel", 'go: GOPATH entry is relative; must be absolute path: "rel".'),
        ("/abs:rel", 'go: GOPATH entry is relative; must be absolute path: "rel".'),
        ("~/go", "go: GOPATH entry cannot start with shell metacharacter '~': \"~/go\""),
    ],
)
def test_a_gopath_that_is_not_absolute_stops_every_command(go: Workbench, gopath: str, says: str) -> None:
    refused = go.go("env", "GOPATH", env={"GOPATH": gopath}, check=False)
    assert (refused.status, refused.err.splitlines()[:1]) == (2, [says]), f"GOPATH is {gopath}: {refused.explain()}"


@pytest.mark.claim("gopath.cross-installs-have-their-own-folder")
def test_without_gobin_a_foreign_program_gets_a_folder_of_its_own(
    go: Workbench, target: Target, toolchain: Toolchain
) -> None:
    home, program, foreign = go.private(), go.place("hello"), FOREIGN.get(toolchain.goarch, "amd64")
    go.go("install", HELLO, cwd=program, env={**home, "GOOS": "linux", "GOARCH": foreign}, check=False)
    made = target.run(["find", home["GOPATH"], "-name", "hello*"], check=False).text.split()
    assert made == [f"{home['GOPATH']}/bin/linux_{foreign}/hello"], f"for linux/{foreign}, go install made {made}"
    windows = {**home, "GOOS": "windows", "GOARCH": "amd64"}
    foretold = go.go("list", "-f", "{{.Target}}", HELLO, cwd=program, env=windows, check=False).text.strip()
    assert foretold == f"{home['GOPATH']}/bin/windows_amd64/hello.exe", f"for Windows go list foretells {foretold}"
