"""The lab of the setup claims: every box is read by the real collector, and one run of the book judges them all."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.snapshot import dump
from pytest_wslgo.resources import SUITES
from pytest_wslgo.target.collector import collect
from tests.faults.box import open_box
from tests.faults.facts import change
from tests.faults.fault import Box
from tests.faults.runs import Verdicts, judge_targets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.faults.fault import Fault

_READERS = 3


@dataclass(frozen=True)
class Planted:
    """A fault, or a healthy machine, that is planted in a box."""

    name: str
    fault: Fault


def judge_boxes(planted: Iterable[Planted], folder: Path, userlands: Path) -> dict[str, Verdicts | BaseException]:
    """Return what the book says of each box, by name; where it could not be read, why not."""
    with ThreadPoolExecutor(_READERS) as pool:
        read = list(pool.map(lambda one: read_box(one, folder, userlands), planted))
    told: dict[str, Verdicts | BaseException] = {one.name: one.problem for one in read if one.problem is not None}
    whole = [one for one in read if one.problem is None]
    if whole:
        options = [f"--wslgo-facts={one.facts}" for one in whole]
        verdicts = judge_targets(folder, "-m", "setup", *options, checks=setup_suites())
        told |= {one.name: replace(verdicts[one.facts.name], seconds=one.seconds) for one in whole}
    return told


def setup_suites() -> list[str]:
    """Return the modules of the book that judge the setup: the others need not be collected for every box."""
    return sorted(path.name for path in SUITES.glob("test_*.py") if path.name.startswith(("test_setup", "test_wsl")))


@dataclass(frozen=True)
class BoxRead:
    """What the collector found in a box, in how many seconds, or the problem to raise in the test of this box."""

    name: str
    facts: Path
    seconds: float
    problem: BaseException | None = None


def read_box(planted: Planted, folder: Path, userlands: Path) -> BoxRead:
    """Read a box by the real collector and store what it found in ``folder``."""
    own = folder / planted.name
    own.mkdir()
    facts = folder / f"{planted.name}.json"
    started = time.monotonic()
    try:
        box = planted.fault.box or Box()
        snapshot = collect(open_box(box, own, userlands, planted.name), subject=box.at(box.subject))
        facts.write_bytes(change(dump(snapshot), planted.fault))
    except (Exception, pytest.skip.Exception, pytest.fail.Exception) as problem:
        return BoxRead(planted.name, facts, time.monotonic() - started, problem)
    return BoxRead(planted.name, facts, time.monotonic() - started)


def walk_in(planted: Planted, folder: Path, userlands: Path) -> int:
    """Open a login shell of the box's user on this terminal; return its status."""
    target = open_box(planted.fault.box or Box(), folder, userlands, planted.name)
    return subprocess.run(target.transport.wrap(["/bin/sh", "-l"]), check=False).returncode
