r"""Bytes that ``wsl.exe`` printed, to text: UTF-16LE without a byte order mark, UTF-8, or both in one capture.

All that wsl.exe says itself is UTF-16LE with CR LF when it is not shown on a console (``WSL_UTF8=1``: UTF-8); the
output of the Linux command comes through as it is, so that one capture can hold both. The wsl.exe of Windows itself
writes CR CR LF. Source: microsoft/WSL, ``src/windows/common/wslutil.cpp`` (``PrintMessageImpl``)::

    >>> decode(b"ok\nW\x00S\x00L\x00\r\x00\n\x00").text
    'ok\nWSL\n'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_LINE_END: Final = re.compile(r"\r+\n")
_UTF8_TEXT: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]*")
_SHORT: Final = 8


class Encoding(StrEnum):
    """How a capture was written."""

    UTF8 = "utf-8"
    UTF16 = "utf-16-le"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Capture:
    """The text, its lines ended by LF alone. ``lossy``: some bytes were no text; they stand as ``\\x..``."""

    text: str
    encoding: Encoding = Encoding.UTF8
    lossy: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that are not blank, without the blanks at their end."""
        return tuple(line.rstrip() for line in self.text.split("\n") if line.strip())


def lines_of(output: bytes | str) -> tuple[str, ...]:
    """Return the lines of a capture, or of a text that was decoded already."""
    return (decode(output) if isinstance(output, bytes) else Capture(output.replace("\r", ""))).lines


def decode(data: bytes) -> Capture:
    """Decode a capture, whatever it is; it never raises."""
    texts: list[str] = []
    kinds: set[Encoding] = set()
    place, lossy = 0, False
    while place < len(data):
        part, kind = _next_part(data[place:])
        lossy = lossy or _strictly(part, kind) is None
        texts.append(part.decode(kind, "backslashreplace"))
        kinds.add(kind)
        place += len(part)
    text = "".join(texts).replace("\ufeff", "").replace("\0", "")
    encoding = next(iter(kinds), Encoding.UTF8) if len(kinds) < 2 else Encoding.MIXED
    return Capture(_LINE_END.sub("\n", text).replace("\r", ""), encoding, lossy)


def _next_part(rest: bytes) -> tuple[bytes, Encoding]:
    """Return the bytes up to where the encoding may change, and their encoding.

    The first NUL belongs to the first ASCII character of UTF-16 (or to one such as U+4E00). What stands before it is
    UTF-8 when it reads as text; a few bytes of it may be Chinese by chance, and are taken for it unless a line ends.
    """
    if rest.startswith(b"\xff\xfe"):
        return rest[:2], Encoding.UTF16
    nul = rest.find(b"\0")
    if nul < 0:
        return rest, Encoding.UTF8
    before = rest[: max(nul - 1, 0)]
    wide = _wide_line(rest)
    for narrow in (before, before[: before.rfind(b"\n") + 1]):
        ended = narrow.endswith(b"\n") and len(narrow) % 2 == 0  # no character that WSL prints is U+0A00 to U+0AFF
        if narrow and _is_text(narrow) and (not wide or ended or len(narrow) >= _SHORT):
            return narrow, Encoding.UTF8
    return (wide, Encoding.UTF16) if wide else (rest[: nul + 1], Encoding.UTF8)


def _wide_line(rest: bytes) -> bytes:
    """Return a line of UTF-16LE with some ASCII in it, its end included, or nothing."""
    end = next(
        (place + 2 for place in range(0, len(rest) - 1, 2) if rest[place : place + 2] == b"\n\0"), len(rest) & ~1
    )
    line = rest[:end]
    text = _strictly(line, Encoding.UTF16)
    return line if text and "\0" not in text and 0 in line[1::2] else b""


def _is_text(data: bytes) -> bool:
    text = _strictly(data, Encoding.UTF8)
    return text is not None and _UTF8_TEXT.fullmatch(text) is not None


def _strictly(data: bytes, kind: Encoding) -> str | None:
    try:
        return data.decode(kind)
    except UnicodeDecodeError:
        return None
