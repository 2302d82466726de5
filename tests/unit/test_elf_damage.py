"""What damage and malice make of ELF files: a value or one sentence, in bounded time, and never a traceback."""

from __future__ import annotations

import re
import struct
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_wslgo.errors import Reason, WslgoError
from pytest_wslgo.model.buildinfo import read_build_info
from pytest_wslgo.model.elf import MalformedElf, NotElf, read_elf, read_symbols
from tests.unit.binaries import go_program, sample

if TYPE_CHECKING:
    from collections.abc import Callable


def _extents(data: bytes) -> list[tuple[int, int, int]]:
    table, count = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 60)[0]
    sections = [(*struct.unpack_from("<24xQQ", data, table + 64 * n), table + 64 * n) for n in range(count)]
    return [(offset, size, first) for offset, size, first in sections if size]


def _assert_value_or_error(data: bytes) -> None:
    for read in (read_elf, read_symbols, read_build_info):
        assert _problem(read, data) in {"", "cut.bin"}


def _problem(read: Callable[[bytes, str], object], data: bytes) -> str:
    """Return the file that the error names; empty without error."""
    try:
        read(data, "cut.bin")
    except WslgoError as error:
        return re.split("[: ]", str(error))[0]
    return ""


def test_go_program_cut_at_its_boundaries() -> None:
    data = go_program("hello")
    boundaries = {0, 1, 4, 6, 16, 52, 63, 64, 65, len(data) - 1}
    for offset, size, first in _extents(data):
        boundaries |= {offset, offset + size // 2, offset + size, offset + size - 1, first}
    for length in sorted(edge for edge in boundaries | set(range(0, len(data), len(data) // 97)) if edge < len(data)):
        assert _problem(read_elf, data[:length]) == "cut.bin"
        _assert_value_or_error(data[:length])


def test_cut_go_program_says_what_is_missing() -> None:
    with pytest.raises(
        MalformedElf,
        match=r"^net.bin: cut after 400 000 of the [12] \d\d\d \d\d\d bytes it announces: the LOAD segment ",
    ):
        read_elf(go_program("hello")[:400_000], "net.bin")


@pytest.mark.parametrize(
    ("name", "step"), [("bare-static-pie", 1), ("mips-bare", 1), ("bare-i386", 1), ("glibc-pie", 13)]
)
def test_cut_at_every_length(name: str, step: int) -> None:
    data = sample(name)
    for length in range(0, len(data), step):
        assert _problem(read_elf, data[:length]) == "cut.bin"
        assert _problem(read_symbols, data[:length]) == "cut.bin"
        assert _problem(read_build_info, data[:length]) in {"", "cut.bin"}


@settings(deadline=None, max_examples=300)
@given(
    name=st.sampled_from(["glibc-pie", "libwslgo.so", "s390x-glibc", "dwarf5-zlib.o", "mips-bare"]),
    edits=st.lists(st.tuples(st.integers(0, 5_000), st.binary(min_size=1, max_size=8)), max_size=8),
    length=st.integers(0, 6_000),
)
def test_mutated_bytes_never_make_a_traceback(name: str, edits: list[tuple[int, bytes]], length: int) -> None:
    data = bytearray(sample(name))
    for offset, replacement in edits:
        data[offset : offset + len(replacement)] = replacement
    started = time.perf_counter()
    _assert_value_or_error(bytes(data[: max(length, 64)]))
    assert time.perf_counter() - started < 5


OTHER_KINDS = [
    (b"", "an empty file"),
    (b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", "a PE file"),
    (b"MZ" + bytes(80), "a DOS executable"),
    (bytes.fromhex("cffaedfe07000001"), "a 64-bit Mach-O file"),
    (bytes.fromhex("feedface"), "a 32-bit big-endian Mach-O file"),
    (bytes.fromhex("cafebabe00000002"), "a universal Mach-O file"),
    (bytes.fromhex("cafebabe00000041"), "a Java class file"),
    (b"!<arch>\n__.PKGDEF", "an ar archive"),
    (b"!<thin>\n", "a thin ar archive"),
    (b"#!/usr/bin/env bash\necho\n", "a script for /usr/bin/env bash"),
    (b"#!\n", "a script"),
    (b"\0asm\1\0\0\0", "a WebAssembly module"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"go object linux amd64", "text that begins with 'go object linux amd64'"),
    (b"\n \n", "blank text"),
    (b"\x7fEL", "data that begins with 7f 45 4c"),
]


@pytest.mark.parametrize(("data", "kind"), OTHER_KINDS, ids=[kind for _, kind in OTHER_KINDS])
def test_other_kinds_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(NotElf) as caught:
        read_elf(data, "out")
    assert str(caught.value) == f"out is {kind}, expected an ELF file"
    assert caught.value.reason is Reason.ERROR


def _edited(name: str, offset: int, layout: str, *values: int) -> bytes:
    data = bytearray(sample(name))
    struct.pack_into(layout, data, offset, *values)
    return bytes(data)


def _segment_of(name: str, kind: int) -> int:
    data = sample(name)
    table, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    places = [table + 56 * number for number in range(count)]
    return int(next(place for place in places if struct.unpack_from("<I", data, place)[0] == kind))


def _dynamic_value(name: str, tag: int) -> int:
    data = sample(name)
    offset: int = struct.unpack_from("<Q", data, _segment_of(name, 2) + 8)[0]
    while struct.unpack_from("<Q", data, offset)[0] != tag:
        offset += 16
    return offset + 8


GLIBC = "glibc-dynamic"
DAMAGED = [
    (sample(GLIBC)[:5], "cut after 5 bytes, inside the ELF header"),
    (sample(GLIBC)[:60], "cut after 60 of the 64 bytes it announces: the ELF header at byte 0 is not complete"),
    (
        sample(GLIBC)[:1200],
        "cut after 1 200 of the 4 248 bytes it announces: the section table at byte 2 456 is not there",
    ),
    (
        sample(GLIBC)[:-1],
        "cut after 4 247 of the 4 248 bytes it announces: the section table at byte 2 456 is not complete",
    ),
    (_edited(GLIBC, 4, "B", 3), "class 3 at byte 4, expected 1 (32 bits) or 2 (64 bits)"),
    (_edited(GLIBC, 5, "B", 0), "byte order 0 at byte 5, expected 1 (little endian) or 2 (big endian)"),
    (_edited(GLIBC, 54, "<H", 0), "has segment headers of 0 bytes, expected 56"),
    (_edited(GLIBC, 58, "<H", 65), "has section headers of 65 bytes, expected 64"),
    (_edited(GLIBC, 56, "<H", 9_999), "announces 9 999 segments, more than the 4 096 read here"),
    (_edited(GLIBC, 60, "<H", 0xFFFE), "announces 65 534 sections, more than the 16 384 read here"),
    (_edited(GLIBC, 62, "<H", 99), "its section names are in section 99 of 28"),
    (
        _edited(GLIBC, 32, "<Q", 1 << 40),
        (
            "cut after 4 248 of the 1 099 511 628 336 bytes it announces: the program header table at byte "
            "1 099 511 627 776 is not there"
        ),
    ),
    (
        _edited(GLIBC, _segment_of(GLIBC, 3) + 32, "<Q", 5),
        "the interpreter's path at byte 624 does not end within 4 096 bytes",
    ),
    (
        _edited(GLIBC, _dynamic_value(GLIBC, 5), "<Q", 1),
        "the string table of 0 bytes at byte 0 has no string at 24",
    ),
    (
        _edited(GLIBC, _dynamic_value(GLIBC, 1), "<Q", 5_000),
        "the string table of 72 bytes at byte 888 has no string at 5 000",
    ),
    (
        _edited(GLIBC, _dynamic_value(GLIBC, 0x6FFFFFFE), "<Q", 1),
        "its version needs are at address 0x1, which is in no segment of the file",
    ),
]


@pytest.mark.parametrize(("data", "fact"), DAMAGED, ids=[fact[:50] for _, fact in DAMAGED])
def test_damage_is_named_with_its_place(data: bytes, fact: str) -> None:
    with pytest.raises(MalformedElf) as caught:
        read_elf(data, "net.bin")
    assert str(caught.value) == f"net.bin: {fact}; build it or copy it again"


def _crafted(entries: list[tuple[int, int]], payload: bytes) -> bytes:
    """Make a 64-bit file of one loaded segment with this dynamic table and, at byte PAYLOAD, the payload."""
    header = struct.pack("<4s5B7x2HI3QI6H", b"\x7fELF", 2, 1, 1, 0, 0, 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    table = b"".join(struct.pack("<2Q", tag, value) for tag, value in [*entries, (0, 0)])
    size = PAYLOAD + len(payload)
    segments = struct.pack("<2I6Q", 1, 4, 0, 0, 0, size, size, 4096) + struct.pack(
        "<2I6Q", 2, 4, 176, 176, 0, len(table), len(table), 8
    )
    return (header + segments + table).ljust(PAYLOAD, b"\0") + payload


PAYLOAD = 81_920
STRTAB, STRSZ, NEEDED, VERNEED = 5, 10, 1, 0x6FFFFFFE
LONG_NAMES = b"a" * 60_000 + b"\0"
HOSTILE = [
    (
        _crafted([(STRTAB, PAYLOAD), (STRSZ, 1)] + [(NEEDED, 0)] * 4_097, b"\0"),
        "needs 4 097 libraries, more than the 4 096 read here",
    ),
    (
        _crafted([(STRTAB, PAYLOAD), (STRSZ, 60_001)] + [(NEEDED, n) for n in range(4_000)], LONG_NAMES),
        "the strings at byte 81 920 overlap beyond measure",
    ),
    (
        _crafted([(STRTAB, PAYLOAD), (VERNEED, PAYLOAD)], struct.pack("<2H3I", 0, 0, 0, 0, 16) * 4_097),
        "a chain of version needs is longer than the 4 096 read here",
    ),
    (
        _crafted(
            [(STRTAB, PAYLOAD), (VERNEED, PAYLOAD)],
            struct.pack("<2H3I", 0, 65_535, 0, 16, 0) + struct.pack("<I2H2I", 0, 0, 0, 0, 16) * 4_097,
        ),
        "a chain of version needs is longer than the 4 096 read here",
    ),
    (
        _crafted(
            [(STRTAB, PAYLOAD), (VERNEED, PAYLOAD)],
            struct.pack("<2H3I", 0, 3_000, 0, 32, 16)
            + struct.pack("<2H3I", 0, 3_000, 0, 16, 0)
            + struct.pack("<I2H2I", 0, 0, 0, 0, 16) * 4_097,
        ),
        "needs more than the 4 096 symbol versions read here",
    ),
    (
        _crafted([(STRTAB, PAYLOAD), (VERNEED, PAYLOAD)], struct.pack("<2H3I", 0, 0, 0, 0, 50)),
        "a version need at byte 81 970 is outside the file",
    ),
]


@pytest.mark.parametrize(("data", "fact"), HOSTILE, ids=[fact[:50] for _, fact in HOSTILE])
def test_hostile_tables_cost_little(data: bytes, fact: str) -> None:
    started = time.perf_counter()
    with pytest.raises(MalformedElf) as caught:
        read_elf(data, "net.bin")
    assert str(caught.value) == f"net.bin: {fact}; build it or copy it again"
    assert time.perf_counter() - started < 2


def test_symbol_table_without_names_is_named() -> None:
    data = sample("libwslgo.so")
    table, count = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 60)[0]
    symtab = next(n for n in range(count) if struct.unpack_from("<I", data, table + 64 * n + 4)[0] == 2)
    broken = _edited("libwslgo.so", table + 64 * symtab + 40, "<I", 99)
    with pytest.raises(MalformedElf) as caught:
        read_symbols(broken, "lib.so")
    assert re.fullmatch(
        r"lib.so: its symbol table at byte [\d ]+ has entries of 24 bytes with names in section 99 of 12, "
        r"expected 24 bytes; build it or copy it again",
        str(caught.value),
    )


def test_damaged_notes_have_no_build_id() -> None:
    data = sample("bare-static")
    place = data.index(b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0")
    assert read_elf(data).build_id is not None
    assert read_elf(_edited("bare-static", place + 4, "<I", 0xFFFFFFF0)).build_id is None


def test_file_without_name_is_still_a_sentence() -> None:
    with pytest.raises(NotElf, match=r"^the file is an empty file, expected an ELF file$"):
        read_elf(b"")
