"""A guest: an ordinary user of the target who installs programs, for root passes over every permission.

Where we are root, a guest is a user id that nobody has (setpriv(1)), with a room, a module and a build cache of its
own; where we are an ordinary user already, it is that user. A guest's cache starts as a copy of one that holds what the
program needs, so that no check waits for the standard library.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, NoPrivilege
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.toolchain.workbench import Workbench

PROGRAM: Final = "hello"
_PACKAGE: Final = "wslgo.example/hello"
_FIRST_ID: Final = 48123
_SEEDING: Final = 600.0
_ROOT: Final = "0"

# $1 room, $2 seed of the cache, $3 module, $4 user:group or "". Every directory above must let others pass (o+x).
_FURNISH: Final = """
set -e
mkdir -p "$1/home" "$1/tmp" "$1/cache"
cp -R "$3" "$1/program"
[ -z "$4" ] || { cp -R "$2/." "$1/cache"; chown -R "$4" "$1"; }
chmod -R u=rwX,go=rX "$1/program"
chmod 755 "$1"
[ -n "$4" ] || exit 0
above=${1%/*}
while [ "$above" != "$5" ]; do chmod o+x "$above"; above=${above%/*}; done
chmod o+x "$5"
"""


@dataclass(frozen=True)
class Guest:
    """``room`` is the guest's directory on the target; ``number`` its user id, None for our own user."""

    bench: Workbench
    room: str
    number: int | None
    group: int | None

    @property
    def words(self) -> tuple[str, ...]:
        """The words before a command that make it the guest's."""
        if self.number is None:
            return ()
        return ("setpriv", f"--reuid={self.number}", f"--regid={self.group}", "--clear-groups")

    def install(self, folder: str, umask: str = "022") -> CommandResult:
        """Run ``go install`` of the program with ``folder`` as GOBIN, as the guest; any status."""
        own = {"HOME": f"{self.room}/home", "TMPDIR": f"{self.room}/tmp", "GOTMPDIR": f"{self.room}/tmp"}
        caches = {"GOPATH": f"{self.room}/gopath"} | ({} if self.number is None else {"GOCACHE": f"{self.room}/cache"})
        masked = ("/bin/sh", "-c", 'umask "$1"; shift; exec "$@"', "sh", umask)
        where = f"{self.room}/program"
        env: Mapping[str, str] = {**own, **caches, "GOBIN": folder}
        return self.bench.go("install", _PACKAGE, cwd=where, env=env, through=(*self.words, *masked), check=False)

    def folder(self, name: str, mode: str, *, of_root: bool = False) -> str:
        """Make a folder (or set the mode of one that is there) in the room, the guest's or root's; return its path.

        Raises NoPrivilege where only root could give it to root.
        """
        path = f"{self.room}/{name}"
        script = 'mkdir -p "$1" && chmod "$2" "$1" && { [ -z "$3" ] || chown "$3" "$1"; }'
        owner = self._needs_root("give a folder to root", _ROOT) if of_root else self._owner
        self.bench.target.run(["/bin/sh", "-c", script, "sh", path, mode, owner])
        return path

    def file_of_root(self, path: str) -> None:
        """Make an empty file that root owns and nobody may write."""
        owner = self._needs_root("give a file to root", _ROOT)
        script = ': >"$1" && chmod 444 "$1" && chown "$2" "$1"'
        self.bench.target.run(["/bin/sh", "-c", script, "sh", path, owner])

    def mode(self, path: str) -> str:
        """Return a path's permissions in octal digits, such as ``755``; empty where there is nothing."""
        return self.bench.target.run(["stat", "-c", "%a", path], check=False).text.strip()

    def neighbour(self) -> Guest:
        """Return another user of the guest's group, with a room of its own; raise NoPrivilege without root."""
        self._needs_root("work as another user", "")
        assert self.number is not None
        return furnish(replace(self, number=self.number + 1, room=_new_room(self.bench)))

    @property
    def _owner(self) -> str:
        return "" if self.number is None else f"{self.number}:{self.group}"

    def _needs_root(self, what: str, owner: str) -> str:
        if self.number is None:
            name = self.bench.target.name
            raise NoPrivilege(f"Only root can {what}, and on target {name} we are an ordinary user: run as root.")
        return owner


def invite(bench: Workbench) -> Guest:
    """Return a guest on the workbench's target.

    Raises:
        MissingTool: we are root there, and setpriv is missing.
        NoPrivilege: the guest cannot run this go.
    """
    we = bench.target.run(["id", "-u"]).text.strip()
    number = _FIRST_ID if we == _ROOT else None
    return furnish(Guest(bench, _new_room(bench), number, number))


def furnish(guest: Guest) -> Guest:
    """Make the guest's room, and see that the guest can run go from there."""
    bench = guest.bench
    seed = bench.seed_cache(PROGRAM, _SEEDING) if guest.number is not None else ""
    owner = "" if guest.number is None else f"{guest.number}:{guest.group}"
    words = [guest.room, seed, bench.place(PROGRAM), owner, bench.target.workdir]
    name = bench.target.name
    made = bench.target.run(["/bin/sh", "-c", _FURNISH, "sh", *words], check=False)
    if made.status != 0:
        raise NoPrivilege(
            f"Target {name} does not let us make a room for an ordinary user: {last_lines(made.stderr, 1)}."
            " Run as root there, with the right to give files away (CAP_CHOWN)."
        )
    tried = bench.go("version", cwd=f"{guest.room}/program", through=guest.words, check=False)
    if tried.status == 127 and guest.words and "setpriv" in tried.err:
        raise MissingTool(f"Target {name} has no setpriv, to work as an ordinary user: install util-linux.")
    if tried.status != 0:
        raise NoPrivilege(
            f"An ordinary user of target {name} cannot run {bench.toolchain.go} ({last_lines(tried.stderr, 1)}):"
            " let others pass the directories above it (chmod o+x), or give another Go."
        )
    return guest


def _new_room(bench: Workbench) -> str:
    return f"{bench.places.run}/guests/{uuid.uuid4().hex[:12]}"
