"""The report on the terminal: refuted first, then what could not be checked, then one line of counts.

A finding is the doctor's view of one cause: what is claimed, what was seen, why it matters, what mends it, and what
could not be checked because of it; all within a screen. Pure: lines with a style each; who prints them decides about
colours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import Severity, Who
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.consequences import consequences, unjudged
from pytest_wslgo.report.matrix import matrices_of
from pytest_wslgo.report.messages import messages_in
from pytest_wslgo.report.page import ROWS, Line, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.consequences import Place
    from pytest_wslgo.report.messages import Messages
    from pytest_wslgo.report.result import RunResult, TargetResult

__all__ = ["Line", "describe_platform", "summary"]

_SCREEN = 24
_FEW = 3


def summary(run: RunResult, *, width: int = 100, language: Language = Language.EN) -> Iterator[Line]:
    """Yield the lines of the report, ``width`` columns wide."""
    page = Page(messages_in(language), width)
    ward = _Ward(run, page, consequences(run.gate.verdicts))
    yield from _targets(run.targets, page)
    yield from ward.refuted()
    yield from ward.waived()
    yield from ward.not_checked()
    yield from ward.not_selected()
    yield from _bad_waivers(run, page)
    yield Line("")
    yield from _matrices(run, page)
    yield _counts(run, page.messages)


def describe_platform(platform: Platform) -> str:
    """Return one line on a platform, as ``debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)``."""
    distro = " ".join(word for word in (platform.distro, platform.release) if word)
    kernel = f"kernel {platform.kernel}" if platform.kernel else ""
    parts = (distro, platform.arch, platform.libc, kernel)
    return f"{', '.join(part for part in parts if part)} ({platform.kind})"


def _targets(targets: tuple[TargetResult, ...], page: Page) -> Iterator[Line]:
    say = page.messages.say
    for target in targets:
        shown = describe_platform(target.platform) if target.platform else target.lost or say("target.not-read")
        yield page.line(f"{target.name}: {shown}", "bold")
        for go in target.toolchains:
            told = say("target.toolchain", version=go.version, origin=go.origin, goroot=go.goroot)
            yield page.line(f"  {told}")


@dataclass(frozen=True, slots=True)
class _Ward:
    """The findings of one run on one page; ``waiting`` holds what waits for which finding."""

    run: RunResult
    page: Page
    waiting: Mapping[Place, tuple[str, ...]]

    def refuted(self) -> Iterator[Line]:
        """Yield a finding for each refuted claim, the worst first, what the profile does not ask for last."""
        found = (verdict for verdict in self.run.gate.verdicts if verdict.verdict is Verdict.REFUTED)
        for verdict in sorted(found, key=self._rank):
            yield Line("")
            yield from self._finding(verdict)

    def waived(self) -> Iterator[Line]:
        """Yield the waived claims with what was observed."""
        say = self.page.messages.say
        for verdict in self.run.gate.verdicts:
            if verdict.verdict is Verdict.WAIVED:
                yield Line("")
                title = say("head.waived-claim", claim=verdict.claim, target=verdict.target)
                yield self.page.head("head.waived", title, "yellow")
                yield from self._observed(verdict.why)
                yield from self._hence((verdict.claim,), verdict.target)

    def not_checked(self) -> Iterator[Line]:
        """Yield one finding for each cause that keeps claims from being judged; red when one of them is required."""
        say = self.page.messages.say
        for (target, reason, why), claims in unjudged(self.run.gate.verdicts, self.waiting).items():
            head = say("head.not-checked", target=target, reason=say(f"reason.{reason}"))
            yield from self._unjudged(head, target, self.page.messages.observed(why), claims)

    def not_selected(self) -> Iterator[Line]:
        """Yield one finding a target for the required claims that no selected check judges."""
        judged = {(verdict.claim, verdict.target) for verdict in self.run.gate.verdicts}
        left_out: dict[str, list[str]] = defaultdict(list)
        for unmet in self.run.gate.unmet:
            if (unmet.claim, unmet.target) not in judged:
                left_out[unmet.target].append(unmet.claim)
        say = self.page.messages.say
        for target, claims in left_out.items():
            yield from self._unjudged(
                say("head.not-selected", target=target), target, say("finding.not-selected"), claims
            )

    def _rank(self, verdict: ClaimVerdict) -> tuple[bool, int]:
        return not self._fails(verdict), list(Severity).index(self.run.claims[verdict.claim].severity)

    def _fails(self, verdict: ClaimVerdict) -> bool:
        """Tell whether the profile asks for the claim, or for one that waits for it."""
        place = (verdict.claim, verdict.target)
        return bool(self._required((verdict.claim, *self.waiting.get(place, ())), verdict.target))

    def _required(self, claims: Iterable[str], target: str) -> tuple[str, ...]:
        asked = {(unmet.claim, unmet.target) for unmet in self.run.gate.unmet}
        return tuple(claim for claim in claims if (claim, target) in asked)

    def _finding(self, verdict: ClaimVerdict) -> Iterator[Line]:
        claim, messages = self.run.claims[verdict.claim], self.page.messages
        head, style = ("head.refuted", "red") if self._fails(verdict) else ("head.advice", "yellow")
        severity = messages.say(f"severity.{claim.severity}")
        key = "head.unproven" if claim.unproven else "head.finding"
        title = messages.say(key, claim=verdict.claim, target=verdict.target, severity=severity)
        yield self.page.head(head, title, style)
        stated = list(self.page.labelled("claim", messages.statement(claim)))
        mending, checks = list(self._matters(claim)), list(self._check(verdict, claim))
        room = _SCREEN - 1 - len(stated) - len(mending) - len(checks)
        hence = list(self._hence((verdict.claim,), verdict.target, rows=max(_FEW, min(ROWS, room - 2 * _FEW))))
        yield from stated
        yield from self._observed(verdict.why, rows=max(_FEW, min(ROWS, room - len(hence))))
        yield from (*mending, *hence, *checks)

    def _observed(self, why: str, *, rows: int = ROWS) -> Iterator[Line]:
        yield from self.page.labelled("observed", self.page.messages.observed(why), rows=rows)

    def _matters(self, claim: Claim) -> Iterator[Line]:
        messages = self.page.messages
        if claim.impact:
            yield from self.page.labelled("matters", messages.impact(claim))
        for remedy in sorted(claim.remedy, key=lambda one: list(Who).index(one.who)):
            text = messages.say(f"remedy.{remedy.who}", text=messages.remedy(remedy))
            yield from self.page.labelled("remedy", text)
            yield from self.page.command(remedy.run or "")

    def _hence(self, causes: Iterable[str], target: str, *, rows: int = ROWS) -> Iterator[Line]:
        """Yield what was not checked because of these claims, and what of that the profile requires."""
        waiting = tuple(claim for cause in causes for claim in self.waiting.get((cause, target), ()))
        if waiting:
            told = self.page.messages.say("finding.hence", claims=", ".join(waiting))
            yield from self.page.labelled("hence", told, rows=rows)
            yield from self._requirement(waiting, target, rows=_FEW)

    def _requirement(self, claims: tuple[str, ...], target: str, *, rows: int = ROWS) -> Iterator[Line]:
        required, say = self._required(claims, target), self.page.messages.say
        if required:
            key = "finding.required-all" if len(required) == len(claims) else "finding.required"
            told = say(key, profile=self.run.gate.profile, claims=", ".join(required))
            yield from self.page.labelled("required", told, rows=rows)

    def _check(self, verdict: ClaimVerdict, claim: Claim) -> Iterator[Line]:
        more = len(verdict.nodeids) - 1
        key = "finding.checks" if more else "finding.check"
        told = self.page.messages.say(key, check=verdict.nodeids[0], more=more)
        yield from self.page.labelled("check", told)
        if claim.unproven:
            yield from self.page.labelled("unproven", claim.unproven)

    def _unjudged(self, head: str, target: str, because: str, claims: list[str]) -> Iterator[Line]:
        everything = tuple(claims) + tuple(name for claim in claims for name in self.waiting.get((claim, target), ()))
        yield Line("")
        yield self.page.line(head, "red" if self._required(everything, target) else "yellow")
        yield from self.page.labelled("because", because)
        yield from self.page.labelled("claims", ", ".join(claims))
        yield from self._requirement(tuple(claims), target)
        yield from self._hence(claims, target)


def _bad_waivers(run: RunResult, page: Page) -> Iterator[Line]:
    for bad in run.gate.bad_waivers:
        yield Line("")
        title = page.messages.say("head.waived-claim", claim=bad.waiver.claim, target=bad.target)
        yield page.head("head.waiver", title, "red")
        told = page.messages.say(f"waiver.{bad.state}", owner=bad.waiver.owner, until=bad.waiver.until)
        yield from page.labelled("state", told)


def _matrices(run: RunResult, page: Page) -> Iterator[Line]:
    for matrix in matrices_of(run):
        cells = len(matrix.cells)
        told = page.messages.say("matrix.line", target=matrix.target, agreeing=matrix.agreeing, cells=cells)
        yield page.line(told, "" if matrix.agreeing == cells else "red")


def _counts(run: RunResult, messages: Messages) -> Line:
    counts = {verdict.replace("-", "_"): count for verdict, count in run.counts().items()}
    open_ends = len(run.gate.unmet) + len(run.gate.bad_waivers)
    met = messages.say("counts.met") if run.gate.passed else messages.say("counts.not-met", open=open_ends)
    total = sum(counts.values())
    told = messages.say("counts.line", total=total, profile=run.gate.profile, gate=met, **counts)
    return Line(told, "green" if run.gate.passed else "red")
