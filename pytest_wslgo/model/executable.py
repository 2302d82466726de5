"""What an executable is, from its bytes: ELF, PE, Mach-O or WebAssembly, for which system and machine, how linked.

One value for the four formats that ``go build`` makes. ELF is read by the project's own reader, PE and Mach-O by lief
(``executable_lief.py``), which is imported for them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.elf import Elf, ElfKind, read_elf
from pytest_wslgo.model.elf_image import grouped
from pytest_wslgo.model.file_kind import kind_of_file

MACHO_MAGICS: Final = tuple(map(bytes.fromhex, ("cffaedfe", "cefaedfe", "feedfacf", "feedface")))
_WASM_HEADER: Final = b"\0asm\1\0\0\0"  # magic and version 1 (WebAssembly core specification, 5.5.16)


class NotExecutable(WslgoError):
    """The file is of another kind."""


class MalformedExecutable(WslgoError):
    """The file begins as an executable and then contradicts itself, or ends too early."""


class ExecutableFormat(StrEnum):
    """The format of an executable."""

    ELF = "ELF"
    PE = "PE"
    MACHO = "Mach-O"
    WASM = "WebAssembly"


@dataclass(frozen=True, slots=True)
class Executable:
    """The facts of an executable; a format that has no word for one has None there.

    ``kind`` is ``executable``, ``library`` or ``other``; ``pie`` tells that it may be loaded anywhere (DF_1_PIE,
    DYNAMIC_BASE, MH_PIE). ``subsystem`` is PE's, ``console`` or ``gui``. ``needed`` are libraries as the file names
    them. The GOOS of an ELF file without a mark is linux; android, dragonfly and illumos leave theirs out, too.
    ``size`` is in bytes.
    """

    format: ExecutableFormat
    kind: str
    bits: int
    goos: str | None
    goarch: str | None
    pie: bool
    subsystem: str | None
    interpreter: str | None
    needed: tuple[str, ...]
    has_symtab: bool
    has_dwarf: bool
    size: int

    @property
    def is_static(self) -> bool:
        """Whether it asks for neither an interpreter nor a library."""
        return self.interpreter is None and not self.needed

    @property
    def is_stripped(self) -> bool:
        """Whether it has neither symbols of its own nor debug information."""
        return not self.has_symtab and not self.has_dwarf

    @property
    def platform(self) -> str:
        """GOOS/GOARCH, with a question mark for what the file does not tell."""
        return f"{self.goos or '?'}/{self.goarch or '?'}"

    def explain(self) -> str:
        """Say in one sentence what it is and what it needs to start.

        Sample: ``A 64-bit PE executable (console) for windows/amd64, position-independent, that needs kernel32.dll.``
        """
        subsystem = f" ({self.subsystem})" if self.subsystem else ""
        placed = ", position-independent," if self.pie else ""
        needs = " and ".join(filter(None, (self.interpreter, ", ".join(self.needed))))
        return (
            f"A {self.bits}-bit {self.format} {'file' if self.kind == 'other' else self.kind}{subsystem} "
            f"for {self.platform}{placed} that needs {needs or 'no interpreter and no library'}."
        )


def read_executable(data: bytes, name: str = "") -> Executable:
    """Read the facts of an executable from its whole content; ``name`` is for messages.

    Raises NotExecutable when the file is of another kind, MalformedElf or MalformedExecutable when it is cut or
    contradicts itself, MissingTool for PE and Mach-O where there is no lief.
    """
    name, kind = name or "the file", kind_of_file(data)
    if data.startswith(b"\x7fELF"):
        return _of_elf(read_elf(data, name), len(data))
    if data.startswith(b"\0asm"):
        return _of_wasm(data, name)
    if kind == "a PE file":
        from pytest_wslgo.model.executable_lief import read_pe

        return read_pe(data, name)
    if data.startswith(MACHO_MAGICS):
        from pytest_wslgo.model.executable_lief import read_macho

        return read_macho(data, name)
    raise NotExecutable(f"{name} is {kind}, expected an ELF, PE, Mach-O or WebAssembly executable")


def refuse_if_cut(data: bytes, name: str, parts: list[tuple[str, int, int]]) -> None:
    """Raise MalformedExecutable when one of ``parts`` (what, offset, size) does not lie in the file as a whole."""
    missing = [(what, start, start + size) for what, start, size in parts if size and start + size > len(data)]
    if missing:
        what, start, _ = missing[0]
        raise MalformedExecutable(
            f"{name}: cut after {grouped(len(data))} of the {grouped(max(end for _, _, end in missing))} bytes it "
            f"announces: {what} at byte {grouped(start)} "
            f"{'is not there' if start >= len(data) else 'is not complete'}; build it or copy it again"
        )


def _of_elf(elf: Elf, size: int) -> Executable:
    library = elf.kind is ElfKind.DYN and elf.linkage.value == "shared-library"
    linked = elf.kind in (ElfKind.EXEC, ElfKind.DYN)
    return Executable(
        format=ExecutableFormat.ELF,
        kind="library" if library else "executable" if linked else "other",
        bits=elf.elf_class,
        goos=_GOOS_OF_OSABI.get(elf.osabi),
        goarch=elf.goarch,
        pie=elf.linkage.value.endswith("-pie"),
        subsystem=None,
        interpreter=elf.interpreter,
        needed=elf.needed,
        has_symtab=elf.has_symtab,
        has_dwarf=elf.has_dwarf,
        size=size,
    )


def _of_wasm(data: bytes, name: str) -> Executable:
    if not data.startswith(_WASM_HEADER):
        raise MalformedExecutable(
            f"{name}: begins as a WebAssembly module with {data[:8].hex(' ')}, expected version 1 "
            f"({_WASM_HEADER.hex(' ')}); build it or copy it again"
        )
    return Executable(
        format=ExecutableFormat.WASM,
        kind="other",
        bits=32,
        goos=None,
        goarch="wasm",
        pie=False,
        subsystem=None,
        interpreter=None,
        needed=(),
        has_symtab=False,
        has_dwarf=False,
        size=len(data),
    )


_GOOS_OF_OSABI: Final = {
    "sysv": "linux",
    "linux": "linux",
    "freebsd": "freebsd",
    "netbsd": "netbsd",
    "openbsd": "openbsd",
    "solaris": "solaris",
}
