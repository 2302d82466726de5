"""What the book knows of Go's releases (``suites/go.toml``), and whether the user's Go is among those still served."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.setup.running import running_go
from pytest_wslgo.model.tables import read_toml, to_value
from pytest_wslgo.resources import SUITES

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class GoData:
    """The ``newest`` minor release, the oldest ``supported`` one, GODEBUG's names, and files that a release lost."""

    newest: GoVersion
    supported: GoVersion
    godebug: frozenset[str]
    gone: tuple[tuple[str, GoVersion], ...]


@dataclass(frozen=True, slots=True)
class _Releases:
    newest: str
    supported: str


@functools.cache
def go_data() -> GoData:
    """Return the book's own data on Go; raise BadInput for a mistake in it."""
    return load_go_data(SUITES / "go.toml")


def load_go_data(path: Path) -> GoData:
    """Read ``suites/go.toml``; raise BadInput, with file, table and key, for a mistake."""
    tables = read_toml(path, what="data on Go")
    if unknown := set(tables) - {"releases", "godebug", "gone"}:
        raise BadInput(f"{path.name}: unknown table [{min(unknown)}]; there are [releases], [godebug] and [gone]")
    releases = to_value(tables.get("releases"), _Releases, where=f"{path.name} [releases]")
    names = tables.get("godebug", {}).get("names", [])
    gone = tuple((str(name), GoVersion.parse(str(since))) for name, since in tables.get("gone", {}).items())
    return GoData(GoVersion.parse(releases.newest), GoVersion.parse(releases.supported), frozenset(names), gone)


@dataclass(frozen=True, slots=True)
class Age:
    """The user's Go against the oldest that shall be supported."""

    supported: bool
    told: str


def age_of(snapshot: Snapshot, floor: GoVersion) -> Age:
    """Tell whether the login shell's go is at least ``floor``; raise Waits when it does not run."""
    running = running_go(snapshot)
    supported = running.version is None or running.version >= floor
    return Age(supported, f"{running.told}; the oldest that is supported is {floor}")
