"""The distros of a run: what was asked for, what could be had, and what stands in for the rest."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, WslgoError, nearest
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.target.distros.assembled import bootstrapped, host_root, musl_root
from pytest_wslgo.target.distros.boot import Harbour, at_path, at_spec
from pytest_wslgo.target.distros.engine import at_image
from pytest_wslgo.target.distros.image import Image, Kind, all_images
from pytest_wslgo.target.distros.place import Place
from pytest_wslgo.target.spec import open_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pytest_wslgo.target.distros.distro import Distro
    from pytest_wslgo.target.target import Target


# Where no distro with this C library can be had, what this machine can assemble stands in for it.
STAND_INS: Final = {Libc.GLIBC: ("host", host_root), Libc.MUSL: ("musl", musl_root)}


@dataclass(frozen=True, slots=True)
class Missing:
    """A distro that nobody named and that cannot be had, and why."""

    name: str
    why: str


class Distros:
    """Boots a distro when it is first asked for, and keeps it for the run. ``run_dir`` is shared by its processes."""

    def __init__(self, named: Iterable[Image], run_dir: Path, *, network: bool = False) -> None:
        self._images = all_images(named)
        self._run_dir = run_dir
        self._network = network
        self._harbour = Harbour(run_dir)
        self._had: dict[str, Distro] = {}
        self._lost: dict[str, WslgoError] = {}
        self._notes: list[str] = []

    def recording(self, notes: list[str]) -> Distros:
        """Return the same distros, which also add to ``notes`` a line for each that is given out."""
        twin = copy.copy(self)
        twin._notes = notes  # noqa: SLF001 - a copy of this very object
        return twin

    @property
    def names(self) -> tuple[str, ...]:
        """The names that can be asked for: the built-in ones and those that the caller gave."""
        return tuple(self._images)

    def get(self, name: str) -> Distro:
        """Return the distro ``name``, booted; raise why it cannot be had (BadInput for a name that nobody gave)."""
        if name not in self._images:
            raise BadInput(f"no distro {name!r}{nearest(name, self._images)}; there are: {', '.join(self._images)}.")
        image = self._images[name]
        return self._noted(self._kept(name, str(image), lambda: self._find(image)))

    def all(self) -> tuple[Distro, ...]:
        """Return every distro that can be had, at least one for each C library where that can be.

        What the caller named comes with the built-in ones; of those, what cannot be had is left out (``missing``),
        and what this machine can assemble stands in. Raises the trouble of one that the caller named, and MissingTool
        when none is left.
        """
        found = list(self._images_had())
        for libc in STAND_INS:
            if all(distro.userland.libc is not libc for distro in found):
                found += self._stand_in(libc)
        if not found:
            raise MissingTool(f"no distro can be had here: {'; '.join(one.why for one in self.missing)}")
        return tuple(map(self._noted, found))

    def with_libc(self, libc: Libc) -> Distro:
        """Return a distro whose C library is ``libc``; raise MissingTool, with what to do, when none can be had."""
        found = next((distro for distro in self._images_had() if distro.userland.libc is libc), None)
        for distro in [found] if found else self._stand_in(libc):
            return self._noted(distro)
        raise MissingTool(
            f"no distro here has {libc} ({self._lost[STAND_INS[libc][0]]}): give one with --wslgo-distro NAME=IMAGE."
        )

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What was asked for, that nobody named, and that could not be had."""
        named = {name for name, image in self._images.items() if image.named}
        return tuple(Missing(name, str(error)) for name, error in self._lost.items() if name not in named)

    def describe(self) -> tuple[str, ...]:
        """Say in a line for each what was booted and what could not be had."""
        had = tuple(distro.describe() for distro in self._had.values())
        return had + tuple(str(error) for error in self._lost.values())

    def targets(self) -> tuple[Target, ...]:
        """Return the targets that this process has opened; whoever ends the run closes them."""
        return self._harbour.targets()

    def _images_had(self) -> Iterator[Distro]:
        """Yield the distros that can be had, those of the caller first; raise the trouble of one that he named."""
        for name, image in sorted(self._images.items(), key=lambda one: not one[1].named):
            try:
                yield self._kept(name, str(image), partial(self._find, image))
            except WslgoError:
                if image.named:
                    raise

    def _stand_in(self, libc: Libc) -> list[Distro]:
        name, make = STAND_INS[libc]
        try:
            return [self._kept(name, f"{name} assembled", lambda: make(self._harbour.room(name) / "root"))]
        except WslgoError:
            return []

    def _kept(self, name: str, key: str, find: Callable[[], Place]) -> Distro:
        if name in self._lost:
            raise self._lost[name]
        if name not in self._had:
            try:
                self._had[name] = self._harbour.boot(name, key, find)
            except WslgoError as error:
                self._lost[name] = error
                raise
        return self._had[name]

    def _noted(self, distro: Distro) -> Distro:
        if distro.describe() not in self._notes:
            self._notes.append(distro.describe())
        return distro

    def _find(self, image: Image) -> Place:
        match image.kind:
            case Kind.PATH:
                return at_path(image, self._harbour.room(image.name))
            case Kind.SPEC:
                return at_spec(image)
            case Kind.IMAGE:
                return self._find_image(image)

    def _find_image(self, image: Image) -> Place:
        """A built-in distro that no engine has may be made on this machine."""
        try:
            refusal = partial(self._harbour.refusal, network=self._network)
            return at_image(image, self._run_dir, refusal, network=self._network)
        except MissingTool as missing:
            if image.named:
                raise
            return self._bootstrapped(image, missing)

    def _bootstrapped(self, image: Image, missing: MissingTool) -> Place:
        room = self._harbour.room(image.name)
        try:
            with open_target("local://") as here:
                made = bootstrapped(image.name, here.cache_dir, room, network=self._network)
            if made is None:
                raise missing
            place = at_path(Image(image.name, Kind.PATH, str(made[0])), room)
        except WslgoError as other:
            raise missing if other is missing else MissingTool(f"{missing} ({other})") from None
        return Place(made[1], place.root, place.ours)
