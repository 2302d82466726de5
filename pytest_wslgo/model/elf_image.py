"""Bounded access to an ELF file: header, tables, strings, addresses. Layout: System V gABI, chapters 4 and 5.

pyelftools knows what a record looks like. Which records are read, and whether they lie in the file, is decided here,
because pyelftools' own iterators trust the counts and offsets that they find: a dynamic table ends at DT_NULL or never.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.file_kind import kind_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from elftools.construct import Construct
    from elftools.elf.elffile import ELFFile

    Record = Mapping[str, Any]

MOST_SEGMENTS: Final = 4_096  # Linux loads at most 64 KiB of program headers, which are 1 170 (fs/binfmt_elf.c)
MOST_SECTIONS: Final = 16_384  # a linked program has fewer than a hundred
LONGEST_STRING: Final = 65_536
_BYTE_ORDERS: Final[dict[int, Literal["little", "big"]]] = {1: "little", 2: "big"}

Meaning = TypeVar("Meaning")


class NotElf(WslgoError):
    """The file is of another kind."""


class MalformedElf(WslgoError):
    """The file begins as ELF and then contradicts itself, or ends too early."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One program header, which the kernel and the loader go by; sizes and offsets in bytes of the file."""

    kind: str
    writable: bool
    executable: bool
    offset: int
    size: int
    address: int
    alignment: int


@dataclass(frozen=True, slots=True)
class Section:
    """One section header, which linkers and debuggers go by; sizes and offsets in bytes of the file."""

    name: str
    kind: str
    compressed: bool
    offset: int
    size: int
    link: int
    entry_size: int
    alignment: int


class ElfImage:
    """The bytes of an ELF file whose tables, segments and sections were found to lie inside it."""

    def __init__(self, data: bytes, name: str = "") -> None:
        """Read the header and both tables; raise NotElf or MalformedElf."""
        self.data = data
        self.name = name or "the file"
        if not data.startswith(b"\x7fELF"):
            raise NotElf(f"{self.name} is {kind_of_file(data)}, expected an ELF file")
        self.elf_class = self._from_ident(4, {1: 32, 2: 64}, "class", "1 (32 bits) or 2 (64 bits)")
        self.byteorder = self._from_ident(5, _BYTE_ORDERS, "byte order", "1 (little endian) or 2 (big endian)")
        self._announced: list[tuple[int, int, str]] = []
        self._announce(0, {32: 52, 64: 64}[self.elf_class], "the ELF header")
        self._refuse_if_cut()
        self._read_tables()

    def _from_ident(self, index: int, meanings: Mapping[int, Meaning], what: str, expected: str) -> Meaning:
        if len(self.data) <= index:
            raise self.malformed(f"cut after {len(self.data)} bytes, inside the ELF header")
        if (value := self.data[index]) not in meanings:
            raise self.malformed(f"{what} {value} at byte {index}, expected {expected}")
        return meanings[value]

    def _read_tables(self) -> None:
        from elftools.elf.elffile import ELFFile

        elf = ELFFile(io.BytesIO(self.data))
        self.header: Record = elf.header
        headers = list(self._section_headers(elf))
        self.segments = tuple(self._read_segments(elf, headers))
        for number, header in enumerate(headers):
            if header["sh_type"] not in {"SHT_NOBITS", "SHT_NULL"}:
                self._announce(header["sh_offset"], header["sh_size"], f"the content of section {number}")
        self._refuse_if_cut()
        names = self._section_names(headers)
        self.sections = tuple(_section(header, name) for header, name in zip(headers, names, strict=True))

    def _section_headers(self, elf: ELFFile) -> Iterator[Record]:
        offset, count = self.header["e_shoff"], self.header["e_shnum"]
        if offset == 0:
            return
        read = self._record_reader(elf, elf.structs.Elf_Shdr, offset, self.header["e_shentsize"], "section")
        if count == 0:  # 0xff00 sections or more: the number is in the first header (gABI, e_shnum)
            self._announce(offset, elf.structs.Elf_Shdr.sizeof(), "the section table")
            self._refuse_if_cut()
            count = read(0)["sh_size"]
        if count > MOST_SECTIONS:
            raise self.malformed(
                f"announces {grouped(count)} sections, more than the {grouped(MOST_SECTIONS)} read here"
            )
        if self._announce(offset, count * elf.structs.Elf_Shdr.sizeof(), "the section table"):
            yield from map(read, range(count))

    def _read_segments(self, elf: ELFFile, section_headers: list[Record]) -> Iterator[Segment]:
        offset, count = self.header["e_phoff"], self.header["e_phnum"]
        if count == 0xFFFF and section_headers:  # PN_XNUM
            count = section_headers[0]["sh_info"]
        if count == 0:
            return
        if count > MOST_SEGMENTS:
            raise self.malformed(
                f"announces {grouped(count)} segments, more than the {grouped(MOST_SEGMENTS)} read here"
            )
        read = self._record_reader(elf, elf.structs.Elf_Phdr, offset, self.header["e_phentsize"], "segment")
        if not self._announce(offset, count * elf.structs.Elf_Phdr.sizeof(), "the program header table"):
            return
        for segment in map(_segment, map(read, range(count))):
            if segment.kind != "PT_NULL":
                self._announce(segment.offset, segment.size, f"the {segment.kind.removeprefix('PT_')} segment")
            yield segment

    def _record_reader(
        self, elf: ELFFile, layout: Construct, offset: int, entry_size: int, what: str
    ) -> Callable[[int], Record]:
        from elftools.common.utils import struct_parse

        if entry_size != layout.sizeof():
            raise self.malformed(f"has {what} headers of {entry_size} bytes, expected {layout.sizeof()}")
        return lambda number: struct_parse(layout, elf.stream, offset + number * entry_size)

    def _section_names(self, headers: list[Record]) -> list[str]:
        index = self.header["e_shstrndx"]
        if index == 0xFFFF and headers:  # SHN_XINDEX
            index = headers[0]["sh_link"]
        if index == 0 or not headers:
            return ["" for _ in headers]
        if index >= len(headers):
            raise self.malformed(f"its section names are in section {index} of {len(headers)}")
        strings = Strings(self, headers[index]["sh_offset"], headers[index]["sh_size"])
        return [strings.at(header["sh_name"]) for header in headers]

    def _announce(self, offset: int, size: int, what: str) -> bool:
        self._announced.append((offset, offset + size, what))
        return size == 0 or offset + size <= len(self.data)

    def _refuse_if_cut(self) -> None:
        here = len(self.data)
        missing = [(start, end, what) for start, end, what in self._announced if end > here and end > start]
        if missing:
            start, _, what = missing[0]
            total = max(end for _, end, _ in missing)
            state = "is not there" if start >= here else "is not complete"
            raise self.malformed(
                f"cut after {grouped(here)} of the {grouped(total)} bytes it announces: "
                f"{what} at byte {grouped(start)} {state}"
            )

    def malformed(self, fact: str) -> MalformedElf:
        """Make the error that names the file, the fact and what to do."""
        return MalformedElf(f"{self.name}: {fact}; build it or copy it again")

    def number(self, offset: int, size: int) -> int:
        """Return the unsigned number of ``size`` bytes at a byte of the file."""
        return int.from_bytes(self.data[offset : offset + size], self.byteorder)

    def layout(self, fields: str) -> struct.Struct:
        """Return a struct of the file's byte order, for tables that are too long for a record at a time."""
        return struct.Struct(("<" if self.byteorder == "little" else ">") + fields)

    def offset_of(self, address: int) -> tuple[int, int] | None:
        """Return where an address lies in the file and how many bytes follow it there; None when it is not loaded."""
        for segment in self.segments:
            if segment.kind == "PT_LOAD" and 0 <= (into := address - segment.address) < segment.size:
                return segment.offset + into, segment.size - into
        return None


