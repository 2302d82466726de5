"""Boot one distro: prepare it once per run, whichever process needs it first, and reach it from each process."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pytest_wslgo.errors import BadInput, Reason, Trouble, WslgoError, nearest
from pytest_wslgo.model.program_head import ProgramHead, arch_of_uname, parse_head
from pytest_wslgo.model.userland import Userland  # noqa: TC001 - msgspec reads the annotations of Booted
from pytest_wslgo.target.distros.archive import unpack
from pytest_wslgo.target.distros.distro import Distro
from pytest_wslgo.target.distros.engine import look_at
from pytest_wslgo.target.distros.place import Place
from pytest_wslgo.target.distros.rooted import follow
from pytest_wslgo.target.distros.sandbox import Root, enter_root_of
from pytest_wslgo.target.kernel import uname_machine
from pytest_wslgo.target.once import Once
from pytest_wslgo.target.result import last_lines
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.userland import read_userland
from pytest_wslgo.target.workdir import sweep_stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_wslgo.target.distros.image import Image

# How long another process of the run may take to boot a distro, in seconds.
PATIENCE: Final = 900.0
# Below the run's directory, beside a folder for each distro, whose name begins with a letter or a digit.
BOOTED: Final = "distros/.booted"
ENGINES: Final = "distros/.engines"


@dataclass(frozen=True, slots=True)
class Booted:
    """What the process that booted a distro found; the others judge on that."""

    name: str
    place: Place | None = None
    userland: Userland | None = None
    trouble: Trouble | None = None


class Harbour:
    """The distros of one run as one process reaches them. ``run_dir`` is shared by the processes of the run."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self._run_id = run_dir.name.rpartition("-")[2]
        self._once = Once(run_dir / BOOTED)
        self._engines = Once(run_dir / ENGINES)
        self._targets: dict[str, Target] = {}

    def boot(self, name: str, key: str, find: Callable[[], Place]) -> Distro:
        """Return the distro ``name`` at the place that ``find`` prepares, once per run for its ``key``.

        Raises what ``find`` raised, in any process of the run, and what the distro itself did not do.
        """
        booted = msgspec.json.decode(
            self._once(key, lambda: self._first(name, find), patience=PATIENCE), type=Booted, strict=True
        )
        if booted.place is None or booted.userland is None:
            raise (booted.trouble or Trouble(Reason.ERROR, f"distro {name} was not booted.")).error()
        return Distro(name, self._reach(name, booted.place), booted.userland, booted.place.how)

    def targets(self) -> tuple[Target, ...]:
        """Return the targets that this process has opened; whoever ends the run closes them."""
        return tuple(self._targets.values())

    def room(self, name: str) -> Path:
        """Return the folder of the run for one distro."""
        return self.run_dir / "distros" / name

    def refusal(self, engine: str, *, network: bool) -> str:
        """Return why a container engine does not work here, or "": asked once per run, for it may hang."""
        return self._engines(engine, lambda: look_at(engine, network=network).encode(), patience=PATIENCE).decode()

    def _first(self, name: str, find: Callable[[], Place]) -> bytes:
        try:
            place = find()
            target = self._reach(name, place)
            if place.root is not None:
                try_shell(target, Path(place.root))
            else:
                sweep_stale(target)
            booted = Booted(name, place, read_userland(target, name))
        except WslgoError as error:
            booted = Booted(name, trouble=Trouble.of(error))
        except OSError as problem:
            why = f"distro {name} cannot be prepared: {problem.strerror} ({problem.filename})."
            booted = Booted(name, trouble=Trouble(Reason.ERROR, why))
        return msgspec.json.encode(booted)

    def _reach(self, name: str, place: Place) -> Target:
        if name not in self._targets:
            self._targets[name] = self._opened(name, place)
        return self._targets[name]

    def _opened(self, name: str, place: Place) -> Target:
        if place.root is None:
            return open_target(place.spec, name=name, run_id=self._run_id)
        root = Root(name, Path(place.root), self.room(name), place.ours)
        return Target(name, f"rootfs:{root.path}", lambda: enter_root_of(root), self._run_id)


def tell_booted(run_dir: Path) -> tuple[str, ...]:
    """Say in a line for each which distros of a run were booted, and which could not be had."""
    results = (file for file in (run_dir / BOOTED).glob("*") if not file.suffix)  # beside their locks
    return tuple(sorted(_line(msgspec.json.decode(file.read_bytes(), type=Booted)) for file in results))


def _line(booted: Booted) -> str:
    if booted.place is None or booted.userland is None:
        return booted.trouble.why if booted.trouble else f"distro {booted.name} was not booted"
    return f"distro {booted.name}: {booted.userland.describe()}; {booted.place.how}"


def at_path(image: Image, room: Path) -> Place:
    """Return the place of a root file system that the caller has, as a folder or as a tarball."""
    path = Path(image.text)
    subject = f"distro {image.name}"
    mode = _mode(path, subject)
    if not os.access(path, os.R_OK | (os.X_OK if stat.S_ISDIR(mode) else 0)):
        raise BadInput(f"{subject}: {path} cannot be read by this user.")
    if stat.S_ISDIR(mode):
        _need_shell(path, f"{subject}: {path}")
        return Place(f"root file system {path}", str(path))
    if not stat.S_ISREG(mode):
        raise BadInput(f"{subject}: {path} is neither a folder nor a tarball.")
    root = room / "root"
    root.mkdir(parents=True, exist_ok=True)
    unpack(path, root, image.name)
    _need_shell(root, f"{subject}: {path}")
    return Place(f"root file system {path}", str(root), ours=True)


def _mode(path: Path, subject: str) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        beside = (one.name for one in path.parent.iterdir()) if path.parent.is_dir() else ()
        raise BadInput(f"{subject}: there is no {path}{nearest(path.name, beside)}.") from None
    except OSError as problem:
        raise BadInput(f"{subject}: {path} cannot be read: {problem.strerror}.") from None


def at_spec(image: Image) -> Place:
    """Return the place of a machine that runs, by its target's spec."""
    return Place(f"running machine {image.text}", spec=image.text)


def _need_shell(root: Path, subject: str) -> None:
    if not os.path.lexists(_shell(root)):
        raise BadInput(f"{subject} has no /bin/sh, so it is not a root file system that can be tested.")


def _shell(root: Path) -> Path:
    try:
        return follow(root, "bin/sh")
    except OSError:
        return root / "bin/sh"


def try_shell(target: Target, root: Path) -> None:
    """Start the shell of a root file system; raise BadInput, saying what is wrong with it, when it does not start."""
    tried = target.run(["/bin/sh", "-c", ":"], check=False)
    if tried.status == 0:
        return
    subject = f"distro {target.name}: the /bin/sh of {target.spec.removeprefix('rootfs:')}"
    head, here = _head(_shell(root)), arch_of_uname(uname_machine())
    if head is not None and head.arch not in (None, here):
        raise BadInput(
            f"{subject} is for {head.arch}, and this machine is {here}: register an emulator with the flag F"
            f" (binfmt_misc, such as qemu-user-static), or give a userland for {here}."
        )
    if head is not None and head.interpreter and not follow(root, head.interpreter).exists():
        raise BadInput(f"{subject} needs {head.interpreter}, which is not there: the root file system is not complete.")
    raise BadInput(f"{subject} does not start: {last_lines(tried.stderr, 1) or f'status {tried.status}'}.")


def _head(path: Path) -> ProgramHead | None:
    try:
        with path.open("rb") as stream:
            return parse_head(stream.read(1024))
    except OSError:
        return None
