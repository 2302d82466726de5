"""A stand-in for wsl.exe: distributions are root folders, each with an init (``wsl_init.py``) that starts its commands.

    python3 -I -S wsl_exe.py LAB WORD…       what `wsl.exe WORD…` does

As the real one (microsoft/WSL, ``src/windows/common/WslClient.cpp``): it takes a command line, not words, splits its
own options at blanks and knows no quotes there; ``--exec`` reads the rest as CommandLineToArgvW does; its messages are
UTF-16LE with CR LF on standard output (``WSL_UTF8=1``: UTF-8), and its own failures end with -1. A command is no child
of the client: it gets sockets that the client relays, lives in the pid namespace of its distribution, and outlives a
client that is killed. Not known of the real one, and decided here: it waits for an output that others hold open.
The kernel is that of this machine, and no WSL kernel.
LAB holds ``registry``, lines of NAME, a tab and ROOT, and ``owner``, a pid.
"""

from __future__ import annotations

import array
import fcntl
import json
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
import tty
from pathlib import Path

INIT = Path(__file__).with_name("wsl_init.py")
OWN_FAILURE = 255  # -1, of which Linux sees the lower byte
LONGEST = 32_767
NO_DISTRO = "There is no distribution with the supplied name.\nError code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND"
NO_USER = "User not found.\nError code: Wsl/Service/CreateInstance/WSL_E_USER_NOT_FOUND"
NONE_INSTALLED = (
    "Windows Subsystem for Linux has no installed distributions.\n"
    "Use 'wsl.exe --list --online' to list available distributions\nand 'wsl.exe --install <Distro>' to install."
)


def say(text: str) -> None:
    data = f"{text}\n".replace("\n", "\r\n")
    os.write(1, data.encode("utf-8" if os.environ.get("WSL_UTF8") == "1" else "utf-16-le"))


def fail(text: str) -> int:
    say(text)
    return OWN_FAILURE


def split(line: str) -> tuple[str, str]:
    """Return the first argument of a command line, which ends at a blank, and the rest (``ParseArgument``)."""
    end = next((place for place, sign in enumerate(line) if sign in " \t"), len(line))
    return line[:end], line[end:].lstrip(" \t")


