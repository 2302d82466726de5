"""Assemble a box in the mount and process namespace of this process, become its user, and start a command in it.

    unshare --mount --pid --fork --kill-child python3 -I -S inside.py PLAN COMMAND…

Standard library only, no package: it starts for every box. It ends with the namespace, and so does all that it made.
After `os.chroot` there is only the box, so that no link in it leads to the host.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

Plan = dict[str, Any]
File = dict[str, Any]

_FLAGS = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8}
_REMOUNT, _BIND, _REC, _PRIVATE = 32, 4096, 16384, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, place: str, kind: str, flags: int = 0, data: str = "") -> None:
    words = [os.fsencode(word) for word in (source, place, kind)]
    if _libc.mount(*words, flags, data.encode()) != 0:
        sys.exit(f"box: mount {kind or 'bind'} on {place} ({data}): {os.strerror(ctypes.get_errno())}")


def assemble(plan: Plan) -> None:
    work = plan["work"]
    mount("none", "/", "", _REC | _PRIVATE)
    mount("tmpfs", work, "tmpfs", 0, "mode=0755")
    root = f"{work}/root"
    for number, (lower, place) in enumerate(plan["layers"]):
        upper, spare = Path(work, f"upper{number}"), Path(work, f"spare{number}")
        for folder in (upper, spare, Path(root + place)):
            folder.mkdir(parents=True, exist_ok=True)
        for pattern in plan["hidden"].get(place, ()):
            hide(Path(lower), upper, pattern)
        mount("overlay", root + place, "overlay", 0, f"lowerdir={lower},upperdir={upper},workdir={spare}")
    mount("/dev", f"{root}/dev", "", _BIND | _REC)
    os.chroot(root)
    os.chdir("/")
    mount("proc", "/proc", "proc")


def hide(lower: Path, upper: Path, pattern: str) -> None:
    """A device 0:0 in the upper layer hides what the lower one has (overlayfs(5)), without a look into it."""
    for path in lower.glob(pattern):
        there = upper / path.relative_to(lower)
        there.parent.mkdir(parents=True, exist_ok=True)
        os.mknod(there, stat.S_IFCHR, 0)


def remove(pattern: str) -> None:
    found = [Path(pattern)] if os.path.lexists(pattern) else list(Path("/").glob(pattern.lstrip("/")))
    if not found and "*" not in pattern:
        sys.exit(f"box: nothing to remove at {pattern}")
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def make_mount(place: Path, words: str) -> None:
    kind, *options = words.split(",")
    flags = sum(_FLAGS.get(option, 0) for option in options)
    data = ",".join(option for option in options if option not in _FLAGS)
    place.mkdir(parents=True, exist_ok=True)
    if kind == "bind":
        mount(str(place), str(place), "", _BIND)
        mount("none", str(place), "", _BIND | _REMOUNT | flags)
        return
    was = place.stat()
    mount("C:\\" if kind == "drive" else "tmpfs", str(place), "tmpfs", flags, data)
    with contextlib.suppress(OSError):  # read-only
        os.chown(place, was.st_uid, was.st_gid)
        place.chmod(was.st_mode & 0o7777)


def make_file(plan: Plan, path: Path, file: File) -> None:
    own = make_parents(plan, path)
    content = bytes.fromhex(file["hex"]) or file["text"].encode("utf-8", "surrogateescape")
    if file["link"] is not None:
        if os.path.lexists(path):
            remove(str(path))
        path.symlink_to(file["link"])
    elif file["folder"]:
        path.mkdir(exist_ok=True)
    elif file["copy"] is not None:
        copy(Path(file["copy"]), path)
    else:
        with path.open("ab" if file["append"] else "wb") as stream:
            stream.write(content)
    if file["copy"] is None or file["owner"]:
        os.chown(path, *owner(plan, file, own=own), follow_symlinks=False)
    mode = file["mode"] or ("0755" if content.startswith(b"#!") else None)
    if mode:
        path.chmod(int(mode, 8))
    if file["mtime"] is not None:
        os.utime(path, (file["mtime"], file["mtime"]), follow_symlinks=False)


def make_parents(plan: Plan, path: Path) -> bool:
    """Make the directories above ``path``; tell whether it belongs to the user: it is his home or below that."""
    own = path.is_relative_to(plan["home"])
    if not path.parent.is_dir():
        above = make_parents(plan, path.parent)
        path.parent.mkdir()
        os.chown(path.parent, *((plan["uid"], plan["gid"]) if above else (0, 0)))
    return own


def owner(plan: Plan, file: File, *, own: bool) -> tuple[int, int]:
    if file["owner"]:
        number = {"root": 0, "dev": 1000}[file["owner"]]
        return number, number
    return (plan["uid"], plan["gid"]) if own else (0, 0)


def copy(source: Path, path: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, path, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(source, path)


def become(plan: Plan) -> None:
    for name, number in plan["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name.upper()}"), (number, number))
    os.umask(0o022)
    os.setgroups([plan["gid"]])
    os.setgid(plan["gid"])
    os.setuid(plan["uid"])
    try:
        os.chdir(plan["home"])
    except OSError:
        os.chdir("/")


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    command = sys.argv[2:]
    assemble(plan)
    for path, file in plan["own_files"].items():
        make_file(plan, Path(path), file)
    for pattern in plan["removed"]:
        remove(pattern)
    for place, words in plan["mounts"].items():
        if not words.startswith("bind"):
            make_mount(Path(place), words)
    for path, file in plan["files"].items():
        make_file(plan, Path(path), file)
    for place, words in plan["mounts"].items():
        if words.startswith("bind"):
            make_mount(Path(place), words)
    become(plan)
    os.execve(command[0], command, plan["environ"])


main()
