"""A process that serves by being there: what it says first, and that it ends with its input, or by force."""

from __future__ import annotations

import time

from pytest_wslgo.target import process
from pytest_wslgo.target.process import Held
from tests.integration.lab.processes import alive_with


def test_its_first_line_is_heard_and_it_ends_with_its_input() -> None:
    held = Held(["sh", "-c", "echo ok 7; cat >/dev/null # 7423"])
    assert held.first_line(10) == "ok 7"
    held.end()
    assert alive_with("echo ok 7; cat >/dev/null # 7423") == []


def test_it_is_not_waited_for_without_end() -> None:
    held = Held(["sleep", "7424"])
    started = time.monotonic()
    assert held.first_line(0.2) == ""
    assert time.monotonic() - started < 5
    process_deadline, process.HELD_DEADLINE = process.HELD_DEADLINE, 0.2
    try:
        held.end()
    finally:
        process.HELD_DEADLINE = process_deadline
    assert alive_with("7424") == []
