"""What a session on WSL has of Windows: its windows (WSLg), its variables, and drives below a Go build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.wsl.effects.drives import build_on_windows
from pytest_wslgo.model.wsl.effects.session import crossed_over, wslg_differs
from pytest_wslgo.model.wsl.effects.start_up import wslg_set_by_files

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("wsl.wslg")
def test_the_variables_and_sockets_of_wslg_are_there(snapshot: Snapshot) -> None:
    found = wslg_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.wslg-from-init")
def test_no_start_up_file_sets_what_wsl_sets_itself(snapshot: Snapshot) -> None:
    found = wslg_set_by_files(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.env-boundary")
def test_no_setting_of_go_crossed_over_from_windows(snapshot: Snapshot) -> None:
    found = crossed_over(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.drvfs-free-build")
def test_nothing_that_a_build_touches_lies_on_a_windows_drive(snapshot: Snapshot) -> None:
    found = build_on_windows(snapshot)
    assert not found, "; ".join(found)
