"""Go's own scripts where they cannot be run: an SDK without them, as some distributions pack it, and a broken one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import MissingTool, WslgoError
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """The embedded go at work on an SDK that holds nothing else."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    (tmp_path / "sdk").mkdir()
    with open_target("local://", run_id="upstream") as target:
        toolchain = replace(find_toolchain("embedded", target), goroot=str(tmp_path / "sdk"))
        yield Workbench(target, toolchain, tmp_path / "run")


def test_an_sdk_without_scripts_is_told_with_what_to_install(bench: Workbench) -> None:
    with pytest.raises(MissingTool) as caught:
        bench.scripts("env")
    assert str(caught.value) == (
        f"{bench.toolchain.goroot} on target {bench.target.name} has no src/cmd/go/testdata/script, as packages of some"
        " distributions: install the package of Go's sources, or an SDK of https://go.dev/dl/."
    )


def test_an_sdk_whose_test_cannot_be_built_is_told_with_what_go_said(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "sdk/src/cmd/go/testdata/script").mkdir(parents=True)
    (tmp_path / "go").write_text("#!/bin/sh\necho no such package >&2\nexit 1\n")
    (tmp_path / "go").chmod(0o755)
    bench.toolchain = replace(bench.toolchain, go=str(tmp_path / "go"))
    with pytest.raises(WslgoError) as caught:
        bench.scripts("env")
    expected = f"{bench.toolchain.goroot} does not build the test of its own go command: no such package"
    assert str(caught.value) == expected
