"""The init of a distribution of the lab's stand-in for wsl.exe: it starts what clients order and tells how that ended.

python3 -I -S wsl_init.py ROOT SOCKET PID       in a mount and a pid namespace of its own

It ends, and all of the distribution with it, when the process PID of the tests has: they may be killed outright.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

LOOK = 5.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/usr/lib/wsl/lib"


def init(root: str, place: str, owner: str) -> None:
    """Be the first process of a distribution: start what clients order, and tell them how it ended."""
    for folder, words in (("proc", "-t proc proc"), ("dev", "--rbind /dev"), ("sys", "--rbind /sys")):
        if Path(root, folder).is_dir():
            subprocess.run(["mount", *words.split(), f"{root}/{folder}"], check=True, timeout=20)
    Path(place).unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen(64)
    heard, woken = socket.socketpair()
    woken.setblocking(False)
    signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    clients: dict[int, socket.socket] = {}
    while Path("/proc", owner).exists():  # that of the tests; the distribution has a /proc of its own in its root
        ready, _, _ = select.select([listening, heard], [], [], LOOK)
        if heard in ready:
            heard.recv(4096)
            _bury(clients)
        if listening in ready:
            link, _ = listening.accept()
            if pid := _serve(link, root):
                clients[pid] = link
            else:
                link.close()


def _bury(clients: dict[int, socket.socket]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if link := clients.pop(pid, None):
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError):  # a client that was killed
                link.sendall(str(code if code >= 0 else 128 - code).encode())
            link.close()


def _serve(link: socket.socket, root: str) -> int | None:
    head, fds, _, _ = socket.recv_fds(link, 4, 3)
    if len(head) < 4:
        return None  # somebody asked whether it runs
    size, data = struct.unpack("I", head)[0], b""
    while len(data) < size:
        data += link.recv(size - len(data))
    order = json.loads(data.decode("utf-8", "surrogatepass"))
    entry = _user(root, order["user"])
    pid = None
    if entry is None:
        link.sendall(b"no user")
    elif (pid := os.fork()) == 0:
        try:
            _become(order, entry, root, fds)
        finally:
            os._exit(1)
    for fd in fds:
        os.close(fd)
    return pid


def _user(root: str, name: str | None) -> list[str] | None:
    file = Path(root, "etc/passwd")
    lines = [line.split(":") for line in file.read_text().splitlines()] if file.exists() else []
    entries = [entry for entry in lines if len(entry) == 7]
    if name is None:
        return next((entry for entry in entries if entry[2] == "0"), ["root", "x", "0", "0", "", "/", "/bin/sh"])
    return next((entry for entry in entries if entry[0] == name), None)


def _become(order: dict[str, Any], entry: list[str], root: str, fds: list[int]) -> None:
    name, _, uid, gid, _, home, shell = entry
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.setsid()
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
    if order["tty"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.closerange(3, 256)
    os.chroot(root)
    try:
        os.chdir(str(order["cd"] or "~").replace("~", home, 1))
    except OSError as problem:
        os.chdir("/")
        os.write(2, f"<3>WSL ({os.getpid()} - ) ERROR: chdir failed {problem.errno}\n".encode())
    os.setgroups([int(gid)])
    os.setgid(int(gid))
    os.setuid(int(uid))
    env = {"HOSTTYPE": "x86_64", "LANG": "en_US.UTF-8", "PATH": PATH, "TERM": "xterm-256color"}
    env |= {"NAME": "stand-in", "WSL_DISTRO_NAME": str(order["name"]), "WSL_INTEROP": "/run/WSL/1_interop"}
    env |= {"HOME": home, "USER": name, "LOGNAME": name, "SHELL": shell} | dict(order["wslenv"])
    line = order.get("shell")
    argv = order.get("argv") or ([shell, "-c", line] if line else [f"-{Path(shell).name}"])
    program = shell if not order.get("argv") else argv[0]
    try:
        os.execvpe(program, argv, env)
    except OSError as problem:
        said = f"execvpe({program}) failed: {problem.strerror}"
        os.write(2, f"<3>WSL ({os.getpid()} - ) ERROR: CreateProcessCommon:818: {said}\n".encode())


if __name__ == "__main__":
    init(*sys.argv[1:])
