"""The mount table of real machines, and what the three formats can hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.mounts import Mount, mount_of, parse_mounts
from tests.recordings import recorded

DRIVE = r"C:\134 /mnt/c 9p rw,noatime,aname=drvfs;path=C:\;uid=1000;metadata;symlinkroot=/mnt/,cache=5,trans=fd 0 0"


def test_a_drive_on_wsl2_is_told_by_its_windows_path() -> None:
    (mount,) = parse_mounts(recorded("mount_9p_6_6.txt"))
    assert (mount.fstype, mount.target, mount.drive, mount.is_windows_drive) == ("9p", "/mnt/c", "C", True)
    assert mount.drvfs_options == ("path=C:\\", "uid=1000", "gid=1000", "symlinkroot=/mnt/")


def test_an_escaped_line_of_proc_mounts_gives_the_same_drive() -> None:
    (mount,) = parse_mounts(DRIVE)
    assert (mount.source, mount.drive) == ("C:\\", "C")
    assert mount.drvfs_options == ("path=C:\\", "uid=1000", "metadata", "symlinkroot=/mnt/")


def test_spaces_that_9p_does_not_escape_stay_in_the_options() -> None:
    (mount,) = parse_mounts(recorded("proc_mounts_docker_unescaped_space.txt"))
    assert mount.source == mount.windows_path == r"C:\Program Files\Docker\Docker\resources"
    assert (mount.target, mount.flags[-1]) == ("/Docker/host", "wfd=4")
    assert mount.on_windows
    assert not mount.is_windows_drive


def test_the_same_unescaped_spaces_in_mountinfo() -> None:
    line = r"96 71 0:50 / /host rw,noatime - 9p C:\134Program rw,aname=drvfs;path=C:\Program Files - x;a=1,trans=fd"
    (mount,) = parse_mounts(line)
    assert mount.windows_path == r"C:\Program Files - x"


def test_the_libraries_of_the_gpu_are_no_drive() -> None:
    overlay, drivers = parse_mounts(recorded("mount_gpu_lib.txt"))
    assert (overlay.fstype, drivers.fstype) == ("overlay", "9p")
    assert not any(mount.on_windows or mount.is_windows_drive for mount in (overlay, drivers))


def test_wsl1_has_its_own_file_systems() -> None:
    mounts = parse_mounts(recorded("mount_wsl1_full.txt"))
    assert [mount.target for mount in mounts if mount.is_windows_drive] == ["/mnt/c"]
    assert mounts[0] == Mount("rootfs", "/", "lxfs", "rw,noatime")
    assert mounts[-1].drvfs_options == ("rw", "noatime", "uid=1000", "gid=1000")
    assert parse_mounts(recorded("mountinfo_wsl1_wslfs.txt"))[0].fstype == "wslfs"


@pytest.mark.parametrize(
    ("line", "drive"),
    [
        (recorded("mount_virtiofs_2_7_0.txt"), "C"),
        ("drvfsaD1 /mnt/d virtiofs rw,noatime 0 0", "D"),
        ("8e0a37c1-6f0e-4c0f-9e1b-5a1c2b3d4e5f /mnt/e virtiofs rw,noatime 0 0", "E"),
        ("90 71 0:44 /8e0a37c1 /mnt/c rw,noatime - virtiofs drvfs rw", "C"),
        ("90 71 0:44 /8e0a37c1 /srv/share rw,noatime - virtiofs drvfsa rw", None),
        ("myshare /mnt/m virtiofs rw 0 0", None),
        ("drvfs /mnt/c 9p rw,dirsync,aname=drvfs;path=C:\\;uid=0,mmap,trans=virtio 0 0", "C"),
        (r"UNC\134srv\134x /mnt/x 9p rw,aname=drvfs;path=UNC\srv\x;uid=0,trans=fd 0 0", None),
        ("//srv/share /mnt/c cifs rw,relatime 0 0", None),
        ("/dev/sdd1 /mnt/c ext4 rw,relatime 0 0", None),
    ],
)
def test_a_drive_is_never_told_by_its_place_alone(line: str, drive: str | None) -> None:
    (mount,) = parse_mounts(line)
    assert mount.drive == drive


def test_optional_fields_of_mountinfo_are_skipped_and_flags_merged() -> None:
    text = (
        "36 35 98:0 /sub /mnt\\040a ro,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue\n"
        "37 35 0:5 / /empty rw - tmpfs  rw,noexec\n"
    )
    first, second = parse_mounts(text)
    assert (first.target, first.root, first.flags) == ("/mnt a", "/sub", ("ro", "noatime", "errors=continue"))
    assert (second.source, second.noexec, second.read_only) == ("", True, False)
    assert first.read_only


@pytest.mark.parametrize("line", ["", "garbage", "a b c", "1 2 3:4 / /", "cgroup on nowhere"])
def test_what_is_no_mount_is_left_out(line: str) -> None:
    assert parse_mounts(line) == ()


def test_a_path_lies_on_the_nearest_mount_and_the_last_of_equals() -> None:
    mounts = tuple(
        Mount(source, target, "ext4", "rw")
        for source, target in (("proc", "/proc"), ("root", "/"), ("c", "/mnt/c"), ("over", "/mnt/c"), ("cc", "/mnt/cc"))
    )
    expected = {
        "/": "root", "/mnt": "root", "/mnt/c": "over", "/mnt/c/go": "over", "/mnt/cc/x": "cc", "/mnt/c/../cc": "cc",
        "/proc/1": "proc",
    }  # fmt: skip
    assert {path: mount.source for path in expected if (mount := mount_of(path, mounts))} == expected
    assert mount_of("/x", ()) is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for mount in parse_mounts(text):
        assert isinstance(mount.is_windows_drive, bool)
