"""What a build costs whose cache lies on a stand-in for a Windows drive, measured beside one that does not.

Both builds run in the same way, under the program that serves the stand-in: it serves our build cache to one, and an
empty directory to the other. The figures are those of the stand-in, not of any drive.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.workbench import Workbench

ROUNDS: Final = 3
LATENCY: Final = "100us"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of warm builds, and how many requests the slowest way took for one."""

    native: tuple[float, ...]
    drive: tuple[float, ...]
    requests: int

    @property
    def ratio(self) -> float:
        """How many times as long the median build takes with its cache on the stand-in."""
        return median(self.drive) / median(self.native)

    @property
    def evidence(self) -> dict[str, Any]:
        """The figures, for the ledger."""
        seconds = {name: [round(one, 3) for one in (min(of), median(of), max(of))] for name, of in self._sides}
        told = {"seconds-min-median-max": seconds, "ratio": round(self.ratio, 2), "requests": self.requests}
        return {"stand-in": f"FUSE, {LATENCY} for each request, not a Windows drive", "rounds": ROUNDS, **told}

    def __str__(self) -> str:
        ms = {name: " ".join(f"{1000 * one:.0f}" for one in sorted(of)) for name, of in self._sides}
        return (
            f"a warm build takes {self.ratio:.2f} times as long ({ms['drive']} ms against {ms['native']} ms) with its"
            f" cache on a stand-in for a Windows drive, of which it asks {self.requests} times"
        )

    @property
    def _sides(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        return ("native", self.native), ("drive", self.drive)


def measure(bench: Workbench, program: str) -> Cost:
    """Build a program of which all is cached, several times in turn with either cache; raises as Workbench.inside."""
    bench.build(program, cgo=False)
    room = f"{bench.places.run}/private/{uuid.uuid4().hex}"
    bench.target.run(["mkdir", "-p", f"{room}/other"])
    kind = f"drive,latency={LATENCY},told={room}/told"
    beside, on = (bench.inside({place: kind}) for place in (f"{room}/other", bench.environment["GOCACHE"]))
    folder = bench.place(program)

    def seconds(through: tuple[str, ...]) -> float:
        argv = ("build", "-o", f"{room}/{uuid.uuid4().hex}", ".")
        return bench.go(*argv, cwd=folder, env={"CGO_ENABLED": "0"}, through=through).seconds

    pairs = [(seconds(beside), seconds(on)) for _ in range(ROUNDS)]
    requests = int(bench.target.read(f"{room}/told"))
    return Cost(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs), requests)
