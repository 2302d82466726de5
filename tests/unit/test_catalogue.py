"""The catalogue of the article's statements: the shipped data, its parity with the reference, the loader's errors."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.catalogue import Basis, Chapter, Entry, Rating, load_catalogue
from pytest_wslgo.resources import CATALOGUE

CHECKOUT = Path(__file__).resolve().parents[2]
ENTRY = {
    "section": "2.1",
    "article": "true",
    "statement": "Without cgo the program is static.",
    "truth": "It has no interpreter.",
    "basis": "measured",
}


@pytest.fixture(scope="module")
def catalogue() -> tuple[Entry, ...]:
    """The catalogue of the book."""
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def reference_ids() -> list[str]:
    """The ids of the reference that the catalogue was made from, in its order; skips where it is not at hand."""
    shared = Path(os.environ.get("WSLGO_SHARED", CHECKOUT.parent / "shared"))
    reference = shared / "reference" / "CLAIMS.md"
    if not reference.is_file():
        pytest.skip(f"no {reference}: set WSLGO_SHARED to the folder that holds reference/CLAIMS.md")
    return re.findall(r"^### (\S+) +- +[A-Z-]+$", reference.read_text(encoding="utf-8"), re.MULTILINE)


def write(folder: Path, **changes: str | None) -> Path:
    """Write a catalogue of one entry, 2.1-static; a key changed to None is left out."""
    keys = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
    path = folder / "catalogue.toml"
    lines = ['["2.1-static"]', *(f'{key} = "{value}"' for key, value in keys.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_an_entry_is_read_with_all_its_keys(tmp_path: Path) -> None:
    path = write(tmp_path, chapter="release", statement_zh="不用 cgo 就是静态的。")
    assert load_catalogue(path) == (
        Entry(
            id="2.1-static",
            section="2.1",
            article=Rating.TRUE,
            statement="Without cgo the program is static.",
            truth="It has no interpreter.",
            basis=Basis.MEASURED,
            unjudged=None,
            chapter=Chapter.RELEASE,
            statement_zh="不用 cgo 就是静态的。",
        ),
    )


@pytest.mark.parametrize(
    ("changes", "due"), [({}, True), ({"unjudged": "An opinion."}, False), ({"chapter": "services"}, False)]
)
def test_an_entry_is_due_when_nothing_excuses_it(tmp_path: Path, changes: dict[str, str], due: bool) -> None:
    (entry,) = load_catalogue(write(tmp_path, **changes))
    assert entry.due is due


def test_the_catalogue_has_the_entries_of_the_reference_in_its_order(
    catalogue: tuple[Entry, ...], reference_ids: list[str]
) -> None:
    assert reference_ids
    assert [entry.id for entry in catalogue] == reference_ids


def test_opinions_and_gaps_are_told_apart(catalogue: tuple[Entry, ...]) -> None:
    omitted = {entry.id for entry in catalogue if entry.article is Rating.OMITTED}
    assert omitted == {entry.id for entry in catalogue if entry.statement.startswith("Not covered: ")}
    assert {entry.article for entry in catalogue} == set(Rating)


def test_every_sentence_ends_like_one(catalogue: tuple[Entry, ...]) -> None:
    for entry in catalogue:
        for sentence in (entry.statement, entry.truth, entry.unjudged or "."):
            assert sentence.endswith("."), (entry.id, sentence)


def test_the_sections_on_libc_and_build_modes_are_in_chinese_too(catalogue: tuple[Entry, ...]) -> None:
    assert not [e.id for e in catalogue if e.section in ("2.1", "3.3") and not e.statement_zh]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"article": "fals"}, "article = 'fals' is not one of true, partly, false, omitted, opinion (did you mean 'f"),
        ({"basis": "documented"}, "basis = 'documented' is not one of "),
        ({"basis": "documented"}, "(did you mean 'documentation'?)"),
        ({"chapter": "tools"}, "chapter = 'tools' is not one of setup, release, services"),
        ({"statment": "x"}, "unknown key 'statment' (did you mean 'statement'?)"),
        ({"truth": None}, "key 'truth' is missing"),
        ({"truth": " "}, "key 'truth' is blank; write a value, or leave out a key that may be left out"),
        ({"unjudged": ""}, "key 'unjudged' is blank; write a value, or leave out a key that may be left out"),
        ({"section": "2.2"}, "an id starts with its section, so in section 2.2 with '2.2-'"),
        (
            {"unjudged": "An opinion.", "chapter": "services"},
            "keys 'unjudged' and 'chapter' exclude each other; keep the one that holds",
        ),
    ],
)
def test_a_mistake_is_a_sentence_with_file_entry_and_key(
    tmp_path: Path, changes: dict[str, str | None], message: str
) -> None:
    with pytest.raises(BadInput) as raised:
        load_catalogue(write(tmp_path, **changes))
    assert str(raised.value).startswith("catalogue.toml [2.1-static]: ")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('["2.1-static"]\nstatement = 3\n', "[2.1-static]: key 'statement' expects a string, got an integer"),
        ('["2.1-static"]\narticle = 3\n', "[2.1-static]: key 'article' expects a string, got an integer"),
        ('basis = "known"\n', "catalogue.toml [basis]: expected a table, got a string"),
        ('["2.1-static"]\n["2.1-static"]\n', "catalogue.toml is not valid TOML: Cannot declare ('2.1-static',) twice"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(message)):
        load_catalogue(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=re.escape(f"cannot read catalogue {tmp_path / 'none.toml'}: No such file")):
        load_catalogue(tmp_path / "none.toml")
