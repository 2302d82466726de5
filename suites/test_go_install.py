"""Where go install writes: GOBIN, GOPATH, the GOENV file, HOME, permissions and mounts (section 2.3).

Permissions are tried as an ordinary user, for root passes over them; mounts are those of one command alone.
"""

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
NO_PLACE = "go: no install location for directory {folder} outside GOPATH"
NO_CONFIG = "go: cannot find go env config: neither $XDG_CONFIG_HOME nor $HOME are defined"
NO_CACHE = (
    "build cache is required, but could not be located: "
    "GOCACHE is not defined and neither $XDG_CACHE_HOME nor $HOME are defined"
)
PROFILE = b"export GOPATH=/from/profile GOBIN=/from/profile/bin\n"
BASHRC = b"case $- in *i*) ;; *) return ;; esac\nexport GOBIN=/from/bashrc PATH=/first:$PATH\n"


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
    bash = go.program("bash", "bash")
    told = target.run([bash, option, 'echo "GOBIN is $GOBIN, PATH is $PATH"'], env=environment).text.strip()
    assert told.startswith("GOBIN is /from/bashrc, PATH is /first:") is seen, f"in bash {option} {told}"


@pytest.mark.claim("gobin.local-bin-is-not-made-by-xdg")
def test_xdg_user_dirs_makes_no_local_bin(go: Workbench, target: Target) -> None:
    home = go.private()["HOME"]
    update = go.program("xdg-user-dirs-update", "xdg-user-dirs")
    target.run([update], env={**go.environment, "HOME": home})
    made = target.run(["find", home, "-type", "d"]).text.split()
    assert f"{home}/Desktop" in made, f"xdg-user-dirs-update made {made}"
    assert f"{home}/.local/bin" not in made, f"xdg-user-dirs-update made {made}"


@pytest.mark.claim("gobin.unwritable-is-refused")
def test_a_folder_without_the_right_to_write_is_refused(go: Workbench) -> None:
    guest = go.guest()
    refused = guest.install(guest.folder("bin", "0555"))
    assert (refused.status, "/bin/hello: permission denied" in refused.err) == (1, True), refused.explain()
    allowed = guest.install(guest.folder("bin", "0755"))
    assert allowed.status == 0, f"with mode 0755: {allowed.explain()}"


@pytest.mark.claim("gobin.missing-below-an-unwritable-folder-is-refused")
def test_a_missing_gobin_cannot_be_made_below_an_unwritable_folder(go: Workbench) -> None:
    guest = go.guest()
    local = guest.folder("local", "0555")
    refused = guest.install(f"{local}/bin")
    assert (refused.status, f"mkdir {local}/bin/: permission denied" in refused.err) == (1, True), refused.explain()
    allowed = guest.install(f"{guest.folder('local', '0755')}/bin")
    assert allowed.status == 0, f"with mode 0755: {allowed.explain()}"


@pytest.mark.claim("gobin.made-as-the-umask-says")
@pytest.mark.parametrize(("umask", "mode"), [("022", "755"), ("077", "700")])
def test_go_install_makes_gobin_as_the_umask_says(go: Workbench, umask: str, mode: str) -> None:
    guest = go.guest()
    made = guest.install(f"{guest.room}/bin", umask)
    assert made.status == 0, made.explain()
    modes = [guest.mode(f"{guest.room}/bin"), guest.mode(f"{guest.room}/bin/hello")]
    assert modes == [mode, mode], f"under umask {umask} the folder and the program have the modes {modes}"


@pytest.mark.claim("gobin.folder-of-root-is-refused")
def test_a_folder_that_root_owns_is_refused(go: Workbench) -> None:
    guest = go.guest()
    refused = guest.install(guest.folder("bin", "0755", of_root=True))
    assert (refused.status, "/bin/hello: permission denied" in refused.err) == (1, True), refused.explain()
    allowed = guest.install(guest.folder("bin", "0755"))
    assert allowed.status == 0, f"given back: {allowed.explain()}"


@pytest.mark.claim("gobin.file-of-root-is-replaced")
def test_a_file_that_root_owns_is_replaced(go: Workbench, target: Target) -> None:
    guest = go.guest()
    gobin = guest.folder("bin", "0755")
    guest.file_of_root(f"{gobin}/hello")
    installed = guest.install(gobin)
    assert installed.status == 0, installed.explain()
    owner = target.run(["stat", "-c", "%u", f"{gobin}/hello"], check=False).text.strip()
    assert owner == str(guest.number), f"{gobin}/hello belongs to user {owner}, who installed is {guest.number}"


@pytest.mark.claim("gobin.others-need-the-groups-right")
def test_another_user_of_the_group_needs_its_right_to_write(go: Workbench) -> None:
    guest = go.guest()
    other = guest.neighbour()
    refused = other.install(guest.folder("bin", "0755"))
    assert (refused.status, "/bin/hello: permission denied" in refused.err) == (1, True), refused.explain()
    allowed = other.install(guest.folder("bin", "0775"))
    assert allowed.status == 0, f"with mode 0775: {allowed.explain()}"


@pytest.mark.claim("gobin.noexec-installs-what-cannot-run")
def test_a_noexec_gobin_installs_what_cannot_run(go: Workbench, target: Target) -> None:
    home = go.private()
    gobin, noexec = home["HOME"], go.mount(home["HOME"], "noexec")
    env = {**home, "GOBIN": gobin}
    installed = go.go("install", HELLO, cwd=go.place("hello"), env=env, through=noexec, check=False)
    assert installed.status == 0, installed.explain()
    refused = target.run([*noexec, f"{gobin}/hello"], env=go.environment, check=False)
    assert (refused.status, "ermission denied" in refused.err) == (126, True), refused.explain()
    started = target.run([f"{gobin}/hello"], check=False)
    assert started.status == 0, f"without the mount: {started.explain()}"


@pytest.mark.claim("gobin.read-only-is-refused")
def test_a_read_only_gobin_is_refused(go: Workbench) -> None:
    home, program = go.private(), go.place("hello")
    env = {**home, "GOBIN": home["HOME"]}
    only = go.mount(home["HOME"], "ro")
    refused = go.go("install", HELLO, cwd=program, env=env, through=only, check=False)
    assert (refused.status, "/hello: read-only file system" in refused.err) == (1, True), refused.explain()
    allowed = go.go("install", HELLO, cwd=program, env=env, check=False)
    assert allowed.status == 0, f"without the mount: {allowed.explain()}"
