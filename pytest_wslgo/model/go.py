"""Go's own words about itself: version strings, the line of ``go version``, the object of ``go env -json``.

The order is that of Go (https://go.dev/doc/toolchain#version): ``1.21 < 1.21rc1 < 1.21.0``. Before 1.21, which was the
first to write it, a missing patch is 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(IntEnum):
    """How far a version is on its way to a release, in Go's order."""

    LANGUAGE = 0
    DEVEL = 1
    ALPHA = 2
    BETA = 3
    RC = 4
    RELEASE = 5


_VERSION = re.compile(
    r"""
    (?P<devel>devel\s+)? (?:go)? (?P<major>[1-9]\d{0,3}) (?:\.(?P<minor>0|[1-9]\d{0,3}))?
    (?: \.(?P<patch>0|[1-9]\d{0,3}) | (?P<stage>alpha|beta|rc)(?P<number>0|[1-9]\d{0,3}) )?
    (?P<suffix>[-+\ ].*)?
    """,
    re.VERBOSE | re.ASCII,
)
_EXPERIMENTS = re.compile(r"\bX:(\S+)")
_VERSION_LINE = re.compile(r"go version (?P<version>\S.*?) (?P<goos>[a-z0-9]+)/(?P<goarch>[a-z0-9]+)(?: .*)?", re.ASCII)
_LANGUAGE_BOUND = re.compile(r"(>=|<)\s*(\d+\.\d+)\s*(?=,|$)")
_PEP440_MARKS = {Stage.DEVEL: ".dev", Stage.ALPHA: "a", Stage.BETA: "b", Stage.RC: "rc"}
_FIRST_WITH_PATCH_ZERO = (1, 21)


@dataclass(frozen=True, slots=True, order=True)
class GoVersion:
    """A version of Go; what a vendor or an experiment added to it is in ``text`` and takes no part in comparisons."""

    minor: tuple[int, int]
    patch: int
    stage: Stage = Stage.RELEASE
    stage_number: int = 0
    text: str = field(default="", compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> GoVersion:
        """Read a version as Go and its distributors write it; raise BadInput for anything else.

        Samples: ``go1.9``, ``go1.22.10``, ``go1.27rc1``, ``devel go1.28-3f2a1bc Mon Nov 2 10:00:00 2026 +0000``,
        ``go1.28-devel_3f2a1bc``, ``go1.26.4 X:nodwarf5``, ``go1.25.3 (Red Hat 1.25.3-1.el9)``, ``go1.25.3-custom``.
        """
        text = text.strip()
        if not (found := _VERSION.fullmatch(text)):
            raise BadInput(
                f"{_shown(text)} is not a Go version: expected a form such as go1.26.4, 1.22, go1.27rc1 "
                "or 'devel go1.28-abcdef'"
            )
        minor = int(found["major"]), int(found["minor"] or 0)
        return cls(minor, int(found["patch"] or 0), _stage(found, minor), int(found["number"] or 0), text)

    @property
    def experiments(self) -> tuple[str, ...]:
        """The GOEXPERIMENTs of the toolchain, from ``X:nodwarf5,jsonv2`` after the version."""
        found = _EXPERIMENTS.search(self.text)
        return tuple(found[1].split(",")) if found else ()

    @property
    def pep440(self) -> str:
        """The version as packaging understands it: ``1.26.4``, ``1.27rc1``, ``1.28.dev0``."""
        base = f"{self.minor[0]}.{self.minor[1]}"
        mark = _PEP440_MARKS.get(self.stage)
        return f"{base}{mark}{self.stage_number}" if mark else f"{base}.{self.patch}"

    def __str__(self) -> str:
        """``go1.26.4``, ``go1.9``, ``go1.27rc1``, ``go1.28-devel``: without the additions of ``text``."""
        base = f"go{self.minor[0]}.{self.minor[1]}"
        match self.stage:
            case Stage.LANGUAGE:
                return base
            case Stage.DEVEL:
                return f"{base}-devel"
            case Stage.RELEASE:
                unwritten_zero = self.patch == 0 and self.minor < _FIRST_WITH_PATCH_ZERO
                return base if unwritten_zero else f"{base}.{self.patch}"
        return f"{base}{self.stage.name.lower()}{self.stage_number}"


def _stage(found: re.Match[str], minor: tuple[int, int]) -> Stage:
    if found["devel"] or (found["suffix"] or "").startswith("-devel"):
        return Stage.DEVEL
    if found["stage"]:
        return Stage[found["stage"].upper()]
    if found["patch"] or minor < _FIRST_WITH_PATCH_ZERO:
        return Stage.RELEASE
    return Stage.LANGUAGE


def satisfies(version: GoVersion, constraint: str) -> bool:
    """Tell whether a version is within ``">=1.21"`` or ``">=1.21,<1.26"`` or ``"==1.22.*"`` (PEP 440); ``""`` is any.

    As in a go.mod, a bound of two numbers is a language version: 1.25rc1 is within ``>=1.25``, though below 1.25.0.
    Raises BadInput when the constraint cannot be read.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        bounds = SpecifierSet(_LANGUAGE_BOUND.sub(r"\1\2.dev0", constraint))
    except InvalidSpecifier:
        raise BadInput(
            f"{_shown(constraint)} is not a constraint on Go versions: write bounds without 'go', "
            "such as >=1.21 or >=1.21,<1.26"
        ) from None
    return bounds.contains(version.pep440, prereleases=True)


def parse_go_version_line(text: str) -> tuple[GoVersion, str, str]:
    """Read the output of ``go version`` into (version, GOOS, GOARCH); raise BadInput when it is another text.

    >>> parse_go_version_line("go version go1.26.4 linux/amd64")[1:]
    ('linux', 'amd64')
    """
    for line in text.splitlines():
        if found := _VERSION_LINE.fullmatch(line.strip()):
            return GoVersion.parse(found["version"]), found["goos"], found["goarch"]
    raise BadInput(f"{_shown(text)} is not the output of 'go version': expected 'go version go1.26.4 linux/amd64'")


def parse_go_env_json(text: str) -> Mapping[str, str]:
    """Read the output of ``go env -json``, one JSON object of strings; raise BadInput when it is another text.

    >>> parse_go_env_json('{"GOARCH": "amd64", "GOFLAGS": ""}')["GOARCH"]
    'amd64'
    """
    import msgspec

    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise BadInput(f"{_shown(text)} is not the output of 'go env -json', an object of strings: {error}") from None


def _shown(text: str) -> str:
    longest = 80
    return repr(text if len(text) <= longest else text[:longest] + "…")
