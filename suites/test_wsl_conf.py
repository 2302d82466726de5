"""/etc/wsl.conf: whether WSL reads all of it, has read it as it stands, and knows what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.effects.machine import (
    conf_not_applied,
    conf_problems,
    kernel_goes_by_another_name,
    package_too_old,
)

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("wsl.version-2")
def test_the_distribution_runs_on_wsl2(snapshot: Snapshot) -> None:
    platform = snapshot.platform
    assert platform.kind is PlatformKind.WSL2, f"this is WSL1: {platform.evidence[0]}"


@pytest.mark.claim("wsl.kernel-says-microsoft")
def test_the_kernel_has_the_name_of_its_wsl(snapshot: Snapshot) -> None:
    other = kernel_goes_by_another_name(snapshot)
    assert other is None, other


@pytest.mark.claim("wsl.conf-parses")
def test_wsl_reads_its_configuration_to_the_end(snapshot: Snapshot) -> None:
    problems = conf_problems(snapshot)
    assert not problems, "; ".join(problems)


@pytest.mark.claim("wsl.conf-applied")
def test_the_configuration_is_the_one_that_wsl_has_read(snapshot: Snapshot) -> None:
    late = conf_not_applied(snapshot)
    assert late is None, late


@pytest.mark.claim("wsl.package-version")
def test_the_wsl_package_knows_what_its_configuration_asks_for(snapshot: Snapshot) -> None:
    unknown = package_too_old(snapshot)
    assert not unknown, "; ".join(unknown)
