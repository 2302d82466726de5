"""Enter a root file system on this machine without a container engine, by the best way that works here.

1. One process holds the root open in namespaces of its own (``hold.py``); a command enters them by nsenter(1): 2 ms.
   As root, else in a user namespace. It ends with this process, whatever ends that.
2. ``bwrap`` for every command, where it may make namespaces and we may not: 30 ms.
3. As root without the right to make namespaces: ``chroot``, into a copy of our own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import NoPrivilege
from pytest_wslgo.target.kernel import is_root, start_of
from pytest_wslgo.target.process import Held, run_process
from pytest_wslgo.target.result import last_lines
from pytest_wslgo.target.transport import ROOT_ENVIRON, Chroot, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

SYSTEM_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
HOLD: Final = Path(__file__).with_name("hold.py")
HOLD_DEADLINE: Final = 30.0
TRIAL_DEADLINE: Final = 30.0
# What every root gets anew, whatever stands there.
OWN: Final = ("proc", "sys", "dev", "run", "tmp")
DEVICES: Final = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


@dataclass(frozen=True, slots=True)
class Root:
    """A root file system on this machine. ``room`` is a folder of the run for it; ``ours`` tells that we made it."""

    name: str
    path: Path
    room: Path
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Entered(Transport):
    """A root that a process of ours holds open: commands enter that process's namespaces."""

    name: str
    held: Held
    pid: int
    started: int
    words: tuple[str, ...]

    @property
    def environ(self) -> Mapping[str, str]:
        return ROOT_ENVIRON

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        return [*self.words, "--", *argv]

    def why_gone(self) -> str | None:
        if start_of(self.pid) == self.started:
            return None
        return f"the process {self.pid} that held the root of distro {self.name} open has ended."

    def close(self) -> None:
        self.held.end()


@dataclass(frozen=True, slots=True)
class Bubble(Transport):
    """A root that bwrap(1) assembles anew for every command."""

    words: tuple[str, ...]

    @property
    def environ(self) -> Mapping[str, str]:
        return ROOT_ENVIRON

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        # bwrap itself ends with 1 for a program that it cannot start; a shell says 127 or 126, as every other way does.
        return [*self.words, "--", "/bin/sh", "-c", 'exec "$@"', "sh", *argv]


class Refusal(Exception):
    """A way that does not work here; the text is a clause that says why."""


def enter_root_of(root: Root) -> Transport:
    """Return the best transport into ``root`` that works here; the root itself stays as it is.

    Raises NoPrivilege when no way works, with what each of them said.
    """
    refusals = []
    for way in ways():
        try:
            return way(root)
        except Refusal as refusal:
            refusals.append(str(refusal))
    raise NoPrivilege(
        f"distro {root.name}: a root file system needs namespaces, and none can be made here ({'; '.join(refusals)}):"
        " run as root, allow user namespaces (sysctl user.max_user_namespaces), or give an image of a working engine."
    )


def ways() -> tuple[Callable[[Root], Transport], ...]:
    """Return the ways into a root that this user may try, the best first."""
    if is_root():
        return held_by_root, held_by_user, bubble, own_copy
    return held_by_user, bubble


def held_by_root(root: Root) -> Transport:
    """Hold the root open as root."""
    return _held(root, "unshare as root", user=False)


def held_by_user(root: Root) -> Transport:
    """Hold the root open in a user namespace, where this user is root and nobody else is there."""
    return _held(root, "unshare with a user namespace", user=True)


