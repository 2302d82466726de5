"""Once per run: in a process, between processes, and when the one that works dies."""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import DeadlineExceeded
from pytest_wslgo.target.once import Once

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 30.0


def test_a_result_is_made_once_and_shared(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"result"

    once = Once(tmp_path / "run")
    assert [once("k", make, patience=PATIENCE), once("k", make, patience=PATIENCE)] == [b"result"] * 2
    assert Once(tmp_path / "run")("k", make, patience=PATIENCE) == b"result"
    assert made == [1]


def test_threads_wait_for_one_another(tmp_path: Path) -> None:
    made: list[int] = []
    together = threading.Barrier(4, timeout=PATIENCE)

    def make() -> bytes:
        made.append(1)
        return b"result"

    def ask() -> None:
        together.wait()
        Once(tmp_path)("k", make, patience=PATIENCE)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert made == [1]


def test_an_error_is_not_stored(tmp_path: Path) -> None:
    once = Once(tmp_path)

    def fail() -> bytes:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        once("k", fail, patience=PATIENCE)
    assert once("k", lambda: b"now", patience=PATIENCE) == b"now"


def test_a_process_that_dies_while_it_works_blocks_nobody(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_inside, args=(tmp_path,))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 7
    assert Once(tmp_path)("k", lambda: b"after", patience=PATIENCE) == b"after"


def _die_inside(directory: Path) -> None:
    Once(directory)("k", lambda: os._exit(7), patience=PATIENCE)


def test_the_wait_has_an_end_and_says_for_what(tmp_path: Path) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> bytes:
        held.set()
        release.wait(PATIENCE)
        return b"late"

    holder = threading.Thread(target=Once(tmp_path), args=("net k", hold), kwargs={"patience": PATIENCE})
    holder.start()
    try:
        assert held.wait(PATIENCE)
        with pytest.raises(DeadlineExceeded, match=r"Waited 0.2 s for another process .*\(net k\); it holds .*\.lock"):
            Once(tmp_path)("net k", lambda: b"never", patience=0.2)
    finally:
        release.set()
        holder.join(PATIENCE)
