"""Go's settings: which program is built, with which flags, from which modules. None works behind the user's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup import goflags, goproxy
from pytest_wslgo.model.setup.build_target import foreign_architectures, foreign_systems
from pytest_wslgo.model.setup.goenv_file import goenv_files_of
from pytest_wslgo.model.setup.modules import dangling_workspaces, modes_off, stray_files
from pytest_wslgo.model.setup.telling import tell

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.goenv-clean")
def test_every_line_of_the_go_env_file_has_an_effect(snapshot: Snapshot) -> None:
    for goenv in goenv_files_of(snapshot):
        assert not goenv.malformed, tell(goenv.malformed)


@pytest.mark.claim("setup.goenv-clean")
def test_the_go_env_file_pins_no_target_sdk_compiler_or_flag(snapshot: Snapshot) -> None:
    for goenv in goenv_files_of(snapshot):
        assert not goenv.pins, tell(goenv.pins)


@pytest.mark.claim("setup.target-is-native")
def test_every_shell_builds_for_its_own_system(snapshot: Snapshot) -> None:
    foreign = foreign_systems(snapshot)
    assert not foreign, tell(foreign)


@pytest.mark.claim("setup.target-is-native")
def test_every_shell_builds_for_its_own_architecture(snapshot: Snapshot) -> None:
    foreign = foreign_architectures(snapshot)
    assert not foreign, tell(foreign)


@pytest.mark.claim("setup.goflags-sane")
def test_go_can_read_goflags(snapshot: Snapshot) -> None:
    refused = goflags.unparsable(snapshot)
    assert not refused, tell(refused)


@pytest.mark.claim("setup.goflags-sane")
def test_goflags_keep_the_way_programs_are_built(snapshot: Snapshot) -> None:
    changed = goflags.changed_modes(snapshot)
    assert not changed, tell(changed)


@pytest.mark.claim("setup.goflags-sane")
def test_goflags_keep_debug_information(snapshot: Snapshot) -> None:
    stripped = goflags.stripped_debug(snapshot)
    assert not stripped, tell(stripped)


@pytest.mark.claim("setup.goflags-sane")
def test_goflags_leave_modules_to_go_mod(snapshot: Snapshot) -> None:
    pinned = goflags.pinned_modules(snapshot)
    assert not pinned, tell(pinned)


@pytest.mark.claim("setup.modules-on")
def test_module_mode_is_not_switched_off(snapshot: Snapshot) -> None:
    off = modes_off(snapshot)
    assert not off, tell(off)


@pytest.mark.claim("setup.modules-on")
def test_a_workspace_that_is_named_is_there(snapshot: Snapshot) -> None:
    dangling = dangling_workspaces(snapshot)
    assert not dangling, f"{tell(dangling)}: there is no such file"


@pytest.mark.claim("setup.modules-on")
def test_no_module_lies_above_all_projects(snapshot: Snapshot) -> None:
    stray = stray_files(snapshot)
    assert not stray, tell(stray)


@pytest.mark.claim("setup.goproxy-valid")
def test_goproxy_is_a_list_that_go_can_read(snapshot: Snapshot) -> None:
    bad = goproxy.bad_proxies(snapshot)
    assert not bad, tell(bad)


@pytest.mark.claim("setup.goproxy-valid")
def test_no_relic_switches_off_checks(snapshot: Snapshot) -> None:
    relics = goproxy.relic_variables(snapshot)
    assert not relics, f"{tell(relics)}: no Go reads it any more"


@pytest.mark.claim("setup.goproxy-valid")
def test_goflags_hold_no_relic_of_early_modules(snapshot: Snapshot) -> None:
    relics = goflags.relics(snapshot)
    assert not relics, tell(relics)
