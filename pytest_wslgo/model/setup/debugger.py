"""Delve, when it is there: does it support this Go? It refuses to debug with a Go outside its window.

The newest Go that Delve 1.N supports is 1.N since 1.20, and 1.(N+10) before; the oldest is written in its sources
(go-delve/delve, pkg/goversion/compat.go of 1.20.2, 1.21.2, 1.22.1, 1.23.1, 1.24.2, 1.25.2, 1.26.2 and 1.27.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.go import GoVersion, Stage
from pytest_wslgo.model.setup.setting import shells_with_go
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Shell
    from pytest_wslgo.model.snapshot import Snapshot

# Minor of Delve: minor of the oldest Go.
_OLDEST: Final = {20: 18, 21: 19, 22: 19, 23: 21, 24: 21, 25: 22, 26: 24, 27: 25}
_VERSION = re.compile(r"^Version: (?P<version>1\.(?P<minor>\d+)\.\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Debugger:
    """Delve and a Go; ``problem`` is None where they fit."""

    path: str
    version: str
    go: GoVersion
    problem: str | None

    @property
    def told(self) -> str:
        """State both versions, and what Delve will say."""
        return f"{self.path} is Delve {self.version}, and Go is {self.go}{f': {self.problem}' if self.problem else ''}"


def debugger_of(snapshot: Snapshot) -> Debugger:
    """Return Delve and the Go of the login shell, or of the first shell that has one.

    Raises MissingTool where there is no Delve or it does not tell its version, Waits where go does not.
    """
    answer = snapshot.answer("dlv-version")
    if answer is None:
        raise MissingTool("dlv is not on the login shell's PATH; nothing to hold against this Go")
    path = snapshot.tool("dlv") or "dlv"
    found = _VERSION.search(answer.out)
    if found is None:
        raise MissingTool(f"{path} does not tell its version: {short(answer.err or answer.out) or 'it is silent'}")
    go = _go_version(snapshot)
    return Debugger(path, found["version"], go, _problem(int(found["minor"]), go))


def _go_version(snapshot: Snapshot) -> GoVersion:
    shells: tuple[Shell, ...] = shells_with_go(snapshot)
    for shell in sorted(shells, key=lambda shell: shell.name != "login"):
        if told := shell.go("GOVERSION"):
            return GoVersion.parse(told)
    raise Waits("waits for setup.go-runs: go does not tell its version")


def _problem(delve: int, go: GoVersion) -> str | None:
    newest = delve if delve >= 20 else delve + 10
    oldest = _OLDEST.get(delve)
    minor = go.minor[1]
    if go.stage is Stage.DEVEL:
        return None
    if minor > newest:
        return f"this Delve is too old for it (maximum supported version 1.{newest})"
    if oldest is not None and minor < oldest:
        return f"it is too old for this Delve (minimum supported version 1.{oldest})"
    return None
