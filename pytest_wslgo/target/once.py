"""Do a thing once per run, however many processes ask for it.

xdist workers share one directory on the controller; a file lock there makes all but one wait, and the stored result
is what they get. The kernel drops the lock of a process that dies, so a crashed holder never blocks the others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pytest_wslgo.errors import DeadlineExceeded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Once:
    """Results of this run by key, in memory and in ``directory`` (local to the controller, shared by its workers)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[str, bytes] = {}

    def __call__(self, key: str, make: Callable[[], bytes], *, patience: float) -> bytes:
        """Return the result stored for ``key``, or what ``make`` returns, stored.

        ``patience`` bounds the wait for another process, in seconds. What ``make`` raises is not stored.
        Raises DeadlineExceeded when another process holds the key longer than that.
        """
        if key not in self._known:
            self._known[key] = self._shared(key, make, patience)
        return self._known[key]

    def _shared(self, key: str, make: Callable[[], bytes], patience: float) -> bytes:
        stored = self._directory / hashlib.sha256(key.encode()).hexdigest()[:32]
        if stored.exists():
            return stored.read_bytes()
        from filelock import FileLock, Timeout  # costs 20 ms, and most calls need no lock

        self._directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{stored}.lock", timeout=patience)
        try:
            with lock:
                return stored.read_bytes() if stored.exists() else _written(stored, make())
        except Timeout:
            message = (
                f"Waited {patience:g} s for another process of this run that makes the same ({key[:120]}); "
                f"it holds {stored}.lock. Look for a hanging worker, or run again without -n."
            )
            raise DeadlineExceeded(message) from None


def _written(stored: Path, data: bytes) -> bytes:
    draft = stored.with_suffix(".new")
    draft.write_bytes(data)
    draft.replace(stored)
    return data
