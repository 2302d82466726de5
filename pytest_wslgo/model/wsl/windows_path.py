"""Which entries of PATH are of Windows, told by the mount table: below which directory its drives lie, is a setting.

WSL appends the PATH of the calling Windows process, each entry translated, in its order and without looking whether it
is there, behind all others. Source: microsoft/WSL, ``src/linux/init/util.cpp`` (UtilTranslatePathList).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.mounts import mount_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_wslgo.model.mounts import Mount


def windows_entries(entries: Iterable[str], mounts: Sequence[Mount]) -> tuple[str, ...]:
    """Return the entries that lie on a Windows drive or share, in their order."""
    return tuple(entry for entry in entries if is_windows_entry(entry, mounts))


def is_windows_entry(entry: str, mounts: Sequence[Mount]) -> bool:
    """Tell whether an absolute path lies with Windows."""
    mount = mount_of(entry, mounts) if entry.startswith("/") else None
    return mount is not None and mount.on_windows
