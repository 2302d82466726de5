"""C libraries by interpreter, by soname and by what they print of themselves."""

from __future__ import annotations

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.libc import Libc, LibcVersion, libc_of_interpreter, libc_of_library, parse_ldd_version

DEBIAN = """\
ldd (Debian GLIBC 2.36-9+deb12u14) 2.36
Copyright (C) 2022 Free Software Foundation, Inc.
This is free software; see the source for copying conditions.  There is NO
warranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.
Written by Roland McGrath and Ulrich Drepper.
"""
MUSL = """\
musl libc (x86_64)
Version 1.2.3
Dynamic Program Loader
Usage: /lib/ld-musl-x86_64.so.1 [options] [--] pathname [args]
"""


@pytest.mark.parametrize(
    ("path", "libc"),
    [
        ("/lib64/ld-linux-x86-64.so.2", Libc.GLIBC),
        ("/lib/ld-linux.so.2", Libc.GLIBC),
        ("/lib/ld-linux-aarch64.so.1", Libc.GLIBC),
        ("/lib/ld-linux-armhf.so.3", Libc.GLIBC),
        ("/lib/ld-linux-riscv64-lp64d.so.1", Libc.GLIBC),
        ("/lib64/ld64.so.2", Libc.GLIBC),
        ("/lib/ld.so.1", Libc.GLIBC),
        ("/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2", Libc.GLIBC),
        ("/lib/ld-musl-x86_64.so.1", Libc.MUSL),
        ("/lib/ld-musl-armhf.so.1", Libc.MUSL),
        ("/system/bin/linker64", None),
        ("/libexec/ld-elf.so.1", None),
        ("/lib64/ld-custom.so", None),
        ("", None),
    ],
)
def test_interpreter(path: str, libc: Libc | None) -> None:
    assert libc_of_interpreter(path) is libc


@pytest.mark.parametrize(
    ("soname", "libc"),
    [
        ("libc.so.6", Libc.GLIBC),
        ("libc.so.6.1", Libc.GLIBC),
        ("libc.so", Libc.MUSL),
        ("libc.musl-x86_64.so.1", Libc.MUSL),
        ("libcap.so.2", None),
        ("libpthread.so.0", None),
    ],
)
def test_library(soname: str, libc: Libc | None) -> None:
    assert libc_of_library(soname) is libc


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (DEBIAN, "glibc 2.36"),
        ("ldd (Ubuntu GLIBC 2.35-0ubuntu3.8) 2.35\n", "glibc 2.35"),
        ("ldd (GNU libc) 2.34\n", "glibc 2.34"),
        ("ldd (GNU libc) 2.40.9000\r\n", "glibc 2.40.9000"),
        ("GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\nCopyright\n", "glibc 2.36"),
        ("glibc 2.36\n", "glibc 2.36"),
        (MUSL, "musl 1.2.3"),
        (MUSL.replace("1.2.3", "1.2.5_git20240512"), "musl 1.2.5"),
        ("musl libc (x86_64)\nVersion unknown\n", None),
        ("ldd: not found", None),
        ("", None),
    ],
)
def test_what_ldd_says(text: str, answer: str | None) -> None:
    found = parse_ldd_version(text)
    assert (f"{found[0]} {found[1]}" if found else None) == answer


def test_versions_are_ordered_by_number() -> None:
    versions = [LibcVersion.parse(text) for text in ("2.36", "2.9", "2.2.5", "2.34", "2.40.9000", "2.0")]
    assert [str(version) for version in sorted(versions)] == ["2.0", "2.2.5", "2.9", "2.34", "2.36", "2.40.9000"]
    assert LibcVersion.parse("2.36.0") == LibcVersion.parse("2.36") >= LibcVersion.parse("2.9")
    assert len({LibcVersion.parse("2.36.0"), LibcVersion.parse("2.36")}) == 1


@pytest.mark.parametrize("text", ["", "2", "two", "v2.36", "2.", "٢.٣٦"])
def test_no_version_is_an_error(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        LibcVersion.parse(text)
    assert str(caught.value) == (f"{text!r} is not the version of a C library: expected numbers such as 2.36 or 1.2.5")
