"""What is being built, while it is: a cold build takes minutes, and dots that stand still tell nothing.

Every process of the run notes the build that it is at in the run directory; the controller tells the slow ones.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.redaction import mask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOLDER = "building"
_SLOW = 5.0
_AGAIN = 20.0
_LOOK = 1.0


@contextmanager
def building(run_dir: Path, what: str) -> Iterator[None]:
    """Note that this process builds ``what``, for as long as the context lasts."""
    note = run_dir / _FOLDER / str(os.getpid())
    note.parent.mkdir(exist_ok=True)
    note.write_text(what, encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def under_way(run_dir: Path, now: float) -> Iterator[tuple[str, float]]:
    """Yield what the processes of the run are building, and for how many seconds at ``now`` (epoch)."""
    folder = run_dir / _FOLDER
    for note in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            yield note.read_text(encoding="utf-8"), now - note.stat().st_mtime
        except FileNotFoundError:
            continue


class Progress:
    """Tells on the terminal which builds take long, once they do and then now and again."""

    def __init__(self, config: pytest.Config, run_dir: Path) -> None:
        self._config = config
        self._run_dir = run_dir
        self._done = threading.Event()
        self._told: dict[str, float] = {}
        self._thread = threading.Thread(target=self._watch, name="wslgo-progress", daemon=True)

    def pytest_sessionstart(self) -> None:
        self._thread.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._stop()

    def pytest_unconfigure(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        while reporter is not None and not self._done.wait(_LOOK):
            for what, seconds in under_way(self._run_dir, time.time()):
                if seconds >= _SLOW and seconds - self._told.get(what, -_AGAIN) >= _AGAIN:
                    self._told[what] = seconds
                    reporter.write_line(mask(f"building {what} ({seconds:.0f} s so far)"))
