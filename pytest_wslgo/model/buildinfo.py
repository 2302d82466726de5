"""Find what the Go linker wrote into a program about its build: the answer of ``go version -m``, without Go.

Format: debug/buildinfo of the Go source. A 32-byte header with a magic, at a 16-byte boundary of the data segment, is
followed by two strings (since Go 1.18) or holds the addresses of two (before): the version and the modinfo text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.elf_image import ElfImage, grouped
from pytest_wslgo.model.file_kind import kind_of_file
from pytest_wslgo.model.modinfo import GoBuildInfo, MalformedBuildInfo, Module, parse_modinfo

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GoBuildInfo", "MalformedBuildInfo", "Module", "parse_modinfo", "read_build_info"]

_MAGIC: Final = b"\xff Go buildinf:"
_ALIGNMENT: Final = 16
_HEADER_SIZE: Final = 32
_BIG_ENDIAN: Final = 1
_INLINE: Final = 2
_FRAME: Final = 16  # modinfo stands between two sentinels of 16 bytes (cmd/go/internal/modload: infoStart, infoEnd)
_VERSION: Final = re.compile(rb"(?:go\d|devel )[ -~]{0,1000}")


def read_build_info(data: bytes, name: str = "") -> GoBuildInfo | None:
    """Read the build information of a program from its whole content; None when it has none (not Go, or removed).

    In ELF the writable segments are searched, so that a program which carries another as data is not taken for it. PE
    and Mach-O are searched as a whole, and only from Go 1.18 on. An archive or a WebAssembly module has none.
    Raises MalformedElf for a damaged ELF file, MalformedBuildInfo for damaged information.
    """
    image = ElfImage(data, name) if data.startswith(b"\x7fELF") else None
    blob = _Blob(data, image, name or "the file")
    for offset in blob.candidates():
        version, modinfo = blob.strings(offset)
        if _VERSION.fullmatch(version):
            framed = len(modinfo) > 2 * _FRAME and modinfo[-_FRAME - 1 : -_FRAME] == b"\n"
            text = modinfo[_FRAME:-_FRAME].decode("utf-8", "backslashreplace") if framed else ""
            return parse_modinfo(text, version.decode("ascii"), blob.name)
    return None


class _Blob:
    def __init__(self, data: bytes, image: ElfImage | None, name: str) -> None:
        self.name = name
        self._data = data
        self._image = image

    def candidates(self) -> Iterator[int]:
        for start, end in self._regions():
            found = self._data.find(_MAGIC, start, end)
            while found >= 0:
                if found % _ALIGNMENT == 0 and found + _HEADER_SIZE <= end:
                    yield found
                found = self._data.find(_MAGIC, found + 1, end)

    def _regions(self) -> tuple[tuple[int, int], ...]:
        loaded = [part for part in self._image.segments if part.kind == "PT_LOAD"] if self._image else []
        if not loaded:
            return ((0, len(self._data)),)
        return tuple((part.offset, part.offset + part.size) for part in loaded if part.writable and not part.executable)

    def strings(self, offset: int) -> tuple[bytes, bytes]:
        """Return version and modinfo; an empty version when the magic at this byte is no header after all."""
        pointer_size, flags = self._data[offset + 14], self._data[offset + 15]
        if flags & _INLINE:
            return self._inline_strings(offset + _HEADER_SIZE)
        if pointer_size not in (4, 8) or flags > _BIG_ENDIAN:
            return b"", b""
        if self._image is None:
            raise MalformedBuildInfo(
                f"{self.name} is {kind_of_file(self._data)} that was built before Go 1.18: the build information of "
                "that time is read here from ELF files only; ask 'go version -m'"
            )
        header = offset + _HEADER_SIZE // 2
        version, modinfo = (self._string_at(header + nth * pointer_size, pointer_size, flags) for nth in (0, 1))
        return version, modinfo

    def _inline_strings(self, offset: int) -> tuple[bytes, bytes]:
        size, start = self._varint(offset)
        version = self._data[start : start + min(size, 1024)]
        if not _VERSION.fullmatch(version) or len(version) != size:
            return b"", b""
        modinfo_size, modinfo_start = self._varint(start + size)
        if modinfo_start + modinfo_size > len(self._data):
            raise MalformedBuildInfo(
                f"{self.name}: its build information at byte {grouped(offset)} ends at byte "
                f"{grouped(modinfo_start + modinfo_size)} of {grouped(len(self._data))}; build it or copy it again"
            )
        return version, self._data[modinfo_start : modinfo_start + modinfo_size]

    def _varint(self, offset: int) -> tuple[int, int]:
        """Return the number of encoding/binary.Uvarint at a byte, at most ten bytes long, and the byte after it."""
        value = 0
        for index, byte in enumerate(self._data[offset : offset + 10]):
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                return value, offset + index + 1
        return len(self._data) + 1, offset

    def _string_at(self, place: int, size: int, flags: int) -> bytes:
        def number(at: int) -> int:
            return int.from_bytes(self._data[at : at + size], "big" if flags & _BIG_ENDIAN else "little")

        header = self._offset_of(number(place), 2 * size)
        if header is None:
            return b""
        length = number(header + size)
        content = self._offset_of(number(header), length)
        return b"" if content is None else self._data[content : content + length]

    def _offset_of(self, address: int, size: int) -> int | None:
        place = self._image.offset_of(address) if self._image else None
        return place[0] if place and place[1] >= size else None
