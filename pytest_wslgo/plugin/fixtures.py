"""The public fixtures. Asking for one is the requirement: what cannot be had makes the check not-checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.plugin.stage import STAGE
from pytest_wslgo.plugin.verdicts import CHECK

if TYPE_CHECKING:
    from pytest_wslgo.model.go import GoVersion
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.plugin.stage import Stage
    from pytest_wslgo.target.distros.collection import Distros
    from pytest_wslgo.target.distros.distro import Distro
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench


@pytest.fixture(scope="session")
def _wslgo_stage(request: pytest.FixtureRequest) -> Stage:
    return request.config.stash[STAGE]


@pytest.fixture(scope="session")
def _wslgo_target(request: pytest.FixtureRequest) -> str:
    """The name of the target; every check that needs one runs once for each."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def _wslgo_go(request: pytest.FixtureRequest) -> str:
    """The caller's word for a toolchain; every check that needs one runs once for each."""
    which: str = request.param
    return which


@pytest.fixture(scope="session")
def _wslgo_distro(request: pytest.FixtureRequest) -> str:
    """The name of a distro; every check that needs one runs once for each."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def snapshot(_wslgo_stage: Stage, _wslgo_target: str) -> Snapshot:
    """All facts of the target, read once per run, frozen; also there when a stored snapshot is judged."""
    return _wslgo_stage.snapshot(_wslgo_target)


@pytest.fixture(scope="session")
def platform(snapshot: Snapshot) -> Platform:
    """What the target is: kind (wsl1, wsl2, linux, container), distro, arch, libc, kernel, with the evidence."""
    return snapshot.platform


@pytest.fixture(scope="session")
def go_floor(_wslgo_stage: Stage) -> GoVersion:
    """The oldest Go that the caller supports: `go-floor` of the settings, else the oldest that the Go project does."""
    return _wslgo_stage.settings.go_floor


@pytest.fixture(scope="session")
def target(_wslgo_stage: Stage, _wslgo_target: str) -> Target:
    """The machine under test: run, read, write, put, console, and testinfra's nouns as ``target.host``."""
    return _wslgo_stage.target(_wslgo_target)


@pytest.fixture(scope="session")
def toolchain(_wslgo_stage: Stage, _wslgo_target: str, _wslgo_go: str) -> Toolchain:
    """The Go SDK under test on the target: GOROOT, version, origin."""
    return _wslgo_stage.toolchain(_wslgo_target, _wslgo_go)


@pytest.fixture
def go(request: pytest.FixtureRequest, _wslgo_stage: Stage, _wslgo_target: str, _wslgo_go: str) -> Workbench:
    """The toolchain in a hermetic environment: ``go.build("net", cgo=True)``, ``go.attempt(…)``,
    ``go.go("env")``, and C compilers by ``go.compiler("gcc")``.

    What it runs for a check is kept as that check's evidence.
    """
    workbench = _wslgo_stage.workbench(_wslgo_target, _wslgo_go)
    check = request.node.stash.get(CHECK, None)
    return workbench.recording(check.evidence) if check else workbench


@pytest.fixture
def distros(request: pytest.FixtureRequest, _wslgo_stage: Stage) -> Distros:
    """The Linux userlands of the run, booted when they are asked for: ``distros.all()``, ``distros.get("alpine")``,
    ``distros.with_libc(Libc.MUSL)``; each has a name, a target, a userland and how it was had.

    What a check is given is kept as that check's evidence.
    """
    check = request.node.stash.get(CHECK, None)
    found = _wslgo_stage.distros
    return found.recording(check.evidence.setdefault("distros", [])) if check else found


@pytest.fixture
def distro(distros: Distros, _wslgo_distro: str) -> Distro:
    """One Linux userland, booted; the check runs once for debian, ubuntu, alpine and each that the caller named."""
    return distros.get(_wslgo_distro)
