"""A double of a Go SDK: links to the parts of a real one, and a go command of its own that has a fault."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.faults.fault import Fault

_OFFICIAL = {"VERSION", "LICENSE", "PATENTS"}


def plant(fault: Fault, sdk: Path, double: Path, compilers: Mapping[str, str] | None = None) -> None:
    """Make ``double`` a directory that looks like the SDK in ``sdk``, with the fault in it.

    ``compilers`` are the values for CC that stand behind the names in the fault's swaps: ``@zig-gnu@``.
    """
    _overlay(sdk, double, [PurePosixPath("bin/go"), *map(PurePosixPath, fault.files)])
    for name, text in fault.files.items():
        (double / name).write_text(text)
    for name, script in fault.tools.items():
        _make_executable(double / "bin" / name, script)
    if fault.dynamic:
        _make_dynamic(sdk, double)
    else:
        _make_executable(double / "bin" / "go", _go_script(fault, sdk, double, compilers or {}))


def _overlay(original: Path, copy: Path, replaced: list[PurePosixPath]) -> None:
    """Fill ``copy`` with links to what ``original`` holds; directories on the way to a replaced file are made anew."""
    copy.mkdir()
    for entry in original.iterdir():
        below = [PurePosixPath(*path.parts[1:]) for path in replaced if path.parts[0] == entry.name]
        if not below:
            (copy / entry.name).symlink_to(entry)
        elif entry.is_dir():
            _overlay(entry, copy / entry.name, below)


def _make_executable(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def _go_script(fault: Fault, sdk: Path, double: Path, compilers: Mapping[str, str]) -> str:
    real = shlex.quote(str(sdk / "bin" / "go"))
    return "\n".join(
        (
            "#!/bin/sh",
            f"# {fault.breaks}",
            f"export GOROOT={shlex.quote(str(double))}",
            *(f"export {name}={shlex.quote(value)}" for name, value in fault.env.items()),
            *(f'[ -n "${name}" ] || export {name}={shlex.quote(value)}' for name, value in fault.defaults.items()),
            *_swaps(fault, compilers),
            "made= previous=",
            "for word; do",
            '    [ "$previous" = -o ] && made=$word',
            "    previous=$word",
            "    shift",
            "    case $word in",
            *(f'    {_pattern(given)}) set -- "$@" {_words(got)} ;;' for given, got in fault.arguments.items()),
            '    *) set -- "$@" "$word" ;;',
            "    esac",
            "done",
            f'{real} "$@"' + (" 2>/dev/null" if fault.silent else ""),
            "status=$?",
            *(f'[ ! -f "$made" ] || /bin/sed -i -E {shlex.quote(command)} "$made"' for command in fault.patch),
            "exit $status\n",
        )
    )


def _swaps(fault: Fault, compilers: Mapping[str, str]) -> Iterator[str]:
    named = {f"@{name}@": cc for name, cc in compilers.items()}
    for variable, swaps in fault.swaps.items():
        for given, value in swaps.items():
            new = shlex.quote(named.get(value, value))
            yield f"case ${variable} in {_pattern(given)}) export {variable}={new} ;; esac"


def _pattern(given: str) -> str:
    """Quote all of a shell pattern but its stars.

    >>> _pattern("-ldflags=-s -w*")
    "'-ldflags=-s -w'*"
    """
    return "*".join(shlex.quote(part) if part else "" for part in given.split("*"))


def _words(got: Iterable[str]) -> str:
    """Quote the words that go gets; @word@ is the argument that they stand for.

    >>> _words(["@word@", "-buildmode=c-archive"])
    '"$word" -buildmode=c-archive'
    """
    return " ".join('"$word"' if word == "@word@" else shlex.quote(word) for word in got)


def _make_dynamic(sdk: Path, double: Path) -> None:
    """Compile a go command that needs libc; the files at the root tell the official archive."""
    for name in _OFFICIAL - {path.name for path in double.iterdir()}:
        (double / name).touch()
    program = (
        "#include <stdlib.h>\n#include <unistd.h>\n"
        f'int main(int c, char **v) {{ setenv("GOROOT", "{double}", 1); return execv("{sdk}/bin/go", v); }}\n'
    )
    argv = ["gcc", "-x", "c", "-o", str(double / "bin" / "go"), "-"]
    subprocess.run(argv, input=program, text=True, check=True, timeout=60)
