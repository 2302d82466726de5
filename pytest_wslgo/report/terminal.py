"""The report on the terminal: refuted first, then what could not be checked, then one line of counts.

Pure: lines with a style each; who prints them decides about colours.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import Severity, Who
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult, TargetResult

_LABEL = 10
_WHO = {Who.USER: "", Who.ADMIN: " (as administrator of the machine)", Who.WINDOWS: " (on the Windows side)"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``style`` is "", "bold", "red", "yellow" or "green"."""

    text: str
    style: str = ""


def summary(run: RunResult, *, width: int = 100) -> Iterator[Line]:
    """Yield the lines of the report, ``width`` columns wide."""
    yield from _targets(run.targets)
    verdicts = run.gate.verdicts
    refuted = [one for one in verdicts if one.verdict is Verdict.REFUTED]
    advice = [one for one in refuted if run.claims[one.claim].severity is Severity.MINOR]
    for verdict in sorted((one for one in refuted if one not in advice), key=lambda one: _rank(run.claims[one.claim])):
        yield from _finding("REFUTED", "red", verdict, run.claims[verdict.claim], width)
    for verdict in advice:
        yield from _finding("ADVICE", "yellow", verdict, run.claims[verdict.claim], width)
    yield from _waived(verdicts, width)
    yield from _not_checked(verdicts, width)
    yield from _bad_waivers(run, width)
    yield Line("")
    yield _counts(run)


def describe_platform(platform: Platform) -> str:
    """Return one line on a platform, as ``debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)``."""
    distro = " ".join(word for word in (platform.distro, platform.release) if word)
    parts = (distro, platform.arch, platform.libc, f"kernel {platform.kernel}")
    return f"{', '.join(part for part in parts if part)} ({platform.kind})"


def _targets(targets: tuple[TargetResult, ...]) -> Iterator[Line]:
    for target in targets:
        yield Line(f"{target.name}: {describe_platform(target.platform) if target.platform else target.lost}", "bold")
        for go in target.toolchains:
            yield Line(f"  {go.version} ({go.origin}) at {go.goroot}")


def _rank(claim: Claim) -> int:
    return list(Severity).index(claim.severity)


def _finding(head: str, style: str, verdict: ClaimVerdict, claim: Claim, width: int) -> Iterator[Line]:
    yield Line("")
    yield Line(f"{head:<{_LABEL}}{verdict.claim} on {verdict.target} ({claim.severity})", style)
    yield from _labelled("claim", claim.statement, width)
    yield from _labelled("observed", mask(verdict.why), width)
    if claim.impact:
        yield from _labelled("matters", claim.impact, width)
    for remedy in claim.remedy:
        yield from _labelled("remedy", f"{remedy.text}{_WHO[remedy.who]}", width)
        if remedy.run:
            yield Line(f"{'':<{_LABEL + 2}}$ {remedy.run}")
    yield from _labelled("checked by", verdict.nodeids[0] + _more(len(verdict.nodeids) - 1), width)


def _more(count: int) -> str:
    return f" and {count} more" if count else ""


def _labelled(label: str, text: str, width: int) -> Iterator[Line]:
    indent = " " * (_LABEL + 2)
    room = max(width - len(indent), 40)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    yield Line(f"  {label:<{_LABEL}}{lines[0]}")
    for line in lines[1:]:
        yield Line(indent + line)


def _waived(verdicts: Iterable[ClaimVerdict], width: int) -> Iterator[Line]:
    for verdict in verdicts:
        if verdict.verdict is Verdict.WAIVED:
            yield Line("")
            yield Line(f"{'WAIVED':<{_LABEL}}{verdict.claim} on {verdict.target}", "yellow")
            yield from _labelled("observed", mask(verdict.why), width)


def _not_checked(verdicts: Iterable[ClaimVerdict], width: int) -> Iterator[Line]:
    """One cause that keeps many claims from being judged is one finding."""
    causes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.verdict is Verdict.NOT_CHECKED:
            causes[verdict.target, str(verdict.reason), mask(verdict.why)].append(verdict.claim)
    for (target, reason, why), claims in causes.items():
        yield Line("")
        yield Line(f"NOT CHECKED on {target}: {reason}", "yellow")
        yield from _labelled("because", why, width)
        yield from _labelled("claims", ", ".join(claims), width)


def _bad_waivers(run: RunResult, width: int) -> Iterator[Line]:
    for bad in run.gate.bad_waivers:
        told = {
            "expired": f"expired on {bad.waiver.expires:%Y-%m-%d}: renew it or mend the claim",
            "stale": "is stale, its claim is verified now: delete it",
        }[bad.state]
        yield Line("")
        yield Line(f"{'WAIVER':<{_LABEL}}{bad.waiver.claim} on {bad.target}", "red")
        yield from _labelled("state", f"the waiver of {bad.waiver.owner} {told}", width)


def _counts(run: RunResult) -> Line:
    counts = run.counts()
    told = ", ".join(f"{counts[verdict]} {verdict.replace('-', ' ')}" for verdict in Verdict)
    met = "met" if run.gate.passed else f"not met ({len(run.gate.unmet) + len(run.gate.bad_waivers)} open)"
    style = "green" if run.gate.passed else "red"
    return Line(f"{sum(counts.values())} verdicts: {told}; profile {run.gate.profile}: {met}", style)
