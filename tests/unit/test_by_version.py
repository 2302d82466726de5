"""Texts by version: which one holds for a Go, the table of the book, and the sentences of mistakes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.by_version import load_rows, texts_of
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.resources import SUITES, VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = '[greeting]\n"<1.21" = "hello"\n">=1.21" = "good day"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "versions.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("version", "text"),
    [("go1.19.8", "hello"), ("go1.21rc1", "good day"), ("go1.21", "good day"), ("1.99", "good day")],
)
def test_a_row_has_the_text_of_the_version(tmp_path: Path, version: str, text: str) -> None:
    assert texts_of(load_rows(write(tmp_path, WHOLE)), GoVersion.parse(version))["greeting"] == text


def test_an_unknown_row_is_named_with_the_nearest(tmp_path: Path) -> None:
    texts = texts_of(load_rows(write(tmp_path, WHOLE)), GoVersion.parse("1.22"))
    with pytest.raises(BadInput, match=re.escape("versions.toml has no row 'greetin' (did you mean 'greeting'?)")):
        texts["greetin"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('greeting = "a"\n', '[greeting]: expected a table of ">=1.21" = "text"'),
        ("[greeting]\n", '[greeting]: expected a table of ">=1.21" = "text"'),
        ('[greeting]\n">=1.19" = 3\n', '[greeting]: expected a table of ">=1.21" = "text"'),
        (
            '[greeting]\n"<1.21" = "a"\n',
            "[greeting]: for go1.21.1 holds none of its constraints; write constraints of which exactly one does",
        ),
        (
            '[greeting]\n"<1.22" = "a"\n">=1.21" = "b"\n',
            "[greeting]: for go1.21.1 holds '<1.22' and '>=1.21'; write constraints of which exactly one does",
        ),
        (
            '[greeting]\nnewer = "a"\n',
            (
                "[greeting]: 'newer' is not a constraint on Go versions: write bounds without 'go', "
                "such as >=1.21 or >=1.21,<1.26"
            ),
        ),
    ],
)
def test_a_mistake_is_a_sentence_with_file_and_row(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        load_rows(write(tmp_path, text))
    assert str(raised.value) == f"versions.toml {sentence}"


def test_the_books_table_can_be_read_and_every_row_of_it_is_asked_for() -> None:
    suites = "".join(path.read_text(encoding="utf-8") for path in SUITES.glob("test_*.py"))
    assert {name for _, name in re.findall(r"texts\[([\"'])([\w-]+)\1\]", suites)} == set(load_rows(VERSIONS))
