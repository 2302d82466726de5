"""The plan of a run: which check judges which claims on which target.

xdist's controller collects nothing itself: the workers, or the only process, leave the plan in the run directory.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "plan.json"


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check: its node id, the claims that it judges, and the name of its target."""

    nodeid: str
    claims: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was collected. ``partial`` tells that the caller chose a part of the book; ``deselected`` was left out."""

    partial: bool
    checks: tuple[PlannedCheck, ...] = ()
    deselected: tuple[PlannedCheck, ...] = ()


def store_plan(plan: Plan, run_dir: Path) -> None:
    """Store the plan in one step; every worker of a run stores the same."""
    part = run_dir / f"{_FILE}.{os.getpid()}"
    part.write_bytes(msgspec.json.encode(plan))
    part.replace(run_dir / _FILE)


def stored_plan(run_dir: Path) -> Plan:
    """Return the stored plan; an empty one when collection did not come to its end."""
    try:
        return msgspec.json.decode((run_dir / _FILE).read_bytes(), type=Plan)
    except FileNotFoundError:
        return Plan(partial=True)
