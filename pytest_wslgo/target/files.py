"""Move files to and from a target: byte for byte, of any size, with only POSIX tools on the other side.

A file arrives whole or not at all: it is written beside its place, counted there, and renamed.
"""

from __future__ import annotations

import os
import tarfile
import tempfile
from typing import IO, TYPE_CHECKING

from pytest_wslgo.errors import BadInput, MissingTool
from pytest_wslgo.target.result import TransferFailed, last_lines

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.target.target import Target

DEADLINE = 300.0
NO_TAR = 64

# The size after the content lets a connection that loses the end be noticed; files of the kernel have no size.
READ = 'cat -- "$1" || exit; case $1 in /proc/*|/sys/*) ;; *) [ ! -f "$1" ] || wc -c <"$1" >&2 ;; esac'

WRITE = """\
case $1 in */*) mkdir -p "${1%/*}/" || exit ;; esac
part=$1.part-$$
(umask 077; cat >"$part") && size=$(($(wc -c <"$part"))) && {
  [ "$size" = "$2" ] || { echo "only $size of $2 bytes arrived" >&2; false; }
} && chmod "$3" "$part" && mv -f "$part" "$1" || { rm -f "$part"; exit 1; }
"""

UNPACK = f"""\
if command -v tar >/dev/null; then set -- "$1" tar
elif command -v busybox >/dev/null; then set -- "$1" busybox tar
else exit {NO_TAR}; fi
mkdir -p "$1" && cd "$1" && shift && exec "$@" -xpf -
"""

COPY = 'mkdir -p "$2" && cp -a "$1/." "$2"'


def read(target: Target, path: str, deadline: float) -> bytes:
    _check_path(path)
    got = target.run(["/bin/sh", "-c", READ, "sh", path], deadline=deadline, check=False)
    if got.status != 0:
        raise TransferFailed(f"target {target.name}: cannot read {path}: {last_lines(got.stderr)}")
    size = last_lines(got.stderr, 1)
    if size.isdigit() and len(got.stdout) < int(size):
        raise TransferFailed(f"target {target.name}: only {len(got.stdout)} of {size} bytes of {path} arrived.")
    return got.stdout


def write(target: Target, path: str, data: bytes, mode: int, deadline: float) -> None:
    _check_path(path)
    _upload(target, path, data, len(data), mode, deadline)


def put(target: Target, local: Path, path: str, deadline: float) -> None:
    _check_path(path)
    if local.is_dir():
        _copy_folder(target, local, path, deadline) if target.is_local else _send_folder(target, local, path, deadline)
    elif local.is_file():
        with local.open("rb") as source:
            status = os.fstat(source.fileno())
            _upload(target, path, source, status.st_size, status.st_mode & 0o7777, deadline)
    else:
        raise BadInput(f"{local} cannot be put on target {target.name}: there is no such file or folder.")


def _copy_folder(target: Target, local: Path, path: str, deadline: float) -> None:
    got = target.run(["/bin/sh", "-c", COPY, "sh", str(local), path], deadline=deadline, check=False)
    if got.status != 0:
        raise TransferFailed(f"target {target.name}: cannot copy {local} to {path}: {last_lines(got.stderr)}")


def _upload(target: Target, path: str, data: bytes | IO[bytes], size: int, mode: int, deadline: float) -> None:
    got = target.run(
        ["/bin/sh", "-c", WRITE, "sh", path, str(size), f"{mode:o}"], stdin=data, deadline=deadline, check=False
    )
    if got.status != 0:
        raise TransferFailed(f"target {target.name}: cannot write {path}: {last_lines(got.stderr)}")


def _send_folder(target: Target, local: Path, path: str, deadline: float) -> None:
    with tempfile.TemporaryFile() as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:  # BusyBox reads no pax
            archive.add(local, arcname=".", filter=_without_owner)
        packed.flush()
        packed.seek(0)
        got = target.run(["/bin/sh", "-c", UNPACK, "sh", path], stdin=packed, deadline=deadline, check=False)
    if got.status == NO_TAR:
        raise MissingTool(f"target {target.name} has no tar, which a folder needs to get there: install tar.")
    if got.status != 0:
        raise TransferFailed(f"target {target.name}: cannot write the folder {path}: {last_lines(got.stderr)}")


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _check_path(path: str) -> None:
    if not path.startswith("/") or "\0" in path:
        raise BadInput(f"a path on a target is absolute; {path!r} is not.")
