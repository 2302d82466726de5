"""Go modules as values: what their digest sees, and what is no module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.resources import MODULES
from pytest_wslgo.toolchain.modules import read_module

if TYPE_CHECKING:
    from pathlib import Path


def write_module(folder: Path, source: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go.mod").write_text("module example.test/m\n\ngo 1.19\n")
    (folder / "main.go").write_text(source)
    return folder


def test_a_module_of_the_book_is_read_by_its_name() -> None:
    module = read_module("hello")
    assert (module.name, module.source) == ("hello", MODULES / "hello")
    assert [line.split("  ")[1] for line in module.checksums] == ["go.mod", "main.go"]


def test_the_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    one = read_module(write_module(tmp_path / "a" / "m", "package main\n"))
    same = read_module(write_module(tmp_path / "b" / "m", "package main\n"))
    other = read_module(write_module(tmp_path / "c" / "m", "package main // changed\n"))
    assert one.digest == same.digest != other.digest


def test_a_mistyped_name_names_the_nearest_module() -> None:
    with pytest.raises(BadInput, match=r"The book ships no module 'helo' \(did you mean 'hello'\?\): it has .*cgo"):
        read_module("helo")


def test_a_folder_without_go_mod_is_no_module(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"is no Go module: it has no go\.mod\. Give the folder that holds go\.mod\."):
        read_module(tmp_path)


@pytest.mark.parametrize("module", sorted(path.parent.name for path in MODULES.glob("*/go.mod")))
def test_modules_of_the_book_say_an_old_language_and_no_toolchain(module: str) -> None:
    lines = (MODULES / module / "go.mod").read_text().splitlines()
    assert "go 1.19" in lines
    assert not [line for line in lines if line.startswith("toolchain")]
