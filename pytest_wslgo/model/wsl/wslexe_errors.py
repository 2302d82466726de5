"""How ``wsl.exe`` says that it failed: its exit status and its error code, which is the same in every language.

Its own failures end with -1 (4294967295 for Windows, 255 for Linux), and so does ``--help``; any other status is that
of the Linux command. Source: microsoft/WSL, ``src/windows/common/WslClient.cpp`` and ``wslutil.cpp``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pytest_wslgo.model.tables import read_toml, to_value
from pytest_wslgo.model.wsl.captures import lines_of

OWN_FAILURES: Final = (-1, 0xFFFFFFFF)
_THROUGH_INTEROP: Final = 255
_TABLE: Final = Path(__file__).with_name("wslexe_errors.toml")
_CODE: Final = re.compile(
    r"(?<![\w/.])((?:[A-Za-z][A-Za-z0-9]{0,40}/){1,12})((?:[A-Z][A-Z0-9]*_)+[A-Z0-9_]+|0x[0-9a-fA-F]{8})(?![\w/])"
)
_NUMBER: Final = re.compile(r"(?<![\w/])0x[0-9a-fA-F]{8}\b")
_EXEC: Final = re.compile(r"execv?p?e?\((?P<program>.*?)\) failed: (?P<reason>.+)")


@dataclass(frozen=True, slots=True)
class KnownError:
    """An error that WSL names. ``number`` is its HRESULT."""

    number: int
    meaning: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class WslError:
    """What wsl.exe said when it failed.

    ``code`` as printed, ``Wsl/Service/WSL_E_DISTRO_NOT_FOUND``; ``steps`` what stands before the last slash. ``name``
    and ``meaning`` are None for an error that we do not know. ``message`` are the lines before the code, in the
    language of Windows.
    """

    code: str
    steps: tuple[str, ...] = ()
    name: str | None = None
    number: int | None = None
    meaning: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class ExecFailure:
    """WSL started, but the program could not: ``execvpe(go) failed: No such file or directory``; the status is 1."""

    program: str
    reason: str


@cache
def known_errors() -> tuple[KnownError, ...]:
    """Return the errors of the table."""
    tables = read_toml(_TABLE, what="table of errors").items()
    return tuple(
        to_value({**table, "name": name}, KnownError, where=f"{_TABLE.name} [{name}]") for name, table in tables
    )


def parse_error(output: bytes | str) -> WslError | None:
    """Find the error code in what wsl.exe printed, on either stream; None when there is none.

    >>> parse_error("Fehlercode: Wsl/Service/WSL_E_DISTRO_NOT_FOUND").name
    'WSL_E_DISTRO_NOT_FOUND'
    """
    lines = lines_of(output)
    for place, line in enumerate(lines):
        if found := _CODE.search(line):
            code, steps, last = found[0], tuple(found[1].strip("/").split("/")), found[2]
        elif found := _NUMBER.search(line):
            code, steps, last = found[0], (), found[0]
        else:
            continue
        known = _known(last)
        number = int(last, 16) if last.startswith("0x") else known.number if known else None
        return WslError(
            code=code,
            steps=steps,
            name=known.name if known else None if last.startswith("0x") else last,
            number=number,
            meaning=known.meaning if known else None,
            message="\n".join(lines[:place]),
        )
    return None


def parse_exec_failure(output: bytes | str) -> ExecFailure | None:
    """Find WSL's complaint that it could not start the program; None when there is none."""
    for line in lines_of(output):
        if found := _EXEC.search(line):
            return ExecFailure(found["program"], found["reason"])
    return None


def is_own_failure(status: int | None, output: bytes | str = b"", *, through_interop: bool = False) -> bool:
    """Tell whether wsl.exe itself failed, not the command in it.

    Through interop Linux sees the lower byte alone, so that 255 is its own failure only with an error code beside it.
    """
    if status in OWN_FAILURES:
        return True
    return through_interop and status == _THROUGH_INTEROP and parse_error(output) is not None


def _known(last: str) -> KnownError | None:
    number = int(last, 16) if last.startswith("0x") else None
    return next((one for one in known_errors() if one.name == last or one.number == number), None)
