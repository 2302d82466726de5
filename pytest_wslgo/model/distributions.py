"""Distributions and their C libraries, from ``suites/distributions.toml``: where will an untried binary run?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.libc import Libc, LibcVersion
from pytest_wslgo.model.loader_paths import loader_path
from pytest_wslgo.model.tables import read_toml, to_value
from pytest_wslgo.model.userland import Loader, Userland

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Kernels of these run the programs of a narrower machine, too.
_NARROWER: Final = {"amd64": ("386",)}


@dataclass(frozen=True, slots=True)
class Distribution:
    """One release; ``name`` is the ID of os-release, as in ``debian``, ``title`` is ``debian 12``."""

    name: str
    release: str
    libc: Libc
    version: LibcVersion

    @property
    def title(self) -> str:
        """Name and release."""
        return f"{self.name} {self.release}"

    def userland(self, goarch: str) -> Userland:
        """Return what a machine of that kind has: its one loader; which further libraries is not known."""
        path = loader_path(self.libc, goarch)
        loaders = (Loader(path, self.libc, self.version, goarch),) if path else ()
        foreign = _NARROWER.get(goarch, ())
        return Userland(self.title, self.name, self.release, goarch, self.libc, self.version, loaders, foreign)


@dataclass(frozen=True, slots=True)
class _Table:
    libc: Libc
    releases: dict[str, str]


def load_distributions(path: Path) -> tuple[Distribution, ...]:
    """Return the distributions of a file such as ``suites/distributions.toml``, in its order.

    Raises:
        BadInput: malformed file, unknown key or libc (with the nearest valid one), or what is no version.
    """
    tables = read_toml(path, what="file of distributions")
    return tuple(one for name, table in tables.items() for one in _read(name, table, f"{path.name} [{name}]"))


def _read(name: str, table: object, where: str) -> Iterator[Distribution]:
    told = to_value(table, _Table, where=where)
    for release, version in told.releases.items():
        try:
            yield Distribution(name, release, told.libc, LibcVersion.parse(version))
        except BadInput as error:
            raise BadInput(f"{where}: release '{release}': {error}") from None


def find_distribution(title: str, known: Iterable[Distribution]) -> Distribution:
    """Return the distribution called ``debian 12``; raises BadInput, which names the nearest, for another."""
    by_title = {one.title: one for one in known}
    words = " ".join(title.split())
    if words not in by_title:
        here = [one for one in by_title if one.partition(" ")[0] == words.partition(" ")[0]]
        names = ", ".join(here) or ", ".join(dict.fromkeys(one.name for one in by_title.values()))
        raise BadInput(f"no distribution {title!r} is known{nearest(words, here or by_title)}; known are {names}")
    return by_title[words]
