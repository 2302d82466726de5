"""Words of a setting, split as Go splits them: at blanks, with ``'…'`` or ``"…"`` around a whole word.

There is no escaping, and a quote inside a word is a letter (cmd/internal/quoted, Split), so shlex would be wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"""[ \t\r\n]*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^ \t\r\n'"][^ \t\r\n]*))""")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a setting; ``problem`` says, in Go's words, why it cannot be split (then the rest is missing)."""

    words: tuple[str, ...]
    problem: str | None = None


def split_words(text: str) -> Words:
    """Split a setting into words.

    >>> split_words("-v '-ldflags=-s -w'").words
    ('-v', '-ldflags=-s -w')
    >>> split_words("'-ldflags=-s").problem
    "unterminated ' string"
    """
    words: list[str] = []
    place = 0
    while rest := text[place:].strip(" \t\r\n"):
        found = _WORD.match(text, place)
        if found is None:
            return Words(tuple(words), f"unterminated {rest[0]} string")
        words.append(next(word for word in found.groups() if word is not None))
        place = found.end()
    return Words(tuple(words))