def _held(root: Root, what: str, *, user: bool) -> Entered:
    nsenter = shutil.which("nsenter", path=SYSTEM_PATH)
    if nsenter is None:
        raise Refusal("nsenter is not installed (util-linux)")
    place, tmp = _folders(root)
    plan = {"root": str(root.path), "place": str(place), "tmp": str(tmp), "user": user}
    # By this variable a later run finds it, while xdist's workers outlive a controller that was killed (workdir.py).
    environ = {**os.environ, "WSLGO_ROOM": str(root.room)}
    held = Held([sys.executable, "-I", "-S", str(HOLD), json.dumps(plan)], environ)
    answer = held.first_line(HOLD_DEADLINE)
    word, _, pid = answer.partition(" ")
    started = start_of(int(pid)) if word == "ok" else None
    if started is None:
        held.end()
        raise Refusal(f"{what}: {pid or answer or 'no answer'}")
    spaces = ["--mount", "--pid", "--net", "--ipc", "--uts"]
    words = [nsenter, "--target", pid, *spaces, *(["--user", "--preserve-credentials"] if user else [])]
    return Entered(root.name, held, int(pid), started, tuple(words))


def _folders(root: Root) -> tuple[Path, Path]:
    place, tmp = root.room / "place", root.room / "tmp"
    for folder in (place, tmp):
        folder.mkdir(parents=True, exist_ok=True)
    tmp.chmod(0o1777)
    return place, tmp


def bubble(root: Root) -> Bubble:
    """Let bwrap make the namespaces for each command."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise Refusal("bwrap is not installed (bubblewrap)")
    _, tmp = _folders(root)
    words = [bwrap, "--unshare-all", "--die-with-parent", "--uid", "0", "--gid", "0", *_shown(root.path)]
    words += ["--proc", "/proc", "--dev", "/dev", "--dir", "/sys", "--tmpfs", "/run", "--bind", str(tmp), "/tmp"]
    transport = Bubble((*words, "--chdir", "/"))
    outcome = run_process(transport.wrap(["/bin/sh", "-c", ":"]), env=ROOT_ENVIRON, deadline=TRIAL_DEADLINE)
    said = last_lines(outcome.stderr, 1)
    if outcome.overran or (said.startswith("bwrap:") and "execvp" not in said):
        raise Refusal(said.partition(". See ")[0] or f"bwrap did not answer within {TRIAL_DEADLINE:g} s")
    return transport


def _shown(root: Path) -> Iterator[str]:
    for entry in sorted(root.iterdir()):
        if entry.name in OWN:
            continue
        if entry.is_symlink():
            yield from ("--symlink", str(entry.readlink()), f"/{entry.name}")
        else:
            yield from ("--ro-bind", str(entry), f"/{entry.name}")


def own_copy(root: Root) -> Chroot:
    """Change the root of each command, to a folder that we made: with a /dev and a /tmp, but without /proc."""
    chroot = shutil.which("chroot", path=SYSTEM_PATH)
    if chroot is None:
        raise Refusal("chroot is not installed (coreutils)")
    folder = root.path if root.ours else root.room / "copy"
    try:
        if not folder.exists():
            _copy(root.path, folder)
        _make_devices(folder)
    except OSError as problem:
        raise Refusal(f"chroot into a copy: {problem.strerror} ({problem.filename})") from None
    transport = Chroot(str(folder), chroot=chroot)
    outcome = run_process(transport.wrap(["/bin/sh", "-c", ":"]), env=ROOT_ENVIRON, deadline=TRIAL_DEADLINE)
    if re.match(r"chroot: cannot change root", said := last_lines(outcome.stderr, 1)):
        raise Refusal(said)
    return transport


def _copy(source: Path, folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    skipped = {source / name for name in OWN}

    def left_out(inside: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(inside, name) in skipped or not _plain(Path(inside, name))]

    shutil.copytree(source, draft, symlinks=True, ignore=left_out)
    try:
        draft.rename(folder)
    except OSError:  # another process of the run was faster
        shutil.rmtree(draft)


def _plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)


def _make_devices(folder: Path) -> None:
    for name in OWN:
        if (folder / name).is_symlink():  # it would lead out: nothing has changed its root yet
            (folder / name).unlink()
        (folder / name).mkdir(exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    for name, (major, minor) in DEVICES.items():
        device = folder / "dev" / name
        if not device.is_char_device():
            device.unlink(missing_ok=True)
            with suppress(FileExistsError):  # another process of the run was faster
                os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(major, minor))
            device.chmod(0o666)
