r"""WSL's own reader of configuration files, step for step: sections, keys, values, comments, and where it gives up.

It is no INI reader (``configparser`` disagrees on ``;``, quotes, duplicates, ``:``, ``%`` and errors): the source is
``ParseConfigFile`` of microsoft/WSL, ``src/shared/configfile/configfile.cpp``. /etc/wsl.conf is read byte by byte,
``.wslconfig`` by UTF-16 units (``wslconfig.py``).

Lines are counted as WSL counts them, which is exact for LF; with CRLF each line that has more than a comment counts
twice. ``Place`` has the line as an editor counts it, too::

    >>> scan(b"[boot]\r\nsystemd = yes # now\r\n").parts
    (Assigned(key='boot.systemd', value='yes', place=Place(line=3, at=2)),)
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_END: Final = -1
_TAB, _LF, _CR, _SPACE, _QUOTE, _HASH, _EQUALS, _OPEN, _BACKSLASH, _CLOSE = b'\t\n\r "#=[\\]'
_ESCAPES: Final = {ord("b"): 8, ord("n"): _LF, ord("t"): _TAB, _BACKSLASH: _BACKSLASH, _QUOTE: _QUOTE}
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_NAME: Final = _LETTERS | frozenset(b"0123456789")


class Fault(StrEnum):
    """What makes a line malformed, in WSL's words; ``{}`` is the character behind a backslash."""

    SECTION_NAME = "Invalid section name"
    KEY_NAME = "Invalid key name"
    NO_EQUALS = "Expected '='"
    NO_BRACKET = "Expected ']'"
    AFTER_SECTION = "Expected ' ' or '\\n'"
    NO_QUOTE = 'Expected "'
    ESCAPE = "Invalid escaped character: '{}'"


@dataclass(frozen=True, slots=True)
class Place:
    """A line: ``line`` as WSL counts it in its warnings, ``at`` as an editor does."""

    line: int
    at: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """A key, with its section before a dot where it has one, as the file spells it, and its value as WSL takes it."""

    key: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that WSL cannot read. ``character`` is the one behind the backslash, for ``Fault.ESCAPE``."""

    fault: Fault
    place: Place
    character: str = ""

    @property
    def text(self) -> str:
        """Return WSL's words, without the place."""
        return self.fault.format(self.character)


@dataclass(frozen=True, slots=True)
class Scan:
    """All that was read, in order. ``stopped``: the last part is a malformed line, and nothing after it was read.

    ``crashed``: the file ends with a lone backslash, whose warning WSL cannot write: the distribution does not start.
    That is so of bytes alone.
    """

    parts: tuple[Assigned | Malformed, ...]
    stopped: bool = False
    crashed: bool = False


class _LoneBackslash(Exception):
    """The file ends behind a backslash."""


def scan(text: Sequence[int], *, skip_malformed: bool = False) -> Scan:
    """Read a file, given as its bytes (or UTF-16 units), as WSL does. It never raises.

    ``skip_malformed`` is how ``.wslconfig`` is read; /etc/wsl.conf is read up to its first malformed line.
    """
    scanner = _Scanner(text)
    try:
        while scanner.read_one():
            if scanner.malformed and not skip_malformed:
                return Scan(tuple(scanner.parts), stopped=True)
            if scanner.malformed:
                scanner.skip_line()
    except _LoneBackslash:
        return Scan(tuple(scanner.parts), crashed=True)
    return Scan(tuple(scanner.parts))


