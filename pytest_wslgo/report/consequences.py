"""What follows from what: claims that could not be judged because another one does not hold (``errors.Waits``)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pytest_wslgo.model.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.model.verdicts import ClaimVerdict

Place = tuple[str, str]
"""A claim and the name of a target."""

Cause = tuple[str, str, str]
"""The name of a target, a reason and a sentence: what keeps claims from being judged."""

_WAITS = re.compile(r"waits for (?P<claim>[a-z0-9.-]*[a-z0-9]): ")
_OPEN = frozenset({Verdict.REFUTED, Verdict.WAIVED, Verdict.NOT_CHECKED})


def consequences(verdicts: Iterable[ClaimVerdict]) -> dict[Place, tuple[str, ...]]:
    """Return, by the claim and target that is to be mended first, the claims that wait for it.

    A claim that waits for one that itself waits is told with the first cause. A claim whose cause this run did not
    judge, or found to hold, is in no list: it stands for itself.
    """
    judged = {(verdict.claim, verdict.target): verdict for verdict in verdicts}
    found: dict[Place, list[str]] = defaultdict(list)
    for place in judged:
        cause = _cause(place, judged)
        if cause != place:
            found[cause].append(place[0])
    return {cause: tuple(claims) for cause, claims in found.items()}


def unjudged(verdicts: Iterable[ClaimVerdict], waiting: Mapping[Place, tuple[str, ...]]) -> dict[Cause, list[str]]:
    """Return the claims that were not checked by what kept them from it, without those that wait for a finding."""
    causes: dict[Cause, list[str]] = defaultdict(list)
    told_elsewhere = {(claim, target) for (_, target), claims in waiting.items() for claim in claims}
    for one in verdicts:
        if one.verdict is Verdict.NOT_CHECKED and (one.claim, one.target) not in told_elsewhere:
            causes[one.target, str(one.reason), one.why].append(one.claim)
    return causes


def _cause(place: Place, judged: Mapping[Place, ClaimVerdict]) -> Place:
    """Follow what a claim waits for to its first cause; claims that wait in a circle stand for themselves."""
    met = [place]
    while True:
        verdict = judged[met[-1]]
        waits = _WAITS.match(verdict.why) if verdict.verdict is Verdict.NOT_CHECKED else None
        then = (waits["claim"], place[1]) if waits else None
        if then is None or then not in judged or judged[then].verdict not in _OPEN:
            return met[-1]
        if then in met:
            return place
        met.append(then)
