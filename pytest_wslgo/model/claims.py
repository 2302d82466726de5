"""Claims: documented behaviours with a stable id (DESIGN section 4), read from ``suites/claims.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.model.go import GoVersion, satisfies
from pytest_wslgo.model.libc import Libc  # noqa: TC001 - to_value reads the annotations
from pytest_wslgo.model.platform import PlatformKind  # noqa: TC001 - to_value reads the annotations
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")


class Kind(StrEnum):
    """What a claim is about; also the marker that selects it (``-m setup``)."""

    SETUP = "setup"
    BEHAVIOUR = "behaviour"
    BUDGET = "budget"
    RELEASE = "release"


class Lane(StrEnum):
    """Checks that are made only when they are asked for; also the marker that asks (``-m upstream``)."""

    UPSTREAM = "upstream"


class Severity(StrEnum):
    """How bad a refuted claim is; ``minor`` is advice."""

    CRITICAL = "critical"
    NORMAL = "normal"
    MINOR = "minor"


class Article(StrEnum):
    """What the article under test says of the behaviour."""

    TRUE = "true"
    PARTLY = "partly"
    FALSE = "false"
    OMITTED = "omitted"
    CONTRADICTED = "contradicted"


class Who(StrEnum):
    """Who can carry out a remedy."""

    USER = "user"
    ADMIN = "admin"
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One safe way to mend what a refuted claim shows: a sentence and, where there is one, the command."""

    text: str
    run: str | None = None
    who: Who = Who.USER
    text_zh: str | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """The keys of one claim's table in claims.toml."""

    statement: str
    article: Article
    kind: Kind
    platforms: tuple[PlatformKind, ...]
    severity: Severity
    source: str
    catalogue: tuple[str, ...] = ()
    go: str | None = None
    distros: tuple[str, ...] = ()
    libc: Libc | None = None
    origins: tuple[str, ...] = ()
    own_go: bool = False
    remedy: tuple[Remedy, ...] = ()
    statement_zh: str | None = None
    impact: str | None = None
    impact_zh: str | None = None
    network: bool = False
    lane: Lane | None = None
    unproven: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One documented behaviour.

    ``go`` is a version constraint (``">=1.21"``) or None for every version; ``distros`` (ID of os-release) and
    ``origins`` (of the toolchain) are empty for any, ``libc`` (of the machine) is None for any; ``own_go`` tells that
    it is about the Go that the machine itself has. ``catalogue`` names the entries of the catalogue that the claim
    judges; ``impact`` says what it costs the user when the claim does not hold; ``lane`` is the marker without which it
    is not judged; a ``_zh`` key says the same in Chinese. ``unproven`` says why no fault of the project's tests refutes
    the claim, None where one does; tests/faults holds that.
    """

    id: str
    statement: str
    article: Article
    kind: Kind
    platforms: tuple[PlatformKind, ...]
    severity: Severity
    source: str
    catalogue: tuple[str, ...]
    go: str | None
    distros: tuple[str, ...]
    libc: Libc | None
    origins: tuple[str, ...]
    own_go: bool
    remedy: tuple[Remedy, ...]
    statement_zh: str | None
    impact: str | None
    impact_zh: str | None
    network: bool
    lane: Lane | None
    unproven: str | None

    @property
    def area(self) -> str:
        """The word before the dot: the chapter's subject."""
        return self.id.partition(".")[0]

    def inapplicable(
        self,
        platform: PlatformKind | None,
        go: GoVersion | None,
        *,
        distro: str | None = None,
        libc: str | None = None,
        origin: str | None = None,
    ) -> str | None:
        """Return the sentence that says why the claim is not about this target or toolchain, or None."""
        if platform is not None and platform not in self.platforms:
            return f"{self.id} is about {', '.join(self.platforms)}; this target is {platform}"
        if self.distros and distro not in self.distros:
            return (
                f"{self.id} is about {', '.join(self.distros)}; this target is {distro or 'of no known distribution'}"
            )
        if self.libc and libc is not None and not libc.startswith(self.libc):
            return f"{self.id} is about {self.libc}; this target has {libc}"
        if go is not None and self.go is not None and not satisfies(go, self.go):
            return f"{self.id} is about Go {self.go}; this toolchain is {go}"
        if self.origins and origin is not None and origin not in self.origins:
            return f"{self.id} is about a Go from {', '.join(self.origins)}; this one is from {origin}"
        return None


def load_claims(path: Path) -> dict[str, Claim]:
    """Read the claims of ``path`` by id, in the order of the file.

    Raises:
        BadInput: malformed TOML, a malformed id, an unknown, missing or ill-typed key, no platform, or a Go constraint
            that cannot be read.
    """
    claims: dict[str, Claim] = {}
    for area, tables in read_toml(path, what="claims file").items():
        if not isinstance(tables, dict):
            raise BadInput(f"{path.name}: expected tables [area.what-holds], got the key '{area}' outside of one")
        for name, table in tables.items():
            claims[f"{area}.{name}"] = _claim(f"{area}.{name}", table, where=f"{path.name} [{area}.{name}]")
    return claims


def _claim(claim_id: str, table: object, *, where: str) -> Claim:
    if not _ID.fullmatch(claim_id):
        raise BadInput(f"{where}: a claim id is area.what-holds in lower-case words joined by '-'")
    read = to_value(table, _Table, where=where)
    if not read.platforms:
        raise BadInput(f"{where}: key 'platforms' is empty, so nothing would ever judge the claim; name at least one")
    if read.go is not None:
        try:
            satisfies(GoVersion.parse("1.21"), read.go)
        except BadInput as error:
            raise BadInput(f"{where}: key 'go': {error}") from None
    values = {name: getattr(read, name) for name in _Table.__dataclass_fields__}
    return Claim(id=claim_id, **values)


def find_claim(claim_id: str, claims: Iterable[str]) -> str:
    """Return ``claim_id`` when it is known; raise a BadInput with the nearest known id otherwise."""
    known = list(claims)
    if claim_id in known:
        return claim_id
    raise BadInput(f"unknown claim '{claim_id}'{nearest(claim_id, known)}; `pytest --wslgo-list` shows all claims")
