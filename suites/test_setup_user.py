"""The user: his home, his own programs, and the limits that his shells give to what they start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.setup.home import home_places, home_settings, homes, local_bins
from pytest_wslgo.model.setup.limits import limits_seen
from pytest_wslgo.model.setup.needs import LIMITS
from pytest_wslgo.model.setup.place import is_absolute

if TYPE_CHECKING:
    from pytest_wslgo.model.setup.needs import Need
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("setup.home-set")
def test_every_shell_has_an_absolute_home(snapshot: Snapshot) -> None:
    for home in home_settings(snapshot):
        assert home.value, f"HOME is not set in {home.place}"
        assert is_absolute(home), f"{home.told}: no absolute path"


@pytest.mark.claim("setup.home-set")
def test_home_is_a_directory_that_is_there(snapshot: Snapshot) -> None:
    for home in home_places(snapshot):
        assert home.exists, f"{home.told}: it does not exist"
        assert home.is_folder, f"{home.told}: it is no directory"


@pytest.mark.claim("setup.home-set")
def test_home_is_the_users_own(snapshot: Snapshot) -> None:
    for home in homes(snapshot):
        assert home.is_the_users, home.told


@pytest.mark.claim("setup.local-bin-owned")
def test_local_bin_belongs_to_the_user(snapshot: Snapshot) -> None:
    for local_bin in local_bins(snapshot):
        assert local_bin.is_the_users, local_bin.told


@pytest.mark.claim("setup.local-bin-owned")
def test_the_user_alone_can_write_to_local_bin(snapshot: Snapshot) -> None:
    for local_bin in local_bins(snapshot):
        assert local_bin.owner_can_write, local_bin.told
        assert not local_bin.world_writable, f"{local_bin.told}: everybody can put programs there"


@pytest.mark.claim("setup.limits")
@pytest.mark.parametrize("need", LIMITS, ids=lambda need: need.name.removeprefix("Max ").replace(" ", "-"))
def test_limits_leave_go_what_it_needs(snapshot: Snapshot, need: Need) -> None:
    for limit in limits_seen(snapshot, need):
        assert limit.suffices, limit.told
