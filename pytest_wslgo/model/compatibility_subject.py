"""A program of the user's own: what it needs to start, and where that is there, told without running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_wslgo.model.compatibility import Prediction, in_one_sentence, predict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.distributions import Distribution
    from pytest_wslgo.model.elf import Elf
    from pytest_wslgo.model.userland import Userland


@dataclass(frozen=True, slots=True)
class SubjectProgram:
    """``name`` is its file or its package; ``beside`` are the names of the libraries in its run path here."""

    name: str
    elf: Elf
    beside: tuple[str, ...] = ()

    def here(self, userland: Userland) -> Prediction:
        """Say whether it starts on this machine."""
        return predict(self.elf, userland, beside=self.beside)

    def on(self, distribution: Distribution) -> Prediction:
        """Say whether it starts on a distribution for its own machine; it brings its run path along."""
        return predict(self.elf, distribution.userland(self.elf.goarch or self.elf.machine), beside=None)

    def told(self, predictions: Iterable[tuple[str, Prediction]]) -> str:
        """Say where it runs of these, where not and why."""
        return f"{self.name} {in_one_sentence(predictions)}"

    def explain(self, distributions: Iterable[Distribution]) -> str:
        """Say what it is, what it needs, where it will run, where not and why."""
        told = [(one.title, self.on(one)) for one in distributions]
        return f"{self.name}: {self.elf.explain()} It {in_one_sentence(told, [title for title, _ in told])}."

    def evidence(self, userland: Userland, distributions: Iterable[Distribution]) -> dict[str, Any]:
        """Return all of it as plain data, for the reports."""
        known = tuple(distributions)
        told = {one.title: self.on(one) for one in known}
        floor, here = self.elf.floor(), self.here(userland)
        return {
            "program": self.name,
            "what": self.elf.explain(),
            "machine": self.elf.goarch or self.elf.machine,
            "interpreter": self.elf.interpreter,
            "libraries": list(self.elf.needed),
            "floor": f"GLIBC_{floor}" if floor else None,
            "here": {"userland": userland.describe(), "starts": here.starts, "why": here.why},
            "runs": [title for title, prediction in told.items() if prediction.starts],
            "refused": {title: prediction.why for title, prediction in told.items() if not prediction.starts},
            "sentence": self.explain(known),
        }
