"""Runs of the book on a double or on a stored snapshot, each in a process of its own, and what they said."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_wslgo.resources import SUITES
from tests.ledgers import stored_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KILLED = "killed"
"""The property of a test's report that names a claim which its fault refuted."""

HEALTHY = "healthy"
"""The property that names a machine of which nothing was refuted."""

_DEADLINE = 900


@dataclass(frozen=True)
class Verdicts:
    """What one run said: verdict, reason and checks of each claim, and the output for messages.

    ``seconds`` is what it took to read a box.
    """

    of: dict[str, str]
    why: dict[str, str]
    reason: dict[str, str | None]
    checks: dict[str, frozenset[str]]
    output: str
    seconds: float = 0.0

    @property
    def refuted(self) -> set[str]:
        """The claims that were refuted."""
        return {claim for claim, verdict in self.of.items() if verdict == "refuted"}

    @property
    def broken(self) -> dict[str, str]:
        """The claims whose checks broke, with what they said; no check may."""
        return {claim: self.why[claim] for claim, reason in self.reason.items() if reason == "error"}


def judge(folder: Path, *options: str, checks: Iterable[str] = ()) -> Verdicts:
    """Run the book, or only some of its checks, on one target, with ``folder`` as working directory."""
    (verdicts,) = judge_targets(folder, *options, checks=checks).values()
    return verdicts


def judge_targets(folder: Path, *options: str, checks: Iterable[str] = ()) -> dict[str, Verdicts]:
    """Run the book, or only some of its checks, and return what it said of each target."""
    ledger = folder / "ledger.json"
    argv = [sys.executable, "-m", "pytest", "--wslgo", f"--wslgo-ledger={ledger}", *options]
    argv += ["--noconftest", "-p", "no:cacheprovider", *(str(SUITES / check) for check in sorted(checks))]
    run = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=_DEADLINE, check=False)
    assert ledger.exists(), run.stdout + run.stderr
    told = stored_ledger(ledger)
    return {target["name"]: _verdicts(told, target["name"], run.stdout + run.stderr) for target in told["targets"]}


def _verdicts(ledger: dict[str, Any], target: str, output: str) -> Verdicts:
    verdicts = [entry for entry in ledger["verdicts"] if entry["target"] == target]
    return Verdicts(
        of={entry["claim"]: entry["verdict"] for entry in verdicts},
        why={entry["claim"]: entry["why"] for entry in verdicts},
        reason={entry["claim"]: entry["reason"] for entry in verdicts},
        checks={entry["claim"]: frozenset(map(_function, entry["nodeids"])) for entry in verdicts},
        output=output,
    )


def _function(nodeid: str) -> str:
    """Return file and function of a check: its parameters name the SDK, which differs from run to run.

    >>> _function("../suites/test_linking.py::test_a[local-go-hello]")
    'test_linking.py::test_a'
    """
    return nodeid.partition("[")[0].rpartition("/")[2]
