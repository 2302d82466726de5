"""What all commands and builds of one toolchain on one target share: directories, modules, compilers, results."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from pytest_wslgo.target.once import Once
from pytest_wslgo.toolchain.compilers import Compiler, find_compiler
from pytest_wslgo.toolchain.environment import Places, hermetic, program_environment
from pytest_wslgo.toolchain.modules import Module, place_module

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain

# How long another process may take to copy a module, in seconds.
_COPYING: Final = 180.0

# $1 is the seed to make, $2 the go command, $3 a word of chance. A draft that another run made first is thrown away.
_SEED: Final = """
[ ! -d "$1" ] || exit 0
draft=$TMPDIR/seed-$3
mkdir -p "${1%/*}"
GOCACHE=$draft "$2" build -o "$GOTMPDIR/$3" . && rm "$GOTMPDIR/$3" && mv -T "$draft" "$1" 2>/dev/null || rm -rf "$draft"
[ -d "$1" ]
"""


class Room:
    """Made when it is first used; what it finds is kept. ``run_dir`` is shared by the processes of the run."""

    def __init__(self, target: Target, toolchain: Toolchain, run_dir: Path) -> None:
        self._target = target
        self._toolchain = toolchain
        self._compilers: dict[tuple[str, str], Compiler] = {}
        self.once = Once(run_dir / "builds")

    @cached_property
    def places(self) -> Places:
        """The directories of this run and of the caches on the target."""
        return Places.on(self._target)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The full environment of a go command."""
        return hermetic(self._toolchain, self.places)

    @cached_property
    def program_environment(self) -> Mapping[str, str]:
        """The full environment of a program that was built."""
        return program_environment(self.places)

    def compiler(self, name: str, goarch: str) -> Compiler:
        """Return the compiler of that name, searched for once."""
        if (name, goarch) not in self._compilers:
            self._compilers[name, goarch] = find_compiler(name, self._target, goarch)
        return self._compilers[name, goarch]

    def seed_cache(self, program: str, deadline: float) -> str:
        """Return a build cache, beside our own, that holds what the program in that directory needs."""
        name = self.environment["GOCACHE"].rpartition("/")[2]
        seed = f"{self.places.cache}/seed/{name}/{program.rpartition('/')[2]}"

        def make() -> bytes:
            words = [seed, self._toolchain.go, self.places.name]
            self._target.run(
                ["/bin/sh", "-c", _SEED, "sh", *words], cwd=program, env=self.environment, deadline=deadline
            )
            return seed.encode()

        return self.once(f"seed {seed} in {self.places.name}", make, patience=deadline + _COPYING).decode()

    def place(self, module: Module) -> str:
        """Return the path of the module's copy on the target, made or looked over once per run."""

        def copy() -> bytes:
            return place_module(module, self._target, self.places.cache).encode()

        key = f"place {module.name} {module.digest} in {self.places.name}"
        return self.once(key, copy, patience=_COPYING).decode()
