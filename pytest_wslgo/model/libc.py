"""C libraries as facts: which one, which version, and what an ELF interpreter or ``ldd --version`` says of it.

Two matter to Go on Linux: glibc, whose symbol versions set a floor for a binary, and musl, which has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

from pytest_wslgo.errors import BadInput


class Libc(StrEnum):
    """The C libraries that Go programs meet on Linux."""

    GLIBC = "glibc"
    MUSL = "musl"


@total_ordering
@dataclass(frozen=True, slots=True)
class LibcVersion:
    """A version such as ``2.36`` or ``1.2.5``; ``2.36`` equals ``2.36.0``, and ``2.9`` is below ``2.34``."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> LibcVersion:
        """Read ``"2.36"``; what follows the numbers (``1.2.5_git20240512``) is left out.

        Raises BadInput when the text does not begin with two numbers.
        """
        if not (found := re.match(r"\d{1,6}(?:\.\d{1,6}){1,3}", text.strip(), re.ASCII)):
            raise BadInput(f"{text!r} is not the version of a C library: expected numbers such as 2.36 or 1.2.5")
        numbers = tuple(int(number) for number in found[0].split("."))
        while len(numbers) > 2 and numbers[-1] == 0:
            numbers = numbers[:-1]
        return cls(numbers)

    def __lt__(self, other: LibcVersion) -> bool:
        return self.numbers < other.numbers

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))


_LOADERS = (
    (re.compile(r"ld-musl-[^/]+"), Libc.MUSL),
    # s390x and ppc64le name it ld64.so.N; mips, ppc and s390 name it ld.so.1 (glibc's shlib-versions)
    (re.compile(r"ld-linux[^/]*\.so\.\d+|ld64\.so\.\d+|ld\.so\.1"), Libc.GLIBC),
)
_LIBRARIES = (
    (re.compile(r"libc\.so|libc\.musl-[^/]+"), Libc.MUSL),  # Alpine's soname names the machine
    (re.compile(r"libc\.so\.6(?:\.1)?"), Libc.GLIBC),
)
_BANNERS = (
    (re.compile(r"^musl libc\b.*\nVersion (\S+)", re.MULTILINE), Libc.MUSL),
    (re.compile(r"^ldd \([^\n]*\) (\d\S*)$", re.MULTILINE), Libc.GLIBC),
    (re.compile(r"^GNU C Library\b[^\n]* version (\d[\d.]*\d)", re.MULTILINE), Libc.GLIBC),
    (re.compile(r"^ld\.so [^\n]* version (\d[\d.]*\d)", re.MULTILINE), Libc.GLIBC),
    (re.compile(r"^glibc (\d\S*)$", re.MULTILINE), Libc.GLIBC),
)


def libc_of_interpreter(path: str) -> Libc | None:
    """Name the C library that a program interpreter (PT_INTERP) belongs to; None when it is neither.

    >>> libc_of_interpreter("/lib64/ld-linux-x86-64.so.2")
    <Libc.GLIBC: 'glibc'>
    """
    return _first_match(path, _LOADERS)


def libc_of_library(soname: str) -> Libc | None:
    """Name the C library whose own shared object this DT_NEEDED entry is; None when it is another library.

    >>> libc_of_library("libc.musl-x86_64.so.1")
    <Libc.MUSL: 'musl'>
    """
    return _first_match(soname, _LIBRARIES)


def _first_match(path: str, patterns: tuple[tuple[re.Pattern[str], Libc], ...]) -> Libc | None:
    base = path.rpartition("/")[2]
    return next((libc for pattern, libc in patterns if pattern.fullmatch(base)), None)


def parse_ldd_version(text: str) -> tuple[Libc, LibcVersion] | None:
    """Read what ``ldd --version`` prints (musl: to stderr, with status 1), or a loader, libc.so.6 itself, ``getconf``.

    Samples, one per library; None when the text is of none of them::

        ldd (Debian GLIBC 2.36-9+deb12u14) 2.36          musl libc (x86_64)
        Copyright (C) 2022 Free Software Foundation      Version 1.2.3
    """
    for pattern, libc in _BANNERS:
        if found := pattern.search(text.replace("\r\n", "\n")):
            try:
                return libc, LibcVersion.parse(found[1])
            except BadInput:
                return None
    return None
