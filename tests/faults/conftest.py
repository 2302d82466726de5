"""Judges all boxes of a run at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.lab import Planted, judge_boxes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.runs import Verdicts


@pytest.fixture(scope="session")
def userlands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the userlands of all boxes of this run stand."""
    return tmp_path_factory.mktemp("userlands")


@pytest.fixture(scope="session")
def judged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, userlands: Path
) -> dict[str, Verdicts | BaseException]:
    """What the book says of the box of every selected test."""
    params = (getattr(item, "callspec", None) for item in request.session.items)
    planted = {one.name: one for call in params if call and isinstance(one := call.params.get("planted"), Planted)}
    return judge_boxes(planted.values(), tmp_path_factory.mktemp("boxes"), userlands)


@pytest.fixture
def verdicts(planted: Planted, judged: dict[str, Verdicts | BaseException]) -> Verdicts:
    """What the book says of the box of this test."""
    told = judged[planted.name]
    if isinstance(told, BaseException):
        raise told
    return told
