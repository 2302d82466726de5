"""``--wslgo-list`` and ``--wslgo-explain``: the book's claims and the catalogue that they judge, nothing run."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_wslgo.model.language import Language
from pytest_wslgo.report.messages import messages_in
from pytest_wslgo.report.prose import fold, pad, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_wslgo.model.catalogue import Entry
    from pytest_wslgo.model.claims import Claim, Remedy
    from pytest_wslgo.report.checks import CheckSource
    from pytest_wslgo.report.messages import Messages

_NARROWEST = 30


def as_table(
    claims: Mapping[str, Claim], catalogue: Iterable[Entry], *, width: int = 100, language: Language = Language.EN
) -> Iterator[str]:
    """Yield one line a claim, by area, and at the end what of the catalogue is still to come."""
    messages = messages_in(language)
    column = max(map(len, claims), default=0) + 2
    room = max(width - column - 22, _NARROWEST)
    for claim in claims.values():
        kind, severity = messages.say(f"kind.{claim.kind}"), messages.say(f"severity.{claim.severity}")
        yield f"{pad(claim.id, column)}{pad(kind, 11)}{pad(severity, 10)}{shorten(_marked(claim, messages), room)}"
    yield ""
    yield messages.say("list.claims", count=len(claims))
    yield from _to_come(claims, tuple(catalogue), messages)


def _marked(claim: Claim, messages: Messages) -> str:
    statement = messages.statement(claim)
    return messages.say("list.unproven", statement=statement) if claim.unproven else statement


def _to_come(claims: Mapping[str, Claim], catalogue: tuple[Entry, ...], messages: Messages) -> Iterator[str]:
    judged = {entry for claim in claims.values() for entry in claim.catalogue}
    chapters = Counter(entry.chapter for entry in catalogue if entry.chapter is not None and entry.id not in judged)
    unjudged = sum(1 for entry in catalogue if entry.unjudged)
    yield messages.say("list.catalogue", count=len(catalogue), judged=len(judged), unjudged=unjudged)
    if chapters:
        named = ", ".join(f"{name} {count}" for name, count in chapters.items())
        yield "  " + messages.say("list.chapters", chapters=named)


def as_json(claims: Mapping[str, Claim], catalogue: Iterable[Entry]) -> str:
    """Return claims and catalogue as JSON: ``{"claims": [...], "catalogue": [...]}``."""
    listed = {
        "claims": [_claim(claim) for claim in claims.values()],
        "catalogue": [_entry(entry) for entry in catalogue],
    }
    return json.dumps(listed, indent=1, ensure_ascii=False)


def explain(
    claim: Claim,
    catalogue: Iterable[Entry],
    checks: Iterable[CheckSource] = (),
    *,
    width: int = 100,
    language: Language = Language.EN,
) -> Iterator[str]:
    """Yield all that the book knows of one claim: statement, article, truth, how it is judged, remedies, source."""
    messages = messages_in(language)
    say = messages.say
    kind, severity = say(f"kind.{claim.kind}"), say(f"severity.{claim.severity}")
    yield say("explain.head", claim=claim.id, kind=kind, severity=severity)
    yield ""
    yield from _block(messages.statement(claim), width)
    if claim.impact:
        yield from _block(say("explain.matters", impact=messages.impact(claim)), width)
    yield ""
    platforms, go = ", ".join(claim.platforms), claim.go or say("explain.any-go")
    yield from _block(say("explain.applies", platforms=platforms, go=go), width)
    yield from _block(say("explain.article", says=say(f"article.{claim.article}"), source=claim.source), width)
    for entry in catalogue:
        if entry.id in claim.catalogue:
            yield ""
            yield from _article(entry, messages, width)
    yield from _judging(claim, [check for check in checks if claim.id in check.claims], messages, width)
    yield from _mending(claim, messages, width)


def _article(entry: Entry, messages: Messages, width: int) -> Iterator[str]:
    rating, statement = messages.say(f"rating.{entry.article}"), messages.statement(entry)
    yield from _block(messages.say("explain.entry", section=entry.section, rating=rating, statement=statement), width)
    yield from _block(messages.say("explain.truth", truth=entry.truth), width)


def _judging(claim: Claim, checks: list[CheckSource], messages: Messages, width: int) -> Iterator[str]:
    if checks:
        yield ""
        yield f"  {messages.say('explain.checks')}"
    for check in checks:
        yield from _block(messages.say("explain.check", says=check.says, place=check.place), width)
        for condition in check.conditions:
            holds = messages.say("explain.holds", condition=condition)
            yield from (f"      {line}" for line in fold(holds, width - 6))
    if claim.unproven:
        yield from _block(messages.say("explain.unproven", why=claim.unproven), width)
    elif checks:
        yield from _block(messages.say("explain.proven"), width)


def _mending(claim: Claim, messages: Messages, width: int) -> Iterator[str]:
    if claim.remedy:
        yield ""
        yield f"  {messages.say('explain.remedies')}"
    for remedy in claim.remedy:
        who, text = messages.say(f"who.{remedy.who}"), messages.remedy(remedy)
        yield from _block(messages.say("explain.remedy", text=text, who=who), width)
        yield from (f"      $ {command}" for command in (remedy.run or "").splitlines())


def _block(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in fold(text, width - 2)]


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "statement": claim.statement,
        "statement_zh": claim.statement_zh,
        "impact": claim.impact,
        "impact_zh": claim.impact_zh,
        "article": str(claim.article),
        "kind": str(claim.kind),
        "severity": str(claim.severity),
        "platforms": [str(platform) for platform in claim.platforms],
        "go": claim.go,
        "network": claim.network,
        "lane": claim.lane,
        "unproven": claim.unproven,
        "catalogue": list(claim.catalogue),
        "source": claim.source,
        "remedy": [_remedy(remedy) for remedy in claim.remedy],
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {"text": remedy.text, "text_zh": remedy.text_zh, "run": remedy.run, "who": str(remedy.who)}


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
