"""Text for a terminal of a given width: columns instead of characters, and never more than a screen of it.

A Chinese character takes two columns (Unicode Annex 11), and a line may break after each; a path or a command is never
broken, so that it can be copied. What a command wrote must not steer the reader's terminal.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT_OUT = "… {count} more lines; the ledger (--wslgo-ledger FILE) keeps all …"
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_CLOSING = "、。，．：；？！）」』】》”’…"
_WIDE = "\u2e80-\u303f\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
_OPENING = "（「『【《“‘"
_PIECE = re.compile(f"[{_OPENING}]*(?:[{_WIDE}]|[^{_WIDE}]+)[{_CLOSING}]*")


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes.

    >>> columns("Go 语言")
    7
    """
    return sum(_columns_of(sign) for sign in text)


def _columns_of(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def plain(text: str) -> str:
    """Return ``text`` without escape sequences and other signs that a terminal acts on; line ends stay.

    >>> plain("a \\x1b[31mred\\x1b[0m word\\r\\n")
    'a red word\\n'
    """
    shown = _ESCAPE.sub("", text).replace("\t", "    ")
    return "".join(sign for sign in shown if sign == "\n" or unicodedata.category(sign) not in _INVISIBLE)


def fold(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns; a longer word has a line of its own, whole."""
    lines: list[str] = []
    for paragraph in plain(text).splitlines():
        line, used = "", 0
        for glue, piece in _pieces(paragraph):
            if line and used + columns(glue + piece) > width:
                lines.append(line)
                line, used = "", 0
            joined = glue + piece if line else piece
            line, used = line + joined, used + columns(joined)
        lines.append(line)
    return [line for line in lines if line]


def _pieces(paragraph: str) -> Iterator[tuple[str, str]]:
    """Yield what may not be broken, each with what joins it to the piece before."""
    for word in paragraph.split():
        glue = " "
        for piece in _PIECE.findall(word):
            yield glue, piece
            glue = ""


def shorten(text: str, width: int) -> str:
    """Return ``text`` on one line of at most ``width`` columns, with an ellipsis when its end is left out."""
    whole = " ".join(plain(text).split())
    if columns(whole) <= width:
        return whole
    room = max(width - 2, 1)
    return f"{_cut(fold(whole, room)[0], room)[0]} …"


def pad(text: str, width: int) -> str:
    """Return ``text`` with spaces after it up to ``width`` columns.

    >>> pad("声明", 6) + "|"
    '声明  |'
    """
    return text + " " * (width - columns(text))


def excerpt(text: str, width: int, *, rows: int, left_out: str = _LEFT_OUT) -> list[str]:
    """Return ``text`` folded to ``width`` in at most ``rows`` rows: its beginning, what is left out, its end."""
    lines = fold(text, width)
    cut = [part for line in lines for part in _cut(line, width)]
    if len(cut) <= rows:
        return lines
    tail = rows // 4
    head = rows - tail - 1
    note = shorten(left_out.format(count=len(cut) - head - tail), width)
    return [*cut[:head], note, *cut[len(cut) - tail :]]


def _cut(line: str, width: int) -> list[str]:
    """Return the rows in which a terminal shows ``line``."""
    rows: list[str] = []
    start = 0
    while start < len(line):
        end = start + width
        while end > start + 1 and columns(line[start:end]) > width:
            end -= 1
        rows.append(line[start:end])
        start = end
    return rows or [""]
