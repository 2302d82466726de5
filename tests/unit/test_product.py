"""What a build made, by bytes: recorded ELF files, and the first bytes of other kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_wslgo.model.elf import MalformedElf
from pytest_wslgo.model.product import Product, product_of

DATA = Path(__file__).parent / "data" / "elf"

ELF_FILES = [
    pytest.param("bare-static", Product.STATIC, id="static"),
    pytest.param("bare-static-pie", Product.STATIC_PIE, id="static-pie"),
    pytest.param("glibc-dynamic", Product.DYNAMIC, id="dynamic"),
    pytest.param("glibc-pie", Product.PIE, id="pie"),
    pytest.param("libwslgo.so", Product.SHARED_LIBRARY, id="library"),
    pytest.param("dwarf4.o", Product.OBJECT, id="object"),
]


@pytest.mark.parametrize(("name", "product"), ELF_FILES)
def test_an_elf_file_is_told_by_how_it_is_linked(name: str, product: Product) -> None:
    assert product_of((DATA / name).read_bytes()) == product


@pytest.mark.parametrize(
    ("head", "product"),
    [
        pytest.param(b"!<arch>\n", Product.ARCHIVE, id="archive"),
        pytest.param(b"\0asm\x01\0\0\0", Product.WASM, id="wasm"),
        pytest.param(b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0", Product.PE, id="pe"),
        pytest.param(bytes.fromhex("cffaedfe"), Product.MACHO, id="mach-o"),
        pytest.param(b"#!/bin/sh\n", "a script for /bin/sh", id="another"),
    ],
)
def test_another_file_is_told_by_its_first_bytes(head: bytes, product: str) -> None:
    assert product_of(head) == product


def test_a_cut_elf_file_is_named() -> None:
    with pytest.raises(MalformedElf, match=r"libadder\.so"):
        product_of(b"\x7fELF\x02", "libadder.so")
