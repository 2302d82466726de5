"""Go build information of real programs, of hand-made blobs in both formats, and of damage."""

from __future__ import annotations

import re
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.buildinfo import MalformedBuildInfo, Module, parse_modinfo, read_build_info
from pytest_wslgo.model.elf import MalformedElf, read_elf
from pytest_wslgo.model.go import GoVersion
from tests.sdks import sdk_at
from tests.unit.binaries import go_command, go_program, sample, without_section_headers

if TYPE_CHECKING:
    from pathlib import Path

START, END = bytes.fromhex("3077af0c9274080241e1c107e6d618e6"), bytes.fromhex("f932433186182072008242104116d8f2")
"""The sentinels of cmd/go/internal/modload."""

MODINFO = """\
path\texample.test/hello
mod\texample.test/hello\tv0.0.0-20261122072916-699a4d196558+dirty
dep\texample.test/dep\tv1.2.3\th1:abc=
dep\texample.test/local\tv1.0.0
=>\t../local\t(devel)\t
dep\texample.test/fork\tv1.0.0
=>\texample.test/forked\tv1.0.1\th1:def=
build\t-buildmode=exe
build\t-ldflags="-X main.text=\\"a\\tb\\"\\n-s \\u00e9\\xc3\\xa9\\101"
build\tCGO_CFLAGS="-O2 -g"
build\t"odd key"=`raw \\n`
build\tCGO_CXXFLAGS=
build\tvcs=git
build\tvcs.revision=699a4d19655862233b65904556a82a4260822b53
build\tvcs.time=2026-11-22T07:29:16Z
build\tvcs.modified=true
"""


def test_modinfo_text() -> None:
    info = parse_modinfo(MODINFO, "go1.26.4")
    assert info.path == "example.test/hello"
    assert info.main == Module("example.test/hello", "v0.0.0-20261122072916-699a4d196558+dirty")
    assert info.deps == (
        Module("example.test/dep", "v1.2.3", "h1:abc="),
        Module("example.test/local", "v1.0.0", replacement=Module("../local", "(devel)")),
        Module("example.test/fork", "v1.0.0", replacement=Module("example.test/forked", "v1.0.1", "h1:def=")),
    )
    assert info.setting("-ldflags") == '-X main.text="a\tb"\n-s ééA'
    assert (info.setting("CGO_CFLAGS"), info.setting("odd key")) == ("-O2 -g", "raw \\n")
    assert (info.setting("CGO_CXXFLAGS"), info.setting("GOOS")) == ("", None)


def test_commit_stamp() -> None:
    info = parse_modinfo(MODINFO, "go1.26.4")
    assert (info.vcs, info.vcs_revision) == ("git", "699a4d19655862233b65904556a82a4260822b53")
    assert (info.vcs_time, info.vcs_modified) == ("2026-11-22T07:29:16Z", True)
    bare = parse_modinfo("", "go1.26.4")
    assert (bare.vcs, bare.vcs_revision, bare.vcs_time, bare.vcs_modified, bare.main) == (None,) * 5
    assert parse_modinfo("build\tvcs.modified=false\n", "go1.26.4").vcs_modified is False


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("mod\tone", "has 1 columns, expected 2 or 3"),
        ("dep\ta\tb\tc\td", "has 4 columns, expected 2 or 3"),
        ("=>\ta\tb\tc", "replaces no module"),
        ("build\tno-value", "is no KEY=VALUE"),
        ("build\t=value", "is no KEY=VALUE"),
        ('build\t"key=value', "is no KEY=VALUE"),
        ('build\t"key"value', "has no '=' after its key"),
        ('build\tkey="value', "has a value that is not quoted as in Go"),
        ('build\tkey="a\\qb"', r"has the escape '\\q', which Go does not have"),
    ],
)
def test_bad_lines_are_named(line: str, fact: str) -> None:
    with pytest.raises(MalformedBuildInfo) as caught:
        parse_modinfo(f"path\tx\n{line}\n", "go1.26.4", "app")
    assert str(caught.value) == (f"app: line 2 of its build information, {line!r}, {fact}; build it or copy it again")


