"""Keeps pytest's rootdir where the caller stands, however the options are written.

pytest looks for its rootdir before it loads plugins, hence before it knows their options: in ``--wslgo-go DIR`` it
takes DIR for a path to test, makes it the rootdir, and would write its cache into the user's SDK
(https://github.com/pytest-dev/pytest/issues/8846). ``--wslgo-go=DIR`` is safe.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TAKES_PATH = frozenset(
    f"--wslgo-{name}"
    for name in ("go", "subject", "waivers", "ledger", "html", "sarif", "prometheus", "save-facts", "facts")
)


def run_with_joined_options(config: pytest.Config) -> int | pytest.ExitCode | None:
    """Run pytest anew with options and values joined, and return its status; None when nothing misleads pytest."""
    given = tuple(config.invocation_params.args)
    folder = config.invocation_params.dir
    if not any(option in _TAKES_PATH and (folder / value).exists() for option, value in pairwise(given)):
        return None
    return pytest.main(joined(given), plugins=list(config.invocation_params.plugins or ()))


def joined(args: Sequence[str | Path]) -> list[str]:
    """Return the arguments with each option that takes a path joined to its value.

    >>> joined(["--wslgo", "--wslgo-go", "/usr/local/go", "-q"])
    ['--wslgo', '--wslgo-go=/usr/local/go', '-q']
    """
    words = [str(arg) for arg in args]
    result: list[str] = []
    while words:
        word = words.pop(0)
        result.append(f"{word}={words.pop(0)}" if word in _TAKES_PATH and words else word)
    return result
