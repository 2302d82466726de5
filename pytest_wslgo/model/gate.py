"""The gate: from verdicts, a profile and waivers to one answer and one exit status (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.verdicts import ClaimVerdict, Verdict, waive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.profiles import Profile
    from pytest_wslgo.model.waivers import Waiver


class ExitStatus(IntEnum):
    """The exit statuses of ours; 2 to 5 are pytest's own."""

    GOOD = 0
    REFUTED = 1
    NOT_CHECKED = 10
    WAIVER = 11


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that the profile asks for and the run does not show."""

    claim: str
    target: str
    why: str


@dataclass(frozen=True, slots=True)
class BadWaiver:
    """A waiver that must be looked at: ``state`` is expired or stale (its claim is verified now).

    ``target`` names the targets of the run that it covers; when it covers none, it is the waiver's own pattern.
    """

    waiver: Waiver
    state: str
    target: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer: ``status`` is what the run exits with when nothing else went wrong."""

    profile: str
    status: ExitStatus
    verdicts: tuple[ClaimVerdict, ...]
    unmet: tuple[Unmet, ...]
    bad_waivers: tuple[BadWaiver, ...]

    @property
    def passed(self) -> bool:
        """Tell whether the profile's gate is met."""
        return self.status is ExitStatus.GOOD


def judge(
    verdicts: Iterable[ClaimVerdict],
    *,
    claims: Mapping[str, Claim],
    profile: Profile,
    waivers: Iterable[Waiver],
    targets: Mapping[str, str],
    deselected: bool,
    now: datetime,
) -> Gate:
    """Judge the verdicts of a run against ``profile``.

    ``targets`` maps each target's name to its spec; ``deselected`` tells that the caller chose a part of the book, in
    which case a profile with ``partial`` asks only for what was chosen. ``now`` is an aware date-time.
    """
    given, kept = tuple(verdicts), tuple(waivers)
    waived = tuple(_waived(verdict, kept, targets, now) for verdict in given)
    bad = tuple(_bad_waivers(given, kept, targets, now))
    refuted = tuple(_refuted(waived, claims, profile))
    unchecked = tuple(_unchecked(waived, profile, targets, ask_all=not (deselected and profile.partial)))
    unmet = refuted + unchecked
    return Gate(profile.name, _status(refuted, unchecked, bad), waived, unmet, bad)


def _status(refuted: tuple[Unmet, ...], unchecked: tuple[Unmet, ...], bad: tuple[BadWaiver, ...]) -> ExitStatus:
    if refuted:
        return ExitStatus.REFUTED
    if unchecked:
        return ExitStatus.NOT_CHECKED
    return ExitStatus.WAIVER if bad else ExitStatus.GOOD


def _waived(
    verdict: ClaimVerdict, waivers: tuple[Waiver, ...], targets: Mapping[str, str], now: datetime
) -> ClaimVerdict:
    if verdict.verdict is not Verdict.REFUTED:
        return verdict
    spec = targets.get(verdict.target, verdict.target)
    for waiver in waivers:
        if waiver.covers(verdict.claim, verdict.target, spec) and not waiver.expired(now):
            return waive(verdict, owner=waiver.owner, reason=waiver.reason, expires=waiver.until)
    return verdict


def _bad_waivers(
    verdicts: tuple[ClaimVerdict, ...], waivers: tuple[Waiver, ...], targets: Mapping[str, str], now: datetime
) -> Iterable[BadWaiver]:
    """Yield the waivers that have run out, and those that are needed nowhere that the run has judged.

    A waiver is not stale while its claim is refuted or could not be checked on one of its targets, nor when nothing
    judged the claim.
    """
    for waiver in waivers:
        covered = [one for one in verdicts if waiver.covers(one.claim, one.target, targets.get(one.target, one.target))]
        found = {one.verdict for one in covered}
        if waiver.expired(now):
            yield BadWaiver(waiver, "expired", _names(covered) or waiver.target)
        elif Verdict.VERIFIED in found and not found & {Verdict.REFUTED, Verdict.NOT_CHECKED}:
            yield BadWaiver(waiver, "stale", _names(one for one in covered if one.verdict is Verdict.VERIFIED))


def _names(verdicts: Iterable[ClaimVerdict]) -> str:
    return ", ".join(verdict.target for verdict in verdicts)


def _refuted(verdicts: tuple[ClaimVerdict, ...], claims: Mapping[str, Claim], profile: Profile) -> Iterable[Unmet]:
    for verdict in verdicts:
        if verdict.verdict is Verdict.REFUTED and profile.fails_the_run(claims[verdict.claim].severity):
            yield Unmet(verdict.claim, verdict.target, f"refuted: {verdict.why}")


def _unchecked(
    verdicts: tuple[ClaimVerdict, ...], profile: Profile, targets: Mapping[str, str], *, ask_all: bool
) -> Iterable[Unmet]:
    """Yield what the profile requires and nobody judged.

    A check that broke (``error``) is asked for always; what the caller declares absent, only by a profile that allows
    no part.
    """
    judged = {(verdict.claim, verdict.target) for verdict in verdicts}
    for verdict in verdicts:
        spared = profile.partial and verdict.reason is Reason.DECLARED_ABSENT
        required = (verdict.claim in profile.require and not spared) or verdict.reason is Reason.ERROR
        if verdict.verdict is Verdict.NOT_CHECKED and required:
            yield Unmet(verdict.claim, verdict.target, f"not checked ({verdict.reason}): {verdict.why}")
    if not ask_all:
        return
    for claim in profile.require:
        for target in targets:
            if (claim, target) not in judged:
                yield Unmet(claim, target, "no check of this claim was selected in this run")
