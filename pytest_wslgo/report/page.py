"""How a finding is laid on a page: a head, then labelled text in one column, in the reader's language and width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.report.prose import excerpt, pad, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.report.messages import Messages

_LABEL = 10
_NARROWEST = 40
ROWS = 12
"""How many rows a text takes at the most."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``style`` is "", "bold", "red", "yellow" or "green"."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ``width`` columns; secrets are masked on it, and nothing on it steers the terminal."""

    messages: Messages
    width: int

    def line(self, text: str, style: str = "") -> Line:
        """Return ``text`` on one line."""
        return Line(" ".join(plain(mask(text)).splitlines()), style)

    def head(self, key: str, title: str, style: str) -> Line:
        """Return the line that opens a finding: the word of ``key`` and a title."""
        return self.line(f"{pad(self.messages.say(key), _LABEL - 1)} {title}", style)

    def labelled(self, key: str, text: str, *, rows: int = ROWS) -> Iterator[Line]:
        """Yield ``text`` beside the label of ``key``, in at most ``rows`` rows."""
        indent = " " * (_LABEL + 2)
        room = max(self.width - len(indent), _NARROWEST)
        left_out = self.messages.say("finding.more-lines", count="{count}")
        folded = excerpt(mask(text), room, rows=rows, left_out=left_out)
        first, *others = folded or [self.messages.say("finding.nothing")]
        yield Line(f"  {pad(self.messages.say(f'label.{key}'), _LABEL)}{first}")
        for line in others:
            yield Line(indent + line)

    def command(self, command: str) -> Iterator[Line]:
        """Yield the lines of a command as they are to be typed, below a labelled text."""
        for line in command.splitlines():
            yield Line(f"{'':<{_LABEL + 2}}$ {line}")
