"""Waivers: a refuted claim that its owner accepts for a while (DESIGN section 5).

    [[waiver]]
    claim   = "linking.glibc-floor-within-target"
    target  = "ssh://build-*"            # a shell pattern on the target's name or spec; default: every target
    owner   = "jane@example.com"
    reason  = "the fleet moves to the new release in March"
    expires = 2027-03-31T00:00:00Z

    link    = "https://tracker.example/7"   # where it is discussed; may be left out

From the moment of ``expires`` on, the claim counts as refuted again. A waiver may not reach further ahead than
``LONGEST_LIFE``: whoever needs it longer renews it, and so looks at it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.claims import find_claim
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LONGEST_LIFE: Final = 366
"""Days that a waiver may reach ahead where the settings do not say: Go supports a release for about a year
(https://go.dev/doc/devel/release#policy), so no waiver outlives the Go that it was written for."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted refutation. ``expires`` is an aware date-time in UTC."""

    claim: str
    owner: str
    reason: str
    expires: datetime
    target: str = "*"
    link: str | None = None

    def covers(self, claim: str, *names: str) -> bool:
        """Tell whether the waiver is about this claim on the target of these names (its name, its spec).

        A target written out is covered too when its brackets (``ssh://[::1]:22``) would mean something in a pattern.
        """
        return claim == self.claim and any(name == self.target or fnmatchcase(name, self.target) for name in names)

    def expired(self, now: datetime) -> bool:
        """Tell whether the waiver has run out at ``now``."""
        return now >= self.expires

    @property
    def until(self) -> str:
        """The expiry as reports show it: ``2027-03-31T00:00:00Z``."""
        return self.expires.isoformat(timespec="seconds").replace("+00:00", "Z")


def load_waivers(
    path: Path, known_claims: Iterable[str], *, now: datetime, days: int = LONGEST_LIFE
) -> tuple[Waiver, ...]:
    """Read the waivers of ``path``; none may expire more than ``days`` after ``now`` (an aware date-time).

    Raises:
        BadInput: malformed file, unknown claim, a blank owner or reason, an expiry that is not a date-time with a zone
            or too far ahead.
    """
    known = tuple(known_claims)
    tables = read_toml(path, what="waivers file")
    for key in tables:
        if key != "waiver":
            near = nearest(key, ["waiver"])
            raise BadInput(f"{path}: unknown key '{key}'{near}; a waivers file holds [[waiver]] tables only")
    entries = tables.get("waiver", [])
    if not isinstance(entries, list):
        raise BadInput(f"{path}: write [[waiver]] with two brackets, one table per waiver")
    named = [(f"{path} [[waiver]] {number}", entry) for number, entry in enumerate(entries, 1)]
    return tuple(_of_this_life(_waiver(entry, known, where), where, now, days) for where, entry in named)


def _waiver(table: object, known: tuple[str, ...], where: str) -> Waiver:
    waiver = to_value(table, Waiver, where=where)
    try:
        find_claim(waiver.claim, known)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    if waiver.expires.tzinfo is None:
        written = waiver.expires.isoformat()
        raise BadInput(f"{where}: expires = {written} has no time zone; write it in UTC, as {written}Z")
    try:
        return replace(waiver, expires=waiver.expires.astimezone(UTC))
    except OverflowError:
        raise BadInput(f"{where}: expires = {waiver.expires.isoformat()} is outside the calendar in UTC") from None


def _of_this_life(waiver: Waiver, where: str, now: datetime, days: int) -> Waiver:
    """A mistake in the file, not a matter of time: a waiver that was once short enough never becomes too long."""
    ahead = waiver.expires - now
    if ahead > timedelta(days=days):
        whole = -(-ahead // timedelta(days=1))
        raise BadInput(
            f"{where}: expires = {waiver.until} is {whole} days ahead; a waiver may reach {days} days"
            " (waiver-days of the settings): write an earlier date, and renew it then"
        )
    return waiver
