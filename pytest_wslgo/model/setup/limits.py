"""The limits that each of the user's shells gives to what it starts (setrlimit(2), ``ulimit``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.setup.needs import amount
from pytest_wslgo.model.setup.setting import Setting

if TYPE_CHECKING:
    from pytest_wslgo.model.setup.needs import Need
    from pytest_wslgo.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LimitSeen:
    """The soft limit on what is needed, None when unlimited, and the shells that have it."""

    need: Need
    soft: int | None
    seen: Setting

    @property
    def suffices(self) -> bool:
        """Tell whether the limit is not below the need."""
        return self.soft is None or self.soft >= self.need.least

    @property
    def told(self) -> str:
        """Return the limit, the need and what happens below it, in words."""
        return f"{self.seen.told}; Go needs {self.need.told}, or stops with '{self.need.error}'"


def limits_seen(snapshot: Snapshot, need: Need) -> tuple[LimitSeen, ...]:
    """Return a limit as the user's shells have it; raises MissingTool where none of them could tell."""
    found: dict[int | None, list[str]] = {}
    for shell in snapshot.shells:
        if limit := shell.limit(need.name):
            found.setdefault(limit.soft, []).append(shell.name)
    if not found:
        raise MissingTool(f"{need.name} is not known: the shells could not read /proc/PID/limits")
    return tuple(_seen(need, soft, tuple(names), everywhere=len(found) == 1) for soft, names in found.items())


def _seen(need: Need, soft: int | None, shells: tuple[str, ...], *, everywhere: bool) -> LimitSeen:
    told = "unlimited" if soft is None else amount(soft, need.unit)
    return LimitSeen(need, soft, Setting(need.name, told, shells, "soft limit", everywhere))
