"""Where go install may write: permissions and mounts (section 2.3).

Permissions are tried as an ordinary user, for root passes over them; mounts are those of one command alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench

HELLO = "wslgo.example/hello"


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
    gobin, noexec = home["HOME"], go.inside({home["HOME"]: "bind,noexec"})
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
    only = go.inside({home["HOME"]: "bind,ro"})
    refused = go.go("install", HELLO, cwd=program, env=env, through=only, check=False)
    assert (refused.status, "/hello: read-only file system" in refused.err) == (1, True), refused.explain()
    allowed = go.go("install", HELLO, cwd=program, env=env, check=False)
    assert allowed.status == 0, f"without the mount: {allowed.explain()}"
