"""What the processes of a run note of their builds, and what the controller reads of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_wslgo.plugin.progress import building, under_way

if TYPE_CHECKING:
    from pathlib import Path


def test_a_build_is_under_way_for_as_long_as_it_lasts(tmp_path: Path) -> None:
    assert list(under_way(tmp_path, time.time())) == []

    with building(tmp_path, "net, built by go1.26.4"):
        ((what, seconds),) = under_way(tmp_path, time.time() + 12)

    assert what == "net, built by go1.26.4"
    assert 11 < seconds < 20
    assert list(under_way(tmp_path, time.time())) == []


def test_a_build_that_fails_is_not_under_way_either(tmp_path: Path) -> None:
    try:
        with building(tmp_path, "net"):
            raise OSError
    except OSError:
        pass

    assert list(under_way(tmp_path, time.time())) == []
