"""Runs of the book on a double or on a stored snapshot, each in a process of its own, and what they said."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.resources import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DEADLINE = 900


@dataclass(frozen=True)
class Verdicts:
    """What one run said: the verdict and the checks of each claim, and the output for messages."""

    of: dict[str, str]
    why: dict[str, str]
    checks: dict[str, frozenset[str]]
    output: str

    @property
    def refuted(self) -> set[str]:
        """The claims that were refuted."""
        return {claim for claim, verdict in self.of.items() if verdict == "refuted"}


def judge(folder: Path, *options: str, checks: Iterable[str] = ()) -> Verdicts:
    """Run the book, or only some of its checks, with ``folder`` as working directory."""
    ledger = folder / "ledger.json"
    argv = [sys.executable, "-m", "pytest", "--wslgo", f"--wslgo-ledger={ledger}", *options]
    argv += ["--noconftest", "-p", "no:cacheprovider", *(str(SUITES / check) for check in sorted(checks))]
    run = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=_DEADLINE, check=False)
    assert ledger.exists(), run.stdout + run.stderr
    verdicts = json.loads(ledger.read_text())["verdicts"]
    return Verdicts(
        of={entry["claim"]: entry["verdict"] for entry in verdicts},
        why={entry["claim"]: entry["why"] for entry in verdicts},
        checks={entry["claim"]: frozenset(map(_function, entry["nodeids"])) for entry in verdicts},
        output=run.stdout + run.stderr,
    )


def _function(nodeid: str) -> str:
    """Return file and function of a check: its parameters name the SDK, which differs from run to run.

    >>> _function("../suites/test_linking.py::test_a[local-go-hello]")
    'test_linking.py::test_a'
    """
    return nodeid.partition("[")[0].rpartition("/")[2]
