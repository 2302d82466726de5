"""System calls, from what ``strace -f -o`` writes: which paths were asked for, which kinds of sockets were opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CALL: Final = re.compile(r"(?P<pid>\d+)\s+(?P<name>\w+)\((?P<words>.*)")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call as it began: ``words`` is the rest of its line, with its result unless another came between."""

    pid: int
    name: str
    words: str

    @property
    def path(self) -> str | None:
        """The first path that it names; None when it names none."""
        found = _QUOTED.search(self.words)
        return found[1] if found else None


def read_calls(log: str) -> tuple[Call, ...]:
    r"""Read the calls of all processes; signals, exits and the second halves of interrupted calls are left out.

    >>> read_calls('812 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3\n813 +++ exited with 0 +++\n')
    (Call(pid=812, name='openat', words='AT_FDCWD, "/etc/passwd", O_RDONLY) = 3'),)
    """
    found = (_CALL.match(line) for line in log.splitlines())
    return tuple(Call(int(one["pid"]), one["name"], one["words"]) for one in found if one)


def paths(calls: Iterable[Call]) -> tuple[str, ...]:
    """Return the paths that were asked for, each once, in their order."""
    return tuple(dict.fromkeys(call.path for call in calls if call.path))


def families(calls: Iterable[Call]) -> tuple[str, ...]:
    """Return the families of the sockets that were asked for, such as AF_INET, each once."""
    return tuple(dict.fromkeys(call.words.partition(",")[0] for call in calls if call.name == "socket"))
