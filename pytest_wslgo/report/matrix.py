"""The compatibility matrix of a run: which program starts on which distribution, predicted and tried.

Each check that tries a binary leaves its cells as evidence (``cells``); put together they are one picture per target,
whichever process of the run tried them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.report.result import RunResult


class Shade(StrEnum):
    """What a cell shows: the program starts, is refused as predicted, or does not do what was predicted."""

    STARTS = "starts"
    REFUSED = "refused"
    SURPRISE = "surprise"


@dataclass(frozen=True, slots=True)
class Cell:
    """One binary on one distribution.

    ``build`` says how it was built, ``userland`` what the distribution is (``alpine 3.20, musl 1.2.5``), ``predicted``
    and ``happened`` are mechanisms in words (``starts``, ``loader-missing``), ``why`` is the clause that explains it.
    """

    program: str
    build: str
    distro: str
    userland: str
    predicted: str
    happened: str
    why: str
    agrees: bool

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Cell:
        """Return the cell that a check noted."""
        return cls(**{name: told[name] for name in cls.__dataclass_fields__})

    @property
    def shade(self) -> Shade:
        """What the cell shows."""
        if not self.agrees:
            return Shade.SURPRISE
        return Shade.STARTS if self.happened == "starts" else Shade.REFUSED

    @property
    def text(self) -> str:
        """The few words inside the cell."""
        if self.shade is Shade.SURPRISE:
            return f"{self.happened}!"
        return self.happened


@dataclass(frozen=True)
class Matrix:
    """All cells of one target; rows are builds, columns distributions, both in the order in which they were tried."""

    target: str
    cells: tuple[Cell, ...]

    @cached_property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Program and build of each row, the builds of one program together."""
        found = dict.fromkeys((cell.program, cell.build) for cell in self.cells)
        programs = list(dict.fromkeys(program for program, _ in found))
        return tuple(sorted(found, key=lambda row: programs.index(row[0])))

    @cached_property
    def distros(self) -> tuple[tuple[str, str], ...]:
        """Name and userland of each column."""
        return tuple(dict.fromkeys((cell.distro, cell.userland) for cell in self.cells))

    @cached_property
    def _places(self) -> dict[tuple[tuple[str, str], str], Cell]:
        return {((cell.program, cell.build), cell.distro): cell for cell in self.cells}

    def at(self, row: tuple[str, str], distro: str) -> Cell | None:
        """Return a cell, None where the program was not tried."""
        return self._places.get((row, distro))

    @property
    def agreeing(self) -> int:
        """How many cells did what was predicted."""
        return sum(cell.agrees for cell in self.cells)


def matrix_of(target: str, cells: Iterable[Cell]) -> Matrix:
    """Return the matrix of a target from cells in the order in which they were tried, each once."""
    return Matrix(target, tuple(dict.fromkeys(cells)))


def matrices_of(run: RunResult) -> tuple[Matrix, ...]:
    """Return the matrix of each target of the run that tried any program, in the order of the targets."""
    found: dict[str, list[Cell]] = {}
    for verdict in run.gate.verdicts:
        cells = found.setdefault(verdict.target, [])
        for evidence in verdict.evidence.values():
            cells += map(Cell.of, evidence.get("cells", ()))
    return tuple(matrix_of(target, cells) for target, cells in found.items() if cells)
