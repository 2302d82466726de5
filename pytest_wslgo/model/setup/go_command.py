"""What each of the user's shells calls ``go``: the file that it finds, behind which links, and what kind it is of."""

from __future__ import annotations

import posixpath
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.facts import KILLED
from pytest_wslgo.model.program_head import ProgramFormat, arch_of_uname
from pytest_wslgo.model.setup.origin import origin_of_path_entry

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import GoFile, Shell
    from pytest_wslgo.model.program_head import ProgramHead
    from pytest_wslgo.model.snapshot import Snapshot

SHELLS: Final = ("plain", "login", "interactive")
# A 64-bit machine runs the 32-bit Go, too.
_ALSO_RUNS: Final = {"amd64": "386", "arm64": "arm"}
_LONGEST_PATH: Final = 160


@dataclass(frozen=True, slots=True)
class FoundGo:
    """The ``go`` of one shell; ``path`` None: it finds none. ``file`` None: found, but its facts were not recorded.

    ``hidden`` is the alias or function that the shell calls instead; ``same`` tells one file from another.
    """

    shell: str
    path: str | None
    file: GoFile | None
    hidden: str | None
    told: str

    @property
    def same(self) -> str | None:
        """Return the file at the end of the links."""
        return (self.file.real if self.file else None) or self.path


def go_in(snapshot: Snapshot, shell: str) -> FoundGo:
    """Return what a shell calls ``go``; raise Waits when its start-up files never handed over."""
    seen = snapshot.shell(shell)
    if not seen.started:
        raise Waits(f"waits for setup.shells-start: {_unfinished(seen)}")
    path = seen.go_path or _first_on_path(snapshot, seen)
    hidden = _hidden(seen)
    told = _told(snapshot, seen, path)
    if hidden:
        told = f"the {shell} shell calls {hidden}{f', not {path}' if path else ''}"
    return FoundGo(shell, path, file_of(snapshot, path) if path else None, hidden, told)


def unfinished_shells(snapshot: Snapshot) -> tuple[str, ...]:
    """Tell of the shells whose start-up files never came to their end, and what these printed last."""
    shells = (snapshot.shell(name) for name in SHELLS)
    return tuple(f"{_unfinished(shell)}{_noise(shell)}" for shell in shells if not shell.started)


def login_go(snapshot: Snapshot) -> FoundGo:
    """Return the ``go`` of the login shell; raise Waits when it finds none."""
    go = go_in(snapshot, "login")
    if not go.path:
        raise Waits("waits for setup.go-on-path: the login shell finds no go")
    return go


def any_go(snapshot: Snapshot) -> FoundGo:
    """Return the ``go`` of the login shell, or else of the first that finds one; raise Waits when none does."""
    for shell in ("login", "interactive", "plain"):
        if snapshot.shell(shell).started and (go := go_in(snapshot, shell)).path:
            return go
    raise Waits("waits for setup.go-on-path: no shell of the user finds a go")


def shells_that_differ(snapshot: Snapshot) -> str | None:
    """Tell of the shells that find another go than the login shell (or than the only one that finds any), or none.

    Raises Waits when no shell finds a go, or when nothing differs but a shell never started.
    """
    expected = any_go(snapshot)
    started = [go_in(snapshot, shell) for shell in SHELLS if snapshot.shell(shell).started]
    differing = [go for go in started if not _is_same(snapshot, go, expected)]
    if differing:
        others = (go.told if go.path else _finds_none(snapshot.shell(go.shell)) for go in differing)
        return "; ".join((expected.told, *others))
    for shell in SHELLS:
        go_in(snapshot, shell)
    return None


def _is_same(snapshot: Snapshot, one: FoundGo, other: FoundGo) -> bool:
    """Tell whether two shells start one Go: the same file, or (a shim and the SDK behind it) the same SDK."""
    ends = [
        (shell.go("GOROOT"), shell.go_version.out if shell.go_version else None)
        for shell in (snapshot.shell(one.shell), snapshot.shell(other.shell))
    ]
    return one.same == other.same or (bool(one.path) and all(ends[0]) and ends[0] == ends[1])


def file_of(snapshot: Snapshot, path: str) -> GoFile | None:
    """Return the facts of a ``go`` by its path, however many slashes it was written with."""
    wanted = posixpath.normpath(path)
    return next((go for go in snapshot.gos if posixpath.normpath(go.path) == wanted), None)


def is_program(go: GoFile) -> bool:
    """Tell whether a shell would start this file (a directory, a dangling link or a plain file it would pass over)."""
    return go.stat is not None and stat.S_ISREG(go.stat.mode) and bool(go.stat.mode & 0o111)


def foreign(snapshot: Snapshot, go: FoundGo) -> str | None:
    """Say why the ``go`` of a shell is not a program of this machine, or None when it is one.

    A script is judged by where it ends: a version manager's shim is fine, one that starts ``go.exe`` is not.
    """
    if go.hidden and ".exe" in go.hidden:
        return f"{go.told}: a program for Windows"
    if not go.path or not go.file:
        return None
    names = [name for name in (go.path, go.file.link, go.file.real) if name and name.lower().endswith(".exe")]
    if names:
        return f"{go.told}; {names[0]} is a program for Windows"
    mount = snapshot.mount_of(go.path)
    if mount and mount.on_windows:
        return (
            f"{go.told}; it lies with Windows: {mount.target} is {mount.windows_path or mount.source} ({mount.fstype})"
        )
    return _foreign_head(snapshot, go, go.file.head) if go.file.head else None


