"""Validated TOML and JSON: a table becomes a frozen dataclass, and a mistake becomes one sentence.

The sentence names the file, the table, the key and the nearest valid key or value (DESIGN section 6).
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pytest_wslgo.errors import BadInput, nearest

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


def read_toml(path: Path, *, what: str) -> dict[str, Any]:
    """Return the tables of ``path``; ``what`` says in the error what the file was meant to be.

    Raises:
        BadInput: the file cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"cannot read {what} {path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{what} {path} is not UTF-8 text: byte {error.start} cannot be decoded") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{what} {path} is not valid TOML: {error}") from None


def to_value(table: object, kind: type[T], *, where: str) -> T:
    """Convert ``table`` to the dataclass ``kind``; ``where`` ("claims.toml [linking.x]") opens every sentence.

    Field names stand with ``-`` or ``_``. Raises BadInput on an unknown, missing or ill-typed key.
    """
    if not isinstance(table, Mapping):
        raise BadInput(f"{where}: expected a table, got {_toml_word(table)}")
    fields = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    given = {key.replace("-", "_"): value for key, value in table.items()}
    for key in table:
        if key.replace("-", "_") not in fields:
            valid = ", ".join(sorted(fields))
            raise BadInput(f"{where}: unknown key '{key}'{nearest(key, fields)}; valid keys are {valid}")
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise BadInput(f"{where}: {_sentence(str(error), given)}") from None


def one_of(value: str, valid: tuple[str, ...], *, where: str, key: str) -> str:
    """Return ``value`` when it is one of ``valid``; else raise a BadInput that names the nearest one."""
    if value in valid:
        return value
    raise BadInput(f"{where}: {key} = '{value}' is not one of {', '.join(valid)}{nearest(value, valid)}")


def _sentence(error: str, given: Mapping[str, object]) -> str:
    """Turn msgspec's words into ours.

    >>> _sentence("Expected `str`, got `int` - at `$.article`", {"article": 3})
    "key 'article' expects str, got int"
    """
    missing = re.match(r"Object missing required field `(?P<key>\w+)`", error)
    if missing:
        return f"key '{missing['key']}' is missing"
    found = re.match(r"(?P<text>.*) - at `\$\.?(?P<key>\w+)?.*`$", error, re.DOTALL)
    if not found:
        return error
    text = found["text"].replace("`", "").replace("Expected ", "expects ", 1)
    value = given.get(found["key"] or "")
    shown = f" (it is {value!r})" if text.startswith("Invalid enum") else ""
    return f"key '{found['key']}' {text}{shown}"


def _toml_word(value: object) -> str:
    words: dict[type, str] = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "an array"}
    return words.get(type(value), type(value).__name__)
