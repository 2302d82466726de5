"""Profiles: the claims that must be verified for a run to be good (``suites/profiles.toml``, or the caller's own).

    [box]
    extends = "devbox"   # what that profile says, unless it is said here
    require = ["linking.cgo-off-is-static", "buildinfo.*"]   # claim ids or shell patterns on them, in addition
    without = ["setup.limits"]   # taken away again, ids or patterns
    partial = true       # claims that the caller deselects (-k, -m, a path) are not asked for
    fail_on = "normal"   # or "minor": advice fails the run too

    [box.wsl2]           # on targets of this platform: wsl1, wsl2, linux, container
    require = ["wsl.*"]
    without = ["setup.cpu-level"]

Only ``require`` must stand there, and not even that beside ``extends``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.claims import Severity, find_claim
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.tables import one_of, read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DEFAULT_PROFILE: Final = "devbox"


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked for and what is not, everywhere or on one platform."""

    require: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    extends: str | None = None
    require: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    partial: bool | None = None
    fail_on: str | None = None
    wsl1: dict[str, Any] = field(default_factory=dict)
    wsl2: dict[str, Any] = field(default_factory=dict)
    linux: dict[str, Any] = field(default_factory=dict)
    container: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a good run must show: ``require`` are claim ids, all of them known.

    ``on`` holds what is required instead on the platforms that differ.
    """

    name: str
    require: tuple[str, ...]
    partial: bool
    fail_on: Severity
    on: Mapping[PlatformKind, tuple[str, ...]] = field(default_factory=dict)

    def fails_the_run(self, severity: Severity) -> bool:
        """Tell whether a refuted claim of this severity fails the run, or is advice."""
        return severity is not Severity.MINOR or self.fail_on is Severity.MINOR

    def required_on(self, platform: PlatformKind | None) -> tuple[str, ...]:
        """Return the claims that must be verified on a target of this platform; None is one that nobody could read."""
        return self.on.get(platform, self.require) if platform else self.require


def load_profiles(path: Path, claims: Iterable[str]) -> dict[str, Profile]:
    """Read the profiles of ``path`` by name; patterns are resolved to the ids of ``claims``.

    Raises:
        BadInput: malformed file, a requirement that no claim matches (with the nearest claim), or a profile that
            extends an unknown one or, in the end, itself.
    """
    return profiles_of(read_toml(path, what="profiles file"), tuple(claims), where=path.name)


def profiles_of(
    tables: Mapping[str, object], claims: tuple[str, ...], *, where: str, known: Mapping[str, Profile] | None = None
) -> dict[str, Profile]:
    """Return the profiles that ``tables`` (name to table) describe; raises BadInput as ``load_profiles``.

    They may extend each other and those of ``known``; one that extends its own name extends the known one.
    """
    reader = _Reader(tables, claims, where, dict(known or {}))
    return {name: reader.profile(name) for name in tables}


class _Reader:
    """Reads the profiles of one file, each after the one that it extends."""

    def __init__(
        self, tables: Mapping[str, object], claims: tuple[str, ...], where: str, known: dict[str, Profile]
    ) -> None:
        self._tables = tables
        self._claims = claims
        self._where = where
        self._known = known
        self._read: dict[str, Profile] = {}
        self._open: list[str] = []

    def profile(self, name: str) -> Profile:
        if name not in self._read:
            self._open.append(name)
            self._read[name] = self._profile(name, f"{self._where} [{name}]")
            self._open.pop()
        return self._read[name]

    def _profile(self, name: str, where: str) -> Profile:
        read = to_value(self._tables[name], _Table, where=where)
        if read.require is None and read.extends is None:
            raise BadInput(f"{where}: key 'require' is missing")
        one_of(read.fail_on or "normal", ("normal", "minor"), where=where, key="fail_on")
        base = self._base(name, read.extends, where) if read.extends else Profile(name, (), False, Severity.NORMAL)
        everywhere = _Part(read.require or (), read.without)
        require = self._changed(base.require, everywhere, where)
        on = {kind: self._on(kind, base, everywhere, getattr(read, kind), where) for kind in PlatformKind}
        return Profile(
            name=name,
            require=require,
            partial=base.partial if read.partial is None else read.partial,
            fail_on=base.fail_on if read.fail_on is None else Severity(read.fail_on),
            on={kind: claims for kind, claims in on.items() if set(claims) != set(require)},
        )

    def _base(self, name: str, extends: str, where: str) -> Profile:
        if extends in self._tables and not (extends == name and name in self._known):
            if extends in self._open:
                circle = " -> ".join([*self._open[self._open.index(extends) :], extends])
                raise BadInput(f"{where}: extends = '{extends}' leads back to itself: {circle}")
            return self.profile(extends)
        if extends in self._known:
            return self._known[extends]
        valid = tuple(dict.fromkeys((*self._known, *self._tables)))
        raise BadInput(
            f"{where}: extends = '{extends}' is no profile{nearest(extends, valid)}; profiles are {', '.join(valid)}"
        )

    def _on(
        self, kind: PlatformKind, base: Profile, everywhere: _Part, table: dict[str, Any], where: str
    ) -> tuple[str, ...]:
        """Return what is required on a platform; what is taken away everywhere may not have been asked for there."""
        require = self._changed(base.required_on(kind), everywhere, where, strict=False)
        here = f"{where} [{kind}]"
        return self._changed(require, to_value(table, _Part, where=here), here)

    def _changed(self, claims: tuple[str, ...], part: _Part, where: str, *, strict: bool = True) -> tuple[str, ...]:
        added = (claim for wanted in part.require for claim in _matching(wanted, self._claims, where))
        required = tuple(dict.fromkeys((*claims, *added)))
        for unwanted in part.without:
            matched = set(_matching(unwanted, self._claims, where))
            if strict and matched.isdisjoint(required):
                raise BadInput(f"{where}: without = '{unwanted}' takes nothing away: it is not required")
            required = tuple(claim for claim in required if claim not in matched)
        return required


def _matching(wanted: str, claims: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Return the claims that an id or a pattern names; raise a BadInput with the nearest one when there is none."""
    if not any(sign in wanted for sign in "*?["):
        try:
            return (find_claim(wanted, claims),)
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from None
    found = tuple(claim for claim in claims if fnmatchcase(claim, wanted))
    if not found:
        raise BadInput(f"{where}: no claim matches '{wanted}'{nearest(wanted, claims)}")
    return found


def find_profile(name: str, profiles: Mapping[str, Profile]) -> Profile:
    """Return the profile called ``name``; raise a BadInput with the valid names and the nearest one."""
    if name in profiles:
        return profiles[name]
    raise BadInput(f"unknown profile '{name}'{nearest(name, profiles)}; profiles are {', '.join(profiles)}")
