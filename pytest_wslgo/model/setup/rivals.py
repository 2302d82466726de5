"""The other Go's on the login shell's PATH, which shadow the one in use or are shadowed by it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.go import parse_go_version_line
from pytest_wslgo.model.setup.go_command import file_of, is_program
from pytest_wslgo.model.setup.running import running_go

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.facts import GoFile
    from pytest_wslgo.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class GosOnPath:
    """Every ``go`` on the login PATH, in its order; ``others`` are those that are a different Go than the first."""

    first: str
    others: tuple[str, ...]
    told: str


def gos_on_path(snapshot: Snapshot) -> GosOnPath:
    """Return the Go's of the login PATH; raise Waits when the first does not run.

    Two names of one file are one Go, and so are two SDKs of one version and a version manager's shim and the SDK that
    it starts.
    """
    go = running_go(snapshot).go
    files = [file for file in _on_path(snapshot) if file.path != go.path]
    known = {_identity(go.file), _in_use(snapshot), _version(snapshot, go.file), _login_version(snapshot)}
    others = tuple(dict.fromkeys(_named(snapshot, file) for file in files if _differs(snapshot, file, known)))
    first = f"{go.path} ({_login_version(snapshot) or 'version unknown'})"
    told = f"the login shell's PATH has more than one Go: {', '.join((first, *others))}; the first is what runs"
    return GosOnPath(first, others, told if others else f"the login shell's PATH has one Go: {first}")


def _differs(snapshot: Snapshot, file: GoFile, known: set[str | None]) -> bool:
    known = known - {None}
    return _identity(file) not in known and _version(snapshot, file) not in known


def _on_path(snapshot: Snapshot) -> Iterator[GoFile]:
    """Yield the files called go on the login PATH, each under the first of its names."""
    seen = set()
    for entry in snapshot.login.path:
        file = file_of(snapshot, f"{entry}/go") if entry.startswith("/") else None
        if file and is_program(file) and _identity(file) not in seen:
            seen.add(_identity(file))
            yield file


def _identity(file: GoFile | None) -> str | None:
    return (file.real or file.path) if file else None


def _in_use(snapshot: Snapshot) -> str | None:
    """Return the go command of the SDK that the login shell's go uses: what a shim or a snap's link ends in."""
    goroot = snapshot.login.go("GOROOT")
    if not goroot:
        return None
    folder = snapshot.folder(goroot)
    return posixpath.join(folder.real if folder else goroot, "bin/go")


def _version(snapshot: Snapshot, file: GoFile | None) -> str | None:
    """Return the version of a go; where it was asked by another of its names, what that said."""
    if file is None:
        return None
    names = (go for go in snapshot.gos if go.version and (go.path == file.path or (go.real and go.real == file.real)))
    return next((_line_version(go.version.out) for go in names if go.version), None)


def _login_version(snapshot: Snapshot) -> str | None:
    answer = snapshot.login.go_version
    return _line_version(answer.out) if answer and answer.ok else None


def _line_version(line: str) -> str | None:
    try:
        return str(parse_go_version_line(line)[0])
    except BadInput:
        return None


def _named(snapshot: Snapshot, file: GoFile) -> str:
    kind = file.head.kind if file.head else "version unknown"
    return f"{file.path} ({_version(snapshot, file) or kind})"