def foreign_gos(snapshot: Snapshot) -> tuple[str, ...]:
    """Tell of each go that a shell of the user finds and that is no program of this machine, once.

    Raises Waits when no shell finds a go.
    """
    any_go(snapshot)
    gos: dict[tuple[str | None, str | None], FoundGo] = {}
    for shell in ("login", "interactive", "plain"):
        if snapshot.shell(shell).started:
            go = go_in(snapshot, shell)
            gos.setdefault((go.same, go.hidden), go)
    return tuple(problem for go in gos.values() if (problem := foreign(snapshot, go)))


def runnable_archs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the architectures, in Go's words, whose programs the machine runs without an emulator."""
    own = (snapshot.platform.arch, arch_of_uname(snapshot.evidence.machine))
    return tuple(dict.fromkeys((*own, *(_ALSO_RUNS[arch] for arch in own if arch in _ALSO_RUNS))))


def _foreign_head(snapshot: Snapshot, go: FoundGo, head: ProgramHead) -> str | None:
    line = snapshot.shell(go.shell).go_version
    said = line.out.strip() if line else ""
    match head.format:
        case ProgramFormat.SCRIPT if calls := _line_with_exe(head.text or ""):
            return f"{go.told}; it is a script that calls a program for Windows: {calls!r}"
        case ProgramFormat.ELF if head.arch not in runnable_archs(snapshot):
            arch = head.arch or "an unknown machine"
            return f"{go.told}; it is an ELF file for {arch}, this machine is {snapshot.platform.arch}"
        case ProgramFormat.PE:
            return f"{go.told}; it is {head.kind}, a program for Windows"
        case ProgramFormat.OTHER if not said:
            return f"{go.told}; it is {head.kind}, no program of this machine"
    return f"{go.told}; it ends in a Go for Windows: it says {said!r}" if " windows/" in said else None


def _unfinished(shell: Shell) -> str:
    why = "was stopped at its time limit" if shell.status == KILLED else "left, or could not be started"
    return f"the {shell.name} shell {why} before its start-up files came to their end"


def _noise(shell: Shell) -> str:
    lines = [line.strip() for line in shell.noise.splitlines() if line.strip()]
    return f"; the last that it printed: {lines[-1][:100]!r}" if lines else ""


def _line_with_exe(script: str) -> str | None:
    lines = (line.strip() for line in script.splitlines())
    return next((line for line in lines if "go.exe" in line.lower() and not line.startswith("#")), None)


def _hidden(shell: Shell) -> str | None:
    """Name the alias or function that answers for ``go``; one that only passes on to the same go hides nothing."""
    if not shell.word or shell.go_path:
        return None
    if "=" not in shell.word:
        return "a function named go"
    text = shell.word.partition("=")[2].strip("'\"")
    return None if "go" in text.split() else f"an alias, {shell.word.removeprefix('alias ')}"


def _first_on_path(snapshot: Snapshot, shell: Shell) -> str | None:
    """Return the first ``go`` of PATH that could be started; some shells do not name one on a noexec mount."""
    files = (file_of(snapshot, f"{entry}/go") for entry in shell.path if entry.startswith("/"))
    return next((go.path for go in files if go and is_program(go)), None)


def _told(snapshot: Snapshot, shell: Shell, path: str | None) -> str:
    if path is None:
        return f"{_finds_none(shell)}{_near(snapshot, shell)}"
    go = file_of(snapshot, path)
    link = f", a link to {go.real}" if go and go.real and go.real != posixpath.normpath(path) else ""
    where = origin_of_path_entry(snapshot, posixpath.dirname(path), shell.name).where
    return f"the {shell.name} shell finds {path}{link} (PATH: {where})"


def _finds_none(shell: Shell) -> str:
    return f"the {shell.name} shell finds no go on its PATH, {_short(shell)}"


def _near(snapshot: Snapshot, shell: Shell) -> str:
    """Say what is there instead: a dangling link, a file that is not executable, a go beside the PATH."""
    for go in snapshot.gos:
        on_path = posixpath.dirname(go.path) in shell.path
        if on_path and go.stat is None:
            return f"; {go.path} is a link to {go.link or 'nowhere'}, which is not there"
        if on_path and stat.S_ISREG(go.stat.mode if go.stat else 0) and not is_program(go):
            return f"; {go.path} is there, but not executable (mode {stat.S_IMODE(go.stat.mode if go.stat else 0):04o})"
    beside = next((go.path for go in snapshot.gos if is_program(go)), None)
    return f"; {beside} is there, but {posixpath.dirname(beside)} is not on that PATH" if beside else ""


def _short(shell: Shell) -> str:
    path = ":".join(shell.path) or "which is empty"
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}… ({len(shell.path)} entries)"
