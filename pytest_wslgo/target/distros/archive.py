"""Unpack the tarball of a root file system, so that nothing of it comes to stand outside its folder.

Refused are absolute names, names that climb (``../``), and members below a link that leads out. A link itself may
point anywhere (``/var/run -> /run`` is in every Debian): it is only followed when its folder is the root. Left out are
devices and FIFOs; set-id bits are dropped, owners are kept as root. Source: tar(5).
"""

from __future__ import annotations

import lzma
import os
import shutil
import stat
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.distros.rooted import Climbs, follow
from pytest_wslgo.target.kernel import is_root

if TYPE_CHECKING:
    from collections.abc import Iterable

_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_BROKEN: Final = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError, OverflowError)


def unpack(archive: Path, root: Path, name: str) -> None:
    """Unpack ``archive`` (plain, gz, bz2 or xz) into ``root``, an empty folder; ``name`` is the distro's.

    Raises BadInput in one sentence: no archive, a broken one, one that climbs, one of images, a disk that is full.
    """
    try:
        with tarfile.open(archive, "r:*") as opened:
            directories = _place_all(opened, root, f"distro {name}: {archive}")
        for place, mode in reversed(directories):  # one that is not writable could not be filled
            place.chmod(mode)
    except _BROKEN as problem:
        raise BadInput(_broken(archive, name, problem)) from None
    if (root / "manifest.json").is_file() or (root / "oci-layout").is_file():
        raise BadInput(
            f"distro {name}: {archive} is an archive of images, not of a root file system: load it into an engine"
            f" (`podman load -i {archive}`) and give the name of the image."
        )


def _broken(archive: Path, name: str, problem: Exception) -> str:
    subject = f"distro {name}: {archive}"
    if isinstance(problem, OSError) and problem.errno is not None:
        return f"{subject} cannot be unpacked: {problem.strerror} ({problem.filename or archive})."
    with archive.open("rb") as stream:
        if stream.read(4) == _ZSTD:
            return f"{subject} is compressed with zstd, which is not read here: unpack it with `zstd -d` first."
    return f"{subject} is no tarball that can be read (plain, gz, bz2 or xz), or it is cut short: {problem}."


def _place_all(opened: tarfile.TarFile, root: Path, subject: str) -> list[tuple[Path, int]]:
    directories = []
    for member in opened:
        parts = PurePosixPath(member.name).parts
        if not parts:  # the root itself
            continue
        try:
            if member.name.startswith("/") or ".." in parts:
                raise Climbs(member.name)
            place = follow(root, str(PurePosixPath(*parts[:-1])), strict=True) / parts[-1]
            if member.isdir():
                directories += [(made, member.mode & 0o1777) for made in _directory(root, place)]
            else:
                _place(opened, member, root, place)
        except Climbs as climbing:
            raise BadInput(f"{subject} is refused: {_shown(climbing)} leads out of the root file system.") from None
        _own(place, member)
    return directories


def _shown(climbing: Climbs) -> str:
    return repr(str(climbing)[:200])


def _directory(root: Path, place: Path) -> Iterable[Path]:
    """Make a directory; a link to a directory that is there stays one (/lib of a merged /usr)."""
    if place.is_symlink():
        return ()
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    return (place,)


def _place(opened: tarfile.TarFile, member: tarfile.TarInfo, root: Path, place: Path) -> None:
    if not (member.isreg() or member.issym() or member.islnk()):
        return
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if place.is_symlink() or place.is_file():
        place.unlink()
    if member.issym():
        place.symlink_to(member.linkname)
    elif member.islnk():
        linked = PurePosixPath(member.linkname)
        if linked.is_absolute() or ".." in linked.parts:
            raise Climbs(f"{member.name} -> {member.linkname}")
        os.link(follow(root, str(linked.parent), strict=True) / linked.name, place, follow_symlinks=False)
    else:
        source = opened.extractfile(member)
        if source is not None:
            with source, place.open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            place.chmod(member.mode & 0o1777)


def _own(place: Path, member: tarfile.TarInfo) -> None:
    if is_root() and os.path.lexists(place) and not member.islnk():
        mode = stat.S_IMODE(place.lstat().st_mode)
        os.chown(place, member.uid, member.gid, follow_symlinks=False)
        if not place.is_symlink():
            place.chmod(mode)
