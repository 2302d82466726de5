"""GOFLAGS, which is added to every go command: does it parse, and what does it change behind the user's back?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.setup.setting import Setting, settings_of, shells_with_go
from pytest_wslgo.model.setup.telling import short
from pytest_wslgo.model.setup.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.snapshot import Snapshot

MODE: Final = {
    "buildmode": "sets the build mode of every build",
    "race": "builds everything with the race detector, which needs cgo",
    "msan": "builds everything with the memory sanitizer, which needs clang",
    "asan": "builds everything with the address sanitizer, which needs cgo",
    "compiler": "chooses another compiler",
    "toolexec": "runs every tool of the build through another program",
    "linkmode": "sets the link mode of every build",
}
MODULE: Final = {
    "mod": "pins how modules are resolved",
    "modfile": "replaces the go.mod of every module",
    "overlay": "replaces source files in every build",
}
RELICS: Final = {"insecure": "is refused by go get since Go 1.17; GOINSECURE names the hosts instead"}
# A flag of `go env`, so that go does not refuse it; builds leave it out.
MISPLACED: Final = {"w": "is no flag of a build; a value with blanks needs quotes around the flag: '-ldflags=-s -w'"}
_SWITCHED_OFF = ("false", "0", "f", "F", "FALSE", "False")
_GO_REFUSED = re.compile(r"go: parsing \$GOFLAGS: (.*)")


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of GOFLAGS and what is wrong with it."""

    setting: Setting
    text: str
    why: str

    @property
    def told(self) -> str:
        """State the flag, its effect, and where GOFLAGS comes from."""
        what = f"{short(self.text, 60)} {self.why}" if self.text else self.why
        return f"{self.setting.told}: {what}"


def changes_builds(value: str) -> bool:
    """Tell whether a GOFLAGS has any flag that this module objects to; -v, -modcacherw or -buildvcs=false are none.

    >>> changes_builds("-buildvcs=false"), changes_builds("-v -ldflags=-s")
    (False, True)
    """
    split = split_words(value)
    bad = MODE | MODULE | RELICS | MISPLACED
    changing = any(_effect(word, bad) or not _name(word) for word in split.words)
    linking = any(_effect(word, MODE) for word in _linker_words(value))
    return bool(split.problem or changing or linking or _stripping_words(value))


def unparsable(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Return what go cannot read in GOFLAGS: as go said it where it did, else by Go's rules. Raises Waits."""
    return tuple(flag for setting in _settings(snapshot) for flag in _refused(snapshot, setting))


def changed_modes(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Return the flags that change what every build makes. Raises Waits without a go."""
    return tuple(_matching(snapshot, MODE))


def pinned_modules(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Return the flags that change which modules and files are built. Raises Waits without a go."""
    return tuple(_matching(snapshot, MODULE))


def relics(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Return the flags that once switched off checks of the network. Raises Waits without a go."""
    return tuple(_matching(snapshot, RELICS))


def stripped_debug(snapshot: Snapshot) -> tuple[Flag, ...]:
    """Return the linker flags in GOFLAGS that drop debug information or symbols. Raises Waits without a go."""
    why = "drops the debug information of every build"
    return tuple(
        Flag(setting, f"-ldflags={word}", why)
        for setting in _settings(snapshot)
        for word in _stripping_words(setting.value)
    )


def _settings(snapshot: Snapshot) -> tuple[Setting, ...]:
    return tuple(setting for setting in settings_of(snapshot, "GOFLAGS") if setting.value)


def _matching(snapshot: Snapshot, effects: dict[str, str]) -> Iterator[Flag]:
    for setting in _settings(snapshot):
        for word in (*split_words(setting.value).words, *_linker_words(setting.value)):
            if why := _effect(word, effects):
                yield Flag(setting, word, why)


def _refused(snapshot: Snapshot, setting: Setting) -> Iterator[Flag]:
    for shell in shells_with_go(snapshot, "GOFLAGS"):
        answer = shell.go_version
        said = _GO_REFUSED.search(answer.err) if answer and shell.name in setting.shells else None
        if said:
            yield Flag(setting, "", f"go refuses it ({said[1]})")
            return
    split = split_words(setting.value)
    if split.problem:
        yield Flag(setting, "", f"it has an {split.problem}")
    for word in split.words:
        if not _name(word):
            yield Flag(setting, word, "is no flag; a flag with a value is -name=value, quoted as a whole for blanks")
        elif why := _effect(word, MISPLACED):
            yield Flag(setting, word, why)


def _linker_words(value: str) -> tuple[str, ...]:
    """Return the words of the last -ldflags, which is the one that counts; a package pattern may precede them."""
    values = [word.partition("=")[2] for word in split_words(value).words if _name(word) == "ldflags"]
    if not values:
        return ()
    pattern, equals, words = values[-1].partition("=")
    return split_words(words if equals and not pattern.startswith("-") else values[-1]).words


def _stripping_words(value: str) -> tuple[str, ...]:
    return tuple(word for word in _linker_words(value) if _is_on(word, "s") or _is_on(word, "w"))


def _effect(word: str, effects: dict[str, str]) -> str | None:
    off = word.partition("=")[2] in _SWITCHED_OFF
    return None if off else effects.get(_name(word))


def _name(word: str) -> str:
    """Return the name of a flag, or "" for what is none: ``-x``, ``--x``, ``-x=value``.

    >>> _name("--mod=vendor"), _name("vendor"), _name("-=x")
    ('mod', '', '')
    """
    found = re.match(r"--?(?!-)([^=]+)", word)
    return found[1] if found else ""


def _is_on(word: str, name: str) -> bool:
    _, equals, value = word.partition("=")
    return _name(word) == name and not (equals and value in _SWITCHED_OFF)
