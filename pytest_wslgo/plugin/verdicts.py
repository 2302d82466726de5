"""From what pytest saw of a check to a judgement: refuted, could-not-check and not-applicable never mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.errors import Reason, WslgoError
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_wslgo.plugin.plan import PlannedCheck

ShownStatus = tuple[str, str, tuple[str, dict[str, bool]]]
"""pytest's category, letter and word with its markup."""

_SHOWN: dict[Verdict, ShownStatus] = {
    Verdict.VERIFIED: ("verified", ".", ("VERIFIED", {"green": True})),
    Verdict.REFUTED: ("refuted", "R", ("REFUTED", {"red": True})),
    Verdict.NOT_CHECKED: ("not checked", "?", ("NOT CHECKED", {"yellow": True})),
    Verdict.NOT_APPLICABLE: ("not applicable", "-", ("NOT APPLICABLE", {"green": True})),
}


@dataclass(slots=True)
class Check:
    """A collected check: what it judges, where, and what became of it.

    ``inapplicable`` says, by claim, why it is not about this target; ``evidence`` is what the check recorded.
    """

    claims: tuple[str, ...]
    target: str
    go: str | None
    inapplicable: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


CHECK: pytest.StashKey[Check] = pytest.StashKey()


class Judge:
    """Adds the judgement to each check's report, from where it travels to the controller and to every reporter."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        check = item.stash.get(CHECK, None)
        if check is None or call.when == "teardown":
            return report
        check.seconds += call.duration
        if call.when == "call" or not report.passed:
            _judge(item, check, call, report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport | pytest.CollectReport) -> ShownStatus | None:
        """Show a check by its verdict, in dots, words and pytest's own last line."""
        told = getattr(report, "wslgo", None)
        return _SHOWN[Verdict(told["verdict"])] if told else None


def _judge(item: pytest.Item, check: Check, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    verdict, reason, why = _verdict(check, call)
    report.wslgo = {  # type: ignore[attr-defined]
        "claims": [claim for claim in check.claims if claim not in check.inapplicable],
        "inapplicable": check.inapplicable,
        "target": check.target,
        "verdict": str(verdict),
        "reason": None if reason is None else str(reason),
        "why": mask(why),
        "seconds": check.seconds,
        "evidence": check.evidence,
    }
    item.user_properties.append(("verdict", str(verdict)))  # JUnit takes them from the teardown's report
    item.user_properties += [(name, str(told)) for name, told in (("reason", reason), ("why", why)) if told]
    if call.excinfo is not None and isinstance(call.excinfo.value, WslgoError):
        report.outcome = "skipped"
        path, line, _ = item.location
        report.longrepr = (path, (line or 0) + 1, f"not checked ({reason}): {mask(why)}")


def _verdict(check: Check, call: pytest.CallInfo[None]) -> tuple[Verdict, Reason | None, str]:
    if call.excinfo is None:
        return Verdict.VERIFIED, None, ""
    error = call.excinfo.value
    if isinstance(error, WslgoError):
        return Verdict.NOT_CHECKED, error.reason, str(error)
    if isinstance(error, pytest.skip.Exception):
        if len(check.inapplicable) == len(check.claims):
            return Verdict.NOT_APPLICABLE, None, str(error)
        return Verdict.NOT_CHECKED, Reason.ERROR, f"the check skipped itself: {error}"
    if call.when == "call" and isinstance(error, AssertionError | pytest.fail.Exception):
        return Verdict.REFUTED, None, observed(error)
    return Verdict.NOT_CHECKED, Reason.ERROR, f"the check broke: {type(error).__name__}: {error}"


def observed(error: BaseException) -> str:
    """Return the fact that an assertion states: its message without pytest's own explanation of the expression."""
    text = str(error).strip()
    message, _, _ = text.partition("\nassert ")
    return message if not message.startswith("assert ") else text.splitlines()[0]


def judgements_of(nodeid: str, told: dict[str, Any]) -> list[Judgement]:
    """Return the judgements that a report carries: one for each claim of its check."""
    judged = [
        Judgement(
            claim=claim,
            target=told["target"],
            verdict=Verdict(told["verdict"]),
            nodeid=nodeid,
            reason=None if told["reason"] is None else Reason(told["reason"]),
            why=told["why"],
            seconds=told["seconds"],
            evidence=told["evidence"],
        )
        for claim in told["claims"]
    ]
    return judged + [
        Judgement(claim, told["target"], Verdict.NOT_APPLICABLE, nodeid, why=why)
        for claim, why in told["inapplicable"].items()
    ]


def not_judged(check: PlannedCheck, why: str, reason: Reason = Reason.ERROR) -> list[Judgement]:
    """Return the judgements of a check that gave no report of its own."""
    return [
        Judgement(claim, check.target, Verdict.NOT_CHECKED, check.nodeid, reason=reason, why=why)
        for claim in check.claims
    ]
