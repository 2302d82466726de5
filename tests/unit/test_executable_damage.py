"""What damage makes of PE and Mach-O files: a value or one sentence, in bounded time, silently, never a traceback."""

from __future__ import annotations

import re
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.executable import MalformedExecutable, read_executable
from tests.unit.binaries import go_program

FORMATS = [("windows", "amd64"), ("windows", "386"), ("darwin", "amd64"), ("darwin", "arm64")]
HUGE = [0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000]


def _problem(data: bytes) -> str:
    """Return what is wrong with the file, a sentence of one line; empty when nothing is."""
    problem = ""
    try:
        read_executable(data, "cut.bin")
    except WslgoError as error:
        problem = str(error)
    assert re.fullmatch(r"(cut\.bin[ :].+)?", problem)
    return problem


@pytest.mark.parametrize(("goos", "goarch"), FORMATS)
def test_a_program_that_is_cut_anywhere_is_told(goos: str, goarch: str) -> None:
    data = go_program("bare", goos=goos, goarch=goarch)
    assert _problem(data) == ""
    for length in (*range(0, 5000, 61), *range(0, len(data), len(data) // 61), len(data) - 1):
        assert _problem(data[:length]), f"cut after {length} bytes it is taken for whole"


def test_a_cut_pe_file_says_what_is_missing() -> None:
    data = go_program("bare", goos="windows")
    with pytest.raises(
        MalformedExecutable,
        match=r"^cut\.bin: cut after 900 000 of the 1 \d\d\d \d\d\d bytes it announces: the section \.\w+ at byte "
        r"[\d ]+ is not (there|complete); build it or copy it again$",
    ):
        read_executable(data[:900_000], "cut.bin")


def test_a_cut_macho_file_says_what_is_missing() -> None:
    data = go_program("bare", goos="darwin")
    with pytest.raises(
        MalformedExecutable,
        match=r"^cut\.bin: cut after 900 000 of the 1 \d\d\d \d\d\d bytes it announces: the segment __\w+ at byte "
        r"[\d ]+ is not (there|complete); build it or copy it again$",
    ):
        read_executable(data[:900_000], "cut.bin")


def test_headers_that_are_cut_say_how_far_they_are_readable() -> None:
    readable = r"cut\.bin: announces \d+ load commands, of which \d+ can be read; build it or copy it again"
    assert re.fullmatch(readable, _problem(go_program("bare", goos="darwin")[:500]))
    missing = r"cut\.bin: begins as a PE file, but no whole header is in its 140 bytes; build it or copy it again"
    assert re.fullmatch(missing, _problem(go_program("bare", goos="windows")[:140]))


@pytest.mark.parametrize("count", HUGE)
def test_a_huge_number_of_load_commands_is_told(count: int) -> None:
    data = bytearray(go_program("bare", goos="darwin"))
    struct.pack_into("<I", data, 16, count)
    assert " load commands, of which " in _problem(bytes(data))


def test_a_huge_number_of_sections_and_symbols_is_told() -> None:
    data = bytearray(go_program("bare", goos="windows"))
    header = struct.unpack_from("<I", data, 60)[0]
    sections, symbols = data.copy(), data.copy()
    struct.pack_into("<H", sections, header + 6, 0xFFFF)
    struct.pack_into("<I", symbols, header + 16, 0xFFFFFFFF)
    assert _problem(bytes(sections)).startswith("cut.bin: ")
    assert "the symbol table at byte " in _problem(bytes(symbols))


def test_a_name_that_is_no_text_is_told() -> None:
    data = go_program("bare", goos="darwin").replace(b"/usr/lib/libSystem", b"\xff\xfe\xff\xff/lib/libSystem")
    assert _problem(data).startswith("cut.bin: begins as a Mach-O file, and then lief says: ")


@settings(deadline=None, max_examples=200)
@given(
    program=st.sampled_from(FORMATS),
    edits=st.lists(
        st.tuples(
            st.one_of(st.integers(0, 600), st.integers(0, 4000), st.integers(1_000_000, 1_500_000)),
            st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from(HUGE).map(lambda n: struct.pack("<I", n))),
        ),
        max_size=8,
    ),
    length=st.one_of(st.none(), st.integers(0, 6000), st.integers(0, 1_800_000)),
)
def test_mutated_bytes_never_make_a_traceback(
    program: tuple[str, str], edits: list[tuple[int, bytes]], length: int | None
) -> None:
    data = bytearray(go_program("bare", goos=program[0], goarch=program[1]))
    for offset, replacement in edits:
        data[offset : offset + len(replacement)] = replacement
    started = time.perf_counter()
    _problem(bytes(data[:length]))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("goos", "goarch"), FORMATS)
def test_nothing_is_printed_about_damage(goos: str, goarch: str, capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(go_program("bare", goos=goos, goarch=goarch))
    data[200:1200] = bytes(range(250)) * 4
    _problem(bytes(data))
    _problem(bytes(data[:3000]))
    assert capfd.readouterr() == ("", "")
