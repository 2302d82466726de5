"""Which Go the user's shells find; whether it is a program of this machine, runs, is the only one and young enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup import go_command, path, policy, rivals, running, versions

if TYPE_CHECKING:
    from pytest_wslgo.model.go import GoVersion
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.shells-start")
def test_every_shell_comes_to_the_end_of_its_start_up_files(snapshot: Snapshot) -> None:
    unfinished = go_command.unfinished_shells(snapshot)
    assert not unfinished, "; ".join(unfinished)


@pytest.mark.claim("setup.go-on-path")
def test_the_login_shell_finds_go(snapshot: Snapshot) -> None:
    go = go_command.go_in(snapshot, "login")
    assert go.path, go.told


@pytest.mark.claim("setup.go-in-every-shell")
def test_every_shell_finds_the_same_go(snapshot: Snapshot) -> None:
    differing = go_command.shells_that_differ(snapshot)
    assert differing is None, differing


@pytest.mark.claim("setup.go-in-every-shell")
@pytest.mark.parametrize("shell", go_command.SHELLS)
def test_no_alias_hides_go(snapshot: Snapshot, shell: str) -> None:
    go_command.any_go(snapshot)
    go = go_command.go_in(snapshot, shell)
    assert go.hidden is None, go.told


@pytest.mark.claim("setup.go-is-native")
def test_the_go_of_every_shell_is_a_program_of_this_machine(snapshot: Snapshot) -> None:
    problems = go_command.foreign_gos(snapshot)
    assert not problems, "; ".join(problems)


@pytest.mark.claim("setup.go-runs")
def test_go_version_names_this_platform(snapshot: Snapshot) -> None:
    go = running.asked_go(snapshot)
    assert go.problem is None, go.problem


@pytest.mark.claim("setup.one-go")
def test_no_other_go_is_on_the_path(snapshot: Snapshot) -> None:
    gos = rivals.gos_on_path(snapshot)
    assert not gos.others, gos.told


@pytest.mark.claim("setup.go-supported")
def test_go_is_one_of_the_supported_releases(snapshot: Snapshot, go_floor: GoVersion) -> None:
    age = versions.age_of(snapshot, go_floor)
    assert age.supported, age.told


@pytest.mark.claim("setup.path-clean")
def test_no_entry_before_go_is_there_twice(snapshot: Snapshot) -> None:
    repeated = path.path_head(snapshot).repeated
    assert not repeated.entries, repeated.told


@pytest.mark.claim("setup.path-clean")
def test_every_entry_before_go_is_absolute(snapshot: Snapshot) -> None:
    relative = path.path_head(snapshot).relative
    assert not relative.entries, relative.told


@pytest.mark.claim("setup.path-clean")
def test_no_entry_before_go_is_empty(snapshot: Snapshot) -> None:
    empty = path.path_head(snapshot).empty
    assert not empty.entries, empty.told


@pytest.mark.claim("setup.path-clean")
def test_every_entry_before_go_is_a_directory(snapshot: Snapshot) -> None:
    missing = path.path_head(snapshot).missing
    assert not missing.entries, missing.told


@pytest.mark.claim("setup.path-clean")
def test_entries_of_windows_come_after_go(snapshot: Snapshot) -> None:
    on_windows = path.path_head(snapshot).on_windows
    assert not on_windows.entries, on_windows.told


@pytest.mark.claim("setup.toolchain-policy")
def test_gotoolchain_is_a_value_that_go_takes(snapshot: Snapshot) -> None:
    setting = policy.toolchain_policy(snapshot)
    assert setting.problem is None, setting.told


@pytest.mark.claim("setup.experiments-off")
def test_goexperiment_names_what_this_go_knows(snapshot: Snapshot) -> None:
    setting = policy.experiments(snapshot)
    assert setting.problem is None, setting.told


@pytest.mark.claim("setup.experiments-off")
def test_godebug_names_what_go_knows(snapshot: Snapshot) -> None:
    data = versions.go_data()
    setting = policy.debug_settings(snapshot, data.godebug, data.newest)
    assert setting.problem is None, setting.told


@pytest.mark.claim("setup.cpu-level")
def test_the_cpu_has_the_level_that_go_builds_for(snapshot: Snapshot) -> None:
    setting = policy.cpu_level(snapshot)
    assert setting.problem is None, setting.told
