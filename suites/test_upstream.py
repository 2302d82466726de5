"""Go's own answer: scripts of its test of the go command, against the toolchain that is installed (`-m upstream`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.workbench import Workbench

TOPICS = [
    pytest.param("env", marks=pytest.mark.claim("upstream.env-scripts-pass")),
    pytest.param("install", marks=pytest.mark.claim("upstream.install-scripts-pass")),
    pytest.param("gobin", marks=pytest.mark.claim("upstream.gobin-scripts-pass")),
    pytest.param("goroot", marks=pytest.mark.claim("upstream.goroot-scripts-pass")),
    pytest.param("cache", marks=pytest.mark.claim("upstream.cache-scripts-pass")),
    pytest.param("mod", marks=pytest.mark.claim("upstream.mod-scripts-pass")),
    pytest.param("work", marks=pytest.mark.claim("upstream.work-scripts-pass")),
    pytest.param("cgo", marks=pytest.mark.claim("upstream.cgo-scripts-pass")),
    pytest.param("toolchain", marks=pytest.mark.claim("upstream.toolchain-scripts-pass")),
]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_scripts_of_go_itself_pass(go: Workbench, topic: str) -> None:
    told = go.scripts(topic)
    assert not told.failed, f"of Go's own scripts on {topic}, {told}"
