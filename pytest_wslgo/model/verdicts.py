"""Verdicts: what a run says of each claim on each target (DESIGN section 5).

A check judges one claim once; several checks of one claim on one target make one verdict, the worst of theirs:
refuted, then not-checked, then verified, then not-applicable. So a claim is verified only when nothing that judges it
was left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pytest_wslgo.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Verdict(StrEnum):
    """The ledger's words."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    NOT_APPLICABLE = "not-applicable"
    NOT_CHECKED = "not-checked"
    WAIVED = "waived"


_WORST_FIRST = (Verdict.REFUTED, Verdict.NOT_CHECKED, Verdict.VERIFIED, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check said of one claim on one target.

    ``why`` is the observed fact; ``seconds`` is the check's time; ``evidence`` is JSON-like (commands, facts).
    """

    claim: str
    target: str
    verdict: Verdict
    nodeid: str
    reason: Reason | None = None
    why: str = ""
    seconds: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a verdict keeps of the waiver that covers it: who accepts the refuted claim, why, until when (UTC)."""

    owner: str
    reason: str
    expires: str
    link: str | None = None

    @property
    def told(self) -> str:
        """The clause that a waived verdict's observed fact ends with."""
        return f" (waived by {self.owner} until {self.expires}: {self.reason})"


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """The verdict on one claim on one target, from all its checks.

    ``nodeids`` names every check of the claim, those that decided the verdict first; ``evidence`` keeps, by node id,
    what each check recorded; ``waiver`` is there when the verdict is waived.
    """

    claim: str
    target: str
    verdict: Verdict
    nodeids: tuple[str, ...]
    reason: Reason | None = None
    why: str = ""
    seconds: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)
    waiver: Acceptance | None = None


def combine(judgements: Iterable[Judgement]) -> tuple[ClaimVerdict, ...]:
    """Return one verdict per claim and target, in the order in which the pairs first appear."""
    groups: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        groups[judgement.claim, judgement.target].append(judgement)
    return tuple(_of_one_claim(group) for group in groups.values())


def _of_one_claim(group: list[Judgement]) -> ClaimVerdict:
    verdict = next(word for word in _WORST_FIRST if any(judgement.verdict is word for judgement in group))
    deciding = [judgement for judgement in group if judgement.verdict is verdict]
    whys = tuple(dict.fromkeys(judgement.why for judgement in deciding if judgement.why))
    return ClaimVerdict(
        claim=group[0].claim,
        target=group[0].target,
        verdict=verdict,
        nodeids=tuple(judgement.nodeid for judgement in sorted(group, key=lambda one: one.verdict is not verdict)),
        reason=_reason(deciding),
        why="; ".join(why.removesuffix(".") for why in whys) if verdict is not Verdict.VERIFIED else "",
        seconds=sum(judgement.seconds for judgement in group),
        evidence={judgement.nodeid: dict(judgement.evidence) for judgement in group if judgement.evidence},
    )


def _reason(deciding: list[Judgement]) -> Reason | None:
    """A check that broke is never hidden behind one that merely lacked something."""
    reasons = [judgement.reason for judgement in deciding]
    return Reason.ERROR if Reason.ERROR in reasons else reasons[0]


def waive(verdict: ClaimVerdict, waiver: Acceptance) -> ClaimVerdict:
    """Return the verdict as waived; the observed fact stays, with who waived it, why and until when."""
    return replace(verdict, verdict=Verdict.WAIVED, why=f"{verdict.why}{waiver.told}".lstrip(), waiver=waiver)


def unwaive(verdict: ClaimVerdict) -> ClaimVerdict:
    """Return the verdict as it was before somebody waived it."""
    told = verdict.waiver.told if verdict.waiver else ""
    why = f" {verdict.why}".removesuffix(told).strip()
    return replace(verdict, verdict=Verdict.REFUTED, why=why, waiver=None)
