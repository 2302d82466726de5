"""ELF facts of real binaries, and of what damage and malice make of them."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.buildinfo import read_build_info
from pytest_wslgo.model.elf import (
    ElfKind,
    Linkage,
    VersionNeed,
    read_elf,
    read_symbols,
)
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.libc import Libc, LibcVersion
from tests.sdks import sdk_at
from tests.unit.binaries import go_program, sample, without_section_headers

if TYPE_CHECKING:
    from pathlib import Path

LINKED = [
    # name, class, byte order, machine, linkage, interpreter, needed, libc, floor
    (
        "glibc-dynamic",
        64,
        "little",
        "x86_64",
        "dynamic",
        "/lib64/ld-linux-x86-64.so.2",
        ("libc.so.6",),
        "glibc",
        "2.34",
    ),
    (
        "glibc-pie",
        64,
        "little",
        "x86_64",
        "dynamic-pie",
        "/lib64/ld-linux-x86-64.so.2",
        ("libc.so.6",),
        "glibc",
        "2.34",
    ),
    ("musl-dynamic", 64, "little", "x86_64", "dynamic", "/lib/ld-musl-x86_64.so.1", ("libc.so",), "musl", None),
    ("bare-static", 64, "little", "x86_64", "static", None, (), None, None),
    ("bare-static-pie", 64, "little", "x86_64", "static-pie", None, (), None, None),
    ("libwslgo.so", 64, "little", "x86_64", "shared-library", None, (), None, None),
    ("bare-i386", 32, "little", "i386", "static", None, (), None, None),
    ("mips-bare", 32, "big", "mips", "static", None, (), None, None),
    ("s390x-glibc", 64, "big", "s390x", "dynamic", "/lib/ld64.so.1", ("libc.so.6",), "glibc", "2.2"),
]


@pytest.mark.parametrize(
    ("name", "elf_class", "byteorder", "machine", "linkage", "interpreter", "needed", "libc", "floor"), LINKED
)
def test_linked_file(
    name: str,
    elf_class: int,
    byteorder: str,
    machine: str,
    linkage: str,
    interpreter: str | None,
    needed: tuple[str, ...],
    libc: str | None,
    floor: str | None,
) -> None:
    elf = read_elf(sample(name), name)
    assert (elf.elf_class, elf.byteorder, elf.machine) == (elf_class, byteorder, machine)
    assert (elf.linkage, elf.interpreter, elf.needed) == (linkage, interpreter, needed)
    assert elf.is_static is (interpreter is None and not needed)
    assert elf.libc == libc
    assert elf.floor() == (LibcVersion.parse(floor) if floor else None)
    assert elf.osabi == "sysv"


@pytest.mark.parametrize("name", ["glibc-dynamic", "glibc-pie", "musl-dynamic", "bare-static", "libwslgo.so"])
def test_readelf_agrees(name: str, tmp_path: Path) -> None:
    if not shutil.which("readelf"):
        pytest.skip("no readelf: install binutils")
    path = tmp_path / name
    path.write_bytes(sample(name))
    argv = ["readelf", "--wide", "--segments", "--dynamic", "--notes", "--version-info", str(path)]
    said = subprocess.run(
        argv, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, capture_output=True, text=True, check=True, timeout=30
    ).stdout
    elf = read_elf(sample(name), name)
    assert elf.needed == tuple(re.findall(r"\(NEEDED\).*\[(.*)\]", said))
    assert [elf.interpreter] == (re.findall(r"program interpreter: (.*)\]", said) or [None])
    assert [elf.build_id] == (re.findall(r"Build ID: (\w+)", said) or [None])
    assert {need.version for need in elf.version_needs} == set(re.findall(r"Name: (GLIBC_\S+)", said))
    assert elf.pie == ("Flags: PIE" in said)


def test_library_has_soname_and_runpath() -> None:
    library = read_elf(sample("libwslgo.so"))
    assert (library.soname, library.runpath, library.kind) == ("libwslgo.so.1", "/opt/wslgo/lib", ElfKind.DYN)


def test_version_needs_name_the_library() -> None:
    assert read_elf(sample("glibc-dynamic")).version_needs == (
        VersionNeed("libc.so.6", "GLIBC_2.2.5"),
        VersionNeed("libc.so.6", "GLIBC_2.34"),
    )


@pytest.mark.parametrize(
    ("versions", "floor"),
    [
        (("GLIBC_2.9", "GLIBC_2.34", "GLIBC_2.2.5"), "2.34"),
        (("GLIBC_2.4", "GLIBC_ABI_DT_RELR"), "2.36"),
        (("GLIBC_PRIVATE", "GLIBCXX_3.4.30"), "None"),
        (("GLIBC_2.99999999999999999999",), "None"),
    ],
)
def test_floor_is_the_highest_version(versions: tuple[str, ...], floor: str) -> None:
    needs = tuple(VersionNeed("libc.so.6", version) for version in versions)
    elf = replace(read_elf(sample("glibc-dynamic")), version_needs=needs)
    assert str(elf.floor()) == floor
    assert (elf.floor("GLIBCXX") is not None) == ("GLIBCXX_3.4.30" in versions)


@pytest.mark.parametrize(
    ("name", "version"), [("dwarf4.o", 4), ("dwarf5-zlib.o", 5), ("dwarf5-zdebug.o", 5), ("glibc-dynamic", None)]
)
def test_dwarf(name: str, version: int | None) -> None:
    elf = read_elf(sample(name))
    assert (elf.has_dwarf, elf.dwarf_version) == (version is not None, version)


def test_dwarf_in_an_unknown_compression_has_no_version() -> None:
    data = bytearray(sample("dwarf5-zlib.o"))
    place = data.index(b"\x01\0\0\0\0\0\0\0", 64)  # the first compression header: ELFCOMPRESS_ZLIB
    data[place] = 2
    assert (read_elf(bytes(data)).has_dwarf, read_elf(bytes(data)).dwarf_version) == (True, None)


def test_object_file_is_not_linked() -> None:
    elf = read_elf(sample("dwarf4.o"))
    assert (elf.kind, elf.linkage, elf.goarch) == (ElfKind.REL, Linkage.NOT_LINKED, "amd64")


@pytest.mark.parametrize("name", ["glibc-dynamic", "glibc-pie", "musl-dynamic", "bare-static-pie"])
def test_file_without_section_headers_reads_the_same(name: str) -> None:
    whole, stripped = read_elf(sample(name)), read_elf(without_section_headers(sample(name)))
    assert stripped.sections == ()
    assert not stripped.has_symtab
    facts = ("interpreter", "needed", "version_needs", "linkage", "libc", "build_id", "pie")
    assert [getattr(stripped, fact) for fact in facts] == [getattr(whole, fact) for fact in facts]


def test_symbols() -> None:
    symbols = {(symbol.name, symbol.dynamic): symbol for symbol in read_symbols(sample("libwslgo.so"))}
    answer = symbols["wslgo_answer", False]
    assert (answer.kind, answer.binding, answer.defined, answer.size > 0) == ("func", "global", True, True)
    assert symbols["wslgo_answer", True].address == answer.address
    undefined = [symbol.name for symbol in read_symbols(sample("glibc-dynamic")) if not symbol.defined]
    assert "puts" in undefined
    assert read_symbols(sample("bare-i386")) == ()
    assert read_symbols(sample("s390x-glibc"))[0].dynamic


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "glibc-dynamic",
            (
                "A dynamically linked x86_64 executable that needs /lib64/ld-linux-x86-64.so.2 and libc.so.6 "
                "(glibc 2.34 or newer)."
            ),
        ),
        (
            "musl-dynamic",
            "A dynamically linked x86_64 executable that needs /lib/ld-musl-x86_64.so.1 and libc.so (musl).",
        ),
        ("bare-static", "A static x86_64 executable that needs no interpreter and no library."),
        (
            "bare-static-pie",
            "A static position-independent x86_64 executable that needs no interpreter and no library.",
        ),
        ("libwslgo.so", "A shared library for x86_64 that needs no interpreter and no library."),
        ("dwarf4.o", "An unlinked x86_64 file of type rel."),
    ],
)
def test_explanation(name: str, sentence: str) -> None:
    assert read_elf(sample(name)).explain() == sentence


def test_counts_too_large_for_the_header_are_in_the_first_section() -> None:
    data = bytearray(sample("glibc-dynamic"))
    table, segments = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 56)[0]
    sections, names = struct.unpack_from("<2H", data, 60)
    struct.pack_into("<4H", data, 56, 0xFFFF, 64, 0, 0xFFFF)
    struct.pack_into("<QII", data, table + 32, sections, names, segments)
    assert bytes(data) != sample("glibc-dynamic")
    assert read_elf(bytes(data)) == read_elf(sample("glibc-dynamic"))


class TestGoPrograms:
    """The rows of the linking table that need no more than Go and gcc."""

    def test_without_cgo_is_static(self) -> None:
        elf = read_elf(go_program("hello"))
        assert (elf.linkage, elf.kind, elf.libc, elf.goarch) == (Linkage.STATIC, ElfKind.EXEC, None, "amd64")
        assert elf.has_symtab
        assert elf.has_dwarf
        assert ".gopclntab" in elf.sections
        assert elf.go_build_id is not None
        assert elf.go_build_id.count("/") == 3

    def test_dwarf_version_follows_the_toolchain(self) -> None:
        data = go_program("hello")
        info = read_build_info(data)
        assert info is not None
        assert read_elf(data).dwarf_version == (5 if info.version >= GoVersion.parse("go1.25") else 4)

    def test_go_1_19_writes_dwarf_4(self) -> None:
        go = str(sdk_at("/usr/lib/go-1.19", "golang-1.19-go") / "bin" / "go")
        assert read_elf(go_program("bare", go=go)).dwarf_version == 4

    def test_pie_without_cgo_asks_for_a_loader_but_no_library(self) -> None:
        elf = read_elf(go_program("hello", "-buildmode=pie"))
        assert (elf.linkage, elf.needed, elf.version_needs, elf.pie) == (Linkage.DYNAMIC_PIE, (), (), True)
        assert elf.interpreter is not None
        assert elf.libc in set(Libc)
        assert elf.explain() == (
            f"A dynamically linked position-independent x86_64 executable that needs {elf.interpreter} ({elf.libc})."
        )

    @pytest.mark.parametrize(("ldflags", "symtab", "dwarf"), [("-w", True, False), ("-s", False, False)])
    def test_stripping_flags(self, ldflags: str, symtab: bool, dwarf: bool) -> None:
        elf = read_elf(go_program("hello", f"-ldflags={ldflags}"))
        assert (elf.has_symtab, elf.has_dwarf, elf.dwarf_version) == (symtab, dwarf, None)
        assert {".gopclntab", ".go.buildinfo", ".note.go.buildid"} <= set(elf.sections)

    def test_cgo_is_dynamic(self) -> None:
        elf = read_elf(go_program("cgo", cgo=True))
        assert elf.linkage in {Linkage.DYNAMIC, Linkage.DYNAMIC_PIE}
        assert elf.libc in set(Libc)
        assert elf.go_build_id is not None
        assert elf.has_dwarf

    def test_c_shared_exports_its_functions(self) -> None:
        data = go_program("cgo", "-buildmode=c-shared", cgo=True)
        assert read_elf(data).linkage is Linkage.SHARED_LIBRARY
        exported = {symbol.name for symbol in read_symbols(data) if symbol.dynamic and symbol.defined}
        assert "Answer" in exported

    def test_symbols_name_main(self) -> None:
        assert "main.main" in {symbol.name for symbol in read_symbols(go_program("hello"))}

    def test_facts_take_milliseconds(self) -> None:
        data = go_program("hello")
        read_elf(data)
        started = time.perf_counter()
        for _ in range(10):
            read_elf(data)
        assert (time.perf_counter() - started) / 10 < 0.05
