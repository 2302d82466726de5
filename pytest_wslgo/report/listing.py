"""``--wslgo-list`` and ``--wslgo-explain``: the book's claims and the catalogue that they judge, nothing run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_wslgo.report.prose import fold, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_wslgo.model.catalogue import Entry
    from pytest_wslgo.model.claims import Claim

_WORD = {
    "true": "says so too",
    "partly": "is right in part",
    "false": "errs",
    "contradicted": "errs",
    "omitted": "does not say it",
    "opinion": "gives an opinion",
}


def as_table(claims: Mapping[str, Claim], catalogue: Iterable[Entry], *, width: int = 100) -> Iterator[str]:
    """Yield one line a claim, by area, and at the end what of the catalogue is still to come."""
    column = max(map(len, claims), default=0) + 2
    for claim in claims.values():
        room = max(width - column - 22, 30)
        yield f"{claim.id:<{column}}{claim.kind:<11}{claim.severity:<10}{shorten(claim.statement, room)}"
    yield ""
    yield f"{len(claims)} claims; `pytest --wslgo-explain CLAIM` tells all of one"
    yield from _to_come(claims, tuple(catalogue))


def _to_come(claims: Mapping[str, Claim], catalogue: tuple[Entry, ...]) -> Iterator[str]:
    judged = {entry for claim in claims.values() for entry in claim.catalogue}
    chapters: dict[str, int] = {}
    for entry in catalogue:
        if entry.chapter is not None and entry.id not in judged:
            chapters[entry.chapter] = chapters.get(entry.chapter, 0) + 1
    unjudged = sum(1 for entry in catalogue if entry.unjudged)
    yield (
        f"catalogue: {len(catalogue)} statements of the article; {len(judged)} judged by these claims, "
        f"{unjudged} that no test can judge"
    )
    if chapters:
        yield "  chapters to come: " + ", ".join(f"{name} {count}" for name, count in chapters.items())


def as_json(claims: Mapping[str, Claim], catalogue: Iterable[Entry]) -> str:
    """Return claims and catalogue as JSON: ``{"claims": [...], "catalogue": [...]}``."""
    listed = {
        "claims": [_claim(claim) for claim in claims.values()],
        "catalogue": [_entry(entry) for entry in catalogue],
    }
    return json.dumps(listed, indent=1, ensure_ascii=False)


def explain(claim: Claim, catalogue: Iterable[Entry], *, width: int = 100) -> Iterator[str]:
    """Yield all that the book knows of one claim: statement, article, truth, applicability, remedies, source."""
    yield f"{claim.id} ({claim.kind}, {claim.severity})"
    yield ""
    yield from _block(claim.statement, width)
    if claim.statement_zh:
        yield from _block(claim.statement_zh, width)
    if claim.impact:
        yield from _block(f"Why it matters: {claim.impact}", width)
    yield ""
    yield from _block(f"Judged on {', '.join(claim.platforms)}, Go {claim.go or 'of every version'}.", width)
    yield from _block(f"The article {_WORD[claim.article]}. Source: {claim.source}", width)
    for entry in catalogue:
        if entry.id in claim.catalogue:
            yield ""
            yield from _block(f"article {entry.section} ({entry.article}): {entry.statement}", width)
            yield from _block(f"what is true: {entry.truth}", width)
    if claim.remedy:
        yield ""
        yield "  When it is refuted:"
    for remedy in claim.remedy:
        yield from _block(f"- {remedy.text} (who: {remedy.who})", width)
        yield from (f"      $ {command}" for command in (remedy.run or "").splitlines())


def _block(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in fold(text, width - 2)]


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "statement": claim.statement,
        "statement_zh": claim.statement_zh,
        "impact": claim.impact,
        "article": str(claim.article),
        "kind": str(claim.kind),
        "severity": str(claim.severity),
        "platforms": [str(platform) for platform in claim.platforms],
        "go": claim.go,
        "network": claim.network,
        "catalogue": list(claim.catalogue),
        "source": claim.source,
        "remedy": [{"text": one.text, "run": one.run, "who": str(one.who)} for one in claim.remedy],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "section": entry.section,
        "article": str(entry.article),
        "statement": entry.statement,
        "statement_zh": entry.statement_zh,
        "truth": entry.truth,
        "basis": str(entry.basis),
        "chapter": entry.chapter,
        "unjudged": entry.unjudged,
    }
