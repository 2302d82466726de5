"""Prints the kill rate: the share of claims that a fault refuted in this run.

It stands here and not beside the faults because xdist's controller loads no conftest below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS
from tests.faults.runs import HEALTHY, KILLED

if TYPE_CHECKING:
    import pytest


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
