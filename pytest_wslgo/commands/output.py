"""How a command prints."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def width() -> int:
    """Return the width of the terminal, 120 columns at the most."""
    return min(shutil.get_terminal_size().columns, 120)


def put(lines: Iterable[str]) -> None:
    """Write lines to standard output; a reader that leaves (``| head``) ends the writing, not the judging."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n".encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def put_json(value: dict[str, Any]) -> None:
    """Write JSON to standard output."""
    put([json.dumps(value, indent=1, ensure_ascii=False)])
