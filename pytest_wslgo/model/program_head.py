"""What a program is by its first bytes: format, machine in Go's words, ELF interpreter, first lines of a script.

A target without readelf and without Python gives no more than the head of a file (``od``); it is enough for these.
Sources: elf(5), the PE format of Microsoft (machine types).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pytest_wslgo.model.file_kind import kind_of_file

PT_INTERP: Final = 3
_ELF_MACHINES: Final = {
    3: "386", 8: "mips", 21: "ppc64", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64", 258: "loong64"
}  # fmt: skip
_PE_MACHINES: Final = {0x14C: "386", 0x1C4: "arm", 0x8664: "amd64", 0xAA64: "arm64"}
_UNAME: Final = {
    "x86_64": "amd64", "i386": "386", "i486": "386", "i586": "386", "i686": "386", "aarch64": "arm64", "armv8l": "arm",
    "armv7l": "arm", "armv6l": "arm", "armv5tel": "arm", "riscv64": "riscv64", "ppc64": "ppc64", "ppc64le": "ppc64le",
    "s390x": "s390x", "loongarch64": "loong64", "mips": "mips", "mips64": "mips64",
}  # fmt: skip


class ProgramFormat(StrEnum):
    """What a file that should be a program is; OTHER is data, text, or a program of another system."""

    ELF = "elf"
    PE = "pe"
    SCRIPT = "script"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProgramHead:
    """The facts of a file's head. ``interpreter`` is PT_INTERP or the first line of a script, without ``#!``."""

    format: ProgramFormat
    kind: str
    arch: str | None = None
    interpreter: str | None = None
    text: str | None = None


def parse_head(head: bytes) -> ProgramHead:
    """Read the first bytes of a program; what lies beyond them is None, never an error.

    512 bytes are enough for the format and the machine, 1024 for the interpreter where a linker put it.
    """
    kind = kind_of_file(head)
    if head.startswith(b"\x7fELF"):
        return ProgramHead(ProgramFormat.ELF, kind, _elf_arch(head), _elf_interpreter(head))
    if head.startswith(b"MZ"):
        return ProgramHead(ProgramFormat.PE, kind, _pe_arch(head))
    if head.startswith(b"#!"):
        text = head.decode("utf-8", "replace")
        return ProgramHead(ProgramFormat.SCRIPT, kind, interpreter=text[2:].partition("\n")[0].strip(), text=text)
    return ProgramHead(ProgramFormat.OTHER, kind)


def arch_of_uname(machine: str) -> str:
    """Return Go's word for what ``uname -m`` says; a machine unknown to Go stays as it is.

    >>> arch_of_uname("aarch64")
    'arm64'
    """
    return _UNAME.get(machine, machine)


def _elf_arch(head: bytes) -> str | None:
    if len(head) < 20:
        return None
    order = _order(head)
    arch = _ELF_MACHINES.get(struct.unpack_from(order + "H", head, 18)[0])
    if arch == "mips" and head[4] == 2:
        arch = "mips64"
    return f"{arch}le" if arch in ("ppc64", "mips", "mips64") and order == "<" else arch


def _elf_interpreter(head: bytes) -> str | None:
    order, wide = _order(head), head[4:5] == b"\x02"
    try:
        table = struct.unpack_from(order + ("Q" if wide else "I"), head, 32 if wide else 28)[0]
        size, count = struct.unpack_from(order + "HH", head, 54 if wide else 42)
        for entry in range(table, table + size * count, max(size, 1)):
            if struct.unpack_from(order + "I", head, entry)[0] != PT_INTERP:
                continue
            start = struct.unpack_from(order + ("Q" if wide else "I"), head, entry + (8 if wide else 4))[0]
            length = struct.unpack_from(order + ("Q" if wide else "I"), head, entry + (32 if wide else 16))[0]
            text = head[start : start + length]
            return text.rstrip(b"\0").decode("utf-8", "replace") if len(text) == length and length else None
    except struct.error:
        return None
    return None


def _order(head: bytes) -> str:
    return ">" if head[5:6] == b"\x02" else "<"


def _pe_arch(head: bytes) -> str | None:
    try:
        header = struct.unpack_from("<I", head, 60)[0]
        return _PE_MACHINES.get(struct.unpack_from("<H", head, header + 4)[0])
    except struct.error:
        return None
