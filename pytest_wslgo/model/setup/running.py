"""What the user's ``go`` says of itself, and which setting is to blame when it stops before it says anything.

Nearly every go command reads its settings first and stops at the first that it does not understand. The setting has a
claim of its own; this one waits for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, Waits
from pytest_wslgo.model.go import GoVersion, parse_go_version_line
from pytest_wslgo.model.setup.go_command import foreign, login_go, runnable_archs
from pytest_wslgo.model.setup.origin import origin_of

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Answer
    from pytest_wslgo.model.setup.go_command import FoundGo
    from pytest_wslgo.model.snapshot import Snapshot

# go's own words (cmd/go, seen with Go 1.19 to 1.27) and the claim that is about them.
_BLAMED: Final = tuple(
    (re.compile(pattern), claim)
    for pattern, claim in (
        (r"invalid GOTOOLCHAIN|invalid toolchain: ", "setup.toolchain-policy"),
        (r"unknown GOEXPERIMENT", "setup.experiments-off"),
        (r"invalid GO(AMD64|ARM|ARM64|386|RISCV64|PPC64|MIPS\w*)\b", "setup.cpu-level"),
        (r"parsing \$GOFLAGS", "setup.goflags-sane"),
        (r"GOPATH entry ", "setup.gopath-sane"),
        (r"go\.(mod|work)\b", "setup.modules-on"),
    )
)
# A snapshot fetches nothing, so a toolchain that GOTOOLCHAIN or a go line asks for may be missing through our doing.
_NOT_FETCHED: Final = re.compile(r"toolchain not available|module lookup disabled|/dev/null/none")


@dataclass(frozen=True, slots=True)
class RunningGo:
    """What ``go version`` says in the login shell. ``problem`` is the sentence of what is wrong with it, or None."""

    go: FoundGo
    version: GoVersion | None
    goos: str | None
    goarch: str | None
    problem: str | None

    @property
    def told(self) -> str:
        """Say which go it is and what it says."""
        return self.problem or f"{self.go.told}: {self.version} {self.goos}/{self.goarch}"


def asked_go(snapshot: Snapshot) -> RunningGo:
    """Return what the login shell's go says; raise Waits for no go, a foreign one, or a setting that stops it."""
    go = login_go(snapshot)
    if foreign(snapshot, go):
        raise Waits(f"waits for setup.go-is-native: {foreign(snapshot, go)}")
    answer = _answer(snapshot, go)
    if answer is None:
        return RunningGo(go, None, None, None, f"{go.told}; it cannot be started{_noexec(snapshot, go)}")
    if not answer.ok:
        _blame(answer)
        return RunningGo(go, None, None, None, _failure(snapshot, go, answer))
    return _said(snapshot, go, answer)


def running_go(snapshot: Snapshot) -> RunningGo:
    """Return what the login shell's go says; raise Waits, also when it does not run."""
    running = asked_go(snapshot)
    if running.problem:
        raise Waits(f"waits for setup.go-runs: {running.problem}")
    return running


def _said(snapshot: Snapshot, go: FoundGo, answer: Answer) -> RunningGo:
    try:
        version, goos, goarch = parse_go_version_line(answer.out)
    except BadInput as error:
        return RunningGo(go, None, None, None, f"{go.told}; {error}")
    archs = runnable_archs(snapshot)
    right = goos == "linux" and goarch in archs
    wrong = f"{go.told}; `go version` says {goos}/{goarch}, this machine is linux/{snapshot.platform.arch}"
    return RunningGo(go, version, goos, goarch, None if right else wrong)


def _answer(snapshot: Snapshot, go: FoundGo) -> Answer | None:
    answer = snapshot.login.go_version
    if answer is None or (not answer.ok and _NOT_FETCHED.search(answer.err)):
        same = (file.version for file in snapshot.gos if file.real and file.real == go.same)
        return next((version for version in same if version), answer)
    return answer


def _blame(answer: Answer) -> None:
    for words, claim in _BLAMED:
        if words.search(answer.err):
            raise Waits(f"waits for {claim}: go stops with {_last(answer)!r}")


def _failure(snapshot: Snapshot, go: FoundGo, answer: Answer) -> str:
    if answer.hung:
        return f"{go.told}; `go version` gave no answer in time and was stopped"
    goroot = origin_of(snapshot, "GOROOT")
    cause = f"; {goroot.told.rstrip('.')}" if "GOROOT" in answer.err and goroot.value else _noexec(snapshot, go)
    return f"{go.told}; `go version` ends with status {answer.status}: {_last(answer)}{cause}"


def _noexec(snapshot: Snapshot, go: FoundGo) -> str:
    mount = snapshot.mount_of(go.path or "/")
    return f"; {mount.target} is mounted noexec ({mount.fstype})" if mount and mount.noexec else ""


def _last(answer: Answer) -> str:
    lines = [line.strip() for line in (answer.err or answer.out).splitlines() if line.strip()]
    wanted = [line for line in lines if not line.startswith(("For more details", "go: downloading"))]
    return (wanted or lines or ["no message"])[-1][:300]