class _Scanner:
    """The state of the reader: where it is, its line, the last character, the section."""

    def __init__(self, text: Sequence[int]) -> None:
        self.parts: list[Assigned | Malformed] = []
        self.malformed = False
        self._text = text
        self._starts = [place + 1 for place, unit in enumerate(text) if _ends_line(text, place, unit)]
        self._next = 0
        self._ended = False
        self._line = 0
        self._at = 1
        self._char = 0
        self._commented = False
        self._key = ""
        self._section_length = 0
        self._escaped = ""

    def read_one(self) -> bool:
        """Read the next section or key; tell whether there was one. ``malformed`` says how it went."""
        if not self._commented:
            self._line += 1
        start = self._find_start()
        if start is None:
            return False
        self._at = bisect_right(self._starts, self._next - 1) + 1
        fault = self._read_section() if start == _OPEN else self._read_key()
        self.malformed = fault is not None
        if fault:
            self.parts.append(Malformed(fault, self._place(), self._escaped if fault is Fault.ESCAPE else ""))
        return True

    def skip_line(self) -> None:
        """Go to the end of a malformed line."""
        while self._char not in (_END, _LF):
            self._char = self._take()

    def _place(self) -> Place:
        return Place(self._line, self._at)

    def _take(self) -> int:
        if self._next >= len(self._text):
            self._ended = True
            return _END
        unit = self._text[self._next]
        self._next += 1
        return unit

    def _take_blanks(self) -> int:
        """Return the first character that is neither a space nor a tab."""
        while (unit := self._take()) in (_SPACE, _TAB):
            pass
        return unit

    def _find_start(self) -> int | None:
        while True:
            if self._char == _HASH:
                self.skip_line()
                self._line += self._char == _LF
                self._commented = False
            if self._ended:
                return None
            self._char = self._take_blanks()
            if self._char == _CR and self._next < len(self._text) and self._text[self._next] == _LF:
                self._char = self._take()
            if self._char == _LF:
                self._line += 1
            elif self._char not in (_END, _CR, _HASH):
                return self._char

    def _take_name(self) -> str:
        name = ""
        while self._char in _NAME:
            name += chr(self._char)
            self._char = self._take()
        return name

    def _read_section(self) -> Fault | None:
        self._char = self._take()
        if self._char not in _LETTERS:
            return Fault.SECTION_NAME
        self._key = self._take_name()
        if self._char != _CLOSE:
            return Fault.NO_BRACKET
        self._char = self._take_blanks()
        if self._char not in (_END, _LF, _CR, _HASH):
            return Fault.AFTER_SECTION
        self._commented = self._char == _HASH
        self._section_length = len(self._key)
        return None

    def _read_key(self) -> Fault | None:
        if self._char not in _LETTERS:
            return Fault.KEY_NAME
        name = self._take_name()
        self._key = f"{self._section()}.{name}" if self._section_length else name
        if self._char in (_SPACE, _TAB):
            self._char = self._take_blanks()
        if self._char != _EQUALS:
            return Fault.NO_EQUALS
        self._char = self._take_blanks()
        value = self._read_value()
        if isinstance(value, Fault):
            return value
        self.parts.append(Assigned(self._key.partition("\0")[0], value, self._place()))
        return None

    def _section(self) -> str:
        """Return the section: what the last good header is long, of the last header or key that was read.

        So a key behind a malformed header, where reading goes on, gets that header's name, cut or filled up with NUL.
        """
        return self._key[: self._section_length].ljust(self._section_length, "\0")

    def _read_value(self) -> str | Fault:
        value, kept, quoted = bytearray(), 0, False
        while self._char not in (_END, _LF, _CR):
            if self._char == _HASH and not quoted:
                self._commented = True
                break
            if self._char == _QUOTE:
                quoted = not quoted
            elif self._char != _BACKSLASH:
                value.append(self._char & 0xFF)
            elif not self._read_escape(value):
                return Fault.ESCAPE
            if self._char not in (_SPACE, _TAB):
                kept = len(value)
            self._char = self._take()
        if quoted:
            return Fault.NO_QUOTE
        return bytes(value[:kept]).split(b"\0", 1)[0].decode("utf-8", "backslashreplace")

    def _read_escape(self, value: bytearray) -> bool:
        """Read what stands behind a backslash. A line that ends with it goes on; of CR LF it takes the CR alone."""
        unit = self._take()
        if unit == _END and isinstance(self._text, bytes):
            raise _LoneBackslash
        if unit in _ESCAPES:
            value.append(_ESCAPES[unit])
        elif unit == _LF:
            self._line += 1
        elif unit != _CR:
            self._escaped = self._shown(unit)
            return False
        return True

    def _shown(self, unit: int) -> str:
        """Return a character as a warning has it: nothing for NUL, a byte that is no character as ``\\xc3``."""
        if isinstance(self._text, bytes):
            return bytes([unit]).strip(b"\0").decode("utf-8", "backslashreplace")
        return chr(unit & 0xFFFF).strip("\0").encode("utf-8", "replace").decode()


def _ends_line(text: Sequence[int], place: int, unit: int) -> bool:
    return unit == _LF or (unit == _CR and (place + 1 == len(text) or text[place + 1] != _LF))
