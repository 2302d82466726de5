"""The catalogue: what the article under test states, entry by entry, and what is true of it (DESIGN section 4).

Read from ``suites/catalogue.toml``; its head explains the keys. Claims name the entries they judge.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from pathlib import Path


class Rating(StrEnum):
    """How right the article is about an entry."""

    TRUE = "true"
    PARTLY = "partly"
    FALSE = "false"
    OMITTED = "omitted"
    OPINION = "opinion"


class Basis(StrEnum):
    """How the truth of an entry is known."""

    MEASURED = "measured"
    SOURCE = "source"
    DOCUMENTATION = "documentation"
    KNOWN = "known"
    INFERRED = "inferred"
    NONE = "none"


class Chapter(StrEnum):
    """A chapter of the book that is still to be written."""

    SETUP = "setup"
    RELEASE = "release"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class _Table:
    """The keys of one entry's table in catalogue.toml."""

    section: str
    article: Rating
    statement: str
    truth: str
    basis: Basis
    unjudged: str | None = None
    chapter: Chapter | None = None
    statement_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the article.

    ``unjudged`` is the sentence that says why no test can judge it, ``chapter`` the later chapter that will; with both
    None, claims of the present book judge it.
    """

    id: str
    section: str
    article: Rating
    statement: str
    truth: str
    basis: Basis
    unjudged: str | None
    chapter: Chapter | None
    statement_zh: str | None

    @property
    def due(self) -> bool:
        """Whether some claim of the present book has to name this entry."""
        return self.unjudged is None and self.chapter is None


def load_catalogue(path: Path) -> tuple[Entry, ...]:
    """Read the entries of ``path`` in the order of the file; TOML itself keeps the ids unique.

    Raises:
        BadInput: malformed TOML, an unknown, missing or blank key, a word that is not one of its kind, an id outside
            its section, or both ``unjudged`` and ``chapter``.
    """
    tables = read_toml(path, what="catalogue")
    return tuple(_entry(entry_id, table, where=f"{path.name} [{entry_id}]") for entry_id, table in tables.items())


def _entry(entry_id: str, table: object, *, where: str) -> Entry:
    read = to_value(table, _Table, where=where)
    values = {field.name: getattr(read, field.name) for field in fields(_Table)}
    if not entry_id.startswith(f"{read.section}-"):
        raise BadInput(f"{where}: an id starts with its section, so in section {read.section} with '{read.section}-'")
    if read.unjudged is not None and read.chapter is not None:
        raise BadInput(f"{where}: keys 'unjudged' and 'chapter' exclude each other; keep the one that holds")
    return Entry(id=entry_id, **values)