class Strings:
    """A string table; all reads together cost a few times its size at most, however much its users overlap."""

    def __init__(self, image: ElfImage, offset: int, size: int) -> None:
        self._image = image
        self._offset = offset
        self._size = size
        self._known: dict[int, str] = {}
        self._budget = 8 * size + LONGEST_STRING

    def at(self, index: int) -> str:
        """Return the string that begins at a byte of the table; raise MalformedElf when it does not end inside."""
        if index in self._known:
            return self._known[index]
        start, table_end = self._offset + index, self._offset + self._size
        end = self._image.data.find(b"\0", start, min(table_end, start + LONGEST_STRING)) if index < self._size else -1
        if end < 0:
            raise self._image.malformed(
                f"the string table of {grouped(self._size)} bytes at byte {grouped(self._offset)} "
                f"has no string at {grouped(index)}"
            )
        self._budget -= end - start
        if self._budget < 0:
            raise self._image.malformed(f"the strings at byte {grouped(self._offset)} overlap beyond measure")
        text = self._image.data[start:end].decode("utf-8", "backslashreplace")
        self._known[index] = text
        return text


def grouped(number: int) -> str:
    """Write a number with its thousands apart: ``2 431 889``."""
    return f"{number:,}".replace(",", " ")


def _segment(header: Record) -> Segment:
    return Segment(
        kind=_kind_name(header["p_type"]),
        writable=bool(header["p_flags"] & 2),
        executable=bool(header["p_flags"] & 1),
        offset=header["p_offset"],
        size=header["p_filesz"],
        address=header["p_vaddr"],
        alignment=header["p_align"],
    )


def _section(header: Record, name: str) -> Section:
    return Section(
        name=name,
        kind=_kind_name(header["sh_type"]),
        compressed=bool(header["sh_flags"] & 0x800),  # SHF_COMPRESSED
        offset=header["sh_offset"],
        size=header["sh_size"],
        link=header["sh_link"],
        entry_size=header["sh_entsize"],
        alignment=header["sh_addralign"],
    )


def _kind_name(kind: str | int) -> str:
    return kind if isinstance(kind, str) else f"0x{kind:x}"
