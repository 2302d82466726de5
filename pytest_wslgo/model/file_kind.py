"""What a file is by its first bytes, for the sentence that says why it is not the ELF file that was expected.

Magic numbers as in file(1); only kinds that a Go build makes or that lie where a binary is looked for.
"""

from __future__ import annotations

from typing import Final

_MACHO: Final = {
    bytes.fromhex("feedface"): "a 32-bit big-endian Mach-O file",
    bytes.fromhex("feedfacf"): "a 64-bit big-endian Mach-O file",
    bytes.fromhex("cefaedfe"): "a 32-bit Mach-O file",
    bytes.fromhex("cffaedfe"): "a 64-bit Mach-O file",
}
_MAGIC: Final = (
    *_MACHO.items(),
    (b"\x7fELF", "an ELF file"),
    (b"!<arch>\n", "an ar archive"),
    (b"!<thin>\n", "a thin ar archive"),
    (b"\0asm", "a WebAssembly module"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"\x01\xdf", "an XCOFF file"),
    (b"\x01\xf7", "an XCOFF file"),
)
_FEWEST_OF_JAVA = 0x2D  # a class file has its version where a Mach-O universal file has the number of its parts


def kind_of_file(data: bytes) -> str:
    """Name the kind of a file with its article, as in ``"a PE file"``; an unknown one by its first bytes.

    >>> kind_of_file(b"#!/bin/sh\\n")
    'a script for /bin/sh'
    """
    if not data:
        return "an empty file"
    if data.startswith(b"MZ"):
        return _kind_of_mz(data)
    if data.startswith(b"#!"):
        return _kind_of_script(data)
    if data.startswith(b"\xca\xfe\xba\xbe"):
        parts = int.from_bytes(data[4:8], "big")
        return "a Java class file" if parts >= _FEWEST_OF_JAVA else "a universal Mach-O file"
    known = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
    return known or _kind_of_unknown(data)


def _kind_of_mz(data: bytes) -> str:
    header = int.from_bytes(data[60:64], "little")
    return "a PE file" if data[header : header + 4] == b"PE\0\0" else "a DOS executable"


def _kind_of_script(data: bytes) -> str:
    interpreter = data[2:128].split(b"\n")[0].decode("utf-8", "replace").strip()
    return f"a script for {interpreter}" if interpreter.isprintable() and interpreter else "a script"


def _kind_of_unknown(data: bytes) -> str:
    head = data[:64]
    if all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return f"text that begins with {head.splitlines()[0][:40].decode('ascii')!r}" if head.strip() else "blank text"
    return f"data that begins with {head[:4].hex(' ')}"
