"""A build cache of a check's own, cold, with a module of its own whose cold build is two compilations.

The standard library is not in it, and none of it is needed: a check may copy, damage, fill and forbid it at no cost.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.build_log import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.toolchain.workbench import Workbench

MODULE: Final = "pair"
PACKAGE: Final = "wslgo.example/pair"

# Words: the module as it was placed, the room of the check. Its files are old: Go keeps no index of a directory that
# changed within two seconds (modTimeCutoff in cmd/go/internal/modindex).
_MAKE: Final = 'mkdir -p "$2" && cp -R "$1" "$2/module" && find "$2/module" -exec touch -t 202001010000 {} +'
_DAMAGE: Final = {
    "garbage": 'for file; do echo garbage >"$file"; done',
    "truncated": 'for file; do : >"$file"; done',
    # as long as before: zeros, written over it
    "rotten": 'for file; do size=$(wc -c <"$file"); head -c "$size" /dev/zero >"$file"; done',
}


@dataclass(frozen=True, slots=True)
class Build:
    """What a build with such a cache came to: ``compiled`` are the packages that were compiled for it."""

    status: int
    err: str
    compiled: tuple[str, ...]

    def __str__(self) -> str:
        packages = ", ".join(self.compiled) or "nothing"
        said = [line for line in self.err.splitlines() if "-o $WORK" not in line]
        return f"go compiled {packages} and ended with status {self.status}: {' '.join(said[-1:])[:300]}"


@dataclass(frozen=True, slots=True)
class PrivateCache:
    """``path`` is its directory, ``module`` that of the module that is built with it."""

    bench: Workbench
    path: str
    module: str

    @classmethod
    def new(cls, bench: Workbench) -> PrivateCache:
        """Make an empty one."""
        room = f"{bench.places.run}/private/{uuid.uuid4().hex}"
        bench.target.run(["/bin/sh", "-c", _MAKE, "sh", bench.place(MODULE), room])
        bench.target.run(["mkdir", f"{room}/cache"])
        return cls(bench, f"{room}/cache", f"{room}/module")

    def build(self, *flags: str, env: Mapping[str, str | None] | None = None, through: Sequence[str] = ()) -> Build:
        """Build the module with this cache, whatever comes of it."""
        environment = {"GOCACHE": self.path, "CGO_ENABLED": "0", **(env or {})}
        got = self.bench.go(
            "build", "-x", *flags, PACKAGE, cwd=self.module, env=environment, through=through, check=False
        )
        return Build(got.status, got.err, compiled(got.err))

    def copy(self) -> PrivateCache:
        """Return a copy, with inodes and times of its own, for the same module."""
        path = f"{self.path}-{uuid.uuid4().hex}"
        self.bench.target.run(["cp", "-R", self.path, path])
        return replace(self, path=path)

    def for_new_module(self) -> PrivateCache:
        """Return the same cache with a module that it has never seen: the same files in another directory."""
        other = PrivateCache.new(self.bench)
        return replace(self, module=other.module)

    def entries(self, ending: str, *, archives: bool = False) -> tuple[str, ...]:
        """Return the files whose name ends so: ``-a`` (what an action gave), ``-d`` (data); only compiled packages."""
        kind = ("-exec", "grep", "-q", "^!<arch>", "{}", ";") if archives else ()
        found = self.bench.target.run(["find", self.path, "-type", "f", "-name", f"*{ending}", *kind, "-print"])
        return tuple(found.text.split())

    def damage(self, how: str, files: tuple[str, ...]) -> None:
        """Damage these files: ``garbage`` (another text), ``truncated`` (empty), ``rotten`` (as many zeros)."""
        self.bench.target.run(["/bin/sh", "-c", _DAMAGE[how], "sh", *files])

    def age(self) -> None:
        """Set the times of all entries to a day long gone."""
        self.bench.target.run(["find", self.path, "-exec", "touch", "-t", "202001010000", "{}", "+"])

    def rewrite_sources(self) -> None:
        """Replace each source file by a new one of the same content."""
        script = 'for file in "$1"/*.go "$1"/*/*.go; do cp "$file" "$file.new" && mv "$file.new" "$file"; done'
        self.bench.target.run(["/bin/sh", "-c", script, "sh", self.module])

    def inodes(self, through: Sequence[str] = ()) -> frozenset[str]:
        """Return the inodes of its entries, as a command through these words sees them."""
        return frozenset(
            self._ask('find "$1" -type f -exec ls -i {} + | while read -r one rest; do echo "$one"; done', through)
        )

    def device(self, through: Sequence[str] = ()) -> str:
        """Return the number of the file system that it lies on, as a command through these words sees it."""
        return " ".join(self._ask('stat -c %d "$1"', through))

    def clean(self) -> CommandResult:
        """Empty it, by ``go clean -cache``."""
        return self.bench.go("clean", "-cache", cwd=self.module, env={"GOCACHE": self.path})

    def _ask(self, script: str, through: Sequence[str]) -> list[str]:
        argv = ["/bin/sh", "-c", script, "sh", self.path]
        return self.bench.target.run([*through, *argv], env=dict(self.bench.environment)).text.split()
