"""Go modules: those that the book ships, or any folder, and their copy on a target.

The copy of a module of the book lies in the cache that outlives the run, under a name made of its content: Go keys its
build cache by the directory too, and a fresh one per run would compile every program again (0.1 s, with cgo 0.2 s).
Other folders change often and may be large: their copies go with the run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.resources import MODULES

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target


@dataclass(frozen=True, slots=True)
class Module:
    """A folder with a go.mod where pytest runs; ``checksums`` are the lines of sha256sum for its files."""

    name: str
    source: Path
    checksums: tuple[str, ...]
    shipped: bool = False

    @property
    def digest(self) -> str:
        """32 hexadecimal digits of the content."""
        return hashlib.sha256("\n".join(self.checksums).encode()).hexdigest()[:32]


def read_module(program: str | Path) -> Module:
    """Read the module of that name that the book ships, or the module in a folder.

    Raises BadInput when there is none; for a name, with the nearest one.
    """
    shipped = not isinstance(program, Path)
    source = MODULES / program if shipped else Path(program).resolve()
    if not (source / "go.mod").is_file():
        raise BadInput(_no_module(program))
    files = sorted(path for path in source.rglob("*") if path.is_file())
    return Module(source.name, source, tuple(_checksum(path, source) for path in files), shipped)


def _checksum(path: Path, source: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(source).as_posix()}"


def _no_module(program: str | Path) -> str:
    if isinstance(program, Path):
        return f"{program} is no Go module: it has no go.mod. Give the folder that holds go.mod."
    known = sorted(path.parent.name for path in MODULES.glob("*/go.mod"))
    hint = f"{nearest(program, known)}: it has {', '.join(known)}"
    return f"The book ships no module {program!r}{hint}. For a folder give a Path."


def place_module(module: Module, target: Target, cache: str) -> str:
    """Copy the module to the target, unless the cache there has it whole, and return its path on the target."""
    place = f"modules/{module.digest}/{module.name}"
    cached, own = f"{cache}/{place}", f"{target.workdir}/go/{place}"
    if module.shipped and _is_whole(module, target, cached):
        return cached
    # A copy that is not whole is being made by another run, or was changed: it is left alone.
    path = cached if module.shipped and _is_ours_to_make(target, cached) else own
    try:
        target.run(["mkdir", "-p", path])
        target.put(module.source, path)
    except BaseException:
        target.run(["rm", "-rf", path], check=False)
        raise
    return path


def _is_ours_to_make(target: Target, path: str) -> bool:
    script = 'mkdir -p "${1%/*}" && mkdir "$1" 2>/dev/null'
    return target.run(["/bin/sh", "-c", script, "sh", path], check=False).status == 0


def _is_whole(module: Module, target: Target, path: str) -> bool:
    script = 'cd "$1" 2>/dev/null && [ "$(find . -type f | wc -l)" -eq "$2" ] && sha256sum -c - >/dev/null 2>&1'
    checksums = "".join(f"{line}\n" for line in module.checksums).encode()
    count = str(len(module.checksums))
    return target.run(["/bin/sh", "-c", script, "sh", path, count], stdin=checksums, check=False).status == 0
