"""One sentence for several facts: what a refuted check says it saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 5


class Told(Protocol):
    """A fact that can tell itself in a sentence without a full stop."""

    @property
    def told(self) -> str: ...


def tell(facts: Iterable[Told]) -> str:
    """Return the facts in one line, the first few in full and the rest as a number."""
    shown: dict[str, None] = {}
    rest = iter(facts)
    while len(shown) < _SHOWN and (fact := next(rest, None)):
        shown[fact.told] = None
    more = sum(1 for _ in rest)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def short(text: str, width: int = 120) -> str:
    """Return the text in one line, its middle left out when it is long."""
    line = " ".join(text.split())
    half = (width - 3) // 2
    return line if len(line) <= width else f"{line[:half]} … {line[-half:]}"
