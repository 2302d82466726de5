"""The report on the terminal: refuted first, then what could not be checked, then one line of counts.

Pure: lines with a style each; who prints them decides about colours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import Severity, Who
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.prose import excerpt, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult, TargetResult

_LABEL = 10
_ROWS = 12
_WHO = {Who.USER: "", Who.ADMIN: " (as administrator of the machine)", Who.WINDOWS: " (on the Windows side)"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``style`` is "", "bold", "red", "yellow" or "green"."""

    text: str
    style: str = ""


def summary(run: RunResult, *, width: int = 100) -> Iterator[Line]:
    """Yield the lines of the report, ``width`` columns wide."""
    yield from _targets(run.targets)
    asked = {(unmet.claim, unmet.target) for unmet in run.gate.unmet}
    refuted = [verdict for verdict in run.gate.verdicts if verdict.verdict is Verdict.REFUTED]
    for verdict in sorted(refuted, key=lambda one: _rank(one, run.claims, asked)):
        head, style = ("REFUTED", "red") if (verdict.claim, verdict.target) in asked else ("ADVICE", "yellow")
        yield from _finding(head, style, verdict, run.claims[verdict.claim], width)
    yield from _waived(run.gate.verdicts, width)
    yield from _not_checked(run, width)
    yield from _bad_waivers(run, width)
    yield Line("")
    yield _counts(run)


def describe_platform(platform: Platform) -> str:
    """Return one line on a platform, as ``debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)``."""
    distro = " ".join(word for word in (platform.distro, platform.release) if word)
    kernel = f"kernel {platform.kernel}" if platform.kernel else ""
    parts = (distro, platform.arch, platform.libc, kernel)
    return f"{', '.join(part for part in parts if part)} ({platform.kind})"


def _targets(targets: tuple[TargetResult, ...]) -> Iterator[Line]:
    for target in targets:
        shown = describe_platform(target.platform) if target.platform else target.lost or "was not read"
        yield _line(f"{target.name}: {shown}", "bold")
        for go in target.toolchains:
            yield _line(f"  {go.version} ({go.origin}) at {go.goroot}")


def _rank(verdict: ClaimVerdict, claims: Mapping[str, Claim], asked: set[tuple[str, str]]) -> tuple[bool, int]:
    advice = (verdict.claim, verdict.target) not in asked
    return advice, list(Severity).index(claims[verdict.claim].severity)


def _finding(head: str, style: str, verdict: ClaimVerdict, claim: Claim, width: int) -> Iterator[Line]:
    yield Line("")
    yield _line(f"{head:<{_LABEL}}{verdict.claim} on {verdict.target} ({claim.severity})", style)
    yield from _labelled("claim", claim.statement, width)
    yield from _labelled("observed", verdict.why, width)
    if claim.impact:
        yield from _labelled("matters", claim.impact, width)
    for remedy in claim.remedy:
        yield from _labelled("remedy", f"{remedy.text}{_WHO[remedy.who]}", width)
        for command in (remedy.run or "").splitlines():
            yield Line(f"{'':<{_LABEL + 2}}$ {command}")
    more = len(verdict.nodeids) - 1
    yield from _labelled("check", verdict.nodeids[0] + (f" and {more} more" if more else ""), width)


def _line(text: str, style: str = "") -> Line:
    return Line(" ".join(plain(mask(text)).splitlines()), style)


def _labelled(label: str, text: str, width: int) -> Iterator[Line]:
    indent = " " * (_LABEL + 2)
    first, *others = excerpt(mask(text), max(width - len(indent), 40), rows=_ROWS) or ["nothing was recorded"]
    yield Line(f"  {label:<{_LABEL}}{first}")
    for line in others:
        yield Line(indent + line)


def _waived(verdicts: Iterable[ClaimVerdict], width: int) -> Iterator[Line]:
    for verdict in verdicts:
        if verdict.verdict is Verdict.WAIVED:
            yield Line("")
            yield _line(f"{'WAIVED':<{_LABEL}}{verdict.claim} on {verdict.target}", "yellow")
            yield from _labelled("observed", verdict.why, width)


def _not_checked(run: RunResult, width: int) -> Iterator[Line]:
    """One cause that keeps many claims from being judged is one finding; red when the profile asks for one of them."""
    causes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in run.gate.verdicts:
        if one.verdict is Verdict.NOT_CHECKED:
            causes[f"NOT CHECKED on {one.target}: {one.reason}", one.target, one.why].append(one.claim)
    judged = {(verdict.claim, verdict.target) for verdict in run.gate.verdicts}
    for unmet in run.gate.unmet:
        if (unmet.claim, unmet.target) not in judged:
            causes[f"NOT SELECTED on {unmet.target}", unmet.target, unmet.why].append(unmet.claim)
    asked = {(unmet.claim, unmet.target) for unmet in run.gate.unmet}
    for (head, target, why), claims in causes.items():
        required = [claim for claim in claims if (claim, target) in asked]
        yield Line("")
        yield _line(head, "red" if required else "yellow")
        yield from _labelled("because", why, width)
        yield from _labelled("claims", ", ".join(claims), width)
        if required:
            which = "all of them" if len(required) == len(claims) else ", ".join(required)
            yield from _labelled("required", f"by profile {run.gate.profile}: {which}", width)


def _bad_waivers(run: RunResult, width: int) -> Iterator[Line]:
    for bad in run.gate.bad_waivers:
        told = {
            "expired": f"expired on {bad.waiver.until}: mend what it covers, renew it, or delete it",
            "stale": "is stale, its claim is verified now: delete it",
        }[bad.state]
        yield Line("")
        yield _line(f"{'WAIVER':<{_LABEL}}{bad.waiver.claim} on {bad.target}", "red")
        yield from _labelled("state", f"the waiver of {bad.waiver.owner} {told}", width)


def _counts(run: RunResult) -> Line:
    counts = run.counts()
    told = ", ".join(f"{counts[verdict]} {verdict.replace('-', ' ')}" for verdict in Verdict)
    met = "met" if run.gate.passed else f"not met ({len(run.gate.unmet) + len(run.gate.bad_waivers)} open)"
    style = "green" if run.gate.passed else "red"
    return Line(f"{_number(sum(counts.values()), 'verdict')}: {told}; profile {run.gate.profile}: {met}", style)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
