"""Try a binary on distributions: each cell is a prediction from its ELF facts, held against what really happened.

A cell has a positive control: a static program of the same toolchain, started in the same place the same way. Without
it "not found" could as well mean that nothing starts there (a mount with noexec, another machine, a broken root).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_wslgo.errors import MissingTool, NoPrivilege, Waits, WslgoError
from pytest_wslgo.model.compatibility import Mechanism, Prediction, in_one_sentence, predict
from pytest_wslgo.model.compatibility_texts import Happening, what_happened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_wslgo.model.libc import Libc
    from pytest_wslgo.model.userland import Userland
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.workbench import Workbench

_SHOWN: Final = 300
_REFUSED: Final = 125  # by the program otheretc of fixtures/modules


class Place(Protocol):
    """Where a program is tried: a distribution."""

    @property
    def name(self) -> str:
        """The caller's word for it."""

    @property
    def target(self) -> Target:
        """The machine, open."""

    @property
    def userland(self) -> Userland:
        """Its facts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One program on one distribution; ``said`` is how it ended, in words."""

    program: str
    build: str
    distro: str
    userland: Userland
    prediction: Prediction
    happening: Happening
    said: str

    @property
    def agrees(self) -> bool:
        """Whether what happened is what was predicted, mechanism for mechanism."""
        return self.happening.agrees_with(self.prediction)

    @property
    def title(self) -> str:
        """The distribution in a sentence: ``alpine 3.20.3``, or the caller's word where it does not say what it is."""
        return " ".join(filter(None, (self.userland.distro, self.userland.release))) or self.distro

    def explain(self) -> str:
        """Say what was predicted and what happened."""
        predicted = "it starts" if self.prediction.starts else self.prediction.why
        return f"{self.program} ({self.build}) on {self.title}: predicted: {predicted}; in fact it {self.said}"

    def evidence(self) -> dict[str, Any]:
        """Return it as plain data, as the reports draw it."""
        return {
            "program": self.program,
            "build": self.build,
            "distro": self.distro,
            "userland": self.userland.describe(),
            "predicted": str(self.prediction.mechanism),
            "happened": str(self.happening.mechanism),
            "why": self.prediction.why if self.agrees else self.said,
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """One program on several distributions."""

    what: str
    cells: tuple[Cell, ...]

    @property
    def as_predicted(self) -> bool:
        """Whether every cell agrees, and there is one."""
        return bool(self.cells) and all(cell.agrees for cell in self.cells)

    @property
    def starts_everywhere(self) -> bool:
        """Whether the program started on each of the distributions, as predicted, and there is one."""
        return self.as_predicted and self.mechanisms == {Mechanism.STARTS}

    @property
    def mechanisms(self) -> set[Mechanism]:
        """What happened, over all cells."""
        return {cell.happening.mechanism for cell in self.cells}

    def explain(self) -> str:
        """Say in one sentence where it runs, where not and why; first, where it did not do what was predicted."""
        surprises = [f"on {cell.title} {_told(cell)}" for cell in self.cells if not cell.agrees]
        expected = [(cell.title, cell.prediction) for cell in self.cells if cell.agrees]
        parts = surprises + ([in_one_sentence(expected)] if expected or not surprises else [])
        return f"{self.what}: {'; '.join(parts)}"


def _told(cell: Cell) -> str:
    predicted = "it should start" if cell.prediction.starts else f"it should not start ({cell.prediction.why})"
    return f"{predicted}, but it {cell.said}"


class Trials:
    """Tries binaries on ``places``; the control is a static program by ``go``.

    Each cell is noted in ``notes``, as plain data, when it is judged.
    """

    def __init__(self, places: Iterable[Place], go: Workbench, notes: list[dict[str, Any]]) -> None:
        self.places = tuple(places)
        self._go = go
        self._notes = notes

    def starting(self, binary: Binary) -> tuple[Place, ...]:
        """Return the distributions that the binary is predicted to start on; raises MissingTool without one."""
        return self._those(lambda where: predict(binary.elf, where).starts, f"that starts {binary.what}")

    def with_libc(self, libc: Libc | None) -> tuple[Place, ...]:
        """Return the distributions of this C library; raises MissingTool without one."""
        return self._those(lambda where: where.libc is libc, f"with {libc}")

    def without(self, interpreter: str | None) -> tuple[Place, ...]:
        """Return the distributions that lack this interpreter; raises MissingTool without one."""
        return self._those(lambda where: where.loader(interpreter or "") is None, f"without {interpreter}")

    def _those(self, wanted: Callable[[Userland], bool], what: str) -> tuple[Place, ...]:
        found = tuple(place for place in self.places if wanted(place.userland))
        if not found:
            names = ", ".join(place.name for place in self.places) or "none"
            raise MissingTool(f"no distribution {what} is here ({names}); name one with --wslgo-distro NAME=IMAGE")
        return found

    def everywhere(self, binary: Binary, *, says: tuple[str, ...]) -> Trial:
        """Try the binary on every distribution; see ``on``."""
        return self.on(self.places, binary, says=says)

    def on(self, places: Iterable[Place], binary: Binary, *, says: tuple[str, ...]) -> Trial:
        """Try the binary on some distributions; ``says`` are beginnings of what it says there once it has started.

        Raises WslgoError where the control does not start: then nothing can be said of the binary. Raises Waits when
        the control is not static.
        """
        control = self._static("hello")
        return Trial(binary.what, tuple(self._cell(place, binary, control, says) for place in places))

    def run_with_passwd(self, passwd: str, program: Binary, *arguments: str) -> CommandResult:
        """Run a program on its target where /etc has this line as passwd, or is empty; nothing is changed there.

        Raises NoPrivilege where that may not be done, Waits when the program that does it is not static.
        """
        with _copied(self._static("otheretc"), program.target) as otheretc:
            result = otheretc.run(passwd, program.path, *arguments, check=False)
        if result.status == _REFUSED and result.err.startswith("otheretc: "):
            where = program.target.name
            raise NoPrivilege(
                f"on {where} /etc cannot be replaced for one command ({result.err.strip()}): be root there"
            )
        return result

    def _static(self, program: str) -> Binary:
        binary = self._go.build(program, cgo=False)
        if not binary.elf.is_static:
            raise Waits(f"waits for linking.cgo-off-is-static: {binary.describe()}")
        return binary

    def _cell(self, place: Place, binary: Binary, static: Binary, says: tuple[str, ...]) -> Cell:
        prediction = predict(binary.elf, place.userland)
        with _copied(static, place.target) as control:
            started = control.run(check=False)
        if started.status != 0 or not started.text:
            raise WslgoError(
                f"on {place.name} the control, {static.what}, does not start either: it {_ended(started)}. "
                f"Nothing can be said of {binary.what} there."
            )
        with _copied(binary, place.target) as program:
            result = program.run(check=False)
            happening = what_happened(result.status, result.err, program.path)
        if any(output.startswith(says) for output in (result.text, result.err)):
            happening = Happening(Mechanism.STARTS)
        elif happening.mechanism is Mechanism.STARTS:
            happening = Happening(Mechanism.UNKNOWN)
        name, _, build = binary.what.partition(", built by ")
        cell = Cell(name, build, place.name, place.userland, prediction, happening, _ended(result))
        self._notes.append(cell.evidence())
        return cell


@contextmanager
def _copied(binary: Binary, target: Target) -> Iterator[Binary]:
    copy = binary.on(target)
    try:
        yield copy
    finally:
        target.run(["rm", "-rf", copy.path.rpartition("/")[0]], check=False)


def _ended(result: CommandResult) -> str:
    said = " ".join((result.err or result.text).split())
    return f"ended with status {result.status}: {said[:_SHOWN] or 'it said nothing'}"
