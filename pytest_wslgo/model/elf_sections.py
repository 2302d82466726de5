"""What an ELF file keeps for tools: notes with build ids, symbols, and the version of its DWARF.

Sources: gABI chapter 4 (notes, symbols, compressed sections), DWARF 5 section 7.5.1 (unit headers),
cmd/internal/buildid (the note of owner "Go").
"""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.elf_image import Strings, grouped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.elf_image import ElfImage, Section

MOST_NOTES: Final = 4_096
_GNU_BUILD_ID: Final = (b"GNU\0", 3)
_GO_BUILD_ID: Final = (b"Go\0\0", 4)
_DWARF_VERSIONS: Final = range(2, 6)
_ZLIB: Final = 1  # ELFCOMPRESS_ZLIB


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of a symbol table; ``dynamic`` tells the table of the loader from the one that strip removes."""

    name: str
    kind: str
    binding: str
    address: int
    size: int
    defined: bool
    dynamic: bool


def read_build_ids(image: ElfImage) -> tuple[str | None, str | None]:
    """Return the GNU build id in hexadecimal and the Go build id as text; None for one that is absent or damaged."""
    found: dict[tuple[bytes, int], bytes] = {}
    for key, content in itertools.islice(_notes(image), MOST_NOTES):
        found.setdefault(key, content)
    gnu, go = found.get(_GNU_BUILD_ID), found.get(_GO_BUILD_ID)
    return gnu.hex() if gnu else None, go.rstrip(b"\0").decode("ascii", "backslashreplace") if go else None


def _notes(image: ElfImage) -> Iterator[tuple[tuple[bytes, int], bytes]]:
    segments = ((part.offset, part.size, part.alignment) for part in image.segments if part.kind == "PT_NOTE")
    sections = ((part.offset, part.size, part.alignment) for part in image.sections if part.kind == "SHT_NOTE")
    for offset, size, alignment in itertools.chain(segments, sections):
        yield from _notes_in(image, offset, offset + size, 8 if alignment == 8 else 4)


def _notes_in(image: ElfImage, offset: int, end: int, alignment: int) -> Iterator[tuple[tuple[bytes, int], bytes]]:
    while offset + 12 <= end:
        name_size, content_size, kind = (image.number(offset + field, 4) for field in (0, 4, 8))
        content = offset + 12 + _rounded(name_size, 4)
        if content + content_size > end:
            return
        owner = image.data[offset + 12 : offset + 12 + min(name_size, 8)]
        yield (owner, kind), image.data[content : content + min(content_size, 256)]
        offset = content + _rounded(content_size, alignment)


def _rounded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def has_symbol_table(image: ElfImage) -> bool:
    """Tell whether the table is there that ``strip`` and ``-ldflags=-s`` remove."""
    return any(section.kind == "SHT_SYMTAB" and section.size for section in image.sections)


def read_dwarf(image: ElfImage) -> tuple[bool, int | None]:
    """Tell whether there is debug information, and the DWARF version of its first unit (None: in zstd, or damaged)."""
    for section in image.sections:
        if section.name in {".debug_info", ".zdebug_info"} and section.kind != "SHT_NOBITS" and section.size:
            head = _head_of(image, section)
            escape = head[:4] == b"\xff\xff\xff\xff"  # a unit of 64-bit DWARF has its length in the next 8 bytes
            version = int.from_bytes(head[12:14] if escape else head[4:6], image.byteorder)
            return True, version if version in _DWARF_VERSIONS else None
    return False, None


def _head_of(image: ElfImage, section: Section) -> bytes:
    raw = image.data[section.offset : section.offset + min(section.size, 4_096)]
    if section.name == ".zdebug_info":
        skipped = 12  # "ZLIB" and 8 bytes of size, as Go wrote until 1.18
    elif not section.compressed:
        return raw[:14]
    elif image.number(section.offset, 4) == _ZLIB:
        skipped = 24 if image.elf_class == 64 else 12
    else:
        return b""
    try:
        return zlib.decompressobj().decompress(raw[skipped:], 14)
    except zlib.error:
        return b""


def read_symbol_tables(image: ElfImage) -> Iterator[Symbol]:
    """Yield the symbols of .symtab, then those of .dynsym, without the empty first one; raise MalformedElf."""
    for kind in ("SHT_SYMTAB", "SHT_DYNSYM"):
        for section in itertools.islice((part for part in image.sections if part.kind == kind), 1):  # gABI: one of each
            yield from _symbols_in(image, section)


def _symbols_in(image: ElfImage, section: Section) -> Iterator[Symbol]:
    # A record at a time through pyelftools takes 40 µs a symbol, and a Go program has thousands.
    layout = image.layout("IBBHQQ" if image.elf_class == 64 else "IIIBBH")
    if section.entry_size != layout.size or section.link >= len(image.sections):
        raise image.malformed(
            f"its symbol table at byte {grouped(section.offset)} has entries of {section.entry_size} bytes "
            f"with names in section {section.link} of {len(image.sections)}, expected {layout.size} bytes"
        )
    names = image.sections[section.link]
    strings = Strings(image, names.offset, names.size)
    whole = section.size - section.size % layout.size
    records = layout.iter_unpack(image.data[section.offset : section.offset + whole])
    for record in itertools.islice(records, 1, None):
        if image.elf_class == 64:
            name, info, _, index, address, size = record
        else:
            name, address, size, info, _, index = record
        yield Symbol(
            name=strings.at(name),
            kind=_KINDS.get(info & 15, str(info & 15)),
            binding=_BINDINGS.get(info >> 4, str(info >> 4)),
            address=address,
            size=size,
            defined=index != 0,
            dynamic=section.kind == "SHT_DYNSYM",
        )


_KINDS: Final = {0: "notype", 1: "object", 2: "func", 3: "section", 4: "file", 5: "common", 6: "tls", 10: "ifunc"}
_BINDINGS: Final = {0: "local", 1: "global", 2: "weak", 10: "unique"}
