"""A replay: recorded pieces, put together to the snapshot of a WSL, and the verdicts that are expected of it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from pytest_wslgo.model.mounts import parse_mounts
from pytest_wslgo.model.platform import PlatformEvidence, PlatformKind, detect_platform
from pytest_wslgo.model.snapshot import load
from tests.faults.facts import replace
from tests.faults.kernels import environ_of, files_of
from tests.recordings import recorded

FOLDER = Path(__file__).parent
_BINFMT = "/proc/sys/fs/binfmt_misc/"
_ROOT_OWNED = {"mode": 0o100644, "uid": 0, "gid": 0}
_SHELLS = ("plain", "login", "interactive")
_AGE = 60  # seconds by which wsl.conf is older than PID 1, unless the replay says otherwise


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of this folder, see README.md."""

    shows: str
    platform: PlatformKind
    like: Literal["wsl1", "wsl2"] | None = None
    kernel: str = ""
    mounts: tuple[str, ...] = ()
    environ: tuple[str, ...] = ()
    path: str = ""
    windows_path: tuple[str, ...] = ()
    binfmt: str = ""
    files: dict[str, str] = {}
    stats: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    refutes: dict[str, str] = {}
    unchecked: tuple[str, ...] = ()


def load_replays() -> dict[str, Replay]:
    """Read every replay, by the name of its file."""
    return {
        path.stem: msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Replay)
        for path in sorted(FOLDER.glob("*.toml"))
    }


def assemble(replay: Replay, name: str) -> bytes:
    """Return the stored snapshot that a replay describes."""
    tree = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))
    replace(tree["evidence"], _kernel(replay) | {"mounts": _mounts(replay)})
    _set_environ(tree, replay)
    _set_files(tree, replay)
    replace(tree, replay.facts)
    evidence = msgspec.convert(tree["evidence"], PlatformEvidence)
    tree["platform"] = msgspec.to_builtins(detect_platform(evidence))
    stored = json.dumps(tree).encode()
    load(stored, name)
    return stored


def _kernel(replay: Replay) -> dict[str, str]:
    if not replay.kernel:
        return {}
    said = recorded(replay.kernel).strip()
    release = said.split()[2] if said.startswith("Linux version ") else said
    return {"kernel": release, "proc_version": said if said != release else f"Linux version {release}"}


def _mounts(replay: Replay) -> dict[str, Any]:
    told = [mount for piece in replay.mounts for mount in parse_mounts(recorded(piece))]
    tables: list[dict[str, Any]] = [msgspec.to_builtins(mount) for mount in told]
    return {table["target"]: table for table in tables}


def _set_environ(tree: dict[str, Any], replay: Replay) -> None:
    variables = environ_of(replay.like) if replay.like else {}
    for piece in replay.environ:
        variables |= dict(line.split("=", 1) for line in recorded(piece).splitlines() if "=" in line)
    for name in _SHELLS:
        shell = next(shell for shell in tree["shells"] if shell["name"] == name)
        path = recorded(replay.path).strip() if replay.path else dict(shell["environ"])["PATH"]
        theirs = {"PATH": ":".join((path, *replay.windows_path))}
        replace(shell["environ"], theirs | variables)
        tree["path_folders"] += [entry for entry in dict(shell["environ"])["PATH"].split(":") if entry]


def _set_files(tree: dict[str, Any], replay: Replay) -> None:
    written = files_of(replay.like) if replay.like else {}
    texts = {path: text for path, text in written.items() if isinstance(text, str)}
    texts |= {path: recorded(piece) for path, piece in replay.files.items()}
    if replay.like == "wsl2":
        texts["/etc/resolv.conf"] = texts.pop("/mnt/wsl/resolv.conf")
        replace(tree["links"], {"/etc/resolv.conf": "/mnt/wsl/resolv.conf"})
    if replay.binfmt:
        entries = [path.removeprefix(_BINFMT) for path in texts if path.startswith(_BINFMT)]
        tree["evidence"]["binfmt"] = [*recorded(replay.binfmt).split(), *entries]
    elif any(path.startswith(_BINFMT) for path in texts):
        tree["evidence"]["binfmt"] = ["WSLInterop", "register", "status"]
    replace(tree["files"], {path: {"text": text} for path, text in texts.items()})
    read = round(tree["clock"]["pid1_start"]) - _AGE
    known = {*replay.stats, *({"/etc/wsl.conf"} & set(texts))}
    replace(tree["stats"], {path: {**_ROOT_OWNED, "mtime": read} for path in sorted(known)})
