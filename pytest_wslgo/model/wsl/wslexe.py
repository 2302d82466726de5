"""What ``wsl.exe`` lists and says of itself: --list, --list --verbose, --list --online, --version, --status.

Labels and headers are in the language of Windows, so that everything is told by its place and form. Names are
``[a-zA-Z0-9._-]{1,256}``; those of old distributions may have spaces. Source: microsoft/WSL,
``src/windows/common/WslClient.cpp``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pytest_wslgo.model.wsl.captures import lines_of

STATES: Final = ("Stopped", "Running", "Installing", "Uninstalling", "Converting", "Exporting")
_VERSIONS: Final = ("wsl", "kernel", "wslg", "msrdc", "direct3d", "dxcore", "windows")
_SYSTEMD: Final = (0, 67, 6)
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,256}(?: [A-Za-z0-9._-]+)*")
_ROW: Final = re.compile(r"(\*)?\s*(\S(?:.*?\S)?)\s{2,}(\S+(?: \S+)*)\s{2,}([12])")
_TIGHT_ROW: Final = re.compile(r"(\*)?\s*(\S+)\s+(\S+)\s+([12])")
_HEADER: Final = re.compile(r"\s*NAME\s+STATE\s+VERSION")
_DEFAULT: Final = re.compile("(.+?)\\s*[(\uff08].+[)\uff09]")
_COLUMNS: Final = re.compile(r"\*?\s*(\S+)\s{2,}(\S.*)")
_LABELLED: Final = re.compile("\\s*[^:\uff1a]+[:\uff1a]\\s*(.*)")
_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)+(?:-\S+)?", re.ASCII)
_COLONS: Final = (":", "\uff1a")
_LONGEST: Final = 1000  # of a line that we look at; a name has up to 256 characters


@dataclass(frozen=True, slots=True)
class Distro:
    """A distribution. ``state`` and ``version`` (1 or 2) are None in a list that does not show them."""

    name: str
    default: bool = False
    state: str | None = None
    version: int | None = None

    @property
    def running(self) -> bool | None:
        """Tell whether it runs; None where the state is not shown, or is in the language of an old Windows."""
        return self.state == "Running" if self.state in STATES else None


@dataclass(frozen=True, slots=True)
class DistroList:
    """A list of distributions; ``is_list`` is false for a message or a usage text. ``unread`` are all other lines."""

    distros: tuple[Distro, ...] = ()
    is_list: bool = False
    unread: tuple[str, ...] = ()

    @property
    def default(self) -> str | None:
        """Return the default distribution, or None when none is marked (WSL 2.4.4 marked none)."""
        return next((distro.name for distro in self.distros if distro.default), None)

    def find(self, name: str) -> Distro | None:
        """Return a distribution by its name; case does not matter to Windows."""
        return next((distro for distro in self.distros if distro.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class WslVersion:
    """The versions that ``wsl.exe --version`` shows; None where the line is missing. ``kernel`` is the packaged one."""

    wsl: str | None = None
    kernel: str | None = None
    wslg: str | None = None
    msrdc: str | None = None
    direct3d: str | None = None
    dxcore: str | None = None
    windows: str | None = None
    unread: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the version of WSL as numbers; none when it is unknown."""
        return version_numbers(self.wsl)

    @property
    def systemd_supported(self) -> bool | None:
        """Tell whether this WSL can start systemd (0.67.6); None when its version is unknown."""
        return self.numbers >= _SYSTEMD if self.numbers else None


@dataclass(frozen=True, slots=True)
class WslStatus:
    """What ``wsl.exe --status`` shows; ``kernel`` only the wsl.exe of Windows itself, ``notes`` are all other lines."""

    default: str | None = None
    default_version: int | None = None
    kernel: str | None = None
    notes: tuple[str, ...] = ()


def version_numbers(text: str | None) -> tuple[int, ...]:
    """Return ``2.6.1.0`` as numbers, and none for what begins with no version."""
    found = re.match(r"\d{1,9}(?:\.\d{1,9})*", text or "", re.ASCII)
    return tuple(map(int, found[0].split("."))) if found else ()


