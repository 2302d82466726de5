"""TOML tables to values: every mistake is one sentence that names file, table, key and the nearest valid word."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.tables import one_of, read_toml, to_value


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Wheel:
    size: int
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Car:
    name: str
    fail_on: str = "rain"
    colour: Colour | None = None
    colours: tuple[Colour, ...] = ()
    tags: tuple[str, ...] = ()
    wheel: tuple[Wheel, ...] = ()
    seats: int = 4
    length: float = 1.0
    electric: bool = False
    built: datetime.datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def test_every_kind_of_value_is_read_and_dashes_stand_for_underscores() -> None:
    table = {
        "name": "Käfer 甲虫",
        "fail-on": "snow",
        "colour": "green",
        "colours": ["red", "green"],
        "tags": ["a", "b"],
        "wheel": [{"size": 15}, {"size": 16, "colour": "green"}],
        "length": 4,
        "electric": True,
        "built": datetime.datetime(2027, 3, 31, tzinfo=datetime.UTC),
        "extra": {"any": [1, "thing"]},
    }
    assert to_value(table, Car, where="cars.toml [a]") == Car(
        name="Käfer 甲虫",
        fail_on="snow",
        colour=Colour.GREEN,
        colours=(Colour.RED, Colour.GREEN),
        tags=("a", "b"),
        wheel=(Wheel(15), Wheel(16, Colour.GREEN)),
        length=4.0,
        electric=True,
        built=datetime.datetime(2027, 3, 31, tzinfo=datetime.UTC),
        extra={"any": [1, "thing"]},
    )


def test_an_absent_key_is_the_default_and_a_wrong_value_is_never_kept() -> None:
    assert to_value({"name": "x"}, Car, where="w") == Car("x")
    assert to_value({"name": "x", "tags": [], "wheel": []}, Car, where="w") == Car("x")


KEYS = "built, colour, colours, electric, extra, fail_on, length, name, seats, tags, wheel"
MISTAKES = [
    pytest.param({"nam": "x"}, f"unknown key 'nam' (did you mean 'name'?); valid keys are {KEYS}", id="typo"),
    pytest.param({"name": "x", "zzz": 1}, f"unknown key 'zzz'; valid keys are {KEYS}", id="nothing-near"),
    pytest.param(
        {"name": "x", "fail-om": ""},
        f"unknown key 'fail-om' (did you mean 'fail_on'?); valid keys are {KEYS}",
        id="dash",
    ),
    pytest.param({}, "key 'name' is missing", id="missing"),
    pytest.param(
        {"name": "x", "fail_on": "a", "fail-on": "b"},
        "key 'fail-on' is given twice, with '-' and with '_'; keep one",
        id="twice",
    ),
    pytest.param({"name": 3}, "key 'name' expects a string, got an integer", id="integer"),
    pytest.param({"name": 3.5}, "key 'name' expects a string, got a number", id="float"),
    pytest.param({"name": float("nan")}, "key 'name' expects a string, got a number", id="nan"),
    pytest.param({"name": True}, "key 'name' expects a string, got a boolean", id="boolean"),
    pytest.param({"name": ["x"]}, "key 'name' expects a string, got an array", id="array"),
    pytest.param({"name": {"x": 1}}, "key 'name' expects a string, got a table", id="table"),
    pytest.param({"name": datetime.date(2027, 1, 2)}, "key 'name' expects a string, got a date", id="date"),
    pytest.param({"name": datetime.time(7)}, "key 'name' expects a string, got a time", id="time"),
    pytest.param(
        {"name": ""}, "key 'name' is blank; write a value, or leave out a key that may be left out", id="empty"
    ),
    pytest.param(
        {"name": "x", "tags": ["a", " \t"]},
        "key 'tags' is blank; write a value, or leave out a key that may be left out",
        id="blank-element",
    ),
    pytest.param({"name": "x", "tags": "a"}, "key 'tags' expects an array, got a string", id="not-an-array"),
    pytest.param(
        {"name": "x", "tags": ["a", 3]}, "key 'tags' expects a string, got an integer (element 2)", id="element"
    ),
    pytest.param({"name": "x", "electric": 1}, "key 'electric' expects a boolean, got an integer", id="not-a-boolean"),
    pytest.param({"name": "x", "seats": "4"}, "key 'seats' expects an integer, got a string", id="not-an-integer"),
    pytest.param({"name": "x", "length": "4"}, "key 'length' expects a number, got a string", id="not-a-number"),
    pytest.param({"name": "x", "extra": 1}, "key 'extra' expects a table, got an integer", id="not-a-table"),
    pytest.param({"name": "x", "wheel": {"size": 1}}, "key 'wheel' expects an array, got a table", id="one-table"),
    pytest.param(
        {"name": "x", "colour": "gren"}, "colour = 'gren' is not one of red, green (did you mean 'green'?)", id="word"
    ),
    pytest.param({"name": "x", "colour": "blue"}, "colour = 'blue' is not one of red, green", id="word-nothing-near"),
    pytest.param({"name": "x", "colour": ""}, "colour = '' is not one of red, green", id="word-empty"),
    pytest.param({"name": "x", "colour": 3}, "key 'colour' expects a string, got an integer", id="word-integer"),
    pytest.param(
        {"name": "x", "colours": ["red", "Green"]},
        "colours = 'Green' is not one of red, green (did you mean 'green'?)",
        id="word-in-array",
    ),
    pytest.param(
        {"name": "x", "built": datetime.date(2027, 3, 31)},
        "key 'built' expects a date-time such as 2027-03-31T00:00:00Z, got a date",
        id="local-date",
    ),
    pytest.param(
        {"name": "x", "built": "2027-03-31"},
        "key 'built' expects a date-time such as 2027-03-31T00:00:00Z, got a string",
        id="date-in-a-string",
    ),
    pytest.param(
        {"name": "x", "built": datetime.time(7)},
        "key 'built' expects a date-time such as 2030-12-31T00:00:00Z, got a time",
        id="local-time",
    ),
    pytest.param(
        {"name": "x", "built": "soon"},
        "key 'built' expects a date-time such as 2030-12-31T00:00:00Z, got a string",
        id="no-date",
    ),
]


@pytest.mark.parametrize(("table", "sentence"), MISTAKES)
def test_a_mistake_in_a_table_is_a_sentence(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        to_value(table, Car, where="cars.toml [a]")
    assert str(raised.value) == f"cars.toml [a]: {sentence}"


@pytest.mark.parametrize(
    ("wheel", "sentence"),
    [
        pytest.param({"siz": 1}, "unknown key 'siz' (did you mean 'size'?); valid keys are colour, size", id="unknown"),
        pytest.param({}, "key 'size' is missing", id="missing"),
        pytest.param({"size": "big"}, "key 'size' expects an integer, got a string", id="ill-typed"),
        pytest.param(
            {"size": 1, "colour": "rde"}, "colour = 'rde' is not one of red, green (did you mean 'red'?)", id="word"
        ),
        pytest.param("round", "expected a table, got a string", id="not-a-table"),
    ],
)
def test_a_mistake_in_an_array_of_tables_names_the_table_and_its_key(wheel: object, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        to_value({"name": "x", "wheel": [{"size": 1}, wheel]}, Car, where="cars.toml [a]")
    assert str(raised.value) == f"cars.toml [a] [[wheel]] 2: {sentence}"


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param("x", "a string", id="string"),
        pytest.param(3, "an integer", id="integer"),
        pytest.param(3.0, "a number", id="float"),
        pytest.param(False, "a boolean", id="boolean"),
        pytest.param([], "an array", id="array"),
        pytest.param(datetime.date(2027, 1, 1), "a date", id="date"),
        pytest.param(datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC), "a date-time", id="date-time"),
    ],
)
def test_what_is_not_a_table_is_called_by_its_toml_name(given: object, word: str) -> None:
    with pytest.raises(BadInput) as raised:
        to_value(given, Car, where="cars.toml [a]")
    assert str(raised.value) == f"cars.toml [a]: expected a table, got {word}"


TOML_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(KEYS.split(", ")) | st.text(max_size=4), TOML_VALUES, max_size=4) | TOML_VALUES)
def test_any_table_gives_a_value_or_a_sentence(table: object) -> None:
    try:
        assert isinstance(to_value(table, Car, where="cars.toml"), Car)
    except BadInput as error:
        assert str(error).startswith("cars.toml")  # noqa: PT017 - both ends are right


def test_one_of_hands_back_what_is_valid() -> None:
    assert one_of("minor", ("normal", "minor"), where="w", key="fail_on") == "minor"


def test_one_of_names_the_nearest_word() -> None:
    with pytest.raises(BadInput) as raised:
        one_of("mino", ("normal", "minor"), where="p.toml [x]", key="fail_on")
    assert str(raised.value) == "p.toml [x]: fail_on = 'mino' is not one of normal, minor (did you mean 'minor'?)"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a = 'x'\nb = 1\n", id="lf"),
        pytest.param(b"a = 'x'\r\nb = 1\r\n", id="crlf"),
        pytest.param(b"\xef\xbb\xbfa = 'x'\r\nb = 1", id="bom"),
    ],
)
def test_a_file_is_read_as_any_editor_saves_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    assert read_toml(path, what="settings file") == {"a": "x", "b": 1}


FILES = [
    pytest.param(b"", {}, id="empty"),
    pytest.param(b"\r\n# only a comment\n", {}, id="comment"),
]


@pytest.mark.parametrize(("data", "tables"), FILES)
def test_a_file_without_a_table_is_no_error(tmp_path: Path, data: bytes, tables: dict[str, object]) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    assert read_toml(path, what="settings file") == tables


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"a = \n", "is not valid TOML: Invalid value (at line 1, column 5)", id="no-value"),
        pytest.param(
            b"a = 1\na = 2\n", "is not valid TOML: Cannot overwrite a value (at line 2, column 6)", id="twice"
        ),
        pytest.param(b"a = '\xff'", "is not UTF-8 text (byte 5 cannot be decoded); save it as UTF-8", id="latin-1"),
        pytest.param(
            "a = 1".encode("utf-16"), "is not UTF-8 text (byte 0 cannot be decoded); save it as UTF-8", id="utf-16"
        ),
    ],
)
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    with pytest.raises(BadInput) as raised:
        read_toml(path, what="settings file")
    assert str(raised.value) == f"settings file {path} {sentence}"


def test_arrays_nested_without_end_are_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"a = " + b"[" * 100_000)
    with pytest.raises(BadInput, match=r"^settings file .* is not valid TOML: .* nested "):
        read_toml(path, what="settings file")


def test_a_number_of_thousands_of_digits_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"a = " + b"9" * 5000)
    with pytest.raises(BadInput, match=r"^settings file .* is not valid TOML: Exceeds the limit"):
        read_toml(path, what="settings file")


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        pytest.param("none.toml", "No such file or directory", id="missing"),
        pytest.param(".", "Is a directory", id="directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, trouble: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_toml(tmp_path / name, what="waivers file")
    assert str(raised.value) == f"cannot read waivers file {tmp_path / name}: {trouble}"


def test_a_path_that_no_system_can_open_is_a_sentence() -> None:
    with pytest.raises(BadInput, match=r"^cannot read waivers file a\0b: embedded null "):
        read_toml(Path("a\0b"), what="waivers file")