def words_of(line: str) -> list[str]:
    """Read a command line as CommandLineToArgvW does behind its first word."""
    words: list[str] = []
    word, quoted, begun, place = "", False, False, 0
    while place < len(line):
        rest = line[place:].lstrip("\\")
        slashes = line[place : len(line) - len(rest)]
        place += len(slashes)
        char = line[place : place + 1]
        place += 1
        if char == '"':
            word += "\\" * (len(slashes) // 2)
            if len(slashes) % 2:
                word += char
            else:
                quoted = not quoted
            begun = True
            continue
        word += slashes
        if char in (" ", "\t", "") and not (quoted and char):
            words += [word] if word or begun else []
            word, begun = "", False
        else:
            word += char
    return [*words, word] if word or begun else words


class Lab:
    """The distributions of one Windows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lines = (folder / "registry").read_text(encoding="utf-8").splitlines()
        self.owner = (folder / "owner").read_text(encoding="utf-8")
        self.roots = dict(line.split("\t") for line in lines)

    def find(self, name: str) -> str | None:
        return next((one for one in self.roots if one.lower() == name.lower()), None)

    def door(self, name: str) -> str:
        return str(self.folder / f"{list(self.roots).index(name)}.sock")

    def running(self, name: str) -> bool:
        try:
            self.connect(name).close()
        except OSError:
            return False
        return True

    def connect(self, name: str) -> socket.socket:
        link = socket.socket(socket.AF_UNIX)
        link.connect(self.door(name))
        return link

    def start(self, name: str) -> None:
        """Start the init of a distribution once, whoever asks first; it belongs to nobody."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.running(name):
                return
            space = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
            script = 'echo $$ >"$0.pid"; exec "$@"'
            init = [sys.executable, "-I", "-S", str(INIT), self.roots[name], self.door(name), self.owner]
            argv = ["setsid", "--fork", "/bin/sh", "-c", script, self.door(name), *space, *init]
            none = subprocess.DEVNULL
            subprocess.run(argv, stdin=none, stdout=none, stderr=none, check=True, timeout=20, close_fds=True)
            end = time.monotonic() + 20
            while not self.running(name) and time.monotonic() < end:
                time.sleep(0.01)

    def terminate(self, name: str) -> None:
        pid = Path(f"{self.door(name)}.pid")
        if self.running(name):
            os.kill(int(pid.read_text()), signal.SIGKILL)
            while self.running(name):
                time.sleep(0.01)


def main(folder: Path, argv: list[str]) -> int:
    line = subprocess.list2cmdline(argv)
    if len(line) + len("wsl.exe ") >= LONGEST:
        os.write(2, b"wsl.exe: The filename or extension is too long.\n")
        return OWN_FAILURE
    lab, name, user, directory = Lab(folder), None, None, None
    while line:
        option, rest = split(line)
        if option in ("-d", "--distribution", "-u", "--user", "--cd", "-t", "--terminate"):
            value, rest = split(rest)
            if not value:
                return fail(f"Command line argument {option} requires a value.")
            if option in ("-u", "--user"):
                user = value
            elif option == "--cd":
                directory = value.strip('"')
            elif lab.find(value) is None:
                return fail(NO_DISTRO)
            elif option in ("-t", "--terminate"):
                lab.terminate(lab.find(value) or "")
                return 0
            else:
                name = lab.find(value)
            line = rest
        elif option in ("--exec", "-e", "--"):
            return launch(lab, name, user, directory, rest, shell=option == "--")
        elif option in ("--list", "-l"):
            return list_distros(lab, rest.split())
        elif option == "--shutdown":
            for one in lab.roots:
                lab.terminate(one)
            return 0
        elif option.startswith("-"):
            return fail(
                f"Invalid command line argument: {option}\n"
                "Please use 'wsl.exe --help' to get a list of supported arguments."
            )
        else:
            break
    return launch(lab, name, user, directory, line, shell=True)


def list_distros(lab: Lab, options: list[str]) -> int:
    known = {"--quiet", "-q", "--verbose", "-v", "--running", "--all"}
    if unknown := [option for option in options if option not in known]:
        return fail(f"Invalid command line argument: {unknown[0]}")
    names = [one for one in lab.roots if "--running" not in options or lab.running(one)]
    if not names:
        return fail("There are no running distributions." if lab.roots else NONE_INSTALLED)
    if {"--verbose", "-v"} & set(options):
        width = max(4, *map(len, names)) + 4
        say(f"  {'NAME':<{width}}{'STATE':<16}VERSION")
        for name in names:
            star = "*" if name == next(iter(lab.roots)) else " "
            say(f"{star} {name:<{width}}{'Running' if lab.running(name) else 'Stopped':<16}2")
    elif {"--quiet", "-q"} & set(options):
        say("\n".join(names))
    else:
        default = next(iter(lab.roots))
        say("Windows Subsystem for Linux Distributions:")
        say("\n".join(f"{name} (Default)" if name == default else name for name in names))
    return 0


def launch(lab: Lab, name: str | None, user: str | None, directory: str | None, line: str, *, shell: bool) -> int:
    if not lab.roots:
        return fail(NONE_INSTALLED)
    name = name or next(iter(lab.roots))
    lab.start(name)
    link = lab.connect(name)
    terminal = os.isatty(0) and os.isatty(1)
    ours, theirs = _terminal() if terminal else _sockets()
    order: dict[str, object] = {"name": name, "user": user, "cd": directory, "tty": terminal}
    order |= {"shell": line} if shell else {"argv": words_of(line)}
    order["wslenv"] = {"WSLENV": os.environ.get("WSLENV", "")}
    data = json.dumps(order).encode("utf-8", "surrogatepass")
    fds = array.array("i", theirs)
    link.sendmsg([struct.pack("I", len(data))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
    link.sendall(data)
    for fd in set(theirs):
        os.close(fd)
    return _relay(link, ours, terminal=terminal)


def _sockets() -> tuple[list[int], list[int]]:
    pairs = [socket.socketpair() for _ in range(3)]
    return [one.detach() for one, _ in pairs], [other.detach() for _, other in pairs]


def _terminal() -> tuple[list[int], list[int]]:
    ours, theirs = pty.openpty()
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    tty.setraw(0)
    return [ours, ours], [theirs, theirs, theirs]


def _relay(link: socket.socket, ours: list[int], *, terminal: bool) -> int:
    threading.Thread(target=_feed, args=(ours[0], terminal), daemon=True).start()
    outputs = [threading.Thread(target=_copy, args=(fd, place)) for place, fd in enumerate(ours[1:], 1)]
    for output in outputs:
        output.start()
    told = b"".join(iter(lambda: link.recv(4096), b""))
    if told == b"no user":
        return fail(NO_USER)
    for output in outputs:
        output.join()
    return int(told) if told else fail("The Linux instance has terminated.\nError code: Wsl/Service/0x8007274c")


def _feed(to: int, terminal: bool) -> None:
    _copy(0, to)
    if not terminal:
        with socket.socket(fileno=to) as end:
            try:
                end.shutdown(socket.SHUT_WR)
            except OSError:
                return


def _copy(source: int, to: int) -> None:
    try:
        while data := os.read(source, 1 << 16):
            while data:
                data = data[os.write(to, data) :]
    except OSError:
        return


if __name__ == "__main__":
    os._exit(main(Path(sys.argv[1]), sys.argv[2:]))
