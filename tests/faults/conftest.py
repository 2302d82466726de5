"""Judges all boxes of a run at once, and prints the kill rate: the share of claims that a fault refuted in this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS
from tests.faults.lab import Planted, judge_boxes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.runs import Verdicts

KILLED = "killed"
HEALTHY = "healthy"


@pytest.fixture(scope="session")
def userlands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the userlands of all boxes of this run stand."""
    return tmp_path_factory.mktemp("userlands")


@pytest.fixture(scope="session")
def judged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, userlands: Path
) -> dict[str, Verdicts | BaseException]:
    """What the book says of the box of every selected test."""
    params = (getattr(item, "callspec", None) for item in request.session.items)
    planted = {one.name: one for call in params if call and isinstance(one := call.params.get("planted"), Planted)}
    return judge_boxes(planted.values(), tmp_path_factory.mktemp("boxes"), userlands)


@pytest.fixture
def verdicts(planted: Planted, judged: dict[str, Verdicts | BaseException]) -> Verdicts:
    """What the book says of the box of this test."""
    told = judged[planted.name]
    if isinstance(told, BaseException):
        raise told
    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed")
    told = [pair for report in reports for pair in report.user_properties]
    killed = {value for name, value in told if name == KILLED}
    if killed:
        claims = load_claims(CLAIMS)
        terminalreporter.section("kill rate")
        terminalreporter.write_line(f"{len(killed & set(claims))} of {len(claims)} claims were refuted by a fault")
        alive = [claim for claim_id, claim in claims.items() if claim_id not in killed]
        for claim in alive:
            if claim.unproven:
                terminalreporter.write_line(f"unproven: {claim.id}: {claim.unproven}")
        others = ", ".join(claim.id for claim in alive if not claim.unproven)
        terminalreporter.write_line(f"not refuted in this run: {others or 'none'}")
    healthy = [str(value) for name, value in told if name == HEALTHY]
    if healthy:
        terminalreporter.section("healthy environments")
        terminalreporter.write_line(f"{len(healthy)} environments refuted nothing: {', '.join(healthy)}")
