"""Platform selection: where a build takes its GOOS and GOARCH from, and which pairs there are (section 2.5).

In order: the environment, the GOENV file, GOROOT/go.env (since Go 1.21), the platform that the SDK runs on. Neither the
kernel nor package runtime has a say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.elf import read_elf

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

WITH_GO_ENV = """
mkdir "$2" && ln -s "$1"/* "$2" && rm -f "$2/go.env" && echo GOOS=plan9 >"$2/go.env"
"""
NEITHER = {"GOOS": None, "GOARCH": None}


@pytest.mark.claim("platform.environment-wins")
def test_a_variable_wins_over_the_goenv_file(go: Workbench, target: Target) -> None:
    room = go.private()
    go.go("env", "-w", "GOOS=windows", env=room)
    assert target.read(room["GOENV"]) == b"GOOS=windows\n", "go env -w did not write the file that GOENV names"
    chosen = go.go("env", "GOOS", env={**room, "GOOS": "darwin"}).text.strip()
    assert chosen == "darwin", f"with GOOS=darwin exported and GOOS=windows in the file, go env GOOS is {chosen}"


@pytest.mark.claim("platform.goenv-file-wins-over-the-host")
@pytest.mark.parametrize("exported", [None, ""])
def test_the_goenv_file_wins_over_the_host(go: Workbench, exported: str | None) -> None:
    room = go.private()
    go.go("env", "-w", "GOOS=windows", "GOARCH=386", env=room)
    chosen = go.go("env", "GOOS", "GOARCH", env={**room, "GOOS": exported}).text.split()
    assert chosen == ["windows", "386"], f"with GOOS=windows GOARCH=386 in the GOENV file, go env says {chosen}"


@pytest.mark.claim("platform.go-env-of-goroot-wins-over-the-host")
def test_the_go_env_file_of_the_sdk_wins_over_the_host(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    sdk = f"{go.private()['HOME']}/sdk"
    target.run(["/bin/sh", "-c", WITH_GO_ENV, "sh", toolchain.goroot, sdk])
    chosen = go.go("env", "GOOS", env={"GOROOT": sdk}).text.strip()
    assert chosen == "plan9", f"with GOOS=plan9 in GOROOT/go.env, go env GOOS is {chosen}"


@pytest.mark.claim("platform.host-is-the-default")
def test_where_nothing_is_set_the_host_is_the_target(go: Workbench) -> None:
    words = go.go("env", "GOOS", "GOARCH", "GOHOSTOS", "GOHOSTARCH", env=NEITHER).text.split()
    assert words[:2] == words[2:], f"go env GOOS GOARCH GOHOSTOS GOHOSTARCH says {words}"


@pytest.mark.claim("platform.host-follows-no-variable")
def test_no_variable_changes_what_the_host_is(go: Workbench, toolchain: Toolchain) -> None:
    changed = {"GOOS": "windows", "GOARCH": "386", "GOHOSTOS": "plan9", "GOHOSTARCH": "mips"}
    words = go.go("env", "GOOS", "GOARCH", "GOHOSTOS", "GOHOSTARCH", env=changed).text.split()
    expected = ["windows", "386", toolchain.goos, toolchain.goarch]
    assert words == expected, f"with {changed}, go env GOOS GOARCH GOHOSTOS GOHOSTARCH says {words}"


@pytest.mark.claim("platform.kernel-does-not-choose")
def test_another_machine_name_of_the_kernel_changes_nothing(go: Workbench, target: Target) -> None:
    disguise = (go.tool("setarch"), "linux32")
    plain, disguised = (target.run([*words, "uname", "-m"]).text.strip() for words in ((), disguise))
    assert plain != disguised, f"under setarch linux32, uname -m is still {plain}"
    asked = target.run([*disguise, go.toolchain.go, "env", "GOARCH"], env=go.environment).text.strip()
    assert asked == go.toolchain.goarch, f"where uname -m says {disguised}, go env GOARCH is {asked}"


@pytest.mark.claim("platform.host-is-that-of-the-sdk")
def test_the_host_is_the_machine_that_the_sdk_is_made_for(go: Workbench, target: Target) -> None:
    host, tools = go.go("env", "GOHOSTARCH", "GOTOOLDIR").text.split()
    made_for = read_elf(target.read(f"{tools}/compile"), "compile").goarch
    assert made_for == host, f"{tools}/compile is for {made_for}, go env GOHOSTARCH is {host}"


@pytest.mark.claim("platform.unknown-pair-is-refused")
@pytest.mark.parametrize(
    ("goos", "goarch"),
    [("nosuch", "amd64"), ("linux", "nosuch"), ("Linux", "amd64"), ("js", "amd64"), ("darwin", "386")],
)
def test_a_pair_that_go_does_not_know_is_refused_without_a_panic(go: Workbench, goos: str, goarch: str) -> None:
    refused = go.attempt("where", cgo=False, env={"GOOS": goos, "GOARCH": goarch})
    assert refused.status == 2, refused.describe()
    assert refused.stderr == f"go: unsupported GOOS/GOARCH pair {goos}/{goarch}\n", refused.describe()


@pytest.mark.claim("platform.go-env-has-a-line-each")
def test_go_env_prints_a_line_for_each_name(go: Workbench, toolchain: Toolchain) -> None:
    said = go.go("env", "GOOS", "GOARCH").text
    assert said == f"{toolchain.goos}\n{toolchain.goarch}\n", f"go env GOOS GOARCH prints {said!r}"


@pytest.mark.claim("platform.package-has-no-goos")
def test_a_package_has_no_field_goos(go: Workbench) -> None:
    listed = go.go("list", "-f", "{{.GOOS}}/{{.GOARCH}}", "runtime", check=False)
    assert listed.status == 1, f"ended with {listed.status}: {listed.text}"
    assert "can't evaluate field GOOS" in listed.err, listed.err


@pytest.mark.claim("platform.context-has-goos")
def test_the_context_of_a_template_follows_the_variable(go: Workbench) -> None:
    template = ("list", "-f", "{{context.GOOS}}/{{context.GOARCH}}", "runtime")
    said = go.go(*template, env={"GOOS": "windows", "GOARCH": "arm64"}).text.strip()
    assert said == "windows/arm64", f"with GOOS=windows GOARCH=arm64, the template gives {said}"
