"""Messages of a shell or of go that on WSL have a cause of their own.

Each was seen in a public report (``fixtures/recordings/index.json``); the cause is what its maintainers found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.mounts import mount_of
from pytest_wslgo.model.platform import PlatformKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.mounts import Mount


@dataclass(frozen=True, slots=True)
class Symptom:
    """A message, by its line, and what causes it. ``platform`` None: on WSL1 and WSL2 alike."""

    name: str
    line: str
    cause: str
    platform: PlatformKind | None = None


_EXEC_FORMAT: Final = re.compile(
    r"(?:\S+: )?(?:line \d+: )?(?P<path>\S.*?): cannot execute binary file: Exec format error"
)
_TABLE: Final = (
    (
        "path-unquoted",
        re.compile(r"export: [`'‘].*['’]: not a valid identifier"),
        "PATH has an entry of Windows with a blank in it, and a start-up file exports it without quotes",
        None,
    ),
    (
        "rename-denied",
        re.compile(r"rename \S+ \S+: permission denied"),
        "WSL1 does not rename a directory while a file in it is open",
        PlatformKind.WSL1,
    ),
    (
        "toolchain-not-available",
        re.compile(r"download go(?P<version>\d+\.\d+) for \S+: toolchain not available"),
        "go.mod names a release without its patch number, which go cannot download",
        None,
    ),
)


def find_symptoms(text: str, mounts: Iterable[Mount] = ()) -> tuple[Symptom, ...]:
    """Find the messages that we know; the mount table tells a Windows program from one of Linux."""
    table = tuple(mounts)
    found: list[Symptom] = []
    for line in text.splitlines():
        if exec_format := _EXEC_FORMAT.fullmatch(line):
            found.append(_exec_format(line, exec_format["path"], table))
        found += [Symptom(name, line, cause, kind) for name, pattern, cause, kind in _TABLE if pattern.search(line)]
    return tuple(found)


def _exec_format(line: str, path: str, mounts: tuple[Mount, ...]) -> Symptom:
    mount = mount_of(path, mounts) if path.startswith("/") else None
    if path.lower().endswith(".exe") or (mount and mount.on_windows):
        return Symptom("interop-not-registered", line, "WSLInterop is not registered with binfmt_misc")
    cause = "the program is for another machine; WSL1 runs no 32-bit programs"
    return Symptom("foreign-program", line, cause)