def parse_list_verbose(output: bytes | str) -> DistroList:
    """Read ``wsl.exe --list --verbose``; columns are told by blanks, never by the header's places.

    Sample: ``* Ubuntu    Running         2`` below ``  NAME      STATE           VERSION``.
    """
    lines = lines_of(output)
    read = [(line, _row(line.strip())) for line in lines]
    rows = tuple(distro for _, distro in read if distro)
    header = bool(lines) and not read[0][1] and (len(rows) > 0 or _HEADER.fullmatch(lines[0]) is not None)
    unread = tuple(line for line, distro in read[1 if header else 0 :] if not distro)
    return DistroList(rows, header or bool(rows), unread)


def parse_list(output: bytes | str) -> DistroList:
    """Read ``wsl.exe --list``: a header that ends with a colon, names, and a word in brackets behind the default one.

    Sample: ``Windows Subsystem for Linux Distributions:``, ``Ubuntu (Default)``, ``Debian``.
    """
    lines = lines_of(output)
    if not lines or not lines[0].endswith(_COLONS):
        return DistroList(unread=lines)
    distros = tuple(_listed(line) for line in lines[1:])
    unread = tuple(line for line, distro in zip(lines[1:], distros, strict=True) if distro is None)
    return DistroList(tuple(distro for distro in distros if distro), is_list=True, unread=unread)


def parse_list_quiet(output: bytes | str) -> DistroList:
    """Read ``wsl.exe --list --quiet``: names alone. It is no list when a line is no name."""
    lines = lines_of(output)
    if any(not _NAME.fullmatch(line.strip()) for line in lines):
        return DistroList(unread=lines)
    return DistroList(tuple(Distro(line.strip()) for line in lines), is_list=True)


def parse_list_online(output: bytes | str) -> tuple[tuple[str, str], ...]:
    """Return the distributions that can be installed, each with its friendly name; text and header come first."""
    rows = [(found[1], found[2]) for line in lines_of(output) if (found := _COLUMNS.fullmatch(line.strip()))]
    return tuple(rows[1:])


def parse_version(output: bytes | str) -> WslVersion:
    """Read ``wsl.exe --version``: seven lines, in this order, with labels in any language."""
    read = [(line, found[1] if (found := _LABELLED.fullmatch(line)) else None) for line in lines_of(output)]
    start = next((place for place, (_, value) in enumerate(read) if value and _NUMBERS.match(value)), len(read))
    labelled = [(line, value) for line, value in read[start:] if value is not None][: len(_VERSIONS)]
    values = [value if value and _NUMBERS.match(value) else None for _, value in labelled]
    kept = {line for (line, _), value in zip(labelled, values, strict=True) if value}
    unread = tuple(line for line, _ in read if line not in kept)
    return WslVersion(**dict(zip(_VERSIONS, values, strict=False)), unread=unread)


def parse_status(output: bytes | str) -> WslStatus:
    """Read ``wsl.exe --status``: the default distribution, where there is one, and the default version, 1 or 2."""
    lines = lines_of(output)
    labelled = [(line, found[1]) for line in lines if (found := _LABELLED.fullmatch(line))]
    at = next((place for place in (1, 0) if labelled[place : place + 1] and labelled[place][1] in ("1", "2")), None)
    if at is None:
        return WslStatus(notes=lines)
    kernel = next(((line, value) for line, value in labelled[at + 1 :] if _NUMBERS.fullmatch(value)), None)
    known = {line for line, _ in (*labelled[: at + 1], *([kernel] if kernel else []))}
    return WslStatus(
        default=labelled[0][1] if at else None,
        default_version=int(labelled[at][1]),
        kernel=kernel[1] if kernel else None,
        notes=tuple(line for line in lines if line not in known),
    )


def _row(line: str) -> Distro | None:
    found = (_ROW.fullmatch(line) or _TIGHT_ROW.fullmatch(line)) if len(line) < _LONGEST else None
    return Distro(found[2], bool(found[1]), found[3], int(found[4])) if found else None


def _listed(line: str) -> Distro | None:
    found = _DEFAULT.fullmatch(line.strip()) if len(line) < _LONGEST else None
    name = found[1] if found else line.strip()
    return Distro(name, default=found is not None) if _NAME.fullmatch(name) else None
