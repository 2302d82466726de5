"""What an ELF file is, from its bytes: for which machine, how linked, against which C library, debuggable or not.

The readers do not start anything and do not trust the file: every offset, size and count is held against its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from pytest_wslgo.model.elf_dynamic import VersionNeed, read_dynamic, read_interpreter
from pytest_wslgo.model.elf_image import ElfImage, MalformedElf, NotElf
from pytest_wslgo.model.elf_sections import (
    Symbol,
    has_symbol_table,
    read_build_ids,
    read_dwarf,
    read_symbol_tables,
)
from pytest_wslgo.model.libc import Libc, LibcVersion, libc_of_interpreter, libc_of_library

__all__ = [
    "Elf",
    "ElfKind",
    "Linkage",
    "MalformedElf",
    "NotElf",
    "Symbol",
    "VersionNeed",
    "read_elf",
    "read_symbols",
]


class ElfKind(StrEnum):
    """The type in the header (e_type)."""

    EXEC = "exec"
    DYN = "dyn"
    REL = "rel"
    CORE = "core"
    OTHER = "other"


class Linkage(StrEnum):
    """How a file is linked, as far as starting it goes."""

    STATIC = "static"
    STATIC_PIE = "static-pie"
    DYNAMIC = "dynamic"
    DYNAMIC_PIE = "dynamic-pie"
    SHARED_LIBRARY = "shared-library"
    NOT_LINKED = "not-linked"


@dataclass(frozen=True, slots=True)
class Elf:
    """The facts of an ELF file; names of machines as ``uname -m`` writes them, ``runpath`` as it stands in the file."""

    elf_class: int
    byteorder: Literal["little", "big"]
    kind: ElfKind
    machine: str
    osabi: str
    interpreter: str | None
    needed: tuple[str, ...]
    soname: str | None
    runpath: str | None
    pie: bool
    version_needs: tuple[VersionNeed, ...]
    sections: tuple[str, ...]
    build_id: str | None
    go_build_id: str | None
    has_symtab: bool
    has_dwarf: bool
    dwarf_version: int | None

    @property
    def is_static(self) -> bool:
        """Whether it asks for neither an interpreter nor a library; a Go PIE asks for an interpreter alone."""
        return self.interpreter is None and not self.needed

    @property
    def linkage(self) -> Linkage:
        """How it is linked; a DYN file is an executable if it has DF_1_PIE, or an interpreter and no soname."""
        if self.kind is ElfKind.EXEC:
            return Linkage.STATIC if self.is_static else Linkage.DYNAMIC
        if self.kind is not ElfKind.DYN:
            return Linkage.NOT_LINKED
        if self.pie or (self.interpreter and not self.soname):
            return Linkage.STATIC_PIE if self.is_static else Linkage.DYNAMIC_PIE
        return Linkage.SHARED_LIBRARY

    @property
    def libc(self) -> Libc | None:
        """The C library it was linked against, by its interpreter, else by the libraries it needs."""
        by_interpreter = libc_of_interpreter(self.interpreter) if self.interpreter else None
        return by_interpreter or next(filter(None, map(libc_of_library, self.needed)), None)

    @property
    def goarch(self) -> str | None:
        """The GOARCH whose programs are for this machine; None when Go has none."""
        return _GOARCH.get(self.machine)

    def floor(self, prefix: str = "GLIBC") -> LibcVersion | None:
        """Return the highest version it needs among ``PREFIX_x.y``, which is the oldest library it starts with."""
        wanted = re.compile(re.escape(prefix) + r"_(\d{1,6}(?:\.\d{1,6}){1,3})", re.ASCII)
        marks = (VERSION_OF_MARK.get(need.version, need.version) for need in self.version_needs)
        return max((LibcVersion.parse(found[1]) for found in map(wanted.fullmatch, marks) if found), default=None)

    def explain(self) -> str:
        """Say in one sentence what it is and what it needs to start.

        Sample: ``A dynamically linked x86_64 executable that needs /lib64/ld-linux-x86-64.so.2 and libc.so.6
        (glibc 2.34 or newer).``
        """
        what = _EXPLAINED[self.linkage].format(self=self)
        if self.linkage is Linkage.NOT_LINKED:
            return f"{what}."
        floor = self.floor()
        needs = " and ".join(filter(None, (self.interpreter, ", ".join(self.needed))))
        return (
            f"{what} that needs "
            + (needs or "no interpreter and no library")
            + (f" (glibc {floor} or newer)" if floor else f" ({self.libc})" if self.libc else "")
            + "."
        )


def read_elf(data: bytes, name: str = "") -> Elf:
    """Read the facts of an ELF file from its whole content; ``name`` is for messages.

    Takes a few milliseconds: it reads tables, no symbols. Raises NotElf when the file is of another kind, MalformedElf
    when it is cut or contradicts itself. A file without section headers is whole: ``sections`` is then empty.
    """
    image = ElfImage(data, name)
    dynamic = read_dynamic(image)
    build_id, go_build_id = read_build_ids(image)
    has_dwarf, dwarf_version = read_dwarf(image)
    return Elf(
        elf_class=image.elf_class,
        byteorder=image.byteorder,
        kind=_KINDS.get(image.header["e_type"], ElfKind.OTHER),
        machine=_machine(image),
        osabi=str(image.header["e_ident"]["EI_OSABI"]).removeprefix("ELFOSABI_").lower(),
        interpreter=read_interpreter(image),
        needed=dynamic.needed,
        soname=dynamic.soname,
        runpath=dynamic.runpath,
        pie=dynamic.pie,
        version_needs=dynamic.version_needs,
        sections=tuple(section.name for section in image.sections if section.kind != "SHT_NULL"),
        build_id=build_id,
        go_build_id=go_build_id,
        has_symtab=has_symbol_table(image),
        has_dwarf=has_dwarf,
        dwarf_version=dwarf_version,
    )


def read_symbols(data: bytes, name: str = "") -> tuple[Symbol, ...]:
    """Read the symbols of .symtab and .dynsym, thousands in a Go program; raise as ``read_elf`` does."""
    return tuple(read_symbol_tables(ElfImage(data, name)))


def _machine(image: ElfImage) -> str:
    machine = image.header["e_machine"]
    if not isinstance(machine, str):
        return f"machine-{machine}"
    by_shape = _MACHINES.get((machine, image.elf_class, image.byteorder))
    return by_shape or machine.removeprefix("EM_").lower()


_KINDS: Final = {
    "ET_EXEC": ElfKind.EXEC,
    "ET_DYN": ElfKind.DYN,
    "ET_REL": ElfKind.REL,
    "ET_CORE": ElfKind.CORE,
}
_MACHINES: Final = {
    ("EM_386", 32, "little"): "i386",
    ("EM_PPC64", 64, "little"): "ppc64le",
    ("EM_S390", 64, "big"): "s390x",
    ("EM_MIPS", 32, "little"): "mipsel",
    ("EM_MIPS", 64, "big"): "mips64",
    ("EM_MIPS", 64, "little"): "mips64el",
    ("EM_RISCV", 64, "little"): "riscv64",
    ("EM_RISCV", 32, "little"): "riscv32",
    ("EM_LOONGARCH", 64, "little"): "loongarch64",
    ("EM_SPARCV9", 64, "big"): "sparc64",
}
_GOARCH: Final = {
    "x86_64": "amd64",
    "i386": "386",
    "aarch64": "arm64",
    "arm": "arm",
    "loongarch64": "loong64",
    "mips": "mips",
    "mipsel": "mipsle",
    "mips64": "mips64",
    "mips64el": "mips64le",
    "ppc64": "ppc64",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
VERSION_OF_MARK: Final = {"GLIBC_ABI_DT_RELR": "GLIBC_2.36"}  # glibc 2.36 NEWS: offered since it reads DT_RELR
_EXPLAINED: Final = {
    Linkage.STATIC: "A static {self.machine} executable",
    Linkage.STATIC_PIE: "A static position-independent {self.machine} executable",
    Linkage.DYNAMIC: "A dynamically linked {self.machine} executable",
    Linkage.DYNAMIC_PIE: "A dynamically linked position-independent {self.machine} executable",
    Linkage.SHARED_LIBRARY: "A shared library for {self.machine}",
    Linkage.NOT_LINKED: "An unlinked {self.machine} file of type {self.kind}",
}
