"""PATH of the login shell, up to the entry that has go: what stands there in vain, twice, or where it can surprise."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.setup.go_command import login_go
from pytest_wslgo.model.setup.origin import origin_of_path_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_wslgo.model.snapshot import Snapshot

# What the system itself puts on PATH, whether or not the directories were ever made; and snapd's, which it adds behind
# the Windows entries.
_OF_THE_SYSTEM: Final = frozenset(
    f"{prefix}/{folder}" for prefix in ("", "/usr", "/usr/local") for folder in ("bin", "sbin", "games")
)
_OF_SNAPD: Final = frozenset({"/snap/bin", "/var/lib/snapd/snap/bin"})


@dataclass(frozen=True, slots=True)
class PathEntries:
    """Some entries of PATH and where they come from."""

    entries: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True)
class PathHead:
    """The entries of PATH that are searched before go is found."""

    repeated: PathEntries
    relative: PathEntries
    empty: PathEntries
    missing: PathEntries
    on_windows: PathEntries


def path_head(snapshot: Snapshot) -> PathHead:
    """Return what is odd on the login PATH up to the entry that has go; raise Waits when it finds none.

    An entry that the session had once and the login shell adds once more is no repetition: that is what a start-up
    file does when a session starts a second login shell.
    """
    path, before, home = _split(snapshot)
    real = [entry for entry in before if entry.startswith("/")]
    inherited = snapshot.plain.path

    def repeated(entry: str) -> bool:
        count = path.count(entry) if entry == home else before.count(entry)
        return count > 1 + (inherited.count(entry) == 1)

    def missing(entry: str) -> bool:
        return entry not in snapshot.path_folders and posixpath.normpath(entry) not in _OF_THE_SYSTEM

    return PathHead(
        repeated=_entries(snapshot, [*real, home], repeated, "more than once"),
        relative=_entries(snapshot, before, lambda entry: bool(entry) and entry[0] != "/", "a relative entry"),
        empty=_entries(snapshot, before, lambda entry: not entry, "the current directory"),
        missing=_entries(snapshot, real, missing, "not there"),
        on_windows=_entries(
            snapshot, [] if home in _OF_SNAPD else real, lambda entry: _on_windows(snapshot, entry), "on Windows"
        ),
    )


def _split(snapshot: Snapshot) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    path = snapshot.login.path
    home = posixpath.dirname(posixpath.normpath(login_go(snapshot).path or ""))
    place = next((place for place, entry in enumerate(path) if entry and posixpath.normpath(entry) == home), len(path))
    return path, path[:place], path[place] if place < len(path) else home


def _entries(
    snapshot: Snapshot, entries: list[str] | tuple[str, ...], odd: Callable[[str], bool], what: str
) -> PathEntries:
    found = tuple(dict.fromkeys(entry for entry in entries if odd(entry)))
    shown = (f"{entry or 'an empty entry'} ({origin_of_path_entry(snapshot, entry).where})" for entry in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    told = f"before go on the login shell's PATH, {what}: {', '.join(shown)}{more}"
    return PathEntries(found, told if found else f"before go on the login shell's PATH, nothing is {what}")


def _on_windows(snapshot: Snapshot, entry: str) -> bool:
    mount = snapshot.mount_of(entry)
    return bool(mount and mount.on_windows)
