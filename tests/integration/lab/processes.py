"""See in /proc whether a process of a test is still alive, and wait for what must come, with a bound."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def alive_with(word: str) -> list[str]:
    """Return the command lines of the living processes on this kernel that have ``word`` among their arguments."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        if word in words:
            found.append(f"{entry.name}: {' '.join(words)}")
    return found


def wait_until(holds: Callable[[], object], *, seconds: float = 10.0, what: str) -> None:
    """Return as soon as ``holds()`` is true; raise TimeoutError, naming ``what``, after ``seconds``."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"after {seconds:g} s still not: {what}")
        time.sleep(0.02)


def descendants(pid: int) -> list[int]:
    """Return the pids of all that ``pid`` started and that is still alive, directly or not."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def title(pid: int) -> str:
    """Return what a process calls itself, or "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ").strip()
    except OSError:
        return ""
