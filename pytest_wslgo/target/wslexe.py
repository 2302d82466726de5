"""Find ``wsl.exe`` on this machine, inside WSL or on Windows, and ask it which distributions there are.

It is started by a list of words: no shell and no cmd.exe stands between, so nothing has to be quoted for one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, TargetLost, WslgoError
from pytest_wslgo.model.mounts import parse_mounts
from pytest_wslgo.model.wsl.captures import decode
from pytest_wslgo.model.wsl.wslexe import parse_list_quiet
from pytest_wslgo.model.wsl.wslexe_errors import parse_error
from pytest_wslgo.target import kernel
from pytest_wslgo.target.process import run_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.wsl.wslexe import DistroList
    from pytest_wslgo.target.process import Outcome

NAME: Final = "wsl.exe"
DEADLINE: Final = 30.0
MOUNTS: Final = Path("/proc/self/mounts")
# A 32-bit Python sees another System32; the real one has this name for it.
FOLDERS: Final = ("System32", "Sysnative")
# What Linux says when no handler starts a Windows program; binfmt-support has a handler that finds none.
_NO_INTEROP: Final = ("Exec format error", "run-detectors", "cannot execute binary file")


def find_wsl_exe(needed_by: str) -> str:
    """Return the path of wsl.exe: on PATH, else in the Windows folder of a drive that is mounted here.

    Raises MissingTool, which names ``needed_by`` and every place that was looked at.
    """
    if on_path := shutil.which(NAME):
        return on_path
    places = tuple(_places())
    for place in places:
        if place.is_file():
            return str(place)
    looked = "".join(f", {place}" for place in places)
    advice = (
        "Install WSL (`wsl.exe --install` in a terminal of Windows)"
        if kernel.ON_WINDOWS
        else "Run pytest inside WSL with the drive of Windows mounted, or on Windows"
    )
    raise MissingTool(f"{needed_by} needs wsl.exe, which is not on this machine (looked on PATH{looked}). {advice}.")


def _places() -> Iterator[Path]:
    if kernel.ON_WINDOWS:
        windows = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
        yield from (windows / folder / NAME for folder in FOLDERS)
    elif MOUNTS.exists():
        drives = [mount for mount in parse_mounts(MOUNTS.read_text("utf-8", "replace")) if mount.drive]
        for mount in sorted(drives, key=lambda one: one.drive != "C"):
            yield Path(mount.target, "Windows/System32", NAME)


def list_distros(exe: str, *options: str) -> DistroList:
    """Return the distributions that ``wsl.exe --list --quiet`` names; none of them when it has only a message to give.

    Raises TargetLost, MissingTool when wsl.exe does not work at all.
    """
    listed = run_process([exe, "--list", "--quiet", *options], deadline=DEADLINE)
    if listed.overran:
        raise TargetLost(
            f"`wsl.exe --list` did not answer within {DEADLINE:g} s: `wsl.exe --shutdown` ends what hangs."
        )
    said = listed.stdout + listed.stderr
    if listed.status == 0:
        return parse_list_quiet(listed.stdout)
    if trouble := trouble_of(exe, said):
        raise trouble
    return _no_list(listed, said)


def _no_list(listed: Outcome, said: bytes) -> DistroList:
    """Its own failures end with -1; that there is no distribution is one of them, and has no error code."""
    if listed.status not in (255, 0xFFFFFFFF) or not decode(said).lines:
        raise TargetLost(f"`wsl.exe --list` ended with status {listed.status} (wsl.exe: {last_line(said)}).")
    return parse_list_quiet(b"")


def trouble_of(exe: str, said: bytes) -> WslgoError | None:
    """Return the error when wsl.exe could not be started, or says by its code what is wrong; None for anything else."""
    if any(sign in decode(said).text for sign in _NO_INTEROP):
        return MissingTool(
            f"{exe} does not start, for Linux starts no Windows programs here: interop is off (`[interop] enabled` in"
            " /etc/wsl.conf), or its entry WSLInterop is gone from /proc/sys/fs/binfmt_misc. Turn it on and"
            f" `wsl.exe --shutdown` in a terminal of Windows. ({last_line(said)})"
        )
    error = parse_error(said)
    if error is None:
        return None
    meaning = error.meaning or last_line(error.message or "it gives no reason").rstrip(".")
    return TargetLost(f"wsl.exe fails: {meaning}. (wsl.exe: {error.code})")


def last_line(said: bytes | str) -> str:
    """Return the last line of what wsl.exe said, whatever its encoding."""
    lines = decode(said).lines if isinstance(said, bytes) else tuple(said.splitlines())
    return lines[-1].strip() if lines else "silent"
