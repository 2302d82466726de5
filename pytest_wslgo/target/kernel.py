"""What this machine's kernel tells about its processes: whose a pid is, for good, and which namespaces it lives in."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path
from typing import Final

ON_WINDOWS: Final[bool] = os.name == "nt"
UNKNOWN: Final = "none"
"""What stands for a boot or a pid namespace on Windows, which has neither."""


def is_root() -> bool:
    """Tell whether this process is root; on Windows nobody is."""
    return not ON_WINDOWS and os.geteuid() == 0


def machine() -> str:
    """Return a word that names this machine across boots: host names alone repeat (localhost)."""
    machine_id = Path("/etc/machine-id")
    return f"{socket.gethostname()}:{machine_id.read_text(encoding='ascii').strip() if machine_id.exists() else ''}"


def uname_machine() -> str:
    """Return what uname(2) calls the architecture of this machine; Windows has other words for the same."""
    return {"AMD64": "x86_64", "ARM64": "aarch64"}.get(platform.machine(), platform.machine())


def boot_id() -> str:
    """Return the id of this boot of the kernel; containers share it."""
    return UNKNOWN if ON_WINDOWS else Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def pid_space() -> str:
    """Return the pid namespace in which this process counts pids, such as ``pid:[4026531836]``."""
    return UNKNOWN if ON_WINDOWS else str(Path("/proc/self/ns/pid").readlink())


def mount_space(pid: int) -> str | None:
    """Return the mount namespace of a process, such as ``mnt:[4026532211]``, or ``None`` when it cannot be seen."""
    try:
        return str(Path(f"/proc/{pid}/ns/mnt").readlink())
    except OSError:
        return None


def start_of(pid: int) -> int | None:
    """Return when a process started, in clock ticks after boot, or ``None`` when there is none.

    A pid is used again, a pid with its start is not (proc(5), /proc/pid/stat, field 22; its field 2 may hold blanks).
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[19])
