r"""The mount table: ``/proc/mounts``, ``/proc/self/mountinfo`` or what mount(8) prints, and where Windows is in it.

Formats: proc_pid_mountinfo(5), fstab(5). How WSL mounts a drive has changed: drvfs (WSL1), 9p with the Windows path
inside ``aname=`` (WSL2), virtiofs (``[wsl2] virtiofs=true``); see ``Mount.drive``.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_OCTAL = re.compile(r"\\([0-7]{3})")
_DEVICE = re.compile(r"\d+:\d+")
_PRINTED = re.compile(r"(?P<source>.*) on (?P<target>/.*) type (?P<fstype>\S+) \((?P<options>.*)\)(?: \[.*\])?")
_DRIVE = re.compile(r"([A-Za-z]):[\\/]*")
_VIRTIOFS_TAG = re.compile(r"drvfsa?([A-Z])\d*")
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_LETTER_FOLDER = re.compile(r"(?:.*/)?([a-z])")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system; ``options`` as the kernel writes them, ``root`` the part that is mounted (mountinfo)."""

    source: str
    target: str
    fstype: str
    options: str
    root: str = "/"

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the options, one by one; those of drvfs inside ``aname=`` are in ``drvfs_options``."""
        return tuple(self.options.split(","))

    @property
    def noexec(self) -> bool:
        """Tell whether programs on it cannot be started."""
        return "noexec" in self.flags

    @property
    def read_only(self) -> bool:
        """Tell whether nothing on it can be changed."""
        return "ro" in self.flags

    @property
    def drvfs_options(self) -> tuple[str, ...]:
        """Return what drvfs was told: the words after ``aname=drvfs;`` on WSL2, the plain options on WSL1."""
        if self.fstype == "drvfs":
            return self.flags
        if not self._aname.startswith("drvfs"):
            return ()
        return tuple(word for word in self._aname.split(";")[1:] if word)

    @property
    def windows_path(self) -> str | None:
        """Return the Windows path that is mounted, where the mount table shows one."""
        if self.fstype == "drvfs":
            return self.source
        return next((word.removeprefix("path=") for word in self.drvfs_options if word.startswith("path=")), None)

    @property
    def on_windows(self) -> bool:
        """Tell whether the files lie with Windows: a drive, a share or a single folder of it."""
        match self.fstype:
            case "drvfs":
                return True
            case "9p":
                return self._aname.startswith("drvfs")
            case "virtiofs":
                return bool(self._virtiofs_letter()) or self._is_virtiofs_of_windows()
        return False

    @property
    def drive(self) -> str | None:
        """Return the letter of the Windows drive that is mounted, or None.

        9p shows its path; virtiofs once had the letter in its tag, and has a GUID now, with the drive's folder as the
        only sign. Not drives: ``aname=drivers`` (the GPU), a share (``UNC\\…``), docker's ``/Docker/host``.
        """
        if not self.on_windows:
            return None
        if self.fstype == "virtiofs":
            return self._virtiofs_letter()
        found = _DRIVE.fullmatch(self.windows_path or "")
        return found[1].upper() if found else None

    @property
    def is_windows_drive(self) -> bool:
        """Tell whether this is a Windows drive, wherever it is mounted (``/mnt`` proves nothing)."""
        return self.drive is not None

    @property
    def _aname(self) -> str:
        # The path in it may hold a comma, so that splitting the options would cut it; the kernel escapes nothing here.
        _, found, rest = f",{self.options}".partition(",aname=")
        return re.split(r",(?=[a-z_]+(?:[=,]|$))", rest, maxsplit=1)[0] if found else ""

    def _is_virtiofs_of_windows(self) -> bool:
        return self.source in ("drvfs", "drvfsa") or bool(_GUID.fullmatch(self.source))

    def _virtiofs_letter(self) -> str | None:
        if found := _VIRTIOFS_TAG.fullmatch(self.source):
            return found[1]
        folder = _LETTER_FOLDER.fullmatch(self.target) if self._is_virtiofs_of_windows() else None
        return folder[1].upper() if folder else None


def parse_mounts(text: str) -> tuple[Mount, ...]:
    r"""Read a mount table, each line in whichever of the three formats it is; lines in none of them are left out.

    The options of 9p are not escaped, so that a line of ``/proc/mounts`` can have more than six fields
    (https://github.com/docker/for-win/issues/13955): three fields from the left, two from the right, the rest is one::

        C:\134Program\040Files /Docker/host 9p rw,aname=drvfs;path=C:\Program Files;symlinkroot=/mnt/,trans=fd 0 0
        36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    """
    return tuple(mount for line in text.split("\n") if (mount := _parse_line(line)))


def mount_of(path: str, mounts: Iterable[Mount]) -> Mount | None:
    """Return the file system that an absolute path without links lies on: the nearest mount, the last of equals."""
    path = posixpath.normpath("/" + path.lstrip("/"))
    above = [mount for mount in mounts if path == mount.target or path.startswith(mount.target.rstrip("/") + "/")]
    return max(reversed(above), key=lambda mount: len(mount.target), default=None)


def _parse_line(line: str) -> Mount | None:
    fields = line.split(" ")
    if len(fields) >= 10 and _DEVICE.fullmatch(fields[2]) and "-" in fields[6:]:
        return _parse_mountinfo(fields)
    if printed := _PRINTED.fullmatch(line):
        return Mount(printed["source"], printed["target"], printed["fstype"], printed["options"])
    if len(fields) >= 6 and fields[-1].isdigit() and fields[-2].isdigit() and fields[1].startswith("/"):
        return Mount(_unescape(fields[0]), _unescape(fields[1]), fields[2], " ".join(fields[3:-2]))
    return None


def _parse_mountinfo(fields: list[str]) -> Mount:
    dash = fields.index("-", 6)
    fstype, source, *options = fields[dash + 1 :]
    merged = dict.fromkeys((*fields[5].split(","), *" ".join(options).split(",")))
    # The two lists repeat the flags that they share; `rw` of the file system does not undo `ro` of this mount.
    if "ro" in merged:
        merged.pop("rw", None)
    return Mount(_unescape(source), _unescape(fields[4]), fstype, ",".join(merged), _unescape(fields[3]))


def _unescape(field: str) -> str:
    return _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), field)
