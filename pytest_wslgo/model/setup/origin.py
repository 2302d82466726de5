"""Where a value comes from: a shell's environment, the GOENV file, ``$GOROOT/go.env``, or Go itself.

Go asks in this order; an empty variable is an unset one (cmd/go/internal/cfg, EnvOrAndChanged).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.platform import PlatformKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.facts import Assignment, Shell
    from pytest_wslgo.model.snapshot import Snapshot

_BEFORE: Final = "inherited: set before the shell started"
_UNTOLD: Final = "set while the shell started"
_BARE: Final = "the PATH of a system without a session"


@dataclass(frozen=True, slots=True)
class Origin:
    """A value and the place that gives it, as in ``exported in /home/dev/.profile line 3``; ``told`` is a sentence.

    ``value`` is None when nothing sets the name.
    """

    name: str
    value: str | None
    where: str
    told: str


def origin_of(snapshot: Snapshot, name: str, shell: str = "login") -> Origin:
    """Return the value that Go uses for a setting in one of the user's shells, and where it comes from.

    A name that is no setting of Go's is looked up in the environment alone.
    """
    seen = snapshot.shell(shell)
    if value := seen.get(name):
        return _origin(name, value, _exported(snapshot, seen, name, value))
    for where, text in _go_files(snapshot, seen):
        if value := _assigned(text, name):
            return _origin(name, value, where)
    if value := seen.go(name):
        return _origin(name, value, "go's default")
    if seen.get(name) is not None:
        return _origin(name, "", _exported(snapshot, seen, name, ""))
    return Origin(name, None, "nowhere", f"{name} is not set in the {shell} shell.")


def origin_of_path_entry(snapshot: Snapshot, entry: str, shell: str = "login") -> Origin:
    """Return where an entry of PATH comes from, every place of one that is there twice.

    ``name`` is PATH and ``value`` the entry, None when it is not on the PATH of this shell.
    """
    seen, called = snapshot.shell(shell), entry or "an empty entry"
    if entry not in seen.path:
        return Origin("PATH", None, "nowhere", f"{called} is not on the PATH of the {shell} shell.")
    where = " and ".join(_entry_places(snapshot, seen, entry))
    return Origin("PATH", entry, where, f"{called} is on the PATH ({where}).")


def _origin(name: str, value: str, where: str) -> Origin:
    return Origin(name, value, where, f"{name} is {value or 'empty'} ({where}).")


def _exported(snapshot: Snapshot, shell: Shell, name: str, value: str) -> str:
    """Tell the last assignment that gave this value; what the shell did not set was there before."""
    mine = [one for one in _start_of(shell) if one.name == name and one.gives(value)]
    if traced := [one for one in mine if one.traced]:
        return _place(traced[-1])
    if shell.name == "bare" and name == "PATH":
        return _BARE
    if snapshot.plain.get(name) == value and not mine:
        return _inherited_value(snapshot, name, value)
    return _place(mine[-1]) if mine else _UNTOLD


def _inherited_value(snapshot: Snapshot, name: str, value: str) -> str:
    parents = (*_start_of(snapshot.login), *_start_of(snapshot.interactive))
    return _inherited(
        snapshot,
        name,
        before=(one for one in snapshot.plain.assignments if one.name == name and one.gives(value)),
        parents=(one for one in parents if one.name == name and one.gives(value)),
    )


def _entry_places(snapshot: Snapshot, shell: Shell, entry: str) -> tuple[str, ...]:
    """Tell what was there first, if it was, and each assignment that put the entry on PATH, once or once more."""
    if shell.name == "bare":
        return (_BARE,)
    kept, added = _entry_history(snapshot, shell, entry)
    places = [*([_inherited_entry(snapshot, entry)] if kept else []), *map(_place, added)]
    if not places:
        places = [_place(one) for one in _start_of(shell) if one.name == "PATH" and one.gives_entry(entry)]
    return tuple(dict.fromkeys(places)) or (_UNTOLD,)


def _entry_history(snapshot: Snapshot, shell: Shell, entry: str) -> tuple[int, tuple[Assignment, ...]]:
    """Return how many of this entry are still those of the session's PATH, and which assignments added one."""
    kept = count = snapshot.plain.path.count(entry)
    added: list[Assignment] = []
    for one in _start_of(shell):
        if one.name == "PATH" and _known(one):
            now = one.value.split(":").count(entry)
            added = [*added, one] if now > count else added if now else []
            kept, count = min(kept, now), now
    return kept, tuple(added)


def _inherited_entry(snapshot: Snapshot, entry: str) -> str:
    parents = (_entry_history(snapshot, shell, entry)[1] for shell in (snapshot.login, snapshot.interactive))
    return _inherited(
        snapshot,
        "PATH",
        before=(one for one in snapshot.plain.assignments if one.name == "PATH" and one.gives_entry(entry)),
        parents=itertools.chain.from_iterable(parents),
    )


def _start_of(shell: Shell) -> tuple[Assignment, ...]:
    """Return what the start-up files of this shell assign; a plain one reads none."""
    return shell.assignments if shell.name in ("login", "interactive") else ()


def _known(one: Assignment) -> bool:
    """Tell whether the value is that of the variable, not the words of a file."""
    return one.traced or not any(sign in one.value for sign in "$`~")


def _inherited(snapshot: Snapshot, name: str, *, before: Iterable[Assignment], parents: Iterable[Assignment]) -> str:
    """Name what was there before the shell, and what shows it: a file of PAM, systemd or sshd, Windows, the container.

    A session that was itself started by a shell of the user has the values of that shell's start-up files.
    """
    if found := next(iter(before), None):
        return f"{_BEFORE} ({found.file} line {found.line})"
    if name in {entry.partition("/")[0] for entry in (snapshot.plain.get("WSLENV") or "").split(":")}:
        return f"{_BEFORE} (by Windows: WSLENV names it)"
    if snapshot.platform.kind is PlatformKind.CONTAINER and _same_in_pid1(snapshot, name):
        return f"{_BEFORE} (by the container: its PID 1 has the same)"
    if found := next(iter(parents), None):
        return f"{_BEFORE} (probably by {found.file} line {found.line})"
    return "the environment of the session"


def _same_in_pid1(snapshot: Snapshot, name: str) -> bool:
    value = dict(snapshot.evidence.pid1_environ).get(name)
    return value is not None and value == snapshot.plain.get(name)


def _place(one: Assignment) -> str:
    return f"{'' if one.traced else 'probably '}exported in {one.file} line {one.line}"


def _go_files(snapshot: Snapshot, shell: Shell) -> tuple[tuple[str, str], ...]:
    """Return the files that Go reads settings from, in its order: how to call each, and its text."""
    config = shell.get("XDG_CONFIG_HOME") or f"{shell.get('HOME') or ''}/.config"
    goenv = shell.go("GOENV") or shell.get("GOENV") or f"{config}/go/env"
    sdk = snapshot.goroot(shell.go("GOROOT") or "")
    return (
        (f"the go env file {goenv}", snapshot.text(goenv) or ""),
        ("$GOROOT/go.env", (sdk.go_env_file if sdk else None) or ""),
    )


def _assigned(text: str, name: str) -> str:
    """Return the value of a variable in a file of lines NAME=VALUE; the last line wins."""
    lines = (line.partition("=") for line in reversed(text.split("\n")))
    return next((value for key, _, value in lines if key == name), "")
