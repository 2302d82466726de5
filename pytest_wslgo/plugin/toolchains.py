"""Public fixtures about Go's versions: the SDKs side by side, and what the Go under test says where versions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.by_version import load_rows, texts_of
from pytest_wslgo.resources import VERSIONS
from pytest_wslgo.toolchain.several import Toolchains, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_wslgo.plugin.stage import Stage
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain


@pytest.fixture(scope="session")
def toolchains(_wslgo_stage: Stage, _wslgo_target: str, target: Target) -> Toolchains:
    """The SDKs of the target side by side: those that ``--wslgo-go`` names, and where these are of one version, the
    others that stand in the usual places. ``toolchains.of_another_minor(toolchain)`` is the one that a check needs.
    """
    return side_by_side(target, _named(_wslgo_stage, _wslgo_target))


def _named(stage: Stage, target: str) -> Iterator[Toolchain]:
    for which in stage.settings.go:
        try:
            yield stage.toolchain(target, which)
        except WslgoError:
            continue


@pytest.fixture(scope="session")
def texts(toolchain: Toolchain) -> Mapping[str, str]:
    """What the Go under test says where Go's versions differ, by row of ``suites/versions.toml``."""
    return texts_of(load_rows(VERSIONS), toolchain.version)
