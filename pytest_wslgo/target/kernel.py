"""What this machine's kernel tells about its processes: whose a pid is, for good, and which namespaces it lives in."""

from __future__ import annotations

import socket
from pathlib import Path


def machine() -> str:
    """Return a word that names this machine across boots: host names alone repeat (localhost)."""
    machine_id = Path("/etc/machine-id")
    return f"{socket.gethostname()}:{machine_id.read_text(encoding='ascii').strip() if machine_id.exists() else ''}"


def boot_id() -> str:
    """Return the id of this boot of the kernel; containers share it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def pid_space() -> str:
    """Return the pid namespace in which this process counts pids, such as ``pid:[4026531836]``."""
    return str(Path("/proc/self/ns/pid").readlink())


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
