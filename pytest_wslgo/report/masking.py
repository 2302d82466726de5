"""The funnel's end: what a report stores goes through here, and comes out as JSON can hold it, without secrets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pytest_wslgo.model.redaction import mask, mask_value


def masked(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return ``value`` as what JSON can hold, with every secret masked; a check records what it likes as evidence."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {mask(_text(name)): masked_named(_text(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    return mask(_text(value))


def masked_named(name: str, value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value whose name may say that it is secret."""
    return mask_value(name, _text(value)) if isinstance(value, str | bytes) else masked(value)


def _text(value: object) -> str:
    """Return ``value`` as text that UTF-8 can encode, undecodable bytes as ``\\udcff`` or ``\\xff``."""
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "backslashreplace").decode()
