"""The flags that cgo hands to the C compiler and linker: no path of Windows, none of another machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.setup.setting import Setting, settings_of
from pytest_wslgo.model.setup.telling import short
from pytest_wslgo.model.setup.triple import triples_in
from pytest_wslgo.model.setup.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.snapshot import Snapshot

NAMES: Final = ("CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS")
# C:\x, -IC:/x and \\host\share, but no https://x: one letter, and none before it unless it is a flag's.
_WINDOWS = re.compile(r"(?:^|[=,;]|-[ILB]|-isystem)(?:[A-Za-z]:[\\/]|\\\\)|[A-Za-z]:\\")
_PATH = re.compile(r"(?:^|[=,]|-[ILB]|-isystem)(/[^,]*)")


@dataclass(frozen=True, slots=True)
class CgoFlag:
    """A flag and what is wrong with it."""

    setting: Setting
    text: str
    why: str

    @property
    def told(self) -> str:
        """State the flag, what is wrong with it, and where it comes from."""
        return f"{self.setting.told}: {short(self.text, 80)} {self.why}"


def unparsable(snapshot: Snapshot) -> tuple[CgoFlag, ...]:
    """Return the settings that go cannot split into flags. Raises Waits without a go."""
    read = ((setting, split_words(setting.value).problem) for setting in _settings(snapshot))
    return tuple(CgoFlag(setting, setting.value, f"has an {problem}") for setting, problem in read if problem)


def windows_paths(snapshot: Snapshot) -> tuple[CgoFlag, ...]:
    """Return the flags with a path of Windows, or one on a mounted Windows drive. Raises Waits without a go."""
    return tuple(CgoFlag(setting, word, why) for setting, word in _flags(snapshot) if (why := _windows(snapshot, word)))


def foreign_paths(snapshot: Snapshot) -> tuple[CgoFlag, ...]:
    """Return the flags with a path that belongs to a compiler for another machine. Raises Waits without a go."""
    arch = snapshot.platform.arch
    return tuple(
        CgoFlag(setting, word, f"belongs to {triple.system}/{triple.arch}, and this machine is linux/{arch}")
        for setting, word in _flags(snapshot)
        for triple in triples_in(word)
        if (triple.system, triple.arch) != ("linux", arch)
    )


def _settings(snapshot: Snapshot) -> tuple[Setting, ...]:
    return tuple(setting for name in NAMES for setting in settings_of(snapshot, name) if setting.value)


def _flags(snapshot: Snapshot) -> Iterator[tuple[Setting, str]]:
    return ((setting, word) for setting in _settings(snapshot) for word in split_words(setting.value).words)


def _windows(snapshot: Snapshot, word: str) -> str | None:
    if _WINDOWS.search(word):
        return "holds a path of Windows"
    for found in _PATH.finditer(word):
        mount = snapshot.mount_of(found[1])
        if mount and mount.on_windows:
            return f"lies on a Windows drive ({mount.target} is {mount.fstype})"
    return None
