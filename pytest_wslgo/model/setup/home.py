"""HOME in each of the user's shells, and ``~/.local/bin``."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.setup.origin import origin_of
from pytest_wslgo.model.setup.place import is_absolute, places_of, user_told
from pytest_wslgo.model.setup.setting import Setting

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import PathStat
    from pytest_wslgo.model.setup.place import Place
    from pytest_wslgo.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Home:
    """An existing home directory; ``owner`` and ``uid`` are the uids of the directory and of the user.

    ``account`` is the home of the user in ``/etc/passwd``, None where there is no such account.
    """

    place: Place
    owner: int
    uid: int
    account: str | None

    @property
    def is_the_users(self) -> bool:
        """Tell whether it belongs to the user, or is what ``/etc/passwd`` gives him."""
        return self.owner == self.uid or self.place.path == self.account

    @property
    def told(self) -> str:
        """Return whose it is, in words."""
        account = f", whose home is {self.account}" if self.account else ", who has no account"
        return f"{self.place.told}: it belongs to uid {self.owner}, and commands run as {self.place.user}{account}"


@dataclass(frozen=True, slots=True)
class LocalBin:
    """``~/.local/bin`` of the session's user, who is ``user`` in words."""

    facts: PathStat
    uid: int | None
    user: str

    @property
    def is_the_users(self) -> bool:
        """Tell whether it belongs to the user."""
        return self.facts.uid == self.uid

    @property
    def owner_can_write(self) -> bool:
        """Tell whether its mode lets its owner write and enter."""
        return self.facts.mode & 0o300 == 0o300

    @property
    def world_writable(self) -> bool:
        """Tell whether everybody may put programs there."""
        return bool(self.facts.mode & stat.S_IWOTH)

    @property
    def told(self) -> str:
        """Return its mode and owner, in words."""
        mode = stat.filemode(self.facts.mode)
        return f"{self.facts.path} is {mode} of uid {self.facts.uid}, and commands run as {self.user}"


def home_settings(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return HOME as each shell has it; where it is not set, the value is empty."""
    found: dict[tuple[str, str], list[str]] = {}
    started = [shell.name for shell in snapshot.shells if shell.started]
    for shell in started:
        origin = origin_of(snapshot, "HOME", shell)
        found.setdefault((origin.value or "", origin.where if origin.value else "not set"), []).append(shell)
    return tuple(
        Setting("HOME", value, tuple(names), where, everywhere=len(names) == len(started) > 1)
        for (value, where), names in found.items()
    )


def home_places(snapshot: Snapshot) -> tuple[Place, ...]:
    """Return the directories that HOME names, those that are absolute."""
    return places_of(snapshot, home_settings(snapshot))


def homes(snapshot: Snapshot) -> tuple[Home, ...]:
    """Return the home directories that exist; raises MissingTool where the target could not tell whose they are."""
    return tuple(_home(snapshot, place) for place in home_places(snapshot) if place.exists)


def home_problem(snapshot: Snapshot, shell: str) -> str | None:
    """Return what is wrong with HOME in a shell, in words, or None."""
    setting = next((one for one in home_settings(snapshot) if shell in one.shells), None)
    if setting is None or not setting.value:
        return f"HOME is not set in the {shell} shell"
    if not is_absolute(setting):
        return f"{setting.told}: no absolute path"
    for place in places_of(snapshot, (setting,)):
        if not place.exists:
            return f"{setting.told}: it does not exist"
        home = _home(snapshot, place)
        if not home.is_the_users:
            return home.told
    return None


def local_bins(snapshot: Snapshot) -> tuple[LocalBin, ...]:
    """Return ``~/.local/bin`` of the home directories where it is there.

    Raises Waits where it lies on a Windows drive: modes and owners are made up by the mount there.
    """
    paths = dict.fromkeys(f"{place.path.rstrip('/')}/.local/bin" for place in home_places(snapshot))
    found = [facts for path in paths if (facts := snapshot.stat(path))]
    for facts in found:
        if (mount := snapshot.mount_of(facts.path)) and mount.on_windows:
            raise Waits(
                f"waits for setup.caches-on-linux-fs: {facts.path} lies on {mount.windows_path or mount.target}"
            )
    return tuple(LocalBin(facts, snapshot.user.uid, user_told(snapshot)) for facts in found)


def _home(snapshot: Snapshot, place: Place) -> Home:
    owner, uid = place.folder.stat, snapshot.user.uid
    if owner is None or uid is None:
        raise MissingTool(f"whose {place.path} is, is not known: the target has neither stat, ls nor id")
    account = next((account.home for account in snapshot.accounts if account.uid == uid), None)
    return Home(place, owner.uid, uid, account)
