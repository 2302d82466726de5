"""Waivers: a refuted claim that its owner accepts for a while (DESIGN section 5).

    [[waiver]]
    claim   = "linking.glibc-floor-within-target"
    target  = "ssh://build-*"            # a shell pattern on the target's name or spec; default: every target
    owner   = "jane@example.com"
    reason  = "the fleet moves to the new release in March"
    expires = 2027-03-31T00:00:00Z
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import find_claim
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted refutation. ``expires`` is an aware date-time in UTC."""

    claim: str
    owner: str
    reason: str
    expires: datetime
    target: str = "*"
    link: str | None = None

    def covers(self, claim: str, target: str, spec: str) -> bool:
        """Tell whether the waiver is about this claim on this target (by its name or its spec)."""
        return claim == self.claim and (fnmatchcase(target, self.target) or fnmatchcase(spec, self.target))

    def expired(self, now: datetime) -> bool:
        """Tell whether the waiver has run out at ``now``."""
        return now >= self.expires


def load_waivers(path: Path, known_claims: Iterable[str]) -> tuple[Waiver, ...]:
    """Read the waivers of ``path``.

    Raises:
        BadInput: malformed file, unknown claim, an empty owner or reason, an expiry without a time zone.
    """
    known = tuple(known_claims)
    tables = read_toml(path, what="waivers file")
    for key in tables.keys() - {"waiver"}:
        raise BadInput(f"{path}: unknown key '{key}'; a waivers file holds [[waiver]] tables only")
    entries = tables.get("waiver", [])
    if not isinstance(entries, list):
        raise BadInput(f"{path}: write [[waiver]] with two brackets, one table per waiver")
    return tuple(_waiver(entry, known, f"{path} [[waiver]] {number}") for number, entry in enumerate(entries, 1))


def _waiver(table: object, known: tuple[str, ...], where: str) -> Waiver:
    waiver = to_value(table, Waiver, where=where)
    try:
        find_claim(waiver.claim, known)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    for key in ("owner", "reason"):
        if not getattr(waiver, key).strip():
            raise BadInput(f"{where}: key '{key}' is empty; a waiver says who accepts the refutation and why")
    if waiver.expires.tzinfo is None:
        raise BadInput(f"{where}: expires = {waiver.expires.isoformat()} has no time zone; write it in UTC, as {_utc()}")
    return waiver


def _utc() -> str:
    return datetime.now(UTC).replace(month=12, day=31, hour=0, minute=0, second=0).strftime("%Y-%m-%dT%H:%M:%SZ")
