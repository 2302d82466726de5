"""What Go says or does differently from version to version, as data (``suites/versions.toml``).

A row is a table of ``constraint = text``; exactly one constraint of a row holds for every Go from the oldest on that
the book is about, so that a check asks for a row and needs no branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.go import GoVersion, satisfies
from pytest_wslgo.model.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Rows = dict[str, dict[str, str]]

# Every minor version, and some that are not there yet.
_TRIED: Final = tuple(GoVersion.parse(f"go1.{minor}.1") for minor in range(19, 40))


def load_rows(path: Path) -> Rows:
    """Read the table.

    Raises:
        BadInput: a row that is none, a text that is none, a constraint that cannot be read, or a version for which no
            constraint of a row holds, or several do.
    """
    rows: Rows = {}
    for name, row in read_toml(path, what="table of versions").items():
        where = f"{path.name} [{name}]"
        if not isinstance(row, dict) or not row or not all(isinstance(text, str) for text in row.values()):
            raise BadInput(f'{where}: expected a table of ">=1.21" = "text"')
        for version in _TRIED:
            _text(row, version, where)
        rows[name] = row
    return rows


def texts_of(rows: Rows, version: GoVersion) -> Mapping[str, str]:
    """Return the text of every row that holds for ``version``."""
    return Texts({name: _text(row, version, f"[{name}]") for name, row in rows.items()})


class Texts(dict[str, str]):
    """Texts by row; an unknown row is a BadInput that names the nearest."""

    def __missing__(self, name: str) -> str:
        raise BadInput(f"versions.toml has no row '{name}'{nearest(name, self)}")


def _text(row: Mapping[str, str], version: GoVersion, where: str) -> str:
    try:
        holding = [constraint for constraint in row if satisfies(version, constraint)]
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    if len(holding) != 1:
        told = " and ".join(repr(constraint) for constraint in holding) or "none of its constraints"
        raise BadInput(f"{where}: for {version} holds {told}; write constraints of which exactly one does")
    return row[holding[0]]
