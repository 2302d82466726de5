"""PE and Mach-O by lief: what a program for Windows or macOS is.

lief forgives a damaged file much: it hands out what it understood and logs the rest. Here its log is silent for the
time of the reading, and what it found is held against the file's length and its own counts.
Sources: the PE format of Microsoft; <mach-o/loader.h>.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.elf_image import grouped
from pytest_wslgo.model.executable import Executable, ExecutableFormat, MalformedExecutable, refuse_if_cut
from pytest_wslgo.model.program_head import parse_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lief import PE, MachO

_DWARF: Final = (".debug_", ".zdebug_")
_WIDE: Final = (b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf")
_COFF_SYMBOL: Final = 18  # bytes of a record in the COFF symbol table


def read_pe(data: bytes, name: str) -> Executable:
    """Read a PE file; raise MalformedExecutable when it is damaged, MissingTool without lief."""
    with _reading(name, "a PE file"):
        from lief import PE

        config = PE.ParserConfig()
        config.parse_exports = config.parse_reloc = config.parse_rsrc = config.parse_signature = False
        image = PE.parse(data, config)
        if image is None:
            raise _cut_in_its_headers(data, name, "a PE file")
        _refuse_a_damaged_pe(data, name, image)
        header, options = image.header, image.optional_header
        library = header.has_characteristic(PE.Header.CHARACTERISTICS.DLL)
        program = header.has_characteristic(PE.Header.CHARACTERISTICS.EXECUTABLE_IMAGE)
        return Executable(
            format=ExecutableFormat.PE,
            kind="library" if library else "executable" if program else "other",
            bits=64 if options.magic == PE.PE_TYPE.PE32_PLUS else 32,
            goos="windows",
            goarch=parse_head(data[:4096]).arch,
            pie=options.has(PE.OptionalHeader.DLL_CHARACTERISTICS.DYNAMIC_BASE),
            subsystem=_SUBSYSTEMS.get(_word(options.subsystem)),
            interpreter=None,
            needed=tuple(_text(library.name) for library in image.imports),
            has_symtab=header.numberof_symbols > 0,
            has_dwarf=any(_section_name(section).startswith(_DWARF) for section in image.sections),
            size=len(data),
        )


def read_macho(data: bytes, name: str) -> Executable:
    """Read a Mach-O file for one machine; raise MalformedExecutable when it is damaged, MissingTool without lief."""
    with _reading(name, "a Mach-O file"):
        from lief import MachO

        parsed = MachO.parse(data, MachO.ParserConfig.quick)
        image = parsed.at(0) if parsed is not None and parsed.size else None
        if image is None:
            raise _cut_in_its_headers(data, name, "a Mach-O file")
        _refuse_a_damaged_macho(data, name, image)
        return Executable(
            format=ExecutableFormat.MACHO,
            kind=_KINDS.get(_word(image.header.file_type), "other"),
            bits=64 if data.startswith(_WIDE) else 32,
            goos=_goos(image),
            goarch=_GOARCH.get(_word(image.header.cpu_type)),
            pie=image.is_pie,
            subsystem=None,
            interpreter=_text(image.dylinker.name) if image.dylinker else None,
            needed=tuple(_text(library.name) for library in image.libraries),
            has_symtab=_has_symbols_of_its_own(image),
            has_dwarf=any(_text(segment.name) == "__DWARF" for segment in image.segments),
            size=len(data),
        )


@contextmanager
def _reading(name: str, kind: str) -> Iterator[None]:
    """Have lief be silent, also about numbers that it has no word for, and text that is none told as damage."""
    try:
        from lief import logging
    except ImportError:
        raise MissingTool(
            f"{name} is {kind}; reading it needs lief, which is not installed: `pip install 'pytest-wslgo[release]'` "
            "on the machine that runs pytest."
        ) from None
    try:
        with logging.level_scope(logging.LEVEL.OFF), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except UnicodeError as problem:
        raise MalformedExecutable(
            f"{name}: begins as {kind}, and then lief says: {problem}; build it or copy it again"
        ) from None


def _cut_in_its_headers(data: bytes, name: str, kind: str) -> MalformedExecutable:
    return MalformedExecutable(
        f"{name}: begins as {kind}, but no whole header is in its {grouped(len(data))} bytes; build it or copy it again"
    )


def _refuse_a_damaged_pe(data: bytes, name: str, image: PE.Binary) -> None:
    header, sections = image.header, image.sections
    if len(sections) != header.numberof_sections:
        raise _miscounted(name, header.numberof_sections, "sections", len(sections))
    parts = [(f"the section {_section_name(s)}", s.pointerto_raw_data, s.sizeof_raw_data) for s in sections]
    symbols = ("the symbol table", header.pointerto_symbol_table, header.numberof_symbols * _COFF_SYMBOL)
    refuse_if_cut(data, name, [*parts, symbols])


def _refuse_a_damaged_macho(data: bytes, name: str, image: MachO.Binary) -> None:
    header, commands = image.header, image.commands
    if len(commands) != header.nb_cmds:
        raise _miscounted(name, header.nb_cmds, "load commands", len(commands))
    parts = [(f"the segment {_text(s.name)}", s.file_offset, s.file_size) for s in image.segments]
    if symbols := image.symbol_command:
        parts.append(("the symbol table", symbols.symbol_offset, symbols.numberof_symbols * 12))
        parts.append(("the string table", symbols.strings_offset, symbols.strings_size))
    refuse_if_cut(data, name, parts)


def _miscounted(name: str, announced: int, what: str, found: int) -> MalformedExecutable:
    return MalformedExecutable(
        f"{name}: announces {grouped(announced)} {what}, of which {grouped(found)} can be read; "
        "build it or copy it again"
    )


def _section_name(section: PE.Section) -> str:
    """Return the name of a section; one of more than 8 letters stands in the string table, as ``/19``."""
    return _text(section.coff_string.string if section.coff_string else section.name)


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "backslashreplace")


def _word(value: object) -> str:
    """Return the name of a member of an enumeration; where lief knows none, it hands out the number."""
    return str(getattr(value, "name", value))


def _goos(image: MachO.Binary) -> str | None:
    """Return GOOS by LC_BUILD_VERSION, or by LC_VERSION_MIN_MACOSX, which lief knows by its place only."""
    if image.build_version:
        return _GOOS.get(_word(image.build_version.platform))
    return "darwin" if image.version_min else None


def _has_symbols_of_its_own(image: MachO.Binary) -> bool:
    if table := image.dynamic_symbol_command:
        return table.nb_local_symbols + table.nb_external_define_symbols > 0
    return bool(image.symbol_command and image.symbol_command.numberof_symbols)


_SUBSYSTEMS: Final = {"WINDOWS_CUI": "console", "WINDOWS_GUI": "gui"}
_KINDS: Final = {"EXECUTE": "executable", "DYLIB": "library", "BUNDLE": "library"}
_GOOS: Final = {"MACOS": "darwin", "IOS": "ios", "IOS_SIMULATOR": "ios"}
_GOARCH: Final = {"X86_64": "amd64", "X86": "386", "ARM64": "arm64", "ARM": "arm", "POWERPC64": "ppc64"}
