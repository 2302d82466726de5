"""The directories that Go uses in the user's shells: caches, where it builds, and which of them are not on Linux."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import Waits, WslgoError
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.setup.home import home_places, home_problem
from pytest_wslgo.model.setup.origin import origin_of
from pytest_wslgo.model.setup.place import is_absolute, places_of
from pytest_wslgo.model.setup.setting import Setting, settings_of, shells_with_go

if TYPE_CHECKING:
    from pytest_wslgo.model.setup.place import Place
    from pytest_wslgo.model.snapshot import Snapshot

_RUNS_FROM_CACHE: Final = GoVersion.parse("1.24")
_TMP: Final = ("TMPDIR", "/tmp", "the default")
_BELOW_HOME: Final = ("GOPATH", "GOMODCACHE", "GOCACHE")
_HEAVY: Final = ("GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE")


def values_of(snapshot: Snapshot, name: str) -> tuple[Setting, ...]:
    """Return a setting that is a path, as it was set: for a GOCACHE that it cannot use, go itself says ``off``.

    Raises Waits where no Linux go answers, or where Go makes up the default from a HOME that is broken.
    """
    settings = tuple(setting for setting in settings_of(snapshot, name) if _is_native(snapshot, setting))
    for setting in settings:
        if not setting.explicit and name in _BELOW_HOME:
            _need_home(snapshot, setting)
    return tuple(_as_set(snapshot, setting) for setting in settings if setting.value)


def set_values_of(snapshot: Snapshot, name: str) -> tuple[Setting, ...]:
    """Return a setting that is a path where somebody set it; since Go 1.27 `go env` shows the default of GOBIN too."""
    settings = (setting for setting in settings_of(snapshot, name) if setting.explicit)
    return tuple(_as_set(snapshot, setting) for setting in settings if _is_native(snapshot, setting))


def temporary_values(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return where Go builds in each shell: GOTMPDIR, else TMPDIR, else /tmp."""
    found: dict[tuple[str, str, str], list[str]] = {}
    shells = shells_with_go(snapshot)
    for shell in shells:
        origins = [origin_of(snapshot, name, shell.name) for name in ("GOTMPDIR", "TMPDIR")]
        chosen = next(((one.name, one.value, one.where) for one in origins if one.value), _TMP)
        found.setdefault(chosen, []).append(shell.name)
    return tuple(
        Setting(name, value, tuple(names), where, everywhere=len(names) == len(shells) > 1)
        for (name, value, where), names in found.items()
    )


def caches_that_run_programs(snapshot: Snapshot) -> tuple[Place, ...]:
    """Return the build caches of shells whose Go is 1.24 or newer: `go run` and `go tool` start programs from there."""
    caches = places_of(snapshot, values_of(snapshot, "GOCACHE"))
    return tuple(cache for cache in caches if any(_runs_from_cache(snapshot, shell) for shell in cache.setting.shells))


def foreign_places(snapshot: Snapshot) -> tuple[Place, ...]:
    """Return the directories of Go's heavy traffic that are not on a Linux file system, GOPATH's entry by entry.

    HOME comes first where it is the cause.
    """
    settings = [setting for name in _HEAVY for setting in values_of(snapshot, name)]
    entries = [replace(setting, value=path) for setting in settings for path in _paths(setting)]
    places = places_of(snapshot, (*entries, *temporary_values(snapshot)))
    foreign = tuple(place for place in places if not place.on_linux)
    below = tuple(home for home in home_places(snapshot) if any(_is_below(place.path, home.path) for place in foreign))
    return (*below, *foreign)


def foreign_told(places: tuple[Place, ...]) -> str:
    """Return which directories lie on which file systems, each file system once."""
    lying: dict[str, list[str]] = {}
    for place in places:
        lying.setdefault(place.mount_told, []).append(place.told)
    return "; ".join(f"{where}: {', '.join(dict.fromkeys(names))}" for where, names in lying.items())


def _is_native(snapshot: Snapshot, setting: Setting) -> bool:
    """Tell whether a Linux go has this value; raises Waits for another, as its paths are those of its own system."""
    for shell in setting.shells:
        if snapshot.shell(shell).go("GOHOSTOS") not in (None, "linux"):
            raise Waits(f"waits for setup.go-is-native: the go of the {shell} shell is not for Linux")
    return True


def _need_home(snapshot: Snapshot, setting: Setting) -> None:
    """Raise Waits where Go made up a default from a HOME that is broken, or could make up none."""
    for shell in setting.shells:
        derived = not is_absolute(setting) or _is_below(setting.value, snapshot.shell(shell).get("HOME") or "")
        if derived and (problem := home_problem(snapshot, shell)):
            raise Waits(f"waits for setup.home-set: {problem}, and the default of {setting.name} lies below")


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")


def _as_set(snapshot: Snapshot, setting: Setting) -> Setting:
    value = origin_of(snapshot, setting.name, setting.shells[0]).value
    return replace(setting, value=value) if setting.explicit and value else setting


def _paths(setting: Setting) -> list[str]:
    return setting.value.split(":") if setting.name == "GOPATH" else [setting.value]


def _runs_from_cache(snapshot: Snapshot, shell: str) -> bool:
    try:
        return GoVersion.parse(snapshot.shell(shell).go("GOVERSION") or "") >= _RUNS_FROM_CACHE
    except WslgoError:
        return True  # a version of somebody's own
