"""What the module tells an editor: .vscode/launch.json and devcontainer.json, in JSON with comments.

Windows paths in parts that are for Windows are no fault: blocks named ``windows``, configurations of another debugger,
``substitutePath`` (its ``from`` is the editor's side).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.setup.subject import subject_of
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.snapshot import Snapshot

_NOT_OURS: Final = ("windows", "osx", "substitutePath")
_WINDOWS = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]:(?:\\|/(?!/))|^\\\\|\.\.?\\|\$\{env:(?:USERPROFILE|APPDATA|LOCALAPPDATA|HOMEPATH)\}"
    r"|%(?:USERPROFILE|APPDATA|LOCALAPPDATA|HOMEPATH)%",
    re.IGNORECASE,
)
_GNU_COMPILER = re.compile(r"(?<![\w-])[\w-]+-gnu-(?:gcc|g\+\+|cc)(?![\w-])")
_INSTALLS_GCC = re.compile(r"\bapk\b.*\badd\b.*\b(?:build-base|gcc|clang|musl-dev)\b")
_APT = re.compile(r"\bapt(?:-get)?\s+(?:-\S+\s+)*install\b")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that an editor reads; ``problem`` says why it cannot be read, else ``tree`` is its content."""

    path: str
    tree: object = None
    problem: str | None = None

    @property
    def told(self) -> str:
        """State the file and its problem."""
        return f"{self.path} {self.problem or 'is read'}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A string of such a file at its place, and what is wrong with it."""

    path: str
    place: str
    text: str
    why: str

    @property
    def told(self) -> str:
        """State the file, the place, the string and its fault."""
        return f"{self.path}: {self.place} is {short(self.text, 80)!r}, {self.why}"


def config_files(snapshot: Snapshot) -> tuple[ConfigFile, ...]:
    """Return the editor's files of the module and of its repository's top; none where there is none.

    Raises DeclaredAbsent when the caller named no module.
    """
    subject_of(snapshot)
    return tuple(_parsed(file.path, file.text) for file in snapshot.files if _is_ours(file.path))


def unreadable(snapshot: Snapshot) -> tuple[ConfigFile, ...]:
    """Return the files that an editor cannot read either. Raises as ``config_files``."""
    return tuple(file for file in config_files(snapshot) if file.problem)


def windows_entries(snapshot: Snapshot) -> tuple[Entry, ...]:
    """Return the strings that only mean something on Windows. Raises as ``config_files``."""
    return tuple(
        Entry(file.path, place, text, "which means nothing on Linux")
        for file in config_files(snapshot)
        for place, text in _strings(_for_go(file.tree))
        if _WINDOWS.search(text)
    )


def cgo_contradictions(snapshot: Snapshot) -> tuple[Entry, ...]:
    """Return what asks for cgo with glibc, or for a compiler that is not there, on an image of Alpine.

    Raises as ``config_files``.
    """
    found: list[Entry] = []
    for file in config_files(snapshot):
        if file.path.endswith("devcontainer.json") and (image := _alpine(file.tree)):
            found += _against_musl(file, image)
    return tuple(found)


def _is_ours(path: str) -> bool:
    if posixpath.basename(path) in ("devcontainer.json", ".devcontainer.json"):
        return True
    return path.endswith("/.vscode/launch.json")


def _parsed(path: str, text: str | None) -> ConfigFile:
    import jsonc

    if text is None:
        return ConfigFile(path, problem="cannot be opened")
    try:
        return ConfigFile(path, jsonc.loads(text.removeprefix("\ufeff")))
    except jsonc.JSONDecodeError as error:
        line = error.doc[error.doc.rfind("\n", 0, error.pos) + 1 :].partition("\n")[0]
        where = f"in {short(line, 80)!r}" if line else "at its end"
        return ConfigFile(path, problem=f"is no JSON with comments: {error.msg} {where}")
    except RecursionError:
        return ConfigFile(path, problem="is no JSON with comments that an editor reads: it is nested too deeply")


def _for_go(tree: object) -> object:
    """Leave out the configurations of other debuggers."""
    if not isinstance(tree, dict) or not isinstance(tree.get("configurations"), list):
        return tree
    ours = [one for one in tree["configurations"] if not isinstance(one, dict) or one.get("type", "go") == "go"]
    return {**tree, "configurations": ours}


def _strings(tree: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string with its place, such as ``configurations[0].cwd``."""
    match tree:
        case str():
            yield place, tree
        case dict():
            for key, value in tree.items():
                if key not in _NOT_OURS:
                    yield from _strings(value, f"{place}.{key}" if place else key)
        case list():
            for number, item in enumerate(tree):
                yield from _strings(item, f"{place}[{number}]")


def _alpine(tree: object) -> str | None:
    return next(
        (text for place, text in _strings(tree) if place in ("image", "build.args.VARIANT") and "alpine" in text), None
    )


def _against_musl(file: ConfigFile, image: str) -> Iterator[Entry]:
    strings = tuple(_strings(file.tree))
    compiler = any(_INSTALLS_GCC.search(text) for _, text in strings)
    for place, text in strings:
        name = place.rpartition(".")[2]
        if _GNU_COMPILER.search(text):
            yield Entry(file.path, place, text, f"a compiler for glibc, and {image} has musl")
        elif _APT.search(text):
            yield Entry(file.path, place, text, f"and {image} has apk, not apt")
        elif not compiler and _turns_cgo_on(name, text):
            yield Entry(file.path, place, text, f"and {image} has no C compiler; what one makes there needs musl")


def _turns_cgo_on(name: str, text: str) -> bool:
    return (name == "CGO_ENABLED" and text == "1") or "CGO_ENABLED=1" in text
