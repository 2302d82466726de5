"""The truth ledger: what the article states, how right it is, and what this run's verdicts say of it.

Computed from the catalogue and the verdicts of the claims that name its entries; nothing of it is written down.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.model.catalogue import Entry
    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.verdicts import ClaimVerdict

_WORST_FIRST: Final = (
    Verdict.REFUTED,
    Verdict.WAIVED,
    Verdict.NOT_CHECKED,
    Verdict.VERIFIED,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True, slots=True)
class Truth:
    """One statement of the article with ``claims`` that judge it and the worst of their verdicts in a run.

    ``verdict`` is None when no check of this run judged it.
    """

    entry: Entry
    claims: tuple[str, ...]
    verdict: Verdict | None


def truth_ledger(
    catalogue: Iterable[Entry], claims: Mapping[str, Claim], verdicts: Iterable[ClaimVerdict]
) -> tuple[Truth, ...]:
    """Return every entry of the catalogue, in its order, with what this run says of it."""
    judging: dict[str, list[str]] = defaultdict(list)
    for claim in claims.values():
        for entry in claim.catalogue:
            judging[entry].append(claim.id)
    said: dict[str, set[Verdict]] = defaultdict(set)
    for verdict in verdicts:
        said[verdict.claim].add(verdict.verdict)
    return tuple(_truth(entry, tuple(judging[entry.id]), said) for entry in catalogue)


def _truth(entry: Entry, claims: tuple[str, ...], said: Mapping[str, set[Verdict]]) -> Truth:
    found = {verdict for claim in claims for verdict in said.get(claim, ())}
    return Truth(entry, claims, next((word for word in _WORST_FIRST if word in found), None))
