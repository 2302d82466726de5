"""The SDK behind the user's go: the one that go belongs to, whole, of one version, of known origin, of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup import clock, sdk, versions

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.goroot-consistent")
def test_goroot_is_the_sdk_of_the_go_that_is_found(snapshot: Snapshot) -> None:
    others = sdk.goroots_of_another_go(snapshot)
    assert not others, "; ".join(others)


@pytest.mark.claim("setup.goroot-consistent")
def test_go_its_compiler_and_its_tree_are_of_one_version(snapshot: Snapshot) -> None:
    differing = sdk.versions_that_differ(snapshot)
    assert not differing, "; ".join(differing)


@pytest.mark.claim("setup.goroot-complete")
def test_goroot_holds_all_that_a_build_needs(snapshot: Snapshot) -> None:
    missing = sdk.missing_parts(snapshot)
    assert not missing, f"{sdk.sdk_of(snapshot).told} lacks {', '.join(missing)}"


@pytest.mark.claim("setup.goroot-unmixed")
def test_goroot_holds_no_file_of_another_version(snapshot: Snapshot) -> None:
    left = sdk.leftovers(snapshot, versions.go_data().gone)
    assert not left, "; ".join(left)


@pytest.mark.claim("setup.installer-known")
def test_the_place_of_the_sdk_tells_where_it_came_from(snapshot: Snapshot) -> None:
    installed = sdk.installed(snapshot)
    assert installed.known, installed.told


@pytest.mark.claim("setup.snap-classic")
def test_a_go_from_a_snap_is_not_confined(snapshot: Snapshot) -> None:
    problem = sdk.snap_problem(snapshot)
    assert problem is None, problem


@pytest.mark.claim("setup.clock")
def test_the_clock_is_not_before_the_sdk_was_made(snapshot: Snapshot) -> None:
    facts = clock.clock_of(snapshot)
    assert not facts.behind, facts.told


@pytest.mark.claim("setup.clock")
def test_the_clock_does_not_go_back(snapshot: Snapshot) -> None:
    facts = clock.clock_of(snapshot)
    assert not facts.jumped, facts.told
