"""Directories of Go in a snapshot: what sets them, who may write, which mount they lie on, how much is free."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.facts import Answer, Folder
from pytest_wslgo.model.mounts import Mount
from pytest_wslgo.model.setup.folders import (
    caches_that_run_programs,
    foreign_places,
    foreign_told,
    set_values_of,
    temporary_values,
    values_of,
)
from pytest_wslgo.model.setup.gopath import gopaths, install_target
from pytest_wslgo.model.setup.needs import ROOM_TO_BUILD
from pytest_wslgo.model.setup.place import Place, places_of
from tests.unit.folder_machines import ALPINE, DRIVE, a_folder, with_folder, with_go

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


def the_place(snapshot: Snapshot, name: str) -> Place:
    (place,) = places_of(snapshot, values_of(snapshot, name))
    return place


def test_a_default_is_told_with_the_shells_that_find_go() -> None:
    (cache,) = values_of(ALPINE, "GOCACHE")
    assert (cache.value, cache.shells, cache.explicit) == ("/root/.cache/go-build", ("plain", "interactive"), False)
    assert cache.told == "GOCACHE is /root/.cache/go-build in every shell (go's default)"
    assert set_values_of(ALPINE, "GOCACHE") == ()


def test_the_recorded_machine_has_directories_that_go_can_use() -> None:
    for name in ("GOCACHE", "GOMODCACHE", "GOPATH"):
        place = the_place(ALPINE, name)
        assert (place.is_folder, place.writable, place.executable, place.on_linux) == (True, True, True, True)
        assert place.has(ROOM_TO_BUILD)
    assert foreign_places(ALPINE) == ()
    assert [gopath.entries for gopath in gopaths(ALPINE)] == [("/root/go",)]


@pytest.mark.parametrize("value", ["rel", "off"])
def test_a_cache_that_go_calls_off_is_told_as_it_was_set(value: str) -> None:
    (cache,) = values_of(with_go({"GOCACHE": value}, {"GOCACHE": "off"}), "GOCACHE")
    assert cache.told.startswith(f"GOCACHE is {value} in the login shell (")


def test_the_default_of_gobin_that_go_1_27_prints_is_not_set_by_anybody() -> None:
    snapshot = with_go(go={"GOBIN": "/root/go/bin", "GOVERSION": "go1.27.3"})
    assert set_values_of(snapshot, "GOBIN") == ()
    (gobin,) = set_values_of(with_go({"GOBIN": "/opt/bin"}), "GOBIN")
    assert gobin.value == "/opt/bin"


def test_a_directory_that_is_not_there_is_judged_by_the_nearest_above() -> None:
    refused = a_folder("/srv/a/b", nearest="/srv", writable=False)
    place = the_place(with_folder(with_go({"GOCACHE": "/srv/a/b"}), refused), "GOCACHE")
    assert (place.exists, place.writable) == (False, False)
    assert place.told_access.endswith(
        ": the nearest directory that exists, /srv, is drwxr-xr-x of uid 0, and commands run as root (uid 0)"
    )


def test_root_cannot_write_to_a_read_only_mount_whatever_test_says() -> None:
    mount = Mount("tmpfs", "/srv", "tmpfs", "ro,relatime")
    snapshot = with_folder(with_go({"GOCACHE": "/srv"}), a_folder("/srv"), mount)
    place = the_place(snapshot, "GOCACHE")
    assert not place.writable
    assert ": it is drwxr-xr-x of uid 0 on the read-only mount /srv, and" in place.told_access


def test_a_file_in_place_of_a_directory_is_seen() -> None:
    snapshot = with_folder(with_go({"GOCACHE": "/f"}), a_folder("/f", mode=0o100644))
    assert not the_place(snapshot, "GOCACHE").is_folder


@pytest.mark.parametrize(
    ("mount", "told"),
    [
        (DRIVE, "on the mount /mnt/c (9p, C:\\ of Windows)"),
        (Mount("drvfsa", "/mnt/c", "virtiofs", "rw,relatime"), "on the mount /mnt/c (virtiofs)"),
        (Mount("C:", "/mnt/c", "drvfs", "rw,noatime,uid=1000"), "on the mount /mnt/c (drvfs, C: of Windows)"),
        (Mount("//nas/x", "/mnt/c", "cifs", "rw,noexec"), "on the mount /mnt/c (cifs, noexec)"),
        (Mount("host", "/mnt/c", "9p", "rw,trans=virtio"), "on the mount /mnt/c (9p)"),
    ],
)
def test_foreign_file_systems_are_told_by_the_mount_table(mount: Mount, told: str) -> None:
    snapshot = with_folder(with_go({"GOCACHE": "/mnt/c/b"}), a_folder("/mnt/c/b"), mount)
    foreign = foreign_places(snapshot)
    assert [place.setting.name for place in foreign] == ["GOCACHE"]
    assert foreign_told(foreign).startswith(f"{told}: GOCACHE is /mnt/c/b in the login shell (")


@pytest.mark.parametrize(
    "mount",
    [
        Mount("/dev/sdc", "/mnt/c", "ext4", "rw,relatime"),
        Mount("host", "/mnt/c", "virtiofs", "rw,relatime"),
        Mount("wslfs", "/mnt/c", "wslfs", "rw,noatime"),
    ],
)
def test_a_folder_called_mnt_proves_nothing(mount: Mount) -> None:
    snapshot = with_folder(with_go({"GOCACHE": "/mnt/c/b"}), a_folder("/mnt/c/b"), mount)
    assert foreign_places(snapshot) == ()


def test_each_entry_of_gopath_is_looked_at() -> None:
    gopath = {"GOPATH": "/root/go:/mnt/c/go"}
    foreign = foreign_places(with_folder(with_go(gopath), a_folder("/mnt/c/go"), DRIVE))
    assert [(place.setting.name, place.path) for place in foreign] == [("GOPATH", "/mnt/c/go")]


def test_a_home_on_a_drive_is_told_before_what_lies_below() -> None:
    below = {"GOPATH": "/mnt/c/x/go", "GOMODCACHE": "/mnt/c/x/go/pkg/mod", "GOCACHE": "/mnt/c/x/.cache/go-build"}
    snapshot = with_folder(with_go({"HOME": "/mnt/c/x"}, below), a_folder("/mnt/c/x"), DRIVE)
    snapshot = replace(snapshot, folders=(*snapshot.folders, *(a_folder(path) for path in below.values())))
    names = [place.setting.name for place in foreign_places(snapshot)]
    assert names == ["HOME", "GOPATH", "GOMODCACHE", "GOCACHE"]


def test_go_builds_in_gotmpdir_before_tmpdir_before_tmp() -> None:
    def builds_in(**environ: str) -> tuple[str, str]:
        (setting,) = temporary_values(with_go(environ))
        return setting.name, setting.value

    assert builds_in() == ("TMPDIR", "/tmp")
    assert builds_in(TMPDIR="/var/tmp") == ("TMPDIR", "/var/tmp")
    assert builds_in(TMPDIR="/var/tmp", GOTMPDIR="/root") == ("GOTMPDIR", "/root")


@pytest.mark.parametrize(("version", "runs"), [("go1.23.9", 0), ("go1.24", 1), ("go1.27.3", 1), ("go1.28-abc", 1)])
def test_go_runs_programs_from_its_cache_since_1_24(version: str, runs: int) -> None:
    assert len(caches_that_run_programs(with_go(go={"GOVERSION": version}))) == runs


def test_room_is_told_and_unknown_room_is_not_judged() -> None:
    folder = replace(a_folder("/srv"), free=64 * 1024)
    place = the_place(with_folder(with_go({"GOCACHE": "/srv"}), folder), "GOCACHE")
    assert not place.has(ROOM_TO_BUILD)
    assert place.told_room.endswith(": 64 KiB is free there")
    unknown = replace(place, folder=replace(folder, free=None))
    with pytest.raises(MissingTool, match="the free space of /srv is not known: `df -P -k` did not tell"):
        unknown.has(ROOM_TO_BUILD)


def test_a_directory_that_the_snapshot_lacks_is_not_judged() -> None:
    with pytest.raises(MissingTool) as error:
        the_place(with_go({"GOCACHE": "/a\nb"}), "GOCACHE")
    assert str(error.value) == (
        "the snapshot holds nothing on /a b, which GOCACHE names: a name with a colon or a line end is not looked at"
    )


@pytest.mark.parametrize(
    ("value", "windows", "tilde", "relative"),
    [
        ("C:\\Users\\x\\go", True, (), ("C", "\\Users\\x\\go")),
        ("C:/Users/x/go", True, (), ("C",)),
        ("/root/go:D:/go", True, (), ("D",)),
        ("~/go", False, ("~/go",), ()),
        ("go", False, (), ("go",)),
        (":/root/go:", False, (), ()),
        ("/root/go:/opt/go", False, (), ()),
    ],
)
def test_entries_that_go_refuses(value: str, windows: bool, tilde: tuple[str, ...], relative: tuple[str, ...]) -> None:
    (gopath,) = gopaths(with_go({"GOPATH": value}))
    assert (gopath.is_windows, gopath.with_tilde, gopath.relative) == (windows, tilde, relative)


def test_gopath_is_the_sdk_also_through_a_link() -> None:
    linked = Folder("/opt/go", "/opt/go", "/usr/local/go", writable=True)
    for path in ("/usr/local/go", "/usr/local/go/", "/opt/go"):
        (gopath,) = gopaths(with_folder(with_go({"GOPATH": path}), linked))
        assert gopath.is_goroot, path


def test_go_installs_into_gobin_or_the_first_entry_of_gopath() -> None:
    two = {"GOPATH": "/a:/b"}
    assert install_target(with_go(two)).path == "/a/bin"
    assert install_target(with_go({**two, "GOBIN": "/opt/bin"})).path == "/opt/bin"
    target = install_target(with_go({"PATH": "/usr/bin"}))
    assert (target.path, target.on_path) == ("/root/go/bin", False)
    assert target.told == (
        "go install writes to /root/go/bin (GOBIN is not set, GOPATH is /root/go in the login shell (go's default));"
        " PATH of the login shell is /usr/bin"
    )


def test_the_install_target_is_on_path_by_name_or_through_a_link() -> None:
    link = Folder("/home/go-bin", "/home/go-bin", "/root/go/bin", writable=True)
    assert install_target(with_go({"PATH": "/usr/bin:/root/go/bin/"})).on_path
    assert install_target(with_folder(with_go({"PATH": "/home/go-bin"}), link)).on_path


def test_without_go_in_the_login_shell_its_install_target_waits() -> None:
    with pytest.raises(Waits, match=r"waits for setup.go-on-path: the login shell finds no go"):
        install_target(ALPINE)
    with pytest.raises(Waits, match=r"waits for setup.gobin-sane: GOBIN is bin in the login shell"):
        install_target(with_go({"GOBIN": "bin"}))
    with pytest.raises(Waits, match=r"waits for setup.gopath-sane: GOPATH gives no directory in the login shell"):
        install_target(with_go({"GOPATH": "go"}))


def test_what_another_claim_is_about_is_waited_for() -> None:
    none = replace(ALPINE, shells=(ALPINE.login,))
    with pytest.raises(Waits, match=r"waits for setup.go-on-path"):
        values_of(none, "GOCACHE")
    with pytest.raises(Waits, match=r"waits for setup.go-is-native: the go of the login shell is not for Linux"):
        values_of(with_go(go={"GOHOSTOS": "windows", "GOCACHE": "C:\\Users\\x\\go-build"}), "GOCACHE")
    homeless = with_go({"HOME": ""}, {"GOCACHE": "off"})
    with pytest.raises(Waits, match=r"waits for setup.home-set: HOME is not set in the login shell, and the default"):
        values_of(homeless, "GOCACHE")


def test_what_is_set_does_not_wait_for_home() -> None:
    homeless = with_go({"HOME": "", "GOCACHE": "/tmp"})
    assert the_place(homeless, "GOCACHE").writable


def test_a_gopath_that_stops_go_is_still_seen() -> None:
    error = 'go: GOPATH entry is relative; must be absolute path: "go".'
    shell = replace(with_go({"GOPATH": "go"}).login, go_values=(), go_env=Answer(2, "", error))
    (gopath,) = gopaths(replace(ALPINE, shells=(shell,)))
    assert gopath.relative == ("go",)
