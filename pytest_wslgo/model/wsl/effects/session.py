"""What a session has: interop, the PATH of Windows, the user, WSLg, and variables that crossed over from Windows.

A variable of WSL proves something only in a session that wsl.exe started (WSL_DISTRO_NAME is set): ssh, cron, sudo and
services of systemd have none of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.binfmt import parse_handler
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.binfmt import INTEROP_NAMES, starts_windows_programs
from pytest_wslgo.model.wsl.effects.machine import applied_conf, in_effect
from pytest_wslgo.model.wsl.windows_path import is_windows_entry, windows_entries

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Shell
    from pytest_wslgo.model.snapshot import Snapshot

_BINFMT: Final = "/proc/sys/fs/binfmt_misc"
_BEHIND: Final = ("/snap/bin", "/var/lib/snapd/snap/bin")  # which snapd appends after WSL has appended its own
WSLG_VARIABLES: Final = ("DISPLAY", "WAYLAND_DISPLAY", "PULSE_SERVER", "XDG_RUNTIME_DIR")
_OLD_DISPLAY: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}:\d+(?:\.\d+)?|[\w.-]+\.local:\d+(?:\.\d+)?")
_OF_GO: Final = ("GOPATH", "GOROOT", "GOBIN", "GOCACHE", "GOMODCACHE", "GOTMPDIR")
_WINDOWS_PATH: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def interop_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what shows otherwise than interop.enabled says.

    On WSL2 the entry of binfmt_misc belongs to the virtual machine and stays; there WSL_INTEROP tells.
    """
    enabled = in_effect(snapshot, "interop.enabled").value is True
    wsl1 = snapshot.platform.kind is PlatformKind.WSL1
    registered, started = _registered(snapshot), snapshot.answer("wsl-exe-version")
    socket = snapshot.plain.get("WSL_INTEROP")
    found = []
    if enabled:
        if not registered:
            found.append(f"interop.enabled is true, but {_BINFMT} has no {INTEROP_NAMES[0]} that is enabled")
        if not wsl1 and _of_wsl(snapshot.plain) and not socket:
            found.append("interop.enabled is true, but WSL_INTEROP is not set")
        if started and not started.ok:
            found.append(f"interop.enabled is true, but wsl.exe does not start (status {started.status})")
    else:
        if wsl1 and registered:
            found.append(f"interop.enabled is false, but {INTEROP_NAMES[0]} is registered")
        if not wsl1 and socket:
            found.append(f"interop.enabled is false, but WSL_INTEROP is {socket}")
        if started and started.ok:
            found.append("interop.enabled is false, but wsl.exe starts")
    return tuple(found)


def windows_path_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what PATH shows otherwise than interop.appendWindowsPath says: there, and last, or not there."""
    appended = in_effect(snapshot, "interop.appendWindowsPath").value is True
    path, mounts = snapshot.plain.path, snapshot.mounts
    theirs = windows_entries(path, mounts)
    if not appended:
        return tuple(f"interop.appendWindowsPath is false, but PATH has {entry}" for entry in theirs)
    if not theirs and _of_wsl(snapshot.plain) and any(mount.is_windows_drive for mount in mounts):
        return ("interop.appendWindowsPath is true, but PATH has no entry of Windows",)
    first = next((place for place, entry in enumerate(path) if is_windows_entry(entry, mounts)), len(path))
    behind = [entry for entry in path[first:] if entry and not is_windows_entry(entry, mounts) and entry not in _BEHIND]
    return tuple(f"{entry} stands behind {path[first]}, which is of Windows" for entry in behind)


def default_user_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what the account shows otherwise than user.default says."""
    asked, name = applied_conf(snapshot).text("user.default"), snapshot.user.name
    if asked is None:
        return ()
    if snapshot.accounts and asked not in [account.name for account in snapshot.accounts]:
        return (f"user.default is {asked or 'empty'}, but there is no such account",)
    if _of_wsl(snapshot.plain) and name is not None and name != asked:
        return (f"user.default is {asked}, but this session runs as {name}",)
    return ()


def wslg_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what is missing of WSLg where the virtual machine has it, and what old recipes still override."""
    shell = snapshot.login if snapshot.login.started else snapshot.plain
    found, display = [], shell.get("DISPLAY") or ""
    if _OLD_DISPLAY.fullmatch(display):
        found.append(f"DISPLAY is {display}, of a recipe that is older than WSLg")
    if indirect := shell.get("LIBGL_ALWAYS_INDIRECT"):
        found.append(f"LIBGL_ALWAYS_INDIRECT is {indirect}, which keeps WSLg from the GPU")
    if snapshot.platform.kind is PlatformKind.WSL1 or snapshot.stat("/mnt/wslg") is None:
        return tuple(found)
    if _of_wsl(snapshot.plain):
        found += [f"/mnt/wslg is there, but {name} is not set" for name in WSLG_VARIABLES if not shell.get(name)]
    sockets = ("/tmp/.X11-unix/X0", "/mnt/wslg/runtime-dir/wayland-0", "/mnt/wslg/PulseServer")
    return (*found, *(f"/mnt/wslg is there, but {path} is not" for path in sockets if snapshot.stat(path) is None))


def crossed_over(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the variables of Go that hold a path of Windows although WSLENV does not pass them on."""
    passed = {entry.partition("/")[0] for entry in (snapshot.plain.get("WSLENV") or "").split(":")}
    values = [(name, snapshot.plain.get(name) or "") for name in _OF_GO if name not in passed]
    return tuple(f"{name} is {value}, a path of Windows" for name, value in values if _is_windows(snapshot, value))


def _is_windows(snapshot: Snapshot, value: str) -> bool:
    return bool(_WINDOWS_PATH.match(value)) or any(
        is_windows_entry(entry, snapshot.mounts) for entry in value.split(":")
    )


def _registered(snapshot: Snapshot) -> bool:
    entries = [snapshot.text(f"{_BINFMT}/{name}") for name in INTEROP_NAMES]
    return any(entry is not None and starts_windows_programs(parse_handler("", entry)) for entry in entries)


def _of_wsl(shell: Shell) -> bool:
    return shell.get("WSL_DISTRO_NAME") is not None
