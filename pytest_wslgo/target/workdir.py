"""Our one directory of a run on a target, and the leases that tell whose it is.

Its name carries the run's id, so that all processes of a run (pytest-xdist) share it. Each of them keeps a lease file
in it; the last one to leave removes the directory. A run that was killed outright leaves its leases: a later run on
the same controller sees that their processes are dead and sweeps the directory.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.kernel import UNKNOWN, boot_id, machine, pid_space, start_of
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target

PREFIX = "wslgo-"
CONTAINERS = "containers"
NO_ROOM = 65

# A directory of this name that is not ours (a link, another owner) is refused: /tmp belongs to everybody.
MAKE = f"""\
umask 077
for base in "${{TMPDIR:-/tmp}}" /tmp /var/tmp "$HOME"; do
  [ "$base" ] && [ -d "$base" ] && [ -w "$base" ] || continue
  base=$(cd "$base" && pwd) dir=${{base%/}}/$1
  mkdir "$dir" 2>/dev/null
  [ ! -h "$dir" ] && [ -O "$dir" ] || {{ echo "$dir is not ours" >&2; exit 1; }}
  chmod 700 "$dir" && mkdir -p "$dir/.leases" && printf %s "$3" >"$dir/.leases/$2" && printf %s "$dir"
  exit
done
exit {NO_ROOM}
"""

# Go makes the directories of its module cache read-only, so that rm needs help unless it is root's.
REMOVE = """\
rm -f "$1/.leases/$2"
rmdir "$1/.leases" 2>/dev/null || exit 0
rm -rf "$1" 2>/dev/null || { chmod -R u+rwX "$1"; rm -rf "$1"; }
"""

# A go command outlives a run that was killed outright, and would make the directory anew; its HOME is in there.
END_ORPHANS = """\
for environ in /proc/[0-9]*/environ; do
  grep -qsF "=$1/" "$environ" && pid=${environ#/proc/} && kill -KILL "${pid%/environ}"
done
"""

# The containers of a run are recorded before they are started: a file for each, with its engine and its name.
END_CONTAINERS = f"""\
for record in "$1/{CONTAINERS}"/*; do
  [ -f "$record" ] && read -r engine name <"$record" || continue
  case $engine in podman | docker) "$engine" rm -f "$name" ;; esac
done >/dev/null 2>&1
"""
END_CONTAINERS_DEADLINE = 30.0

LIST = f"""\
for base in "${{TMPDIR:-/tmp}}" /tmp /var/tmp "$HOME"; do
  for lease in "$base/{PREFIX}"*/.leases/*; do
    [ -f "$lease" ] && [ -O "$lease" ] && read -r line <"$lease" && printf '%s %s\\n' "$line" "$lease"
  done
done
exit 0
"""

CACHE = 'dir=${XDG_CACHE_HOME:-$HOME/.cache}/pytest-wslgo && mkdir -p "$dir" && [ -w "$dir" ] && cd "$dir" && pwd'


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a working directory: a process of a controller.

    ``host`` is the controller as ``kernel.machine`` names it, ``boot`` the kernel's boot id, ``space`` the pid
    namespace in which ``pid`` counts, ``started`` the start of the process in clock ticks after boot: together they
    cannot name another process later.
    """

    host: str
    boot: str
    space: str
    pid: int
    started: int

    @classmethod
    def ours(cls) -> Lease:
        """Return the lease of this process."""
        pid = os.getpid()
        return cls(machine(), boot_id(), pid_space(), pid, start_of(pid) or 0)

    @classmethod
    def parse(cls, line: str) -> Lease | None:
        """Return the lease that ``line`` tells, or ``None`` when it is none.

        >>> Lease.parse("box:9d1 6f3c pid:[4026531836] 812 9942")
        Lease(host='box:9d1', boot='6f3c', space='pid:[4026531836]', pid=812, started=9942)
        """
        words = line.split()
        if len(words) != 5 or not (words[3].isdigit() and words[4].isdigit()):
            return None
        return cls(words[0], words[1], words[2], int(words[3]), int(words[4]))

    def __str__(self) -> str:
        return f"{self.host} {self.boot} {self.space} {self.pid} {self.started}\n"

    def is_dead(self) -> bool:
        """Tell whether its process is known to have ended; of others, and on Windows, nothing is known."""
        if UNKNOWN in (self.boot, boot_id()):
            return False
        if self.boot != boot_id():
            return self.host == machine()
        return self.space == pid_space() and start_of(self.pid) != self.started


class Workplace:
    """The directories of ours on one target, made when they are first asked for."""

    def __init__(self, target: Target, run_id: str) -> None:
        self._target = target
        self._name = f"{PREFIX}{run_id or os.getpid()}"
        self._lease = _lease_name()
        self._lock = threading.RLock()
        self._workdir: str | None = None
        self._cache_dir: str | None = None

    @property
    def workdir(self) -> str:
        with self._lock:
            if self._workdir is None:
                self._workdir = self._make()
            return self._workdir

    @property
    def cache_dir(self) -> str:
        with self._lock:
            if self._cache_dir is None:
                made = self._target.run(["/bin/sh", "-c", CACHE], check=False)
                self._cache_dir = made.text.rstrip("\n") if made.status == 0 else f"{self.workdir}/cache"
            return self._cache_dir

    def remove(self) -> None:
        """Give our lease back, and remove the directory when no other process of this run holds one."""
        with self._lock:
            if self._workdir is not None:
                self._target.run(["/bin/sh", "-c", REMOVE, "sh", self._workdir, self._lease], deadline=120)
                self._workdir = None

    def _make(self) -> str:
        made = self._target.run(["/bin/sh", "-c", MAKE, "sh", self._name, self._lease, str(Lease.ours())], check=False)
        if made.status == NO_ROOM:
            raise WslgoError(
                f"target {self._target.name} has no directory that we may write to (tried $TMPDIR, /tmp, /var/tmp and"
                " $HOME): make /tmp there, or set TMPDIR."
            )
        if made.status != 0:
            raise WslgoError(
                f"target {self._target.name}: cannot make the working directory {self._name}: {last_lines(made.stderr)}"
            )
        return made.text


def _lease_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def hold(folder: Path) -> None:
    """Leave a lease of this process in a directory of ours on this machine, so that a later run can sweep it."""
    (folder / ".leases").mkdir()
    (folder / ".leases" / _lease_name()).write_text(str(Lease.ours()), encoding="utf-8")


def sweep_stale(target: Target) -> tuple[str, ...]:
    """Remove the working directories on ``target`` whose owners are all dead, and return their paths.

    Only owners on this controller can be known to be dead; what other controllers left is not touched.
    """
    listed = target.run(["/bin/sh", "-c", LIST]).text
    holders: dict[str, list[Lease | None]] = {}
    for line in listed.splitlines():
        *words, path = line.split(" ", 5)
        holders.setdefault(str(PurePosixPath(path).parent.parent), []).append(Lease.parse(" ".join(words)))
    stale = tuple(
        sorted(path for path, leases in holders.items() if all(lease and lease.is_dead() for lease in leases))
    )
    for path in stale:
        with suppress(WslgoError):  # an engine that hangs now; whoever uses it next finds them by their label
            target.run(["/bin/sh", "-c", END_CONTAINERS, "sh", path], deadline=END_CONTAINERS_DEADLINE, check=False)
        target.run(
            ["/bin/sh", "-c", f'{END_ORPHANS}rm -rf "$1/.leases"; mkdir "$1/.leases"; {REMOVE}', "sh", path, "none"]
        )
    return tuple(stale)
