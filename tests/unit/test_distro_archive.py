"""Tarballs of root file systems: what is unpacked, what is refused in one sentence; nothing comes to stand outside."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shutil
import stat
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.distros.archive import unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Entry = tuple[str, str | None]
"""A member: its name, and what it holds; ``-> x`` is a link, ``=> x`` a hard link, None a directory, ``!`` a device."""


def pack(path: Path, *entries: Entry, mode: int = 0o755) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in entries:
            member = tarfile.TarInfo(name)
            member.mode, member.uid, member.gid = mode, os.getuid(), os.getgid()
            data = b""
            if content is None:
                member.type = tarfile.DIRTYPE
            elif content.startswith(("-> ", "=> ")):
                member.type = tarfile.SYMTYPE if content[0] == "-" else tarfile.LNKTYPE
                member.linkname = content[3:]
            elif content == "!":
                member.type, member.devmajor, member.devminor = tarfile.CHRTYPE, 1, 3
            else:
                data = content.encode()
                member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "er" / "root"
    folder.mkdir(parents=True)
    return folder


def refusal(archive: Path, root: Path) -> str:
    with pytest.raises(BadInput) as raised:
        unpack(archive, root, "mine")
    return str(raised.value).replace(str(archive), "FILE")


GOOD: tuple[Entry, ...] = (
    ("./", None),
    ("./usr/bin", None),
    ("./bin", "-> usr/bin"),
    ("./bin/sh", "shell"),
    ("./usr/bin/hard", "=> ./usr/bin/sh"),
    ("./var/run", "-> /run"),
    ("./etc/mtab", "-> ../proc/self/mounts"),
    ("./dev/null", "!"),
)


@pytest.mark.parametrize("method", ["", "gzip", "bzip2", "xz"])
def test_a_root_file_system_is_unpacked(tmp_path: Path, root: Path, method: str) -> None:
    archive = pack(tmp_path / "a.tar", *GOOD)
    if method:
        if shutil.which(method) is None:
            pytest.skip(f"install {method}")
        packed = subprocess.run([method, "-c", archive], capture_output=True, check=True, timeout=20).stdout
        archive.write_bytes(packed)

    unpack(archive, root, "mine")

    assert (root / "usr/bin/sh").read_text() == "shell"
    assert (root / "usr/bin/hard").samefile(root / "usr/bin/sh")
    assert str((root / "var/run").readlink()) == "/run"
    assert not (root / "dev/null").exists()


def test_modes_stay_but_for_set_id_bits(tmp_path: Path, root: Path) -> None:
    unpack(pack(tmp_path / "a.tar", ("su", "x"), ("tmp", None), mode=0o7755), root, "mine")
    assert [stat.S_IMODE((root / name).stat().st_mode) for name in ("su", "tmp")] == [0o1755, 0o1755]


def test_a_directory_that_cannot_be_written_is_filled_first(tmp_path: Path, root: Path) -> None:
    unpack(pack(tmp_path / "a.tar", ("d", None), ("d/f", "x"), mode=0o555), root, "mine")
    assert (root / "d/f").read_text() == "x"
    assert stat.S_IMODE((root / "d").stat().st_mode) == 0o555


def test_a_later_member_replaces_an_earlier_link_and_does_not_write_through_it(tmp_path: Path, root: Path) -> None:
    unpack(pack(tmp_path / "a.tar", ("f", "first"), ("l", "-> f"), ("l", "second")), root, "mine")
    assert (root / "f").read_text() == "first"
    assert (root / "l").read_text() == "second"


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ([("../evil", "x")], "'../evil'"),
        ([("a/../../evil", "x")], "'a/../../evil'"),
        ([("/evil", "x")], "'/evil'"),
        ([("../", None)], "'..'"),
        ([("out", "-> ../.."), ("out/evil", "x")], "'out'"),
        ([("out", "-> {outside}"), ("out/evil", "x")], "'out -> {outside}'"),
        ([("a", "-> b"), ("b", "-> .."), ("a/evil", "x")], "'a'"),
        ([("f", "=> ../evil")], "'f -> ../evil'"),
        ([("f", "=> {outside}/evil")], "'f -> {outside}/evil'"),
        ([("out", "-> {outside}"), ("f", "=> out/evil")], "'out -> {outside}'"),
    ],
)
def test_what_climbs_is_refused(tmp_path: Path, root: Path, entries: list[Entry], what: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "evil").write_text("as it was")
    before = sorted(tmp_path.rglob("*"))
    named = [(name, content and content.format(outside=outside)) for name, content in entries]
    archive = pack(tmp_path / "a.tar", *named)

    said = refusal(archive, root)

    assert said == f"distro mine: FILE is refused: {what.format(outside=outside)} leads out of the root file system."
    assert (outside / "evil").read_text() == "as it was"
    assert sorted(path for path in tmp_path.rglob("*") if root not in path.parents) == sorted([*before, archive])


def test_an_archive_of_images_is_told_from_a_root(tmp_path: Path, root: Path) -> None:
    archive = pack(tmp_path / "a.tar", ("blobs/x", "x"), ("manifest.json", "[]"))
    assert refusal(archive, root) == (
        "distro mine: FILE is an archive of images, not of a root file system: load it into an engine (`podman load -i"
        " FILE`) and give the name of the image."
    )


def _text(path: Path) -> None:
    path.write_text("hello")


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    pack(path, ("f", "x" * 100_000))
    path.write_bytes(gzip.compress(path.read_bytes())[:80])


def _cut_plain(path: Path) -> None:
    pack(path, ("f", "x" * 100_000))
    path.write_bytes(path.read_bytes()[:50_000])


@pytest.mark.parametrize("make", [_text, _nothing, _cut, _cut_plain])
def test_what_cannot_be_read_is_told(tmp_path: Path, root: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.tar")
    assert refusal(tmp_path / "a.tar", root).startswith(
        "distro mine: FILE is no tarball that can be read (plain, gz, bz2 or xz), or it is cut short: "
    )


def test_zstd_is_named(tmp_path: Path, root: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    assert refusal(tmp_path / "a.tar", root) == (
        "distro mine: FILE is compressed with zstd, which is not read here: unpack it with `zstd -d` first."
    )


def test_a_full_disk_is_told(tmp_path: Path, root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("run as root to mount a small file system")
    archive = pack(tmp_path / "a.tar", ("f", "x" * 2_000_000))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(root)], capture_output=True, check=False, timeout=20
    )
    if mounted.returncode != 0:
        pytest.skip("a small file system needs the right to mount")
    try:
        said = refusal(archive, root)
    finally:
        subprocess.run(["umount", str(root)], check=True, timeout=20)
    assert said == f"distro mine: FILE cannot be unpacked: {os.strerror(errno.ENOSPC)} (FILE)."
