"""From what was read to what holds: the first value of each known key, and a warning for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_wslgo.model.wsl.configfile import Malformed, Place
from pytest_wslgo.model.wsl.values import Value, complaint, take

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.wsl.configfile import Assigned
    from pytest_wslgo.model.wsl.keys import KeyTable


class Trouble(StrEnum):
    """What a warning is about."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    BAD_VALUE = "bad-value"


@dataclass(frozen=True, slots=True)
class Setting:
    """A key that WSL knows, as it first stands in the file. Not ``valid``: WSL warns, and the default holds."""

    key: str
    spelled: str
    written: str
    value: Value
    valid: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: ``text`` in WSL's words, with its line. ``key`` and ``written`` as the file has them."""

    trouble: Trouble
    text: str
    place: Place
    key: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings in the order of the file, and the warnings in the order in which WSL prints them."""

    settings: tuple[Setting, ...]
    warnings: tuple[Warned, ...]


def settle(parts: Iterable[Assigned | Malformed], keys: KeyTable, file: str, *, windows: bool = False) -> Settled:
    """Give each known key its first value; ``file`` is the name that WSL's warnings have."""
    settings: dict[str, Setting] = {}
    warnings: list[Warned] = []
    for part in parts:
        where = f"{file}:{part.place.line}"
        if isinstance(part, Malformed):
            warnings.append(Warned(Trouble.MALFORMED, f"{part.text} in {where}", part.place))
            continue
        key = keys.find(part.key)
        if key is None:
            trouble, text = Trouble.UNKNOWN, f"Unknown key '{part.key}' in {where}"
        elif first := settings.get(key.name):
            trouble = Trouble.DUPLICATE
            text = (
                f"Duplicated config key '{part.key}' in {where}"
                f" (Conflicting key: '{first.spelled}' in {file}:{first.place.line})"
            )
        else:
            taken = take(key, part.value, windows=windows)
            value = taken.value if taken.valid else None
            settings[key.name] = Setting(key.name, part.key, part.value, value, taken.valid, part.place)
            for _ in range(taken.complaints):
                text = complaint(key, part.key, part.value, where)
                warnings.append(Warned(Trouble.BAD_VALUE, text, part.place, part.key, part.value))
            continue
        warnings.append(Warned(trouble, text, part.place, part.key, part.value))
    return Settled(tuple(settings.values()), tuple(warnings))
