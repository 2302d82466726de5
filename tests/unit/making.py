"""Whole values for the tests of models and reports, with sensible defaults: a test names only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Article, Claim, Kind, Severity
from pytest_wslgo.model.gate import Gate, judge
from pytest_wslgo.model.platform import Platform, PlatformKind
from pytest_wslgo.model.profiles import Profile
from pytest_wslgo.model.verdicts import ClaimVerdict, Judgement, Verdict
from pytest_wslgo.model.waivers import Waiver
from pytest_wslgo.report.result import RunResult, TargetResult, ToolchainResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
PLATFORM = Platform(
    kind=PlatformKind.LINUX,
    distro="debian",
    release="12",
    arch="amd64",
    libc="glibc 2.36",
    kernel="6.1.0",
    evidence=("/proc/version names no Microsoft",),
    on_wsl=False,
)


def a_claim(claim_id: str = "linking.static", **changes: Any) -> Claim:  # noqa: ANN401 - any field of a claim
    values: dict[str, Any] = {
        "statement": "It is static.",
        "article": Article.TRUE,
        "kind": Kind.BEHAVIOUR,
        "platforms": tuple(PlatformKind),
        "severity": Severity.NORMAL,
        "source": "cmd/link",
        "catalogue": (),
        "go": None,
        "distros": (),
        "libc": None,
        "origins": (),
        "own_go": False,
        "remedy": (),
        "statement_zh": None,
        "impact": None,
        "impact_zh": None,
        "network": False,
        "lane": None,
        "unproven": None,
    }
    return Claim(id=claim_id, **{**values, **changes})


def a_verdict(
    verdict: Verdict,
    claim: str = "linking.static",
    target: str = "local",
    **changes: Any,  # noqa: ANN401 - any field of a verdict
) -> ClaimVerdict:
    reason = Reason.MISSING_TOOL if verdict is Verdict.NOT_CHECKED else None
    why = "" if verdict is Verdict.VERIFIED else f"{claim} was seen to be {verdict}"
    values: dict[str, Any] = {"nodeids": (f"test_book.py::{claim}",), "reason": reason, "why": why, "seconds": 0.2}
    return ClaimVerdict(claim=claim, target=target, verdict=verdict, **{**values, **changes})


def a_judgement(verdict: Verdict, nodeid: str = "t::a", **changes: Any) -> Judgement:  # noqa: ANN401 - any field
    return Judgement(**{"claim": "linking.static", "target": "local", "verdict": verdict, "nodeid": nodeid, **changes})


def a_waiver(claim: str = "linking.static", *, expires: datetime | None = None, target: str = "*") -> Waiver:
    return Waiver(claim, "jane", "moves in March", expires or datetime(2027, 3, 31, tzinfo=UTC), target)


def a_gate(
    verdicts: Iterable[ClaimVerdict],
    *,
    claims: Mapping[str, Claim] | None = None,
    require: tuple[str, ...] = ("linking.static",),
    partial: bool = False,
    fail_on: Severity = Severity.NORMAL,
    waivers: Iterable[Waiver] = (),
    targets: Mapping[str, str] | None = None,
    deselected: bool = False,
) -> Gate:
    given = tuple(verdicts)
    named = targets if targets is not None else {"local": "local://"}
    return judge(
        given,
        claims=claims if claims is not None else {one.claim: a_claim(one.claim) for one in given},
        profile=Profile("devbox", require, partial, fail_on),
        waivers=waivers,
        targets=named,
        parts=named if deselected else (),
        now=NOW,
    )


def a_run(
    gate: Gate, *, claims: Mapping[str, Claim] | None = None, targets: tuple[TargetResult, ...] = ()
) -> RunResult:
    local = TargetResult("local", "local://", PLATFORM, (ToolchainResult("/usr/local/go", "go1.26.4", "tarball"),))
    return RunResult(
        plugin="0.1.0",
        started=NOW,
        seconds=12.3456,
        targets=targets or (local,),
        claims=claims if claims is not None else {one.claim: a_claim(one.claim) for one in gate.verdicts},
        gate=gate,
    )
