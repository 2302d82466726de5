"""Hold a Linux root open in namespaces of its own until standard input ends: also when its user is killed outright.

    python3 -I -S hold.py PLAN

PLAN is JSON: ``root`` (a root file system, which is never changed), ``place`` (an empty folder to mount on), ``tmp``
(what /tmp is) and ``user`` (make a user namespace first). It prints ``ok PID``, the pid to enter by nsenter(1), or
``no SENTENCE``. Standard library only, no package: one is started for every distro.

The new root is a small tmpfs in which each entry of the root stands read-only, with a fresh /proc, /sys, /dev, /run and
/tmp; it becomes the root of its mount namespace (pivot_root(2)), so that nothing of this machine is seen inside.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import struct
import sys
from functools import cache
from pathlib import Path

with contextlib.suppress(ImportError):  # on Windows, where this is never run; later, in the new root, it is too late
    import fcntl

_RDONLY, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
# statvfs(3) tells the flags of a mount by these bits (nosuid, nodev, noexec, noatime, nodiratime, relatime); a user
# namespace may not take one away.
_KEPT = {2: 2, 4: 4, 8: 8, 1024: 1024, 2048: 2048, 4096: 1 << 21}
_NEW_NS, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = 0x20000, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30
_DETACH = 2
_PR_SET_PDEATHSIG = 1
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_OWN = ("proc", "sys", "dev", "run", "tmp")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_ROOM = "mode=0755,size=16m"


@cache
def libc() -> ctypes.CDLL:
    """Return the C library that this process has; there is none of that kind on Windows, where nothing is held."""
    return ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The kernel did not do a step; the text names it."""


def call(what: str, status: int) -> None:
    if status != 0:
        raise Refused(f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, place: str, kind: str, flags: int = 0, data: str = "") -> None:
    words = [os.fsencode(word) for word in (source, place, kind)]
    call(f"mount {kind or source}", libc().mount(*words, flags, data.encode()))


def separate(plan: dict[str, str]) -> None:
    """Leave this machine's namespaces; in a user namespace this user is root."""
    uid, gid = os.getuid(), os.getgid()
    spaces = _NEW_NS | _NEW_UTS | _NEW_IPC | _NEW_PID | _NEW_NET
    call("unshare", libc().unshare(spaces | (_NEW_USER if plan["user"] else 0)))
    if plan["user"]:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def assemble(plan: dict[str, str]) -> None:
    """Make the new root and move into it."""
    os.umask(0o022)
    mount("none", "/", "", _REC | _PRIVATE)
    place = plan["place"]
    mount("tmpfs", place, "tmpfs", 0, _ROOM)
    for entry in os.scandir(plan["root"]):
        if entry.name not in _OWN:
            show(entry, f"{place}/{entry.name}")
    for name in _OWN:
        Path(place, name).mkdir()
    mount(plan["tmp"], f"{place}/tmp", "", _BIND)
    mount("proc", f"{place}/proc", "proc")
    with contextlib.suppress(Refused):  # a kernel that hides a part of /sys here does not give another
        mount("sysfs", f"{place}/sys", "sysfs", _RDONLY)
    make_devices(Path(place, "dev"))
    os.chdir(place)
    call("pivot_root", libc().pivot_root(b".", b"."))
    call("umount", libc().umount2(b".", _DETACH))
    os.chdir("/")


def show(entry: os.DirEntry[str], there: str) -> None:
    """Give one entry of the root its place in the new one, read-only with all that is mounted below it."""
    if entry.is_symlink():
        Path(there).symlink_to(Path(entry).readlink())
        return
    Path(there).mkdir() if entry.is_dir() else Path(there).touch()
    mount(entry.path, there, "", _BIND | _REC)
    for place in [there, *mounts_below(there)]:
        told = os.statvfs(place).f_flag
        kept = sum(flag for bit, flag in _KEPT.items() if told & bit)
        mount("none", place, "", _REMOUNT | _BIND | _RDONLY | kept)


def mounts_below(folder: str) -> list[str]:
    """Return the mount points below ``folder`` (proc(5): blanks in them are octal escapes)."""
    lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    places = [os.fsdecode(line.split()[4].decode("unicode_escape").encode("latin-1")) for line in lines]
    return [place for place in places if place.startswith(f"{folder}/")]


def make_devices(dev: Path) -> None:
    """Devices cannot be made in a user namespace; those of this machine can be shown."""
    for name in _DEVICES:
        if Path("/dev", name).exists():
            (dev / name).touch()
            mount(f"/dev/{name}", str(dev / name), "", _BIND)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (dev / name).symlink_to(f"/proc/self/fd{target}")
    (dev / "shm").mkdir(mode=0o1777)
    (dev / "pts").mkdir()
    mount("devpts", str(dev / "pts"), "devpts", 0, "newinstance,ptmxmode=0666,mode=620")
    (dev / "ptmx").symlink_to("pts/ptmx")


def raise_loopback() -> None:
    """A new network namespace has a loopback that is down (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))


def hold(plan: dict[str, str], told: int) -> None:
    """Be the first process of the new pid namespace, which ends with it."""
    libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps what commands leave behind
    try:
        assemble(plan)
        with contextlib.suppress(OSError):
            raise_loopback()
    except (Refused, OSError) as problem:
        os.write(told, str(problem).encode())
        return
    os.close(told)
    for output in (1, 2):
        os.dup2(0, output)  # nothing of the caller's stays open in here
    while os.read(0, 512):
        pass


def main() -> None:
    plan = json.loads(sys.argv[1])
    try:
        separate(plan)
    except (Refused, OSError) as problem:
        sys.stdout.write(f"no {problem}\n")
        return
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        hold(plan, told)
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as pipe:
        trouble = pipe.read().decode("utf-8", "replace")
    sys.stdout.write(f"no {trouble}\n" if trouble else f"ok {pid}\n")
    sys.stdout.flush()
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
