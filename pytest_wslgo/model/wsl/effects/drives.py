"""Windows drives in the mount table, against [automount]; and which directories of a build lie on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.drvfs_options import parse_drvfs_options, strips_exec
from pytest_wslgo.model.wsl.effective import effective_value
from pytest_wslgo.model.wsl.effects.machine import applied_conf, host_of, in_effect

if TYPE_CHECKING:
    from pytest_wslgo.model.mounts import Mount
    from pytest_wslgo.model.snapshot import Snapshot

_FSTAB: Final = "/etc/fstab"
_SHOWN_IN_TABLE: Final = ("uid", "gid", "umask", "dmask", "fmask", "case")
_OF_A_BUILD: Final = ("GOROOT", "GOCACHE", "GOMODCACHE", "GOPATH", "GOBIN", "GOTMPDIR")


def automount_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what the mount table shows otherwise than automount.enabled and automount.root say.

    A drive that /etc/fstab mounts is none of theirs.
    """
    conf, host = applied_conf(snapshot), host_of(snapshot)
    enabled = effective_value(conf, "automount.enabled", host).value is True
    root = str(conf.value("automount.root"))
    drives = _automounted(snapshot)
    if not enabled:
        return tuple(f"automount.enabled is off, but {_told(drive)} and {_FSTAB} has no such line" for drive in drives)
    at_home = [drive for drive in drives if drive.target == f"{root}{(drive.drive or '').lower()}"]
    away = [drive for drive in drives if drive not in at_home]
    if not drives:
        return (f"automount.enabled is on, but no Windows drive is mounted below {root}",)
    return tuple(f"automount.root is {root}, but {_told(drive)}" for drive in away)


def automount_options_differ(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the options that are mistakes, and those that a drive does not show; virtiofs shows none."""
    written = applied_conf(snapshot).text("automount.options") or ""
    options = parse_drvfs_options(written)
    found = [f"automount.options: {option.problem}" for option in options if option.problem]
    if strips_exec(written):
        found.append(f"automount.options are {written}, which leaves no file on a Windows drive that can be executed")
    asked = {option.name: option.value for option in options if not option.problem}
    for drive in _automounted(snapshot):
        if drive.fstype != "virtiofs":
            found += _missing(drive, asked)
    return tuple(found)


def _missing(drive: Mount, asked: dict[str, str | None]) -> list[str]:
    shown = dict(word.partition("=")[::2] for word in drive.drvfs_options)
    found = []
    for name, value in asked.items():
        value = "dir" if (name, value) == ("case", "force") and drive.fstype == "9p" else value
        if name in _SHOWN_IN_TABLE and not _same(name, value or "", shown.get(name)):
            has = f"has {name}={shown[name]}" if name in shown else f"has no {name}"
            found.append(f"automount.options ask for {name}={value}, but {drive.target} {has}")
        elif name == "metadata" and name not in shown:
            found.append(f"automount.options ask for metadata, but {drive.target} has none")
    return found


def _same(name: str, asked: str, shown: str | None) -> bool:
    if shown is None:
        return False
    if name.endswith("mask") and shown.isdigit():
        return asked.lstrip("0") == shown.lstrip("0")
    return asked == shown


def build_on_windows(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the directories of a build that lie on a Windows drive or share."""
    shell = snapshot.login
    named = [(name, shell.go(name)) for name in _OF_A_BUILD]
    named += [("TMPDIR", shell.get("TMPDIR")), ("the module", snapshot.subject)]
    paths = [(name, path) for name, value in named for path in (value or "").split(":") if path.startswith("/")]
    mounts = [(name, path, snapshot.mount_of(path)) for name, path in paths]
    return tuple(
        f"{name} {path} lies on {mount.target} ({mount.fstype})"
        for name, path, mount in mounts
        if mount and mount.on_windows
    )


def root_of(snapshot: Snapshot) -> str:
    """Return the directory that drives are mounted below."""
    return str(in_effect(snapshot, "automount.root").value)


def _automounted(snapshot: Snapshot) -> list[Mount]:
    fstab = [line.split() for line in (snapshot.text(_FSTAB) or "").splitlines() if not line.lstrip().startswith("#")]
    theirs = {fields[1].replace("\\040", " ").rstrip("/") for fields in fstab if len(fields) > 1}
    return [mount for mount in snapshot.mounts if mount.is_windows_drive and mount.target.rstrip("/") not in theirs]


def _told(drive: Mount) -> str:
    return f"{drive.drive}: is mounted on {drive.target}"
