"""A double of a Go SDK: links to the parts of a real one, and a go command of its own that has a fault.

That command is a script, which finds its tree as cmd/go does: GOROOT, else the place it lies in, links resolved, where
pkg/tool is. Then it starts a copy of the real go that lies in no tree, and so says what the real one says without one.
"""

from __future__ import annotations

import re
import shlex
import shutil
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
    _overlay(sdk, double, [PurePosixPath("bin/go"), *map(PurePosixPath, (*fault.files, *fault.dynamic))])
    for name, text in fault.files.items():
        (double / name).write_text(text)
    for name, script in fault.tools.items():
        _make_executable(double / "bin" / name, script)
    lone = double.with_name(f"{double.name}-go")
    shutil.copy(sdk / "bin" / "go", lone)
    script = _go_script(fault, lone, compilers or {}).replace("@sdk@", str(sdk)).replace("@double@", str(double))
    _make_executable(double / "bin" / "go", script)
    if fault.dynamic:
        _make_official(double)
    for name in fault.dynamic:
        _make_dynamic(double, name, lone if name == "bin/go" else sdk / name)


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


_PLACE = """\
place=$(LC_ALL=C /usr/bin/readlink -f "$0")
[ -n "$GOROOT" ] || [ ! -d "${place%/*/*}/pkg/tool" ] || export GOROOT="${place%/*/*}"
"""


def _go_script(fault: Fault, lone: Path, compilers: Mapping[str, str]) -> str:
    return "\n".join(
        (
            "#!/bin/sh",
            f"# {fault.breaks}",
            *(f"export {name}={shlex.quote(value)}" for name, value in fault.env.items()),
            *(f'[ -n "${name}" ] || export {name}={shlex.quote(value)}' for name, value in fault.defaults.items()),
            fault.before,
            _PLACE,
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
            *_changed_answers(fault, shlex.quote(str(lone))),
            f'{shlex.quote(str(lone))} "$@"' + (" 2>/dev/null" if fault.silent else ""),
            "status=$?",
            *(f'[ ! -f "$made" ] || LC_ALL=C /bin/sed -i -E {shlex.quote(command)} "$made"' for command in fault.patch),
            fault.after,
            "exit $status\n",
        )
    )


def _swaps(fault: Fault, names: Mapping[str, str]) -> Iterator[str]:
    for variable, swaps in fault.swaps.items():
        for given, value in swaps.items():
            named = re.sub("@([a-z0-9-]+)@", lambda found: names.get(found[1], found[0]), value)
            new = shlex.quote(named)
            yield f"case ${variable} in {_pattern(given)}) export {variable}={new} ;; esac"


def _changed_answers(fault: Fault, real: str) -> Iterator[str]:
    for words, command in fault.prints.items():
        answer = f"printf '%s\\n' \"$said\" | /bin/sed -E {shlex.quote(command)}"
        yield f'case $* in {_pattern(words)}) said=$({real} "$@"); status=$?; {answer}; exit $status ;; esac'


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


def _make_official(double: Path) -> None:
    """Lay down the files at the root that tell the official archive."""
    for name in _OFFICIAL - {path.name for path in double.iterdir()}:
        (double / name).touch()


_DYNAMIC = """\
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int c, char **v) {
    char place[4096] = "", tools[4200];
    struct stat there;
    if (readlink("/proc/self/exe", place, sizeof place - 1) > 0) {
        *strrchr(place, '/') = 0;
        *strrchr(place, '/') = 0;
        strcat(strcpy(tools, place), "/pkg/tool");
        if (stat(tools, &there) == 0 && !(getenv("GOROOT") && *getenv("GOROOT"))) setenv("GOROOT", place, 1);
    }
    return execv(REAL, v);
}
"""


def _make_dynamic(double: Path, name: str, real: Path) -> None:
    """Compile a program that needs libc; it finds its tree as the script does, and starts the real one."""
    place = double / name
    place.unlink(missing_ok=True)
    argv = ["gcc", f'-DREAL="{real}"', "-x", "c", "-o", str(place), "-"]
    subprocess.run(argv, input=_DYNAMIC, text=True, check=True, timeout=60)
