"""Go's own answer: scripts of its test of the go command, against the toolchain that is installed (`-m upstream`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.workbench import Workbench

TOPICS = ("env", "install", "gobin", "goroot", "cache", "mod", "work", "cgo", "toolchain")


@pytest.mark.parametrize(
    "topic", [pytest.param(topic, marks=pytest.mark.claim(f"upstream.{topic}-scripts-pass")) for topic in TOPICS]
)
def test_the_scripts_of_go_itself_pass(go: Workbench, topic: str) -> None:
    told = go.scripts(topic)
    assert not told.failed, f"of Go's own scripts on {topic}, {told}"
