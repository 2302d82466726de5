"""A directory that Go uses: who may write there, how much room is left, and which file system it lies on.

One that is not there yet is judged by the nearest one above that is: Go makes caches and install targets, but not the
temporary directory.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.setup.needs import Unit, amount
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.facts import Folder
    from pytest_wslgo.model.mounts import Mount
    from pytest_wslgo.model.setup.needs import Need
    from pytest_wslgo.model.setup.setting import Setting
    from pytest_wslgo.model.snapshot import Snapshot

_SHARES: Final = ("cifs", "smb3", "smbfs")


@dataclass(frozen=True, slots=True)
class Place:
    """An absolute directory that Go uses, with its facts. ``user`` is who Go runs as, in words."""

    setting: Setting
    path: str
    folder: Folder
    mount: Mount | None
    user: str

    @property
    def exists(self) -> bool:
        """Tell whether it is there (as whatever it is)."""
        return self.folder.exists

    @property
    def is_folder(self) -> bool:
        """Tell whether it, or the nearest thing above that is there, is a directory."""
        return self.folder.stat is None or stat.S_ISDIR(self.folder.stat.mode)

    @property
    def writable(self) -> bool:
        """Tell whether the user may make files there. BusyBox tells root that a read-only file system is writable."""
        return self.folder.writable and not (self.mount and self.mount.read_only)

    @property
    def executable(self) -> bool:
        """Tell whether its file system lets programs start."""
        return not (self.mount and self.mount.noexec)

    @property
    def on_linux(self) -> bool:
        """Tell whether it is on a file system of this Linux: no Windows drive, and no network share of Windows' kind.

        A plain 9p counts as foreign unless the whole system lies on it, as in some sandboxes.
        """
        if self.mount is None:
            return True
        foreign = self.mount.on_windows or self.mount.fstype in _SHARES
        return not foreign and (self.mount.fstype != "9p" or self.mount.target == "/")

    def has(self, need: Need) -> bool:
        """Tell whether there is room enough; raises MissingTool where the target could not tell (no df)."""
        if self.folder.free is None:
            raise MissingTool(f"the free space of {self.folder.nearest} is not known: `df -P -k` did not tell")
        return self.folder.free >= need.least

    @property
    def told(self) -> str:
        """Return what sets it, in words."""
        return self.setting.told

    @property
    def told_access(self) -> str:
        """Return whose directory it is and who wants to write there, in words."""
        found = self.folder.stat
        nearest = "it" if self.exists else f"the nearest directory that exists, {self.folder.nearest},"
        owned = (
            f"{nearest} is {stat.filemode(found.mode)} of uid {found.uid}" if found else f"{nearest} has no known mode"
        )
        read_only = f" on the read-only mount {self.mount.target}" if self.mount and self.mount.read_only else ""
        return f"{self.told}: {owned}{read_only}, and commands run as {self.user}"

    @property
    def mount_told(self) -> str:
        """Return the file system that it lies on, in words, as in ``on the mount /mnt/c (9p, C:\\ of Windows)``."""
        if self.mount is None:
            return "on a file system that the mount table does not show"
        windows = f"{self.mount.windows_path} of Windows" if self.mount.windows_path else ""
        facts = (self.mount.fstype, "noexec" if self.mount.noexec else "", windows)
        return f"on the mount {self.mount.target} ({', '.join(fact for fact in facts if fact)})"

    @property
    def told_mount(self) -> str:
        """Return what sets it and the file system that it lies on, in words."""
        return f"{self.told}: it lies {self.mount_told}"

    @property
    def told_room(self) -> str:
        """Return how much is free there, in words."""
        free = "an unknown amount" if self.folder.free is None else amount(self.folder.free, Unit.BYTES)
        return f"{self.told}: {free} is free there"


def place_of(snapshot: Snapshot, setting: Setting) -> Place:
    """Return the facts of the directory that a setting names.

    Raises MissingTool where the snapshot has none.
    """
    path = setting.value
    folder = snapshot.folder(path) or snapshot.folder(path.rstrip("/"))
    if folder is None:
        raise MissingTool(
            f"the snapshot holds nothing on {short(path)}, which {setting.name} names: a name with a colon or a line"
            " end is not looked at"
        )
    return Place(setting, path, folder, snapshot.mount_of(folder.path), user_told(snapshot))


def user_told(snapshot: Snapshot) -> str:
    """Return who the target's commands run as, in words."""
    return f"{snapshot.user.name or 'somebody'} (uid {snapshot.user.uid})"


def is_absolute(setting: Setting) -> bool:
    """Tell whether the value is an absolute path; Go expands no ``~``."""
    return setting.value.startswith("/")


def places_of(snapshot: Snapshot, settings: Iterable[Setting]) -> tuple[Place, ...]:
    """Return the directories that these settings name, those that are absolute."""
    return tuple(place_of(snapshot, setting) for setting in settings if is_absolute(setting))
