"""The distros of a run: what was asked for, what could be had, and what stands in for the rest."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, MissingTool, WslgoError, nearest
from pytest_wslgo.target.distros.boot import Harbour, Place, at_path, at_spec
from pytest_wslgo.target.distros.image import Image, Kind, all_images

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_wslgo.model.libc import Libc
    from pytest_wslgo.target.distros.distro import Distro


@dataclass(frozen=True, slots=True)
class Missing:
    """A built-in distro that cannot be had, and why."""

    name: str
    why: str


class Distros:
    """Boots a distro when it is first asked for, and keeps it for the run. ``run_dir`` is shared by its processes."""

    def __init__(self, named: Iterable[Image], run_dir: Path, *, network: bool = False) -> None:
        self._images = all_images(named)
        self._harbour = Harbour(run_dir, network=network)
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
        if name in self._lost:
            raise self._lost[name]
        if name not in self._had:
            try:
                self._had[name] = self._boot(self._images[name])
            except WslgoError as error:
                self._lost[name] = error
                raise
        return self._noted(self._had[name])

    def all(self) -> tuple[Distro, ...]:
        """Return every distro that can be had; built-in ones that cannot are left out, see ``missing``.

        Raises the trouble of one that the caller named, and MissingTool when none is left.
        """
        found = []
        for name, image in self._images.items():
            try:
                found.append(self.get(name))
            except WslgoError:
                if image.named:
                    raise
        if not found:
            raise MissingTool(f"no distro can be had here: {'; '.join(one.why for one in self.missing)}")
        return tuple(found)

    def with_libc(self, libc: Libc) -> Distro:
        """Return the first distro whose C library is ``libc``; raise MissingTool, with what to do, when none has it."""
        found = next((distro for distro in self.all() if distro.userland.libc is libc), None)
        if found is None:
            raise MissingTool(f"no distro here has {libc}: give one with --wslgo-distro NAME=IMAGE.")
        return found

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The built-in distros that were asked for and could not be had."""
        return tuple(Missing(name, str(error)) for name, error in self._lost.items())

    def describe(self) -> tuple[str, ...]:
        """Say in a line for each what was booted and what could not be had."""
        had = tuple(distro.describe() for distro in self._had.values())
        return had + tuple(f"{one.name}: cannot be had: {one.why}" for one in self.missing)

    def close(self) -> None:
        """Leave the distros as this process reaches them."""
        self._harbour.close()
        self._had.clear()

    def _noted(self, distro: Distro) -> Distro:
        if distro.describe() not in self._notes:
            self._notes.append(distro.describe())
        return distro

    def _boot(self, image: Image) -> Distro:
        return self._harbour.boot(image.name, str(image), lambda: self._find(image))

    def _find(self, image: Image) -> Place:
        match image.kind:
            case Kind.PATH:
                return at_path(image, self._harbour.room(image.name))
            case Kind.SPEC:
                return at_spec(image)
        raise MissingTool(f"distro {image.name}: images are not booted yet.")
