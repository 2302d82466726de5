"""Prints the kill rate: the share of the book's claims that a fault refuted in this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS

if TYPE_CHECKING:
    import pytest

KILLED = "killed"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed")
    killed = {value for report in reports for name, value in report.user_properties if name == KILLED}
    if not killed:
        return
    claims = set(load_claims(CLAIMS))
    terminalreporter.section("kill rate")
    terminalreporter.write_line(f"{len(killed & claims)} of {len(claims)} claims were refuted by a fault")
    for claim in sorted(claims - killed):
        terminalreporter.write_line(f"unproven in this run: {claim}")
