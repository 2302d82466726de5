"""What a build made, by the bytes of the file: which kind of executable, library or archive."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pytest_wslgo.model.elf import Linkage, read_elf
from pytest_wslgo.model.file_kind import kind_of_file


class Product(StrEnum):
    """The kinds of file that a build of a Go program leaves."""

    STATIC = "a static executable"
    DYNAMIC = "a dynamic executable"
    PIE = "a position-independent executable"
    STATIC_PIE = "a static position-independent executable"
    SHARED_LIBRARY = "a shared library"
    OBJECT = "an unlinked file"
    ARCHIVE = "an archive"
    WASM = "a WebAssembly module"
    PE = "a PE file"
    MACHO = "a Mach-O file"


_OF_LINKAGE: Final = {
    Linkage.STATIC: Product.STATIC,
    Linkage.DYNAMIC: Product.DYNAMIC,
    Linkage.DYNAMIC_PIE: Product.PIE,
    Linkage.STATIC_PIE: Product.STATIC_PIE,
    Linkage.SHARED_LIBRARY: Product.SHARED_LIBRARY,
    Linkage.NOT_LINKED: Product.OBJECT,
}
_OF_WORD: Final = {
    "ar archive": Product.ARCHIVE,
    "WebAssembly": Product.WASM,
    "PE file": Product.PE,
    "Mach-O": Product.MACHO,
}


def product_of(data: bytes, name: str = "") -> str:
    """Return the Product that a whole file is; of a file that is none, what its first bytes say.

    Raises MalformedElf for an ELF file that is cut or contradicts itself; ``name`` is for that message.
    """
    kind = kind_of_file(data)
    if kind == "an ELF file":
        return _OF_LINKAGE[read_elf(data, name).linkage]
    return next((product for word, product in _OF_WORD.items() if word in kind), kind)