@pytest.mark.parametrize("escape", ["\\ud800", "\\Uffffffff"])
def test_escapes_that_are_no_characters(escape: str) -> None:
    with pytest.raises(
        MalformedBuildInfo, match=r"^app: line 1 of its build information, .*; build it or copy it again$"
    ):
        parse_modinfo(f'build\tkey="{escape}"\n', "go1.26.4", "app")


@given(st.text(max_size=200))
def test_any_modinfo_is_a_value_or_an_error(text: str) -> None:
    try:
        parse_modinfo(text, "go1.26.4")
    except MalformedBuildInfo as error:
        assert str(error).startswith("the file: line ")  # noqa: PT017  an error is as good as a value here


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _inline(version: bytes, modinfo: str) -> bytes:
    framed = START + modinfo.encode() + END
    header = b"\xff Go buildinf:\x08\x02" + bytes(16)
    return header + _varint(len(version)) + version + _varint(len(framed)) + framed


def test_inline_format_in_a_file_without_tables() -> None:
    pe = b"MZ".ljust(64, b"\0") + _inline(b"go1.22.10", MODINFO)
    info = read_build_info(pe)
    assert info is not None
    assert (info.go_version, info.version, info.setting("vcs")) == ("go1.22.10", GoVersion.parse("go1.22.10"), "git")


def test_version_without_modules() -> None:
    info = read_build_info(_inline(b"devel +3f2a1bc", ""))
    assert info is not None
    assert (info.go_version, info.path, info.settings) == ("devel +3f2a1bc", "", ())
    with pytest.raises(BadInput, match="is not a Go version"):
        str(info.version)


@pytest.mark.parametrize("shift", [1, 8, 15])
def test_magic_off_its_boundary_is_no_header(shift: int) -> None:
    assert read_build_info(bytes(shift) + _inline(b"go1.22.10", MODINFO)) is None


def test_magic_in_other_data_is_no_header() -> None:
    magic = b"\xff Go buildinf:"
    decoys = magic + b"\x08\x02" + bytes(64) + magic + b"and so on".ljust(50) + magic + b"\x09\x00" + bytes(32)
    info = read_build_info(decoys + _inline(b"go1.22.10", ""))
    assert info is not None
    assert info.go_version == "go1.22.10"
    assert read_build_info(decoys + magic) is None


def test_cut_information_says_where() -> None:
    blob = _inline(b"go1.22.10", MODINFO)
    with pytest.raises(MalformedBuildInfo) as caught:
        read_build_info(blob[:100], "app.exe")
    assert str(caught.value) == (
        f"app.exe: its build information at byte 32 ends at byte {len(blob)} of 100; build it or copy it again"
    )


