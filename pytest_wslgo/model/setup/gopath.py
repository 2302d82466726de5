"""GOPATH and GOBIN: where modules go, and where ``go install`` puts programs."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.setup.folders import set_values_of, values_of
from pytest_wslgo.model.setup.place import is_absolute
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from pytest_wslgo.model.setup.setting import Setting
    from pytest_wslgo.model.snapshot import Snapshot

_WINDOWS: Final = re.compile(r"\\|(?:^|:)[A-Za-z]:/")


@dataclass(frozen=True, slots=True)
class Gopath:
    """A GOPATH of the user's shells. ``goroots`` are the SDKs that those shells use, as paths without links."""

    setting: Setting
    goroots: tuple[str, ...]
    reals: tuple[str, ...]

    @property
    def entries(self) -> tuple[str, ...]:
        """Return its directories; Go ignores empty ones, and separates at every colon, that of ``C:`` too."""
        return tuple(entry for entry in self.setting.value.split(":") if entry)

    @property
    def is_windows(self) -> bool:
        """Tell whether it is written the Windows way."""
        return bool(_WINDOWS.search(self.setting.value))

    @property
    def with_tilde(self) -> tuple[str, ...]:
        """Return the entries that begin with ``~``, which only a shell would expand."""
        return tuple(entry for entry in self.entries if entry.startswith("~"))

    @property
    def relative(self) -> tuple[str, ...]:
        """Return the entries that are no absolute paths."""
        return tuple(entry for entry in self.entries if not entry.startswith(("/", "~")))

    @property
    def is_goroot(self) -> bool:
        """Tell whether an entry is the SDK itself, by its name or through links."""
        return bool(set(self.goroots) & set(self.reals))

    @property
    def told(self) -> str:
        """Return what sets it, in words."""
        return self.setting.told


@dataclass(frozen=True, slots=True)
class InstallTarget:
    """Where ``go install`` puts programs in the login shell, why there, and whether PATH (``search``) leads there."""

    path: str
    because: str
    search: tuple[str, ...]
    on_path: bool

    @property
    def told(self) -> str:
        """Return the directory, why it is that one, and the PATH, in words."""
        search = short(":".join(self.search), 300)
        return f"go install writes to {self.path} ({self.because}); PATH of the login shell is {search}"


def gopaths(snapshot: Snapshot) -> tuple[Gopath, ...]:
    """Return the GOPATH of each shell; raises Waits."""
    return tuple(_gopath(snapshot, setting) for setting in values_of(snapshot, "GOPATH"))


def install_target(snapshot: Snapshot) -> InstallTarget:
    """Return where ``go install`` writes in the login shell: GOBIN, or bin in the first entry of GOPATH.

    Raises Waits where that shell has no go, or one of the two is no absolute path.
    """
    login = snapshot.login
    if not login.go_path:
        raise Waits("waits for setup.go-on-path: the login shell finds no go")
    seen = replace(snapshot, shells=(login,))
    gobin = next(iter(set_values_of(seen, "GOBIN")), None)
    if gobin is not None and not is_absolute(gobin):
        raise Waits(f"waits for setup.gobin-sane: {gobin.told}")
    path, because = (gobin.value, gobin.told) if gobin else _bin_of_gopath(seen)
    return InstallTarget(posixpath.normpath(path), because, login.path, _leads_to(snapshot, login.path, path))


def _gopath(snapshot: Snapshot, setting: Setting) -> Gopath:
    goroots = {snapshot.shell(shell).go("GOROOT") or "" for shell in setting.shells} - {""}
    entries = [entry for entry in setting.value.split(":") if entry.startswith("/")]
    return Gopath(
        setting,
        tuple(sorted(_real(snapshot, path) for path in goroots)),
        tuple(_real(snapshot, path) for path in entries),
    )


def _bin_of_gopath(snapshot: Snapshot) -> tuple[str, str]:
    for gopath in values_of(snapshot, "GOPATH"):
        first = next((entry for entry in gopath.value.split(":") if entry), "")
        if first.startswith("/"):
            return f"{first}/bin", f"GOBIN is not set, {gopath.told}"
    raise Waits("waits for setup.gopath-sane: GOPATH gives no directory in the login shell")


def _leads_to(snapshot: Snapshot, search: tuple[str, ...], path: str) -> bool:
    """Tell whether an entry of PATH is this directory, by its name or, where it is recorded, through links."""
    entries = [entry for entry in search if entry.startswith("/")]
    named = posixpath.normpath(path) in map(posixpath.normpath, entries)
    return named or _real(snapshot, path) in {_real(snapshot, entry) for entry in entries}


def _real(snapshot: Snapshot, path: str) -> str:
    folder = snapshot.folder(path)
    return posixpath.normpath(folder.real if folder else path)
