"""Profiles: the claims that must be verified for a run to be good (``suites/profiles.toml``).

    [devbox]
    require = ["linking.cgo-off-is-static", "buildinfo.*"]   # claim ids or shell patterns on them
    partial = true       # claims that the caller deselects (-k, -m, a path) are not asked for
    fail_on = "normal"   # or "minor": advice fails the run too

Only ``require`` must stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.claims import Severity, find_claim
from pytest_wslgo.model.tables import one_of, read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Table:
    require: tuple[str, ...]
    partial: bool = False
    fail_on: str = "normal"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a good run must show: ``require`` are claim ids, all of them known."""

    name: str
    require: tuple[str, ...]
    partial: bool
    fail_on: Severity

    def fails_the_run(self, severity: Severity) -> bool:
        """Tell whether a refuted claim of this severity fails the run, or is advice."""
        return severity is not Severity.MINOR or self.fail_on is Severity.MINOR


def load_profiles(path: Path, claims: Iterable[str]) -> dict[str, Profile]:
    """Read the profiles of ``path`` by name; patterns are resolved to the ids of ``claims``.

    Raises:
        BadInput: malformed file, or a requirement that no claim matches (with the nearest claim).
    """
    return profiles_of(read_toml(path, what="profiles file"), tuple(claims), where=path.name)


def profiles_of(tables: Mapping[str, object], claims: tuple[str, ...], *, where: str) -> dict[str, Profile]:
    """Return the profiles that ``tables`` (name to table) describe; raises BadInput as ``load_profiles``."""
    return {name: _profile(name, table, claims, f"{where} [{name}]") for name, table in tables.items()}


def _profile(name: str, table: object, claims: tuple[str, ...], where: str) -> Profile:
    read = to_value(table, _Table, where=where)
    one_of(read.fail_on, ("normal", "minor"), where=where, key="fail_on")
    required = dict.fromkeys(claim for wanted in read.require for claim in _matching(wanted, claims, where))
    return Profile(name=name, require=tuple(required), partial=read.partial, fail_on=Severity(read.fail_on))


def _matching(wanted: str, claims: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not any(sign in wanted for sign in "*?["):
        try:
            return (find_claim(wanted, claims),)
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from None
    found = tuple(claim for claim in claims if fnmatchcase(claim, wanted))
    if not found:
        raise BadInput(f"{where}: no claim matches '{wanted}'{nearest(wanted, claims)}")
    return found


def find_profile(name: str, profiles: Mapping[str, Profile]) -> Profile:
    """Return the profile called ``name``; raise a BadInput with the valid names and the nearest one."""
    if name in profiles:
        return profiles[name]
    raise BadInput(f"unknown profile '{name}'{nearest(name, profiles)}; profiles are {', '.join(profiles)}")
