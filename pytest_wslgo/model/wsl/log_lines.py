"""What WSL itself says while it starts: in the kernel's log, and on the stderr of a session.

It says something like ``WSL (1 - init(Debian)) ERROR: ConfigMountFsTab:2119: … failed 2`` in the kernel's log and, with
``<3>`` before it, on stderr; until 2022 ``init: (1) ERROR: …``. Its warnings on stderr are localised and begin with
``wsl:``. Source: microsoft/WSL, ``src/linux/init/common.h`` (``LOG_ERROR``), ``src/windows/common/WslClient.cpp``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.captures import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(
    r"(?:\[\s*(?P<seconds>\d+\.\d+)\]\s*)?(?:<\d>)?(?:WSL |init: )\((?P<pid>\d+)(?: - (?P<thread>.*?))?\)"
    r"\s+(?P<level>[A-Z]+): (?:(?P<function>\w+):(?P<line>\d+): )?(?P<text>.*)"
)
_TIME: Final = re.compile(r"\[\s*\d+\.\d+\]")
_ERRNO: Final = re.compile(r"failed:?\s+(\d{1,9})\s*$")
_HOSTNAME: Final = re.compile(r"hostname set to (\S+) in /etc/wsl\.conf")
_WARNING: Final = re.compile(r"wsl: (.*)")
_TRANSLATE: Final = re.compile(r"Failed to translate (?:'(.*)'|(.*))")
_KEY: Final = re.compile(
    r"(?:key|entry) '([^']*)' in (.+?):(\d{1,9})\b|(?<=\bin )(/etc/wsl\.conf|\S.*\.wslconfig):(\d{1,9})"
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing that WSL's init said. ``seconds`` after the boot; ``function`` and ``line`` of its source."""

    pid: int
    level: str
    text: str
    thread: str | None = None
    function: str | None = None
    line: int | None = None
    seconds: float | None = None

    @property
    def systemd(self) -> bool | None:
        """Tell whether the distribution runs systemd, where the thread's name shows it."""
        return self.thread.startswith("init-systemd(") if self.thread and self.thread.startswith("init") else None

    @property
    def errno(self) -> int | None:
        """Return the error number of the kernel that it ends with."""
        found = _ERRNO.search(self.text)
        return int(found[1]) if found else None

    @property
    def hostname(self) -> str | None:
        """Return the host name that it says /etc/wsl.conf has set."""
        found = _HOSTNAME.search(self.text)
        return found[1] if found else None

    @property
    def untranslated(self) -> str | None:
        """Return the Windows path that has no place in Linux, because its drive is not mounted."""
        return _untranslated(self.text)


@dataclass(frozen=True, slots=True)
class StderrWarning:
    """A warning of wsl.exe. ``key``, ``file`` and ``line`` where it is about a line of a configuration file."""

    text: str
    key: str | None = None
    file: str | None = None
    line: int | None = None

    @property
    def untranslated(self) -> str | None:
        """Return the Windows path that has no place in Linux, because its drive is not mounted."""
        return _untranslated(self.text)


def parse_log(text: bytes | str) -> tuple[LogLine, ...]:
    """Find what WSL said in the kernel's log or on stderr; a line that goes on is put together again."""
    return tuple(_log_line(found) for entry in _entries(lines_of(text)) if (found := _LINE.fullmatch(entry)))


def parse_warnings(text: bytes | str) -> tuple[StderrWarning, ...]:
    """Find the warnings of wsl.exe on stderr, in order."""
    return tuple(_warning(found[1]) for line in lines_of(text) if (found := _WARNING.fullmatch(line)))


def _entries(lines: tuple[str, ...]) -> Iterator[str]:
    entry = ""
    for line in lines:
        if _LINE.fullmatch(line) or _TIME.match(line):
            yield entry
            entry = line
        else:
            entry += line
    yield entry


def _log_line(found: re.Match[str]) -> LogLine:
    return LogLine(
        pid=int(found["pid"][:18]),
        level=found["level"],
        text=found["text"],
        thread=found["thread"] or None,
        function=found["function"],
        line=int(found["line"][:18]) if found["line"] else None,
        seconds=float(found["seconds"]) if found["seconds"] else None,
    )


def _warning(text: str) -> StderrWarning:
    found = _KEY.search(text)
    if not found:
        return StderrWarning(text)
    return StderrWarning(text, found[1], found[2] or found[4], int(found[3] or found[5]))


def _untranslated(text: str) -> str | None:
    found = _TRANSLATE.search(text)
    return (found[1] or found[2]) if found else None
