"""Directories: where Go caches, builds and installs, whether it may, and whether programs start there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup.folders import (
    caches_that_run_programs,
    foreign_places,
    foreign_told,
    set_values_of,
    temporary_values,
    values_of,
)
from pytest_wslgo.model.setup.gopath import gopaths, install_target
from pytest_wslgo.model.setup.needs import ROOM_FOR_CACHE, ROOM_TO_BUILD
from pytest_wslgo.model.setup.place import is_absolute, places_of
from pytest_wslgo.model.setup.telling import tell

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.gopath-sane")
def test_every_entry_of_gopath_is_an_absolute_path_of_this_system(snapshot: Snapshot) -> None:
    for gopath in gopaths(snapshot):
        assert not gopath.is_windows, f"{gopath.told}: a path of Windows"
        assert not gopath.with_tilde, f"{gopath.told}: Go expands no ~"
        assert not gopath.relative, f"{gopath.told}: Go refuses the relative {', '.join(gopath.relative)}"


@pytest.mark.claim("setup.gopath-sane")
def test_gopath_is_not_the_sdk(snapshot: Snapshot) -> None:
    for gopath in gopaths(snapshot):
        assert not gopath.is_goroot, f"{gopath.told}: that is GOROOT"


@pytest.mark.claim("setup.gobin-sane")
def test_gobin_is_absolute(snapshot: Snapshot) -> None:
    for gobin in set_values_of(snapshot, "GOBIN"):
        assert is_absolute(gobin), f"{gobin.told}: no absolute path"


@pytest.mark.claim("setup.gobin-sane")
def test_gobin_is_a_directory_that_the_user_can_write(snapshot: Snapshot) -> None:
    for gobin in places_of(snapshot, set_values_of(snapshot, "GOBIN")):
        assert gobin.is_folder, f"{gobin.told}: {gobin.folder.nearest} is no directory"
        assert gobin.writable, gobin.told_access


@pytest.mark.claim("setup.gobin-sane")
def test_programs_in_gobin_can_be_started(snapshot: Snapshot) -> None:
    for gobin in places_of(snapshot, set_values_of(snapshot, "GOBIN")):
        assert gobin.executable, gobin.told_mount


@pytest.mark.claim("setup.gobin-allows-cross")
def test_gobin_is_not_set(snapshot: Snapshot) -> None:
    gobins = set_values_of(snapshot, "GOBIN")
    assert not gobins, f"{tell(gobins)}: `go install` for another platform refuses"


@pytest.mark.claim("setup.install-target-on-path")
def test_installed_programs_are_found_in_a_login_shell(snapshot: Snapshot) -> None:
    target = install_target(snapshot)
    assert target.on_path, target.told


@pytest.mark.claim("setup.gocache-usable")
def test_the_build_cache_is_an_absolute_path(snapshot: Snapshot) -> None:
    for cache in values_of(snapshot, "GOCACHE"):
        assert is_absolute(cache), f"{cache.told}: no absolute path"


@pytest.mark.claim("setup.gocache-usable")
def test_the_build_cache_can_be_written(snapshot: Snapshot) -> None:
    for cache in places_of(snapshot, values_of(snapshot, "GOCACHE")):
        assert cache.is_folder, f"{cache.told}: {cache.folder.nearest} is no directory"
        assert cache.writable, cache.told_access


@pytest.mark.claim("setup.gocache-usable")
def test_the_build_cache_has_room(snapshot: Snapshot) -> None:
    for cache in places_of(snapshot, values_of(snapshot, "GOCACHE")):
        assert cache.has(ROOM_FOR_CACHE), f"{cache.told_room}; a small program takes up to {ROOM_FOR_CACHE.told}"


@pytest.mark.claim("setup.caches-on-linux-fs")
def test_what_go_reads_and_writes_most_lies_on_linux(snapshot: Snapshot) -> None:
    foreign = foreign_places(snapshot)
    assert not foreign, foreign_told(foreign)


@pytest.mark.claim("setup.gomodcache-usable")
def test_the_module_cache_is_an_absolute_path(snapshot: Snapshot) -> None:
    for cache in values_of(snapshot, "GOMODCACHE"):
        assert is_absolute(cache), f"{cache.told}: no absolute path"


@pytest.mark.claim("setup.gomodcache-usable")
def test_the_module_cache_can_be_written(snapshot: Snapshot) -> None:
    for cache in places_of(snapshot, values_of(snapshot, "GOMODCACHE")):
        assert cache.is_folder, f"{cache.told}: {cache.folder.nearest} is no directory"
        assert cache.writable, cache.told_access


@pytest.mark.claim("setup.tmp-usable")
def test_the_directory_in_which_go_builds_is_an_absolute_path(snapshot: Snapshot) -> None:
    for temporary in temporary_values(snapshot):
        assert is_absolute(temporary), f"{temporary.told}: no absolute path"


@pytest.mark.claim("setup.tmp-usable")
def test_the_directory_in_which_go_builds_is_there_and_can_be_written(snapshot: Snapshot) -> None:
    for place in places_of(snapshot, temporary_values(snapshot)):
        assert place.exists, f"{place.told}: it does not exist, and Go does not make it"
        assert place.is_folder, f"{place.told}: it is no directory"
        assert place.writable, place.told_access


@pytest.mark.claim("setup.tmp-executable")
def test_programs_start_where_go_builds(snapshot: Snapshot) -> None:
    for place in places_of(snapshot, temporary_values(snapshot)):
        assert place.executable, place.told_mount


@pytest.mark.claim("setup.tmp-executable")
def test_programs_start_from_the_build_cache(snapshot: Snapshot) -> None:
    for cache in caches_that_run_programs(snapshot):
        assert cache.executable, f"{cache.told_mount}; Go 1.24 and newer start programs from there"


@pytest.mark.claim("setup.tmp-has-space")
def test_there_is_room_where_go_builds(snapshot: Snapshot) -> None:
    for place in places_of(snapshot, temporary_values(snapshot)):
        assert place.has(ROOM_TO_BUILD), f"{place.told_room}; a small program takes up to {ROOM_TO_BUILD.told}"
