"""Where an observed fact comes from: the file and line that it names, or that can be found in what was read.

Facts name places as ``/home/dev/.profile line 3``, as ``the go env file /home/dev/.config/go/env``, and as
``/home/dev/app/.vscode/launch.json: configurations[0].cwd is 'C:\\\\app'``; those about WSL speak of ``/etc/wsl.conf``,
or of its ``Line 3``. Without a number, the line is the one that holds a value or a key that the fact quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NUMBERED = re.compile(r"(?:^|(?<=[\s'\"(]))(?P<file>/[^\s'\"()]*[^\s'\"():;,.]) line (?P<line>\d+)")
_LINE = re.compile(r"\b[Ll]ine (?P<line>\d+)\b")
_QUOTED = re.compile(r"'(?P<single>[^']+)'|\"(?P<double>[^\"]+)\"|`(?P<tick>[^`]+)`")
_KEY = re.compile(r"\b(?:[A-Z][A-Z0-9_]{3,}|[a-z]+\.[A-Za-z]+|\w+(?:\[\d+\])?(?:\.\w+(?:\[\d+\])?)+)")
_SDK_FILE: Final = "$GOROOT/go.env"
_HOMES: Final = {"wsl": "/etc/wsl.conf"}
"""The file that the claims of an area are about, where the fact itself names none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a target and, where it is known, a line of it, counted from 1."""

    file: str
    line: int | None = None


def places_in(why: str, files: Mapping[str, str], *, area: str = "") -> tuple[Place, ...]:
    """Return the places that a fact names, in its order, each once; ``files`` are the texts of the target by path.

    >>> places_in("GOBIN is bin in every shell (exported in /home/dev/.bashrc line 9)", {})
    (Place(file='/home/dev/.bashrc', line=9),)
    """
    found = [(place["file"], int(place["line"])) for place in _NUMBERED.finditer(why)]
    numbered = {file for file, _ in found}
    found += [(file, line) for file, line in _named(why, files) if file not in numbered]
    home = _HOMES.get(area, "")
    if not found and home in files:
        found.append((home, _line(why, files[home])))
    return tuple(dict.fromkeys(Place(file, line or None) for file, line in found))


def _named(why: str, files: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the known files that a fact names without a line, and the line that its clause points to, 0 for none."""
    sdks = [file for file in files if file.endswith("/go.env")]
    told = why.replace(_SDK_FILE, sdks[0]) if len(sdks) == 1 else why
    for file, text in files.items():
        if file in told and (named := re.search(rf"{re.escape(file)}(?![\w/-]|\.\w)", told)):
            yield file, _line(_clause(told, named.start()), text)


def _clause(why: str, at: int) -> str:
    """Return the part of a fact, between semicolons, that stands at a place."""
    start = why.rfind("; ", 0, at) + 1
    end = why.find("; ", at)
    return why[start : end if end >= 0 else len(why)]


def _line(fact: str, text: str) -> int:
    """Return the number of the line that a fact says, or that holds what it quotes, or the key that it speaks of."""
    if said := _LINE.search(fact):
        return int(said["line"])
    lines = text.splitlines()
    for quoted in _QUOTED.finditer(fact):
        word = next(filter(None, quoted.groups()))
        if at := next((number for number, line in enumerate(lines, 1) if word in line), 0):
            return at
    for key in _KEY.findall(fact):
        name = re.escape(re.sub(r"\[\d+\]$", "", key).rpartition(".")[2])
        last = [number for number, line in enumerate(lines, 1) if re.search(rf'^\s*{name}\s*=|"{name}"\s*:', line)]
        if last:
            return last[-1]
    return 0