def _elf_with_pointers(bits: int, byteorder: str) -> bytes:
    """Make an ELF file of one writable segment at 0x10000, with the blob of Go 1.17 and what it points at."""
    order, word = ("<" if byteorder == "little" else ">"), ("Q" if bits == 64 else "I")
    size, base = bits // 8, 0x10000
    header_size, segment_size = (64, 56) if bits == 64 else (52, 32)
    framed = START + MODINFO.encode() + END
    blob_at = 128
    strings_at = blob_at + 32
    texts_at = strings_at + 4 * size
    blob = b"\xff Go buildinf:" + bytes([size, byteorder == "big"])
    blob += struct.pack(f"{order}2{word}", base + strings_at, base + strings_at + 2 * size)
    pointers = struct.pack(f"{order}4{word}", base + texts_at, 8, base + texts_at + 8, len(framed))
    body = blob.ljust(32, b"\0") + pointers + b"go1.17.9" + framed
    ident = b"\x7fELF" + bytes([bits // 32, 1 if byteorder == "little" else 2, 1]) + bytes(9)
    fixed = (2, 62 if bits == 64 else 20, 1, 0, header_size, 0, 0, header_size, segment_size, 1, 0, 0, 0)
    header = ident + struct.pack(f"{order}2HI3{word}I6H", *fixed)
    whole = blob_at + len(body)
    wide = struct.pack(order + "2I6Q", 1, 6, 0, base, base, whole, whole, 4096)
    narrow = struct.pack(order + "8I", 1, 0, base, base, whole, whole, 6, 4096)
    return (header + (wide if bits == 64 else narrow)).ljust(blob_at, b"\0") + body


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("byteorder", ["little", "big"])
def test_pointer_format_of_before_go_1_18(bits: int, byteorder: str) -> None:
    data = _elf_with_pointers(bits, byteorder)
    assert read_elf(data).elf_class == bits
    info = read_build_info(data)
    assert info is not None
    assert (info.go_version, info.path, len(info.deps)) == ("go1.17.9", "example.test/hello", 3)


def test_pointers_that_lead_nowhere_are_no_information() -> None:
    data = bytearray(_elf_with_pointers(64, "little"))
    struct.pack_into("<Q", data, 128 + 16, 0xDEADBEEF)
    assert read_build_info(bytes(data)) is None


def test_pointer_format_outside_elf_says_so() -> None:
    pe = b"MZ".ljust(60, b"\0") + b"\x40\0\0\0PE\0\0".ljust(20, b"\0") + b"\xff Go buildinf:\x08\x00" + bytes(32)
    with pytest.raises(MalformedBuildInfo) as caught:
        read_build_info(pe, "old.exe")
    assert str(caught.value) == (
        "old.exe is a PE file that was built before Go 1.18: the build information of that time is read here from "
        "ELF files only; ask 'go version -m'"
    )


@pytest.mark.parametrize(
    "data", [b"", b"#!/bin/sh\n", b"!<arch>\n", b"\0asm\1\0\0\0", sample("glibc-dynamic"), sample("dwarf4.o")]
)
def test_other_files_have_none(data: bytes) -> None:
    assert read_build_info(data) is None


def test_damaged_elf_is_an_error() -> None:
    with pytest.raises(MalformedElf, match=r"^app: cut after 1 000 of the 4 248 bytes it announces: "):
        read_build_info(sample("glibc-dynamic")[:1_000], "app")


class TestGoPrograms:
    """Against the answer of the go command itself."""

    @pytest.mark.parametrize(
        ("flags", "goos"),
        [
            ((), "linux"),
            (("-buildmode=pie",), "linux"),
            (("-ldflags=-s -w", "-trimpath"), "linux"),
            (("-tags=a,b",), "windows"),
            ((), "darwin"),
        ],
    )
    def test_go_version_m_agrees(self, flags: tuple[str, ...], goos: str, tmp_path: Path) -> None:
        data = go_program("bare", *flags, goos=goos)
        path = tmp_path / "app"
        path.write_bytes(data)
        path.chmod(0o755)  # Go 1.19 is silent about other files
        argv = [go_command(), "version", "-m", str(path)]
        said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path).stdout
        info = read_build_info(data, "app")
        assert info is not None
        assert said.startswith(f"{path}: {info.go_version}\n\tpath\t{info.path}\n")
        assert [key for key, _ in info.settings] == re.findall(r"^\tbuild\t([^=]+)=", said, re.MULTILINE)
        assert (info.setting("GOOS"), info.main) == (goos, Module("example.test/hello", "(devel)"))

    def test_without_section_headers(self) -> None:
        data = go_program("bare")
        assert read_build_info(without_section_headers(data)) == read_build_info(data)

    def test_cargo_is_not_taken_for_the_carrier(self) -> None:
        carrier = go_program("carrier", cargo=go_program("bare", "-tags=cargo"))
        info = read_build_info(carrier)
        assert info is not None
        assert info.setting("-tags") is None

    def test_go_1_19_does_not_record_the_build_mode(self) -> None:
        go = str(sdk_at("/usr/lib/go-1.19", "golang-1.19-go") / "bin" / "go")
        info = read_build_info(go_program("bare", go=go))
        assert info is not None
        assert info.version.minor == (1, 19)
        assert info.setting("-buildmode") is None
        assert info.setting("-compiler") == "gc"
