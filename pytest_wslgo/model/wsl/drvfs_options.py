"""The options of Windows drives: which of them DrvFs takes, which mount(8) gets, and which are mistakes.

``automount.options`` is appended to ``noatime,uid=…,gid=…,`` as it is; on WSL2 it is split at commas, without trimming,
and only exact prefixes count. Source: microsoft/WSL, ``src/linux/init/drvfs.cpp`` (ConvertDrvfsMountOptionsToPlan9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pytest_wslgo.errors import nearest

_VALUED: Final = ("uid", "gid", "umask", "dmask", "fmask", "case", "symlinkroot")
_PLAIN: Final = ("metadata", "ro")
_IGNORED: Final = ("fallback",)
_CASES: Final = ("dir", "force", "off")
_MOUNT_WORD: Final = re.compile(
    r"(?:no)?(?:atime|auto|dev|diratime|exec|iversion|lazytime|mand|relatime|strictatime|suid|user)"
    r"|a?sync|defaults|dirsync|group|loud|owner|remount|r[ow]|silent|users"
)
_OCTAL: Final = re.compile(r"[0-7]{1,4}", re.ASCII)
_ID: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_EXEC: Final = 0o111


@dataclass(frozen=True, slots=True)
class DrvfsOption:
    """One option as it stands between commas. ``problem`` says what is wrong with it, or is empty."""

    text: str
    name: str
    value: str | None
    problem: str = ""


def parse_drvfs_options(text: str) -> tuple[DrvfsOption, ...]:
    """Split options as WSL does, and say what is wrong with each.

    >>> [option.problem for option in parse_drvfs_options("metadata, umask=22")]
    ['', "' umask=22' begins with a blank, so that DrvFs does not take it; write umask=22 right behind the comma"]
    """
    return tuple(_option(word) for word in text.split(",") if word)


def mask_of(text: str, name: str) -> int:
    """Return the mask of this name (umask, fmask, dmask) that options set, the last of several; 0 when none does."""
    masks = [option.value for option in parse_drvfs_options(text) if option.name == name and not option.problem]
    return int(masks[-1] or "0", 8) if masks else 0


def strips_exec(text: str) -> bool:
    """Tell whether no file on the drive can be executed by anybody: ``fmask=111``, or umask and fmask together."""
    return (mask_of(text, "umask") | mask_of(text, "fmask")) & _EXEC == _EXEC


def _option(word: str) -> DrvfsOption:
    stripped = word.strip()
    name, equals, value = stripped.partition("=")
    return DrvfsOption(word, name.strip(), value if equals else None, _problem(word, stripped, name, equals, value))


def _problem(word: str, stripped: str, name: str, equals: str, value: str) -> str:
    if word != stripped and word.lstrip() != word:
        return f"{word!r} begins with a blank, so that DrvFs does not take it; write {stripped} right behind the comma"
    if word != stripped or name != name.rstrip() or (equals and value != value.lstrip()):
        return f"{word!r} has a blank in it, so that DrvFs does not take it; write it without blanks"
    if name in _VALUED:
        return _value_problem(word, name, value) if equals else f"{word!r} needs a value; write {word}=…"
    if name in _IGNORED:
        return f"{word!r} is ignored by DrvFs"
    if word in _PLAIN or _MOUNT_WORD.fullmatch(word):
        return ""
    guess = nearest(name, (*_VALUED, *_PLAIN))
    return f"{word!r} is no option of DrvFs; it goes to mount(8) as it is{guess}"


def _value_problem(word: str, name: str, value: str) -> str:
    if name in ("uid", "gid") and not _ID.fullmatch(value):
        return f"{word!r} is no number; DrvFs takes the number of the {'user' if name == 'uid' else 'group'} alone"
    if name.endswith("mask") and not _OCTAL.fullmatch(value):
        return f"{word!r} is no octal number; a mask is written as in umask(2), such as 022"
    if name == "case" and value not in _CASES:
        return f"{word!r} is none of {', '.join(f'case={case}' for case in _CASES)}{nearest(value, _CASES)}"
    return ""
