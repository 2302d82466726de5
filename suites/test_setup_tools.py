"""The tools beside Go: the C compiler of cgo, git, Delve, and what the user's own module tells an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup import cgo_flags, compilers, editor
from pytest_wslgo.model.setup.debugger import debugger_of
from pytest_wslgo.model.setup.subject import git_of, repository_of
from pytest_wslgo.model.setup.telling import tell

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.cc-targets-linux")
def test_where_cgo_is_asked_for_its_compiler_is_there(snapshot: Snapshot) -> None:
    missing = compilers.missing_compilers(snapshot)
    assert not missing, tell(missing)


@pytest.mark.claim("setup.cc-targets-linux")
def test_the_compiler_of_cgo_compiles_for_this_machine(snapshot: Snapshot) -> None:
    foreign = compilers.foreign_compilers(snapshot)
    assert not foreign, tell(foreign)


@pytest.mark.claim("setup.cgo-flags-sane")
def test_the_flags_of_cgo_can_be_read(snapshot: Snapshot) -> None:
    unparsable = cgo_flags.unparsable(snapshot)
    assert not unparsable, tell(unparsable)


@pytest.mark.claim("setup.cgo-flags-sane")
def test_the_flags_of_cgo_hold_no_path_of_windows(snapshot: Snapshot) -> None:
    windows = cgo_flags.windows_paths(snapshot)
    assert not windows, tell(windows)


@pytest.mark.claim("setup.cgo-flags-sane")
def test_the_flags_of_cgo_hold_no_path_of_another_machine(snapshot: Snapshot) -> None:
    foreign = cgo_flags.foreign_paths(snapshot)
    assert not foreign, tell(foreign)


@pytest.mark.claim("setup.git-usable")
def test_git_is_there(snapshot: Snapshot) -> None:
    assert git_of(snapshot)


@pytest.mark.claim("setup.git-usable")
def test_git_answers_for_the_repository_of_the_subject(snapshot: Snapshot) -> None:
    repository = repository_of(snapshot)
    assert not repository.problem, repository.told


@pytest.mark.claim("setup.debugger-matches")
def test_delve_supports_this_go(snapshot: Snapshot) -> None:
    debugger = debugger_of(snapshot)
    assert not debugger.problem, debugger.told


@pytest.mark.claim("setup.editor-config")
def test_an_editor_can_read_the_settings_of_the_subject(snapshot: Snapshot) -> None:
    unreadable = editor.unreadable(snapshot)
    assert not unreadable, tell(unreadable)


@pytest.mark.claim("setup.editor-config")
def test_the_editors_settings_hold_no_path_of_windows(snapshot: Snapshot) -> None:
    windows = editor.windows_entries(snapshot)
    assert not windows, tell(windows)


@pytest.mark.claim("setup.editor-config")
def test_the_dev_container_does_not_contradict_its_libc(snapshot: Snapshot) -> None:
    contradictions = editor.cgo_contradictions(snapshot)
    assert not contradictions, tell(contradictions)
