"""C programs of the book (``fixtures/c/NAME.c``), compiled on a target, also against an archive or library of Go's."""

from __future__ import annotations

import shlex
import uuid
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.resources import C_SOURCES
from pytest_wslgo.toolchain.attempt import Attempt
from pytest_wslgo.toolchain.binary import Binary
from pytest_wslgo.toolchain.request import command_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.compilers import Compiler
    from pytest_wslgo.toolchain.environment import Places

# What a Go library needs of a C library: threads, and before glibc 2.34 dlopen stood apart.
_LIBRARIES: Final = ("-pthread", "-ldl")
_DEADLINE: Final = 120.0


def compile_c(
    name: str,
    compiler: Compiler,
    library: Binary | None,
    target: Target,
    places: Places,
    environment: Mapping[str, str],
    program_environment: Mapping[str, str],
) -> Attempt:
    """Compile the C program of that name, and link it with ``library``, whose header stands beside it.

    Returns what became of it; its ``binary`` is the program, None when the compiler or the linker failed. A shared
    library is found by its path when the program starts: Go's have no soname.
    Raises BadInput (no such program), DeadlineExceeded, TargetLost.
    """
    source = _source(name)
    folder = f"{places.run}/c/{uuid.uuid4().hex[:12]}"
    path = f"{folder}/{name}{'.exe' if 'mingw' in compiler.triple else ''}"
    target.write(f"{folder}/{name}.c", source)
    beside = ("-I", library.folder, library.path) if library else ()
    libraries = _LIBRARIES if compiler.libc else ()
    argv = (*shlex.split(compiler.cc), "-o", path, f"{folder}/{name}.c", *beside, *libraries)
    result = target.run(argv, env=environment, cwd=folder, deadline=_DEADLINE, check=False)
    what = f"{name}.c, compiled by {compiler.name}" + (f" and linked with {library.what}" if library else "")
    binary = Binary(target, path, what, program_environment) if result.status == 0 else None
    command = command_text(argv, environment, folder)
    return Attempt(what, command, result.status, result.text, result.err, result.seconds, path, binary)


def _source(name: str) -> bytes:
    try:
        return (C_SOURCES / f"{name}.c").read_bytes()
    except OSError:
        known = sorted(path.stem for path in C_SOURCES.glob("*.c"))
        hint = f"{nearest(name, known)}: it has {', '.join(known)}"
        raise BadInput(f"The book ships no C program {name!r}{hint}.") from None
