"""The recorded outputs of real machines; ``fixtures/recordings/index.json`` says where each is from."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pytest_wslgo.resources import FIXTURES

RECORDINGS = FIXTURES / "recordings"


def recorded(name: str) -> str:
    """Return the text of a recording."""
    return (RECORDINGS / name).read_text(encoding="utf-8")


def recorded_bytes(name: str) -> bytes:
    """Return a recording as it is: not all are UTF-8."""
    return (RECORDINGS / name).read_bytes()


@cache
def index() -> dict[str, dict[str, Any]]:
    """Return what the index says of each recording, by its file."""
    return {one["file"]: one for one in json.loads(recorded("index.json"))["samples"]}


def facts(name: str) -> dict[str, Any]:
    """Return what a correct reader finds in a recording."""
    found: dict[str, Any] = index()[name]["facts"]
    return found
