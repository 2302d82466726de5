"""The user's own module in a snapshot: read in the same round trip, and not changed by it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup.editor import config_files
from pytest_wslgo.model.setup.subject import repository_of
from pytest_wslgo.target.collector import collect
from pytest_wslgo.target.spec import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_wslgo.target.target import Target

NAME = 'my app\'s "é"'


@pytest.fixture
def machine() -> Iterator[Target]:
    target = open_target("local://")
    yield target
    target.close()


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module in a repository, below its top, with an editor's settings at both."""
    if shutil.which("git") is None:
        pytest.skip("no git: install it")
    module = tmp_path / NAME
    for folder, name in ((tmp_path, ".vscode"), (module, ".devcontainer"), (module, ".devcontainer/two")):
        (folder / name).mkdir(parents=True)
    (module / "go.mod").write_text("module example.test/app\n")
    (tmp_path / ".vscode/launch.json").write_text('{ "configurations": [], } // done\n')
    (module / ".devcontainer/two/devcontainer.json").write_text("{}")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, timeout=30)
    return module


def test_git_and_the_editors_files_are_read(machine: Target, module: Path) -> None:
    snapshot = collect(machine, subject=str(module))
    assert snapshot.subject == str(module)
    assert repository_of(snapshot).problem is None
    assert [file.path for file in config_files(snapshot)] == [
        str(module / ".devcontainer/two/devcontainer.json"),
        str(module.parent / ".vscode/launch.json"),
    ]
    assert not [file for file in config_files(snapshot) if file.problem]


def test_reading_changes_nothing_in_the_repository(machine: Target, module: Path) -> None:
    def seen() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in module.parent.rglob("*")}

    before = seen()
    collect(machine, subject=str(module))
    assert seen() == before


def test_without_a_subject_there_is_none(machine: Target) -> None:
    assert collect(machine).subject is None
