"""What a box pretends with ``kernel = "wsl2"`` or ``"wsl1"``: a healthy WSL without systemd and WSLg (README.md).

Files and variables are in the box; mounts, the kernel and what only WSL's own init can show replace what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.fault import File
from tests.recordings import recorded

if TYPE_CHECKING:
    from tests.faults.fault import Box

WINDOWS_PATH = ":/mnt/c/Windows/System32:/mnt/c/Windows"
_OPTIONS = "rw,noatime,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,cache=5,access=client,msize=65536"
_DRIVES = {
    "wsl2": {"source": "C:\\", "fstype": "9p", "options": _OPTIONS},
    "wsl1": {"source": "C:", "fstype": "drvfs", "options": "rw,noatime,uid=1000,gid=1000"},
}
_KERNELS = {
    "wsl2": ("5.15.167.4-microsoft-standard-WSL2", {"target": "/init", "source": "rootfs", "fstype": "rootfs"}),
    "wsl1": ("4.4.0-19041-Microsoft", {"target": "/", "source": "rootfs", "fstype": "wslfs"}),
}
_BINFMT = "enabled\ninterpreter /init\nflags: {}\noffset 0\nmagic 4d5a\n"


def environ_of(kernel: str) -> dict[str, str]:
    """Return the variables of a session that wsl.exe started; only WSL2 has WSL_INTEROP."""
    both = {"WSL_DISTRO_NAME": "Debian", "NAME": "BOX", "WSLENV": ""}
    return {**both, "WSL_INTEROP": "/run/WSL/9_interop"} if kernel == "wsl2" else both


def files_of(kernel: str) -> dict[str, str | File]:
    """Return the files that WSL writes at the start."""
    written = recorded("resolv_current.txt")
    hosts: dict[str, str | File] = {"/etc/hosts": written.replace("ResolvConf", "Hosts").partition("nameserver")[0]}
    if kernel == "wsl1":
        return {**hosts, "/etc/resolv.conf": written}
    return {**hosts, "/mnt/wsl/resolv.conf": written, "/etc/resolv.conf": File(link="/mnt/wsl/resolv.conf")}


def facts_of(box: Box, start: float) -> dict[str, Any]:
    """Return what replaces the facts of a box that the collector read at ``start``; PID 1 started just then."""
    drives = [place for place, words in box.mounts.items() if words.split(",")[0] == "drive"]
    if box.kernel is None:
        return {"evidence": {"mounts": dict.fromkeys(drives, _DRIVES["wsl2"])}} if drives else {}
    release, mount = _KERNELS[box.kernel]
    entry = _BINFMT.format("PF" if box.kernel == "wsl2" else "P")
    evidence = {
        "kernel": release,
        "proc_version": f"Linux version {release} (root@f9c826d3017f) (gcc)",
        "pid1_comm": "init(Debian)" if box.kernel == "wsl2" else "init",
        "run_wsl": ["9_interop"],
        "binfmt": ["WSLInterop", "register", "status"],
        "mounts": {
            mount["target"]: {"options": "rw", "root": "/", **mount},
            **dict.fromkeys((*drives, "/mnt/c"), _DRIVES[box.kernel]),
        },
    }
    return {
        "evidence": evidence,
        "clock": {"pid1_start": start},
        "files": {"/proc/sys/fs/binfmt_misc/WSLInterop": {"text": entry}},
        "answers": {"wsl-version": {"status": 0, "out": "2.6.1.0\n", "err": ""}},
    }
