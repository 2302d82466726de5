"""Executables of all four formats: facts of real programs, of other files, and what is said without lief."""

from __future__ import annotations

import sys

import pytest

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.executable import (
    Executable,
    ExecutableFormat,
    MalformedExecutable,
    NotExecutable,
    read_executable,
)
from tests.unit.binaries import go_program, sample

DYLD, SYSTEM = "/usr/lib/dyld", "/usr/lib/libSystem.B.dylib"
TARGETS = [
    ("linux", "amd64", "ELF", False, None, None, ()),
    ("linux", "arm64", "ELF", False, None, None, ()),
    ("windows", "amd64", "PE", True, "console", None, ("kernel32.dll",)),
    ("windows", "arm64", "PE", True, "console", None, ("kernel32.dll",)),
    ("darwin", "amd64", "Mach-O", True, None, DYLD, (SYSTEM,)),
    ("darwin", "arm64", "Mach-O", True, None, DYLD, (SYSTEM,)),
]


@pytest.mark.parametrize(("goos", "goarch", "form", "pie", "subsystem", "interpreter", "needed"), TARGETS)
def test_a_go_program(
    goos: str,
    goarch: str,
    form: str,
    pie: bool,
    subsystem: str | None,
    interpreter: str | None,
    needed: tuple[str, ...],
) -> None:
    data = go_program("bare", goos=goos, goarch=goarch)
    assert read_executable(data, "bare") == Executable(
        format=ExecutableFormat(form),
        kind="executable",
        bits=64,
        goos=goos,
        goarch=goarch,
        pie=pie,
        subsystem=subsystem,
        interpreter=interpreter,
        needed=needed,
        has_symtab=True,
        has_dwarf=True,
        size=len(data),
    )


@pytest.mark.parametrize("goos", ["linux", "windows", "darwin"])
@pytest.mark.parametrize(("ldflags", "symbols", "dwarf"), [("-w", True, False), ("-s", False, False)])
def test_a_stripped_program(goos: str, ldflags: str, symbols: bool, dwarf: bool) -> None:
    facts = read_executable(go_program("bare", f"-ldflags={ldflags}", goos=goos))
    assert (facts.has_symtab, facts.has_dwarf) == (symbols, dwarf)
    assert facts.is_stripped == (ldflags == "-s")


def test_a_program_for_32_bit_windows_with_a_window() -> None:
    facts = read_executable(go_program("bare", "-ldflags=-H=windowsgui", goos="windows", goarch="386"))
    assert (facts.bits, facts.goarch, facts.subsystem) == (32, "386", "gui")
    assert not facts.is_static


def test_a_program_for_webassembly() -> None:
    facts = read_executable(go_program("bare", goos="wasip1", goarch="wasm"))
    assert (facts.format, facts.platform, facts.is_static) == ("WebAssembly", "?/wasm", True)


@pytest.mark.parametrize(
    ("name", "kind", "pie"),
    [
        ("libwslgo.so", "library", False),
        ("glibc-pie", "executable", True),
        ("bare-static-pie", "executable", True),
        ("dwarf4.o", "other", False),
    ],
)
def test_the_kind_of_an_elf_file(name: str, kind: str, pie: bool) -> None:
    facts = read_executable(sample(name), name)
    assert (facts.kind, facts.pie) == (kind, pie)


def test_an_elf_file_of_another_system_is_told_by_its_mark() -> None:
    assert read_executable(go_program("bare", goos="freebsd")).platform == "freebsd/amd64"


@pytest.mark.parametrize(
    ("goos", "sentence"),
    [
        ("linux", "A 64-bit ELF executable for linux/arm64 that needs no interpreter and no library."),
        (
            "windows",
            "A 64-bit PE executable (console) for windows/arm64, position-independent, that needs kernel32.dll.",
        ),
        (
            "darwin",
            f"A 64-bit Mach-O executable for darwin/arm64, position-independent, that needs {DYLD} and {SYSTEM}.",
        ),
    ],
)
def test_it_is_explained_in_a_sentence(goos: str, sentence: str) -> None:
    assert read_executable(go_program("bare", goos=goos, goarch="arm64")).explain() == sentence


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "an empty file"),
        (b"MZ" + bytes(80), "a DOS executable"),
        (bytes.fromhex("cafebabe00000002"), "a universal Mach-O file"),
        (b"!<arch>\n__.PKGDEF", "an ar archive"),
        (b"#!/bin/sh\n", "a script for /bin/sh"),
    ],
)
def test_another_file_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(NotExecutable) as error:
        read_executable(data, "out")
    assert str(error.value) == f"out is {kind}, expected an ELF, PE, Mach-O or WebAssembly executable"


def test_another_version_of_webassembly_is_told() -> None:
    with pytest.raises(MalformedExecutable) as error:
        read_executable(b"\0asm\x0d\0\1\0", "out.wasm")
    assert str(error.value) == (
        "out.wasm: begins as a WebAssembly module with 00 61 73 6d 0d 00 01 00, expected version 1 "
        "(00 61 73 6d 01 00 00 00); build it or copy it again"
    )


@pytest.mark.parametrize(("goos", "kind"), [("windows", "a PE file"), ("darwin", "a Mach-O file")])
def test_without_lief_the_command_that_installs_it_is_told(
    goos: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = go_program("bare", goos=goos)
    monkeypatch.setitem(sys.modules, "lief", None)
    with pytest.raises(MissingTool) as error:
        read_executable(data, "bare")
    assert str(error.value) == (
        f"bare is {kind}; reading it needs lief, which is not installed: `pip install 'pytest-wslgo[release]'` on the "
        "machine that runs pytest."
    )
