"""Paths inside a root file system, followed as a process would that has it as its root: no link leads out of it."""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath

_LINKS = 40  # path_resolution(7)


class Climbs(Exception):
    """A path, or a link on its way, leads above the root or is absolute; the text is that path or link."""


def follow(root: Path, path: str, *, strict: bool = False) -> Path:
    """Return where ``path`` of the root file system ``root`` lies on this machine, every link of it followed.

    What is not there is taken as it is. With ``strict`` an absolute link raises Climbs, and so does one that leads
    above the root; a process inside would stay at its root. Raises OSError (ELOOP) for links in a circle.
    """
    left = [part for part in PurePosixPath(path).parts if part != "/"][::-1]
    at: list[str] = []
    links = 0
    while left:
        part = left.pop()
        if part == "..":
            if strict and not at:
                raise Climbs(path)
            del at[-1:]
            continue
        here = root.joinpath(*at, part)
        if not here.is_symlink():
            at.append(part)
            continue
        links += 1
        if links > _LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(here))
        target = PurePosixPath(here.readlink())
        if target.is_absolute():
            if strict:
                raise Climbs(f"{PurePosixPath(*at, part)} -> {target}")
            at = []
        left += [part for part in target.parts if part != "/"][::-1]
    return root.joinpath(*at)
