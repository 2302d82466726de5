"""How much a Go build needs at the least of what a machine rations: room on disks, and the limits of a process."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MIB: Final = 1024 * 1024
GIB: Final = 1024 * MIB
_UNITS: Final = ((GIB, "GiB"), (MIB, "MiB"), (1024, "KiB"))


class Unit(StrEnum):
    """What is counted."""

    BYTES = "bytes"
    FILES = "files"
    PROCESSES = "processes"


@dataclass(frozen=True, slots=True)
class Need:
    """What there must be at the least. ``error`` is what the user meets below it; ``source`` says how that is known."""

    name: str
    least: int
    unit: Unit
    error: str
    source: str

    @property
    def told(self) -> str:
        """Return the amount in words, as in ``4 GiB`` or ``1024 files``."""
        return amount(self.least, self.unit)


# A cold build of a program with net/http (Go 1.26) takes 83 MiB at its peak where Go builds, and leaves 87 MiB in the
# cache.
ROOM_TO_BUILD: Final = Need(
    name="room where Go builds",
    least=128 * MIB,
    unit=Unit.BYTES,
    error="no space left on device",
    source="measured: a cold build of a program with net/http",
)
ROOM_FOR_CACHE: Final = Need(
    name="room for the build cache",
    least=128 * MIB,
    unit=Unit.BYTES,
    error="none: Go keeps nothing and compiles everything again",
    source="measured: a cold build of a program with net/http",
)

# By their names in /proc/PID/limits.
OPEN_FILES: Final = Need(
    name="Max open files",
    least=1024,
    unit=Unit.FILES,
    error="too many open files",
    source="the usual soft limit of Linux, for which Go's tools are made (getrlimit(2), RLIMIT_NOFILE)",
)
ADDRESS_SPACE: Final = Need(
    name="Max address space",
    least=4 * GIB,
    unit=Unit.BYTES,
    error="runtime: out of memory: cannot allocate memory",
    source="measured: with 1 GB the compiler dies on package runtime, with 400 MB go does not start",
)
PROCESSES: Final = Need(
    name="Max processes",
    least=256,
    unit=Unit.PROCESSES,
    error="runtime: failed to create new OS thread",
    source="getrlimit(2), RLIMIT_NPROC counts every thread of the user; each of go's compilers has about ten",
)
LIMITS: Final = (OPEN_FILES, ADDRESS_SPACE, PROCESSES)


def amount(count: int, unit: Unit) -> str:
    """Return a count with its unit; bytes in the largest of KiB, MiB and GiB that leaves a number above 1."""
    if unit is not Unit.BYTES:
        return f"{count} {unit}"
    size, name = next(((size, name) for size, name in _UNITS if count >= size), (1, "bytes"))
    return f"{round(count / size, 1):g} {name}"
