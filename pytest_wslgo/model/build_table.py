"""Builds as data: with which flags, and how each Go version ends them (``suites/buildmodes.toml``, ``compilers.toml``).

A file is a list of tables ``[[what-holds]]``, a claim's word after the dot. A table stands for every combination of the
values in its lists, and ``ends`` says what is expected, with ``go`` where it depends on the version.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.go import GoVersion, satisfies
from pytest_wslgo.model.link_line import linker_mode
from pytest_wslgo.model.product import Product  # noqa: TC001 - to_value reads the annotations
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")

_PLATFORM = re.compile(r"[a-z0-9]+(/[a-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a build ended: its status, what it printed on standard error, and the file that it left, if any.

    ``leaves`` is a Product, or words for another kind of file; ``header`` tells of a C header beside it.
    """

    what: str
    status: int
    stderr: str
    leaves: str | None
    header: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """How a build shall end for the versions of ``go`` (a constraint; "" is every version).

    ``says`` are texts that shall all stand on standard error, ``linker`` is the mode that the linker is run with.
    """

    go: str = ""
    status: tuple[int, ...] = (0,)
    leaves: Product | None = None
    header: bool = False
    says: tuple[str, ...] = ()
    linker: str | None = None

    def difference(self, ending: Ending) -> str | None:
        """Say in a sentence what of this a build's ending lacks; None when it ended as expected."""
        return next(self._differences(ending), None)

    def _differences(self, ending: Ending) -> Iterator[str]:
        said = f"; it said {ending.stderr.strip()[-1000:] or 'nothing'}"
        if ending.status not in self.status:
            wanted = " or ".join(map(str, self.status))
            yield f"{ending.what}: ended with status {ending.status}, expected {wanted}{said}"
        for text in self.says:
            if text not in ending.stderr:
                yield f"{ending.what}: expected the message {text!r}{said}"
        if ending.leaves != self.leaves:
            yield f"{ending.what}: left {ending.leaves or 'no file'}, expected {self.leaves or 'none'}{said}"
        if ending.header != self.header:
            yield f"{ending.what}: left {_header(ending.header)} beside it, expected {_header(self.header)}"
        if self.linker not in (None, mode := linker_mode(ending.stderr)):
            yield f"{ending.what}: the linker was run with -buildmode={mode}, expected {self.linker}"


@dataclass(frozen=True, slots=True)
class BuildRow:
    """One build: what ``Workbench.attempt`` takes, and ``ends``, one of which is expected; ``where`` is for errors."""

    id: str
    where: str
    program: str
    cgo: bool | None
    mode: str | None
    output: str | None
    cc: str | None
    env: Mapping[str, str]
    flags: tuple[str, ...]
    ends: tuple[Expected, ...]

    def expected(self, version: GoVersion) -> Expected:
        """Return what holds for a Go version; raise BadInput when the table has none, or two, for it."""
        found = [end for end in self.ends if satisfies(version, end.go)]
        if len(found) != 1:
            count = f"{len(found)} of them are" if found else "none is"
            raise BadInput(f"{self.where}: key 'ends': exactly one shall be about each Go, and {count} about {version}")
        return found[0]


@dataclass(frozen=True, slots=True)
class _Table:
    """The keys of one table; ``modes = ["default"]`` is the flag, no ``modes`` no flag. Platforms are GOOS/GOARCH."""

    programs: tuple[str, ...]
    ends: tuple[Expected, ...]
    cgo: tuple[bool, ...] = ()
    modes: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    cc: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


def load_build_table(path: Path) -> dict[str, tuple[BuildRow, ...]]:
    """Read the builds of a file by the names of its tables.

    Raises:
        BadInput: malformed TOML, an unknown, missing or ill-typed key, a constraint that cannot be read, an ending that
            contradicts itself, or the same build twice; the sentence names the table, its number and the key.
    """
    rows: dict[str, tuple[BuildRow, ...]] = {}
    for name, tables in read_toml(path, what="table of builds").items():
        if not isinstance(tables, list):
            raise BadInput(f"{path.name}: expected tables [[{name}]], got one that is not in a list")
        numbered = ((table, f"{path.name} [[{name}]] {number}") for number, table in enumerate(tables, 1))
        rows[name] = tuple(row for table, where in numbered for row in _rows(table, where))
        _hold_apart(rows[name])
    return rows


def _rows(table: object, where: str) -> Iterator[BuildRow]:
    read = to_value(table, _Table, where=where)
    for key in ("programs", "ends"):
        if not getattr(read, key):
            raise BadInput(f"{where}: key '{key}' is empty; name at least one")
    for end in read.ends:
        _check(end, where)
    axes = (_axis(read.cgo), _axis(read.modes), _axis(read.platforms), _axis(read.outputs))
    for program, cgo, mode, platform, output in itertools.product(read.programs, *axes):
        switch = None if cgo is None else f"cgo{int(cgo)}"
        words = (program, switch, mode, platform, output, read.cc, *read.env.values())
        yield BuildRow(
            id="-".join(word.replace("/", "-") for word in words if word),
            where=where,
            program=program,
            cgo=cgo,
            mode=mode,
            output=output,
            cc=read.cc,
            env={**_variables(platform, where), **read.env},
            flags=read.flags,
            ends=read.ends,
        )


def _axis(values: tuple[T, ...]) -> tuple[T | None, ...]:
    return values or (None,)


def _check(end: Expected, where: str) -> None:
    try:
        satisfies(GoVersion.parse("1.21"), end.go)
    except BadInput as error:
        raise BadInput(f"{where}: key 'go' of 'ends': {error}") from None
    if end.leaves and 0 not in end.status:
        raise BadInput(f"{where}: key 'leaves' of 'ends': a build that fails leaves no file; leave the key out")
    if end.header and not end.leaves:
        raise BadInput(f"{where}: key 'header' of 'ends': a header comes with a file; say which with 'leaves'")


def _variables(platform: str | None, where: str) -> dict[str, str]:
    if platform is None:
        return {}
    if not _PLATFORM.fullmatch(platform):
        raise BadInput(f"{where}: key 'platforms': {platform!r} is not of the form GOOS/GOARCH, or GOOS alone")
    goos, _, goarch = platform.partition("/")
    return {"GOOS": goos, "GOARCH": goarch} if goarch else {"GOOS": goos}


def _hold_apart(rows: tuple[BuildRow, ...]) -> None:
    first: dict[str, str] = {}
    for row in rows:
        if row.id in first:
            raise BadInput(f"{row.where}: the build {row.id} stands in {first[row.id]} already; keep one")
        first[row.id] = row.where


def _header(there: bool) -> str:
    return "a header" if there else "no header"
