"""What holds without a variable: the GOENV file, no HOME, and the start-up files of shells (section 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

HELLO = "wslgo.example/hello"
NOT_ABSOLUTE = "cannot install, GOBIN must be an absolute path"
NO_PLACE = "go: no install location for directory {folder} outside GOPATH"
NO_CONFIG = "go: cannot find go env config: neither $XDG_CONFIG_HOME nor $HOME are defined"
NO_CACHE = (
    "build cache is required, but could not be located: "
    "GOCACHE is not defined and neither $XDG_CACHE_HOME nor $HOME are defined"
)
PROFILE = b"export GOPATH=/from/profile GOBIN=/from/profile/bin\n"
BASHRC = b"case $- in *i*) ;; *) return ;; esac\nexport GOBIN=/from/bashrc PATH=/first:$PATH\n"


@pytest.mark.claim("gopath.empty-without-home")
def test_without_home_there_is_no_gopath_and_no_install(go: Workbench) -> None:
    program, homeless = go.place("hello"), {"HOME": None, "GOPATH": None}
    shown = go.go("env", "GOPATH", env=homeless, check=False).text.strip()
    assert shown == "", f"HOME and GOPATH are not set; go env GOPATH prints {shown}"
    refused = go.go("install", HELLO, cwd=program, env=homeless, check=False)
    assert (refused.status, NO_PLACE.format(folder=program) in refused.err) == (1, True), refused.explain()


@pytest.mark.claim("gopath.no-cache-without-home")
def test_without_home_there_is_no_build_cache(go: Workbench) -> None:
    homeless = {"HOME": None, "GOCACHE": None}
    shown = go.go("env", "GOCACHE", env=homeless, check=False).text.strip()
    assert shown == "off", f"HOME and GOCACHE are not set; go env GOCACHE prints {shown}"
    refused = go.go("vet", HELLO, cwd=go.place("hello"), env=homeless, check=False)
    assert (refused.status, NO_CACHE in refused.err) == (1, True), refused.explain()


@pytest.mark.claim("gopath.no-settings-without-home")
def test_without_home_there_is_no_file_for_settings(go: Workbench) -> None:
    refused = go.go("env", "-w", "GOBIN=/x", env={"HOME": None, "GOENV": None}, check=False)
    assert (refused.status, refused.err.strip()) == (1, NO_CONFIG), refused.explain()


@pytest.mark.claim("gobin.goenv-holds-in-an-empty-environment")
def test_what_go_env_w_stores_holds_without_any_variable(go: Workbench, target: Target, toolchain: Toolchain) -> None:
    home = go.private()["HOME"]
    go.go("env", "-w", f"GOBIN={home}/bin", env={"HOME": home, "GOENV": None}, check=False)
    shown = target.run([toolchain.go, "env", "GOBIN"], env={"HOME": home}, check=False).text.strip()
    assert shown == f"{home}/bin", f"go env -w stored {home}/bin; in an empty environment GOBIN is {shown!r}"


@pytest.mark.claim("gobin.goenv-off-still-writes")
def test_goenv_off_stops_reading_but_not_writing(go: Workbench, target: Target) -> None:
    home = go.private()["HOME"]
    go.go("env", "-w", "GOBIN=/from/file", env={"HOME": home, "GOENV": "off"}, check=False)
    written = target.run(["cat", f"{home}/.config/go/env"], check=False).text
    assert "GOBIN=/from/file" in written.splitlines(), f"the file in {home}/.config/go holds {written!r}"
    off = go.go("env", "GOBIN", env={"HOME": home, "GOENV": "off"}, check=False).text.strip()
    read = go.go("env", "GOBIN", env={"HOME": home, "GOENV": None}, check=False).text.strip()
    assert (off == "/from/file", read) == (False, "/from/file"), f"GOENV=off reads {off!r}, GOENV unset {read!r}"


@pytest.mark.claim("gobin.goenv-takes-any-value")
def test_a_relative_gobin_is_stored_and_fails_at_the_install(go: Workbench) -> None:
    home = go.private()
    stored = go.go("env", "-w", "GOBIN=relative", env=home, check=False)
    assert stored.status == 0, stored.explain()
    refused = go.go("install", HELLO, cwd=go.place("hello"), env=home, check=False)
    assert (refused.status, refused.err.strip()) == (1, NOT_ABSOLUTE), refused.explain()


@pytest.mark.claim("gobin.goenv-skips-malformed-lines")
def test_malformed_lines_of_the_goenv_file_are_skipped(go: Workbench, target: Target) -> None:
    home = go.private()
    target.write(home["GOENV"], b"garbage line\n=\nGOBIN=/from/file\n")
    shown = go.go("env", "GOBIN", env=home, check=False)
    assert (shown.status, shown.text.strip()) == (0, "/from/file"), f"it printed {shown.text!r}; {shown.explain()}"


@pytest.mark.claim("gobin.goenv-with-bad-flags-stops-commands")
@pytest.mark.parametrize("command", ["install", "list", "vet"])
def test_bad_flags_in_the_goenv_file_stop_commands(go: Workbench, target: Target, command: str) -> None:
    home = go.private()
    target.write(home["GOENV"], b"GOFLAGS=-nosuch\n")
    refused = go.go(command, HELLO, cwd=go.place("hello"), env=home, check=False)
    says = "go: parsing $GOFLAGS: unknown flag -nosuch"
    assert (refused.status, refused.err.strip()) == (1, says), refused.explain()


@pytest.mark.claim("gobin.profile-reaches-login-shells")
def test_a_profile_sets_gopath_and_gobin_alike(go: Workbench, target: Target) -> None:
    environment = {**go.environment, **go.private(), "GOPATH": ""}
    target.write(f"{environment['HOME']}/.profile", PROFILE)
    show = 'echo "GOPATH is $GOPATH, GOBIN is $GOBIN"'
    login = target.run(["sh", "-l", "-c", show], env=environment).text.strip()
    other = target.run(["sh", "-c", show], env=environment).text.strip()
    assert login == "GOPATH is /from/profile, GOBIN is /from/profile/bin", f"in a login shell {login}"
    assert other == "GOPATH is , GOBIN is", f"in a shell that is none {other}"


@pytest.mark.claim("gobin.bashrc-is-for-interactive-shells")
@pytest.mark.parametrize(("option", "seen"), [("-ic", True), ("-c", False), ("-lc", False)])
def test_bashrc_reaches_interactive_shells_alone(go: Workbench, target: Target, option: str, seen: bool) -> None:
    environment = {**go.environment, **go.private()}
    target.write(f"{environment['HOME']}/.bashrc", BASHRC)
    target.write(f"{environment['HOME']}/.profile", b". ~/.bashrc\n")
    bash = go.tool("bash")
    told = target.run([bash, option, 'echo "GOBIN is $GOBIN, PATH is $PATH"'], env=environment).text.strip()
    assert told.startswith("GOBIN is /from/bashrc, PATH is /first:") is seen, f"in bash {option} {told}"


@pytest.mark.claim("gobin.local-bin-is-not-made-by-xdg")
def test_xdg_user_dirs_makes_no_local_bin(go: Workbench, target: Target) -> None:
    home = go.private()["HOME"]
    update = go.tool("xdg-user-dirs-update")
    target.run([update], env={**go.environment, "HOME": home})
    made = target.run(["find", home, "-type", "d"]).text.split()
    assert f"{home}/Desktop" in made, f"xdg-user-dirs-update made {made}"
    assert f"{home}/.local/bin" not in made, f"xdg-user-dirs-update made {made}"
