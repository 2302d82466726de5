"""What Allure shows of a check, without Allure: title, status, labels, steps and attachments as plain values.

Written for Allure 2 and 3. Failed means refuted, broken means that the check could not do its work, skipped means that
it was not asked or lacked something; a quality gate (``allurerc.mjs``) holds the last against what is required.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.heat_map import heat_map
from pytest_wslgo.report.masking import masked
from pytest_wslgo.report.matrix import Cell, matrix_of
from pytest_wslgo.report.prose import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.platform import Platform

ALLURERC: Final = Path(__file__).with_name("allurerc.mjs")
"""The configuration that we ship for Allure 3, with the quality gate that knows what the profile requires."""
EPIC: Final = "Go development environment"
_BROKEN: Final = frozenset({Reason.ERROR, Reason.TIMEOUT, Reason.TARGET_LOST})
_SEVERITIES: Final = {Severity.CRITICAL: "critical", Severity.NORMAL: "normal", Severity.MINOR: "minor"}
_URL: Final = re.compile(r"https?://[^\s,;)]+")
_LONGEST: Final = 200_000
"""Characters of an attachment; what a check noted beyond them is in the ledger."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a result: its name, MIME type and extension, and its content with secrets masked."""

    name: str
    mime: str
    extension: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Story:
    """One check on one target as Allure shows it; ``status`` is one of Allure's words, ``steps`` are commands."""

    title: str
    status: str
    message: str
    description: str
    labels: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    attachments: tuple[Attachment, ...]


def status_of(verdict: Verdict, reason: Reason | None) -> str:
    """Return Allure's word for a judgement.

    >>> status_of(Verdict.NOT_CHECKED, Reason.MISSING_TOOL)
    'skipped'
    """
    if verdict is Verdict.VERIFIED:
        return "passed"
    if verdict is Verdict.REFUTED:
        return "failed"
    return "broken" if verdict is Verdict.NOT_CHECKED and reason in _BROKEN else "skipped"


def story_of(
    told: Mapping[str, Any],
    claims: Sequence[Claim],
    *,
    says: str,
    platform: Platform | None,
    required: frozenset[str],
    several: bool,
) -> Story:
    """Return the story of one check.

    ``told`` is what its report carries (verdict, reason, why, target, evidence), ``claims`` what it judges, ``says``
    its name in words; ``required`` are the claims that the profile asks for; ``several`` tells that the run has more
    than one target, which the title then names.
    """
    verdict, reason = Verdict(told["verdict"]), Reason(told["reason"]) if told["reason"] else None
    target: str = told["target"]
    why = told["why"] or "; ".join(told["inapplicable"].values())
    word = f"not checked ({reason}): " if reason else "not applicable: " if verdict is Verdict.NOT_APPLICABLE else ""
    return Story(
        title=_shown(f"{says} on {target}" if several else says),
        status=status_of(verdict, reason),
        message=_shown(f"{word}{why}") if verdict is not Verdict.VERIFIED else "",
        description=_shown("\n\n".join(_described(claims))),
        labels=tuple(_labels(claims, verdict, target, platform, required)),
        links=tuple((url, url) for claim in claims for url in _URL.findall(claim.source)),
        steps=tuple(_steps(told["evidence"])),
        attachments=tuple(_attachments(told["evidence"], target)),
    )


def _labels(
    claims: Sequence[Claim], verdict: Verdict, target: str, platform: Platform | None, required: frozenset[str]
) -> Iterator[tuple[str, str]]:
    yield "epic", EPIC
    for area in dict.fromkeys(claim.area for claim in claims):
        yield "feature", area
    for claim in claims:
        yield "story", claim.id
        yield "claim", claim.id
    worst = min((claim.severity for claim in claims), key=list(Severity).index)
    yield "severity", _SEVERITIES[worst]
    yield "layer", str(claims[0].kind)
    yield "verdict", str(verdict)
    yield "required", str(any(claim.id in required for claim in claims)).lower()
    yield "host", target
    if platform is not None:
        yield "platform", " ".join(filter(None, (str(platform.kind), platform.distro, platform.release)))


def _described(claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        yield claim.statement
        if claim.impact:
            yield f"Why it matters: {claim.impact}"
        for remedy in claim.remedy:
            yield f"Remedy: {remedy.text}" + (f"\n\n    {remedy.run}" if remedy.run else "")


def _steps(evidence: Mapping[str, Any]) -> Iterator[str]:
    notes = evidence.get("commands", ())
    if len(notes) > 1:
        for note in notes:
            status = f" (status {note['status']})" if note.get("status") else ""
            yield _shown(f"{note['build']}{status}" if "build" in note else _go_words(note["command"]))


def _go_words(command: str) -> str:
    """Return the go command alone, without its environment.

    >>> _go_words("mkdir -p /t && cd /e && env -i HOME=/h /sdk/bin/go env CC")
    'go env CC'
    """
    words = shlex.split(command.rpartition("env -i ")[2])
    rest = [word for number, word in enumerate(words) if "=" not in word or any("=" not in w for w in words[:number])]
    return shlex.join([rest[0].rpartition("/")[2], *rest[1:]]) if rest else command


def _attachments(evidence: Mapping[str, Any], target: str) -> Iterator[Attachment]:
    if notes := evidence.get("commands", ()):
        yield text("commands", "\n\n".join(map(_noted, notes)))
    if told := evidence.get("cells", ()):
        yield from picture_of([Cell.of(one) for one in told], target)
    rest = {name: value for name, value in evidence.items() if name not in ("commands", "cells")}
    if rest:
        body = json.dumps(masked(rest), indent=1, ensure_ascii=False)
        yield Attachment("evidence", "application/json", "json", body[:_LONGEST].encode())


def picture_of(cells: Sequence[Cell], target: str) -> Iterator[Attachment]:
    """Yield the compatibility matrix of ``cells`` as a picture and as a table."""
    yield Attachment("which binary runs where", "image/svg+xml", "svg", heat_map(matrix_of(target, cells)).encode())
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(Cell.__dataclass_fields__)
    rows.writerows([_shown(str(getattr(cell, name))) for name in Cell.__dataclass_fields__] for cell in cells)
    yield Attachment("which binary runs where", "text/csv", "csv", table.getvalue().encode())


def _noted(note: Mapping[str, Any]) -> str:
    """Return a command as it can be typed again, what came of it, and what is known of the file that it made."""
    lines = [f"# {note['build']}"] if "build" in note else []
    lines.append(str(note["command"]))
    if note.get("status") is not None:
        lines.append(f"# ended with status {note['status']}")
    lines += [f"# {line}" for key in ("said", "elf") for line in str(note.get(key) or "").splitlines()]
    return "\n".join(lines)


def text(name: str, content: str) -> Attachment:
    """Return an attachment of plain text, secrets masked."""
    return Attachment(name, "text/plain", "txt", _shown(content)[:_LONGEST].encode("utf-8", "backslashreplace"))


def _shown(text: str) -> str:
    return plain(mask(text))
