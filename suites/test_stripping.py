"""Stripping: what -s and -w leave out of a binary, and what Go keeps in it (section 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.workbench import Workbench


def contents(binary: Binary) -> str:
    words = ("a symbol table", binary.elf.has_symtab), ("debug information", binary.elf.has_dwarf)
    return " and ".join(f"{word} " + ("present" if present else "absent") for word, present in words)


@pytest.mark.claim("linking.strip-flags-remove-symbols")
@pytest.mark.parametrize(("ldflags", "what"), [(None, "present"), ("-s -w", "absent")])
def test_s_and_w_take_symbols_and_debug_information(go: Workbench, ldflags: str | None, what: str) -> None:
    binary = go.build("hello", cgo=False, ldflags=ldflags)
    found = contents(binary)
    assert found == f"a symbol table {what} and debug information {what}", f"{binary.what}: {found}"


@pytest.mark.claim("linking.s-implies-w")
def test_s_alone_takes_the_debug_information_too(go: Workbench) -> None:
    found = contents(go.build("hello", cgo=False, ldflags="-s"))
    assert found == "a symbol table absent and debug information absent", f"-ldflags=-s: {found}"


@pytest.mark.claim("linking.w0-keeps-debug-information")
def test_w0_keeps_the_debug_information_that_s_takes(go: Workbench) -> None:
    found = contents(go.build("hello", cgo=False, ldflags="-s -w=0"))
    assert found == "a symbol table absent and debug information present", f"-ldflags='-s -w=0': {found}"


@pytest.mark.claim("buildinfo.survives-stripping")
def test_a_stripped_binary_still_tells_how_it_was_built(go: Workbench) -> None:
    binary = go.build("hello", cgo=False, ldflags="-s -w")
    assert not binary.elf.has_symtab, binary.describe()
    assert {".gopclntab", ".go.buildinfo"} <= set(binary.elf.sections), f"the sections are {binary.elf.sections}"
    assert binary.elf.go_build_id, f"{binary.what}: no Go build id"
    assert binary.build_info is not None, f"{binary.what}: no build information"
