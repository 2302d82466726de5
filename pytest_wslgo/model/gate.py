"""The gate: from verdicts, a profile and waivers to one answer and one exit status (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.verdicts import Acceptance, ClaimVerdict, Verdict, waive

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from pytest_wslgo.model.claims import Severity
    from pytest_wslgo.model.platform import PlatformKind
    from pytest_wslgo.model.profiles import Profile
    from pytest_wslgo.model.waivers import Waiver


class Graded(Protocol):
    """What says how bad it is when a claim is refuted: the claim, or a stored verdict on it."""

    @property
    def severity(self) -> Severity: ...


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
    """The answer: ``status`` is what the run exits with when nothing else went wrong.

    ``deselected`` tells that the caller chose a part of the book.
    """

    profile: str
    status: ExitStatus
    verdicts: tuple[ClaimVerdict, ...]
    unmet: tuple[Unmet, ...]
    bad_waivers: tuple[BadWaiver, ...]
    deselected: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether the profile's gate is met."""
        return self.status is ExitStatus.GOOD


def judge(
    verdicts: Iterable[ClaimVerdict],
    *,
    claims: Mapping[str, Graded],
    profile: Profile,
    waivers: Iterable[Waiver],
    targets: Mapping[str, str],
    parts: Collection[str],
    now: datetime,
    platforms: Mapping[str, PlatformKind] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Gate:
    """Judge the verdicts of a run against ``profile``.

    ``targets`` maps each target's name to its spec, ``platforms`` to what it is, where that is known, and ``aliases``
    to a second name that waivers may use. ``parts`` are the targets for which the caller chose a part of the book:
    there a profile with ``partial`` asks only for what was chosen. ``now`` is an aware date-time.
    """
    given = tuple(verdicts)
    names = {target: (target, spec, (aliases or {}).get(target, target)) for target, spec in targets.items()}
    book = _WaiverBook(tuple(waivers), names, now)
    waived = tuple(map(book.applied, given))
    bad = tuple(book.bad(given))
    refuted = tuple(_refuted(waived, claims, profile))
    required = {target: profile.required_on((platforms or {}).get(target)) for target in targets}
    spared = frozenset(parts) if profile.partial else frozenset()
    unchecked = tuple(_unchecked(waived, profile, required, spared))
    unmet = refuted + unchecked
    return Gate(profile.name, _status(refuted, unchecked, bad), waived, unmet, bad, bool(parts))


def _status(refuted: tuple[Unmet, ...], unchecked: tuple[Unmet, ...], bad: tuple[BadWaiver, ...]) -> ExitStatus:
    if refuted:
        return ExitStatus.REFUTED
    if unchecked:
        return ExitStatus.NOT_CHECKED
    return ExitStatus.WAIVER if bad else ExitStatus.GOOD


class _WaiverBook:
    """The waivers by claim; ``names`` holds by target what a waiver may call it."""

    def __init__(self, waivers: tuple[Waiver, ...], names: Mapping[str, tuple[str, ...]], now: datetime) -> None:
        self._waivers = waivers
        self._names = names
        self._now = now

    def applied(self, verdict: ClaimVerdict) -> ClaimVerdict:
        """Return the verdict, waived when it is refuted and a waiver that has not run out covers it."""
        if verdict.verdict is not Verdict.REFUTED:
            return verdict
        for waiver in self._waivers:
            if not waiver.expired(self._now) and self._covers(waiver, verdict):
                return waive(verdict, Acceptance(waiver.owner, waiver.reason, waiver.until, waiver.link))
        return verdict

    def bad(self, verdicts: tuple[ClaimVerdict, ...]) -> Iterable[BadWaiver]:
        """Yield the waivers that have run out, and those that are needed nowhere that the run has judged.

        A waiver is not stale while its claim is refuted or could not be checked on one of its targets, nor when nothing
        judged the claim.
        """
        claims = {waiver.claim for waiver in self._waivers}
        judged = [verdict for verdict in verdicts if verdict.claim in claims]
        for waiver in self._waivers:
            covered = [verdict for verdict in judged if self._covers(waiver, verdict)]
            found = {one.verdict for one in covered}
            if waiver.expired(self._now):
                yield BadWaiver(waiver, "expired", _names(covered) or waiver.target)
            elif Verdict.VERIFIED in found and not found & {Verdict.REFUTED, Verdict.NOT_CHECKED}:
                yield BadWaiver(waiver, "stale", _names(one for one in covered if one.verdict is Verdict.VERIFIED))

    def _covers(self, waiver: Waiver, verdict: ClaimVerdict) -> bool:
        return waiver.covers(verdict.claim, *self._names.get(verdict.target, (verdict.target,)))


def _names(verdicts: Iterable[ClaimVerdict]) -> str:
    return ", ".join(verdict.target for verdict in verdicts)


def _refuted(verdicts: tuple[ClaimVerdict, ...], claims: Mapping[str, Graded], profile: Profile) -> Iterable[Unmet]:
    for verdict in verdicts:
        if verdict.verdict is Verdict.REFUTED and profile.fails_the_run(claims[verdict.claim].severity):
            yield Unmet(verdict.claim, verdict.target, f"refuted: {verdict.why}")


def _unchecked(
    verdicts: tuple[ClaimVerdict, ...],
    profile: Profile,
    required: Mapping[str, tuple[str, ...]],
    spared: Collection[str],
) -> Iterable[Unmet]:
    """Yield what the profile requires and nobody judged; ``required`` holds the claims that it requires by target.

    Of the targets in ``spared`` it asks only for what the caller chose.

    A check that broke (``error``) is asked for always; what the caller declares absent, only by a profile that allows
    no part.
    """
    for verdict in verdicts:
        if verdict.verdict is not Verdict.NOT_CHECKED:
            continue
        declared = profile.partial and verdict.reason is Reason.DECLARED_ABSENT
        wanted = verdict.claim in required.get(verdict.target, profile.require) and not declared
        if wanted or verdict.reason is Reason.ERROR:
            yield Unmet(verdict.claim, verdict.target, f"not checked ({verdict.reason}): {verdict.why}")
    judged = {(verdict.claim, verdict.target) for verdict in verdicts}
    for target, claims in required.items():
        for claim in claims if target not in spared else ():
            if (claim, target) not in judged:
                yield Unmet(claim, target, "no check of this claim was selected in this run")
