"""Holds every ledger that a test gets against the published JSON Schema, by a validator that is not ours."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_wslgo.report.stored import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from jsonschema import Draft202012Validator


@cache
def _validator() -> Draft202012Validator:
    # Not at the top: a run of the book in a checkout loads tests/conftest.py, and needs nothing of the tests.
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for part in schema["$defs"].values():
        if part.get("type") == "object":
            part["additionalProperties"] = False
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def valid(ledger: dict[str, Any]) -> dict[str, Any]:
    """Return the ledger when it is as published: nothing is missing, and no key is there that the schema lacks."""
    errors = [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(ledger)]
    assert not errors, errors
    return ledger


def stored_ledger(path: Path) -> dict[str, Any]:
    """Return the ledger that a run has written to ``path``, valid."""
    return valid(json.loads(path.read_text(encoding="utf-8")))
