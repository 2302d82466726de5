"""The public fixtures about where programs run: those of the book on distributions, and the user's own anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo import resources
from pytest_wslgo.errors import DeclaredAbsent
from pytest_wslgo.model.distributions import load_distributions
from pytest_wslgo.plugin.verdicts import CHECK
from pytest_wslgo.target.userland import read_userland
from pytest_wslgo.toolchain.subject import build_programs, read_program
from pytest_wslgo.toolchain.trial import Trials

if TYPE_CHECKING:
    from pytest_wslgo.model.compatibility_subject import SubjectProgram
    from pytest_wslgo.model.distributions import Distribution
    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.model.userland import Userland
    from pytest_wslgo.plugin.stage import Stage
    from pytest_wslgo.target.distros.collection import Distros
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench


class Subject:
    """The user's own ``programs``, the userland ``here``, and the distributions that they ``ship`` to."""

    def __init__(self, programs: tuple[SubjectProgram, ...], here: Userland, ships: tuple[Distribution, ...]) -> None:
        self.programs = programs
        self.here = here
        self.known = load_distributions(resources.DISTRIBUTIONS)
        self._ships = ships

    @property
    def ships(self) -> tuple[Distribution, ...]:
        """The distributions of the key ``ships``; raises DeclaredAbsent when there is no such key."""
        if not self._ships:
            raise DeclaredAbsent(
                'nothing says where you ship to: write ships = ["debian 12", "alpine 3.20"] into wslgo.toml'
            )
        return self._ships


@pytest.fixture
def trials(request: pytest.FixtureRequest, go: Workbench, distros: Distros) -> Trials:
    """Programs tried on every distribution: ``trials.everywhere(go.build("net", cc="gcc"), says=("resolved",))``.

    Each cell is a prediction from the binary's ELF facts, held against what happened, beside a positive control.
    """
    return Trials(distros.all(), go, _evidence(request, "cells"))


@pytest.fixture(scope="session")
def _wslgo_subjects() -> dict[tuple[str, str], Subject]:
    return {}


@pytest.fixture
def subject(
    request: pytest.FixtureRequest,
    _wslgo_stage: Stage,
    _wslgo_subjects: dict[tuple[str, str], Subject],
    target: Target,
    snapshot: Snapshot,
    go: Workbench,
) -> Subject:
    """The programs of ``--wslgo-subject``: a binary as it is, or every main package of a module, built by ``go``.

    They are not run. What is told of them is kept as the check's evidence.
    """
    path = _wslgo_stage.settings.subject
    if path is None or not target.is_local:
        raise DeclaredAbsent(
            "no Go module or program of yours was read here; name one with --wslgo-subject PATH (on the local machine)"
        )
    key = (target.name, go.toolchain.goroot)
    if key not in _wslgo_subjects:
        programs = (
            build_programs(go, str(path), snapshot.login) if path.is_dir() else (read_program(target, str(path)),)
        )
        _wslgo_subjects[key] = Subject(programs, read_userland(target, target.name), _wslgo_stage.settings.ships)
    found = _wslgo_subjects[key]
    _evidence(request, "subject").extend(program.evidence(found.here, found.known) for program in found.programs)
    return found


def _evidence(request: pytest.FixtureRequest, key: str) -> list[dict[str, Any]]:
    check = request.node.stash.get(CHECK, None)
    notes: list[dict[str, Any]] = check.evidence.setdefault(key, []) if check else []
    return notes
