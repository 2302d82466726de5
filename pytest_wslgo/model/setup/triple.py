"""The names of machines, as C compilers write them: ``x86_64-linux-gnu``, ``aarch64-alpine-linux-musl``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.program_head import arch_of_uname

_WINDOWS = re.compile(r"mingw|windows|cygwin|msys|-win32|-pc-w", re.IGNORECASE)
_OTHER: Final = {"darwin": "darwin", "apple": "darwin", "freebsd": "freebsd", "netbsd": "netbsd", "openbsd": "openbsd"}
_PROCESSOR = (
    r"x86_64|amd64|i[3-6]86|aarch64|arm64|arm(?:v\w+|eb|hf)?|riscv64|ppc64(?:le)?|powerpc64(?:le)?|s390x|loongarch64"
    r"|mips(?:64)?(?:el)?"
)
_TRIPLE = re.compile(rf"(?<![\w.])(?:{_PROCESSOR})(?:-[\w.]+){{1,3}}")
_SYSTEMS = re.compile(r"linux|mingw|windows|darwin|bsd|-elf|-eabi|-none")


@dataclass(frozen=True, slots=True)
class Triple:
    """What a compiler builds for: Go's words for system and architecture; ``libc`` None where the name has none."""

    text: str
    system: str
    arch: str
    libc: Libc | None


def parse_triple(text: str) -> Triple:
    """Read a triple, as ``gcc -dumpmachine`` prints it.

    >>> parse_triple("x86_64-w64-mingw32").system, parse_triple("aarch64-alpine-linux-musl").arch
    ('windows', 'arm64')
    """
    processor = text.partition("-")[0]
    return Triple(text, _system(text), arch_of_uname(processor.replace("powerpc", "ppc")), _libc(text))


def triples_in(text: str) -> tuple[Triple, ...]:
    """Return the triples that a path or a program's name holds.

    >>> [triple.system for triple in triples_in("-L/usr/x86_64-w64-mingw32/lib")]
    ['windows']
    """
    return tuple(parse_triple(found[0]) for found in _TRIPLE.finditer(text) if _SYSTEMS.search(found[0]))


def _system(text: str) -> str:
    if _WINDOWS.search(text):
        return "windows"
    if "linux" in text:
        return "linux"
    return next((system for word, system in _OTHER.items() if word in text), "no system")


def _libc(text: str) -> Libc | None:
    if "linux" not in text:
        return None
    return Libc.MUSL if "musl" in text else Libc.GLIBC if "gnu" in text else None
