"""Writes a report's file in one step, so that no reader meets half of it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


def write_report(path: Path, text: str, what: str) -> None:
    """Write ``text`` to ``path``; ``what`` opens the sentence when that fails (``the ledger``).

    A pipe or a device (``/dev/stdout``) is written to as it is; it must not be replaced by a file.

    Raises:
        BadInput: the file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot write {what} {path}: {getattr(error, 'strerror', None) or error}") from None


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
