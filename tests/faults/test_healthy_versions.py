"""The chapter on Go's places refutes nothing on any Go of the tests: where versions differ, data says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.runs import HEALTHY, judge
from tests.sdks import sdk_at, sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHAPTER = (
    "test_go_install.py",
    "test_go_install_rights.py",
    "test_goenv.py",
    "test_goroot.py",
    "test_install.py",
    "test_toolchains.py",
)
SDKS = {
    "go1.22.10": lambda: sdk_of_wheel("1.22.10"),
    "go1.24.11": lambda: sdk_of_wheel("1.24.11"),
    "debian": lambda: sdk_at("/usr/lib/go-1.19", "golang-1.19-go"),
    "tarball": lambda: sdk_at("/usr/local/go", "the archive of https://go.dev/dl/"),
}


@pytest.mark.parametrize("name", SDKS)
def test_the_chapter_on_places_refutes_nothing(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    verdicts = judge(tmp_path, f"--wslgo-go={SDKS[name]()}", checks=CHAPTER)
    assert verdicts.refuted == set(), verdicts.output
    assert not verdicts.broken
    assert "verified" in verdicts.of.values(), verdicts.output
    record_property(HEALTHY, f"places-{name}")
