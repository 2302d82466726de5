"""What stands below a folder: names, kinds, modes, owners, times and contents, as one value to compare."""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def state_of(folder: Path) -> dict[str, str]:
    """Return by path what each file below ``folder`` is, to the byte and the nanosecond."""
    return {str(path.relative_to(folder)): _state(path) for path in (folder, *folder.rglob("*"))}


def _state(path: Path) -> str:
    info = path.lstat()
    content = ""
    if stat.S_ISLNK(info.st_mode):
        content = str(path.readlink())
    elif stat.S_ISREG(info.st_mode):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    return (
        f"{info.st_mode:o} {info.st_uid}:{info.st_gid} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_rdev} {content}"
    )
