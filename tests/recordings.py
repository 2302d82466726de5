"""The recorded outputs of real machines; ``fixtures/recordings/index.json`` says where each is from."""

from __future__ import annotations

from pytest_wslgo.resources import FIXTURES

RECORDINGS = FIXTURES / "recordings"


def recorded(name: str) -> str:
    """Return the text of a recording."""
    return (RECORDINGS / name).read_text(encoding="utf-8")
