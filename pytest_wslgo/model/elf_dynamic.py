"""What an ELF file asks of the loader: interpreter, libraries, symbol versions.

Taken from the segments alone, as the kernel and the loader do, so that a file without section headers reads the same
(gABI chapter 5; versions: LSB Core Specification, "Symbol Versioning"). Section names may also mislead: in a Go PIE,
.gnu.version_r is an empty SHT_PROGBITS.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.elf_image import Strings, grouped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.elf_image import ElfImage

MOST_ENTRIES: Final = 4_096
_PATH_MAX: Final = 4_096
_DF_1_PIE: Final = 0x08000000
_VERSION_RECORD: Final = 16  # Verneed and Vernaux are of one size in both classes; the step to the next is at byte 12


@dataclass(frozen=True, slots=True)
class VersionNeed:
    """A symbol version that a library must offer, such as GLIBC_2.34 of libc.so.6."""

    library: str
    version: str


@dataclass(frozen=True, slots=True)
class Dynamic:
    """What the dynamic table says."""

    needed: tuple[str, ...] = ()
    soname: str | None = None
    runpath: str | None = None
    pie: bool = False
    version_needs: tuple[VersionNeed, ...] = ()


def read_interpreter(image: ElfImage) -> str | None:
    """Return the path in PT_INTERP, None when there is none; raise MalformedElf where Linux would refuse the path."""
    segment = next((segment for segment in image.segments if segment.kind == "PT_INTERP"), None)
    if segment is None or segment.size == 0:
        return None
    raw = image.data[segment.offset : segment.offset + segment.size]
    if segment.size > _PATH_MAX or not raw.endswith(b"\0"):
        raise image.malformed(
            f"the interpreter's path at byte {grouped(segment.offset)} does not end within {grouped(_PATH_MAX)} bytes"
        )
    return raw.split(b"\0")[0].decode("utf-8", "backslashreplace")


def read_dynamic(image: ElfImage) -> Dynamic:
    """Return what PT_DYNAMIC says, an empty Dynamic when there is none; raise MalformedElf when it leads nowhere."""
    from elftools.elf.enums import ENUM_D_TAG

    entries: dict[int, list[int]] = {}
    for tag, value in _dynamic_entries(image):
        entries.setdefault(tag, []).append(value)

    def values(tag: str) -> list[int]:
        return entries.get(ENUM_D_TAG[tag], [])

    strings = _dynamic_strings(image, values("DT_STRTAB"), values("DT_STRSZ"))
    needed = values("DT_NEEDED")
    if len(needed) > MOST_ENTRIES:
        raise image.malformed(
            f"needs {grouped(len(needed))} libraries, more than the {grouped(MOST_ENTRIES)} read here"
        )
    return Dynamic(
        needed=tuple(map(strings.at, needed)),
        soname=next(map(strings.at, values("DT_SONAME")), None),
        runpath=next(map(strings.at, values("DT_RUNPATH") or values("DT_RPATH")), None),
        pie=any(flags & _DF_1_PIE for flags in values("DT_FLAGS_1")),
        version_needs=_read_version_needs(image, values("DT_VERNEED"), strings),
    )


def _dynamic_entries(image: ElfImage) -> Iterator[tuple[int, int]]:
    segment = next((segment for segment in image.segments if segment.kind == "PT_DYNAMIC"), None)
    if segment is None:
        return
    layout = image.layout("QQ" if image.elf_class == 64 else "II")
    whole = segment.size - segment.size % layout.size
    for tag, value in layout.iter_unpack(image.data[segment.offset : segment.offset + whole]):
        if tag == 0:  # DT_NULL
            return
        yield tag, value


def _dynamic_strings(image: ElfImage, addresses: list[int], sizes: list[int]) -> Strings:
    """Return the table at DT_STRTAB; an empty one, of which every string is missing, when it is in no segment."""
    place = image.offset_of(addresses[0]) if addresses else None
    offset, available = place or (0, 0)
    return Strings(image, offset, min(available, *sizes[:1], available))


def _read_version_needs(image: ElfImage, addresses: list[int], strings: Strings) -> tuple[VersionNeed, ...]:
    if not addresses:
        return ()
    if (place := image.offset_of(addresses[0])) is None:
        raise image.malformed(f"its version needs are at address {addresses[0]:#x}, which is in no segment of the file")
    found: list[VersionNeed] = []
    for record in _chain(image, place[0]):
        library, count = strings.at(image.number(record + 4, 4)), image.number(record + 2, 2)
        auxiliaries = _chain(image, record + image.number(record + 8, 4))
        for auxiliary in itertools.islice(auxiliaries, count):
            found.append(VersionNeed(library, strings.at(image.number(auxiliary + 8, 4))))
            if len(found) > MOST_ENTRIES:
                raise image.malformed(f"needs more than the {grouped(MOST_ENTRIES)} symbol versions read here")
    return tuple(found)


def _chain(image: ElfImage, offset: int) -> Iterator[int]:
    for _ in range(MOST_ENTRIES):
        if offset + _VERSION_RECORD > len(image.data):
            raise image.malformed(f"a version need at byte {grouped(offset)} is outside the file")
        yield offset
        if (step := image.number(offset + 12, 4)) == 0:
            return
        offset += step
    raise image.malformed(f"a chain of version needs is longer than the {grouped(MOST_ENTRIES)} read here")
