"""The result model that every report reads: what was judged, where, by which profile, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_wslgo.model.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.gate import Gate
    from pytest_wslgo.model.platform import Platform


@dataclass(frozen=True, slots=True)
class ToolchainResult:
    """One toolchain that the run used."""

    goroot: str
    version: str
    origin: str


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One target of the run; ``platform`` is None and ``lost`` a sentence when it could not be read.

    ``files`` holds, by path, the texts that were read there: a report finds the line in them that a fact comes from.
    """

    name: str
    spec: str
    platform: Platform | None
    toolchains: tuple[ToolchainResult, ...] = ()
    lost: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run. ``started`` is in UTC, ``seconds`` its wall time; verdicts stand in ``gate`` (waivers applied)."""

    plugin: str
    started: datetime
    seconds: float
    targets: tuple[TargetResult, ...]
    claims: Mapping[str, Claim]
    gate: Gate

    def counts(self) -> dict[Verdict, int]:
        """Return how many verdicts there are of each kind, every kind named."""
        found = Counter(verdict.verdict for verdict in self.gate.verdicts)
        return {verdict: found[verdict] for verdict in Verdict}
