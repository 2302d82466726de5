"""Every key of /etc/wsl.conf and of ``.wslconfig``: its kind, default, where it has an effect, and since which WSL.

The tables are ``wsl_conf.toml`` and ``wslconfig.toml`` beside this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = Path(__file__).parent
_LOWER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Kind(StrEnum):
    """What a value must be."""

    BOOL = "bool"
    INT = "int"
    STRING = "string"
    ENUM = "enum"
    MEMORY = "memory"
    PORTS = "ports"
    IP = "ip"
    MAC = "mac"


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its name with its section, ``boot.systemd``.

    ``default`` None: it is unset, or WSL computes it. ``also``: other names of it. ``flavours``: where it has an
    effect. ``needs``: a key that must be true for that. ``off_in_safe_mode``: what safeMode of .wslconfig turns off.
    ``since``, ``until``: the first WSL that knows it, the first that no longer does.
    """

    name: str
    kind: Kind
    says: str
    default: bool | int | str | None = None
    values: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    flavours: tuple[PlatformKind, ...] = (PlatformKind.WSL1, PlatformKind.WSL2)
    needs: str | None = None
    off_in_safe_mode: bool = False
    since: str | None = None
    until: str | None = None

    @property
    def section(self) -> str:
        """Return ``boot`` of ``boot.systemd``."""
        return self.name.partition(".")[0]

    @property
    def last(self) -> str:
        """Return ``systemd`` of ``boot.systemd``."""
        return self.name.partition(".")[2]


class KeyTable:
    """The keys of one file, in the order of its table."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = tuple(keys)
        self._by_name = {_fold(name): key for key in self.keys for name in (key.name, *key.also)}

    def find(self, name: str) -> Key | None:
        """Return the key that a file means by a name: ASCII case does not matter, other names of it do count."""
        return self._by_name.get(_fold(name))

    def current(self) -> KeyTable:
        """Return the keys that the newest WSL knows."""
        return KeyTable(key for key in self.keys if key.until is None)


@cache
def wsl_conf_keys() -> KeyTable:
    """Return the keys of /etc/wsl.conf, those that newer WSL no longer knows included."""
    return _load("wsl_conf.toml")


@cache
def wslconfig_keys() -> KeyTable:
    """Return the keys of ``.wslconfig``."""
    return _load("wslconfig.toml")


def _load(name: str) -> KeyTable:
    path = _FOLDER / name
    tables = read_toml(path, what="key table")
    return KeyTable(
        tuple(to_value({**table, "name": key}, Key, where=f"{name} [{key}]") for key, table in tables.items())
    )


def _fold(name: str) -> str:
    return name.translate(_LOWER)
