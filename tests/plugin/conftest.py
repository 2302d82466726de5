"""Runs of the plugin in a project of its own, each in a process of its own, with the ledger that it wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ledgers import stored_ledger

CLAIM = "linking.cgo-off-is-static"
"""A critical claim that the devbox profile requires."""

OPTIONAL_CLAIM = "linking.static-glibc-warns"
"""A claim that the devbox profile does not require."""


@dataclass(frozen=True)
class Run:
    """What one run of pytest did."""

    status: int
    output: str
    ledger: dict[str, Any] | None

    def verdict(self, claim: str = CLAIM) -> dict[str, Any]:
        """The ledger's entry for a claim."""
        assert self.ledger is not None, self.output
        return next(entry for entry in self.ledger["verdicts"] if entry["claim"] == claim)


RunWslgo = Callable[..., Run]


@pytest.fixture
def run_wslgo(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunWslgo:
    """Run ``pytest --wslgo --wslgo-ledger=… ARGS`` in an empty project, in the locale C.UTF-8."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*args: str, wslgo: bool = True) -> Run:
        ledger = pytester.path / "ledger.json"
        switches = ("--wslgo", f"--wslgo-ledger={ledger}") if wslgo else ()
        result = pytester.runpytest_subprocess(*switches, *args, timeout=120)
        output = f"{result.stdout.str()}\n{result.stderr.str()}"
        return Run(int(result.ret), output, stored_ledger(ledger) if ledger.exists() else None)

    return run


WriteCheck = Callable[..., Path]


@pytest.fixture
def write_check(pytester: pytest.Pytester) -> WriteCheck:
    """Write ``test_own.py`` with one check of a claim, from the statements of its body."""

    def write(body: str, *, claim: str = CLAIM, fixtures: str = "target", decorators: str = "") -> Path:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        text = f"import pytest\n\n{decorators}\n@pytest.mark.claim({claim!r})\ndef test_own({fixtures}):\n{lines}\n"
        return pytester.makepyfile(test_own=text)

    return write
