"""Module mode: switched on, and no go.mod or go.work that captures commands which are run somewhere else."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.setup.setting import Setting, judged, settings_of

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

_MODES = ("", "on", "auto")


@dataclass(frozen=True, slots=True)
class Stray:
    """A go.mod or go.work in a directory that many projects lie below."""

    path: str
    captures: str

    @property
    def told(self) -> str:
        """State the file and what it captures."""
        return f"{self.path} is there: go commands anywhere below {self.captures} find it when nothing nearer is found"


def modes_off(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return every GO111MODULE that is off, or that go does not know. Raises Waits without a go."""
    return judged(settings_of(snapshot, "GO111MODULE"), lambda mode: mode in _MODES)


def dangling_workspaces(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return every GOWORK that names no file; empty and off are fine. Raises Waits without a go."""
    return judged(settings_of(snapshot, "GOWORK"), lambda path: path in ("", "off") or snapshot.stat(path) is not None)


def stray_files(snapshot: Snapshot) -> tuple[Stray, ...]:
    """Return the go.mod and go.work files in /, /tmp, HOME and the directories above it."""
    homes = {shell.get("HOME") or "" for shell in snapshot.shells} | {"/tmp"}
    folders = sorted({above for home in homes if home.startswith("/") for above in _upwards(home)})
    files = (posixpath.join(folder, name) for folder in folders for name in ("go.mod", "go.work"))
    return tuple(Stray(path, posixpath.dirname(path)) for path in files if snapshot.stat(path) is not None)


def _upwards(folder: str) -> tuple[str, ...]:
    """Return a folder and all above it.

    >>> _upwards("/home/dev")
    ('/home/dev', '/home', '/')
    """
    folder = posixpath.normpath(folder)
    parent = posixpath.dirname(folder)
    return (folder,) if parent == folder else (folder, *_upwards(parent))
