"""Several SDKs of one target side by side, and the other one that a check needs beside the Go under test."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, WslgoError
from pytest_wslgo.toolchain.discovery import EMBEDDED, find_toolchain
from pytest_wslgo.toolchain.sdk import Toolchain, probe_sdk, toolchain_of
from pytest_wslgo.toolchain.sdk_problem import problem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_wslgo.target.target import Target

# Where archives, distributions and golang.org/dl put SDKs.
_LOOK: Final = """
set -- /usr/local/go /usr/local/go-* /usr/local/go1* /usr/lib/go-* /usr/lib/go /usr/lib/golang "$HOME"/sdk/go*
for goroot; do [ -x "$goroot/bin/go" ] && readlink -f "$goroot"; done
exit 0
"""


@dataclass(frozen=True, slots=True)
class Toolchains:
    """The SDKs of a target, one of each version, in the order of preference."""

    target: str
    all: tuple[Toolchain, ...]

    def of_another_minor(self, own: Toolchain) -> Toolchain:
        """Return an SDK of another minor version than ``own``; raise MissingTool when there is none."""
        return self._first("of another minor version", own, lambda one: one.version.minor != own.version.minor)

    def of_the_same_minor(self, own: Toolchain) -> Toolchain:
        """Return an SDK of the same minor version and another patch; raise MissingTool when there is none."""

        def fits(one: Toolchain) -> bool:
            return one.version.minor == own.version.minor and one.version != own.version

        return self._first("of the same minor version and another patch", own, fits)

    def that_switch(self, own: Toolchain) -> Toolchain:
        """Return another SDK that knows GOTOOLCHAIN (1.21 or newer); raise MissingTool when there is none."""
        return self._first(
            "that is 1.21 or newer", own, lambda one: one.version != own.version and one.version.minor >= (1, 21)
        )

    def newer(self, own: Toolchain) -> Toolchain:
        """Return a newer SDK than ``own``; raise MissingTool when there is none."""
        return self._first("that is newer", own, lambda one: one.version > own.version)

    def _first(self, what: str, own: Toolchain, fits: Callable[[Toolchain], bool]) -> Toolchain:
        for one in self.all:
            if fits(one):
                return one
        has = ", ".join(f"{one.version} in {one.goroot}" for one in self.all) or "none"
        raise MissingTool(
            f"Target {self.target} has no second Go {what} beside {own.version} (it has {has}): name one more with"
            " --wslgo-go GOROOT; `go install golang.org/dl/go1.24.11@latest && go1.24.11 download` makes one in ~/sdk."
        )


def side_by_side(target: Target, named: Iterable[Toolchain]) -> Toolchains:
    """Return the SDKs that the caller named; where those are of one version, also what stands in the usual places."""
    versions = _one_of_each(named)
    if len(versions) < 2:
        versions = _one_of_each((*versions, *_found(target)))
    return Toolchains(target.name, versions)


def _one_of_each(toolchains: Iterable[Toolchain]) -> tuple[Toolchain, ...]:
    return tuple({str(one.version): one for one in reversed(tuple(toolchains))}.values())[::-1]


def _found(target: Target) -> Iterable[Toolchain]:
    if target.is_local:
        with suppress(WslgoError):
            yield find_toolchain(EMBEDDED, target)
    for goroot in dict.fromkeys(target.run(["/bin/sh", "-c", _LOOK]).text.splitlines()):
        facts = probe_sdk(target, goroot)
        if problem_of(facts) is None:
            yield toolchain_of(facts)
