"""The recorded Alpine machine, changed for the tests of the setup's directories: variables, folders, mounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.facts import Folder, PathStat
from pytest_wslgo.model.mounts import Mount
from pytest_wslgo.model.setup.needs import MIB
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

ALPINE = parse_collected((RECORDINGS / "collected_alpine.txt").read_bytes(), "wslgo-recorded")
DRIVE = Mount("C:\\", "/mnt/c", "9p", "rw,noatime,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,trans=fd")


def with_go(environ: dict[str, str] | None = None, go: dict[str, str] | None = None) -> Snapshot:
    """Return the recorded machine with a login shell alone, which finds go and has these variables.

    ``go`` is what go says of itself, where that is not what the variables say.
    """
    variables = dict(ALPINE.plain.environ) | (environ or {})
    told = {name: value for name, value in variables.items() if name.startswith("GO") and name != "GOPROXY"}
    login = replace(
        ALPINE.plain,
        name="login",
        environ=tuple((name, value) for name, value in variables.items() if value),
        go_values=tuple((dict(ALPINE.plain.go_values) | told | (go or {})).items()),
    )
    return replace(ALPINE, shells=(login,))


def with_folder(snapshot: Snapshot, folder: Folder, *mounts: Mount) -> Snapshot:
    """Return the machine with the facts of one more folder, and with more mounts."""
    evidence = replace(snapshot.evidence, mounts=(*snapshot.mounts, *mounts))
    return replace(snapshot, folders=(folder, *snapshot.folders), evidence=evidence)


def a_folder(path: str, *, nearest: str | None = None, writable: bool = True, mode: int = 0o40755) -> Folder:
    """Return a folder of root's, or what is known of one that is not there."""
    nearest = nearest or path
    return Folder(path, nearest, path, writable, PathStat(nearest, mode, 0, 0), 512 * MIB)
