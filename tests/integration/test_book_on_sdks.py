"""The chapters whose truth differs between Go versions, judged with real SDKs of several: they refute nothing.

The newest is judged, with the whole book, in tests/faults.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.resources import SUITES
from tests.sdks import sdk_at, sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHAPTERS = ("test_buildmodes.py", "test_compilers.py", "test_libraries.py")
SDKS = [
    pytest.param(lambda: sdk_at("/usr/lib/go-1.19", "golang-1.19-go"), id="go1.19"),
    pytest.param(lambda: sdk_of_wheel("1.22.10"), id="go1.22.10"),
    pytest.param(lambda: sdk_of_wheel("1.24.11"), id="go1.24.11"),
]


@pytest.mark.parametrize("sdk", SDKS)
def test_build_modes_and_compilers_are_as_told_for_this_version(sdk: Callable[[], Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.json"
    argv = [sys.executable, "-m", "pytest", "--wslgo", f"--wslgo-go={sdk()}", f"--wslgo-ledger={ledger}"]
    argv += ["--noconftest", "-p", "no:cacheprovider", *(str(SUITES / chapter) for chapter in CHAPTERS)]
    run = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False)
    assert ledger.exists(), run.stdout + run.stderr
    told = {one["claim"]: (one["verdict"], one["reason"]) for one in json.loads(ledger.read_text())["verdicts"]}
    wrong = {claim for claim, (verdict, reason) in told.items() if verdict == "refuted" or reason == "error"}
    assert wrong == set(), run.stdout
    assert told["buildmode.suffix-does-not-choose"] == ("verified", None), run.stdout
