"""Validated TOML: a table becomes a frozen dataclass, and a mistake becomes one sentence.

The sentence names the file, the table, the key and the nearest valid key or value (DESIGN section 6).
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pytest_wslgo.errors import BadInput, nearest

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

_WORDS = {
    "str": "a string",
    "bool": "a boolean",
    "int": "an integer",
    "float": "a number",
    "array": "an array",
    "object": "a table",
    "date": "a date",
    "time": "a time",
    "datetime": "a date-time",
}
_NOT_OF_TYPE = re.compile(r"Expected `(?P<wanted>\w+)[^`]*`, got `(?P<got>\w+)`(?: - at `\$\[(?P<index>\d+)\])?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_toml(path: Path, *, what: str) -> dict[str, Any]:
    """Return the tables of ``path``; ``what`` says in the error what the file was meant to be.

    Raises:
        BadInput: the file cannot be read, is not UTF-8 (a byte order mark may stand before it) or is not TOML.
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise BadInput(f"cannot read {what} {path}: {getattr(error, 'strerror', None) or error}") from None
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        place = f"byte {error.start} cannot be decoded"
        raise BadInput(f"{what} {path} is not UTF-8 text ({place}); save it as UTF-8") from None
    except RecursionError:
        raise BadInput(f"{what} {path} is not valid TOML: its arrays or tables are nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise BadInput(f"{what} {path} is not valid TOML: {error}") from None


def to_value(table: object, kind: type[T], *, where: str) -> T:
    """Convert ``table`` to the dataclass ``kind``; ``where`` ("claims.toml [linking.x]") opens every sentence.

    Field names stand with ``-`` or ``_``; a field that is a tuple of dataclasses is an array of tables. Raises BadInput
    on a key that is unknown, missing, given twice, ill-typed, blank, or not one of the words of its enum.
    """
    if not isinstance(table, Mapping):
        raise BadInput(f"{where}: expected a table, got {_word_of(table)}")
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # T is a dataclass
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in fields:
            valid = ", ".join(sorted(fields))
            raise BadInput(f"{where}: unknown key '{key}'{nearest(key, fields)}; valid keys are {valid}")
        if name in values:
            raise BadInput(f"{where}: key '{key}' is given twice, with '-' and with '_'; keep one")
        values[name] = _convert(value, hints[name], where=where, key=key)
    for name, field in fields.items():
        if name not in values and _required(field):
            raise BadInput(f"{where}: key '{name}' is missing")
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def one_of(value: str, valid: tuple[str, ...], *, where: str, key: str) -> str:
    """Return ``value`` when it is one of ``valid``; else raise a BadInput that names the nearest one."""
    if value in valid:
        return value
    raise BadInput(f"{where}: {key} = '{value}' is not one of {', '.join(valid)}{nearest(value, valid)}")


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _convert(value: object, hint: object, *, where: str, key: str) -> object:
    for kind in _parts(hint):
        if dataclasses.is_dataclass(kind) and isinstance(value, list):
            return tuple(to_value(item, kind, where=f"{where} [[{key}]] {n}") for n, item in enumerate(value, 1))
        if issubclass(kind, Enum):
            for word in _strings(value):
                one_of(word, tuple(str(member.value) for member in kind), where=where, key=key)
    if any(not word.strip() for word in _strings(value)):
        raise BadInput(f"{where}: key '{key}' is blank; write a value, or leave out a key that may be left out")
    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        raise BadInput(f"{where}: key '{key}' {_expectation(str(error), value)}") from None


def _parts(hint: object) -> Iterator[type]:
    """Yield the classes in a type: ``Remedy`` of ``tuple[Remedy, ...]``, ``str`` and ``NoneType`` of ``str | None``."""
    if isinstance(hint, type) and not typing.get_args(hint):
        yield hint
    for inner in typing.get_args(hint):
        yield from _parts(inner)


def _strings(value: object) -> list[str]:
    return [word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str)]


def _expectation(error: str, value: object) -> str:
    """Turn msgspec's words into TOML's.

    >>> _expectation("Expected `str | null`, got `int` - at `$[1]`", ["a", 3])
    'expects a string, got an integer (element 2)'
    """
    if "datetime" in error:
        day = str(value) if _DATE.fullmatch(str(value)) else "2030-12-31"
        return f"expects a date-time such as {day}T00:00:00Z, got {_word_of(value)}"
    found = _NOT_OF_TYPE.match(error)
    if found is None:
        return f"is not understood: {error}"
    wanted, got = (_WORDS.get(word, word) for word in (found["wanted"], found["got"]))
    element = f" (element {int(found['index']) + 1})" if found["index"] else ""
    return f"expects {wanted}, got {got}{element}"


def _word_of(value: object) -> str:
    name = type(value).__name__
    return _WORDS.get({"list": "array", "dict": "object"}.get(name, name), name)
