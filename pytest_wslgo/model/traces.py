r"""Which file and line sets a variable: the trace of a shell's start, and the lines of the files that it reads.

A row of the trace has the fields of ``target/trace.sh`` (0x1e between them; here ``|``)::

    0||/root/.bashrc|27||/root/.profile|5|||export PATH=/usr/local/go/bin:/usr/bin
    0|pathmunge|/etc/profile|7||/root/.profile|9|||PATH='/a b:/usr/bin'

A line of a file is as grep prints it: ``/etc/profile:5:  PATH="/usr/local/bin:/usr/bin"``.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.facts import Assignment
from pytest_wslgo.model.redaction import mask_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_FIELDS: Final = 10
# The same names as in target/trace.sh: a line may assign others beside.
_OF_INTEREST = re.compile(
    r"CC|CXX|AR|CGO_\w+|GOOS|GO(?!O)\w+|PATH|HOME|TMPDIR|LD_LIBRARY_PATH|WSLENV|DISPLAY|WAYLAND_DISPLAY|PULSE_SERVER"
    r"|LIBGL_\w+|XDG_(?:CACHE|CONFIG)_HOME|XDG_RUNTIME_DIR"
)
_NO_FUNCTION: Final = ("", "source", "main")
_KEYWORD = re.compile(r"(?:export|declare|typeset|readonly)\s+(?:-\w+\s+)*")
_WORD = re.compile(r"([A-Za-z_]\w*)(\+?)=(.*)", re.DOTALL)
_ARRAY = re.compile(r"path(\+?)=\((.*)\)\s*", re.DOTALL)  # zsh's other name of PATH
_NEXT_WORD = re.compile(r"\s+(?=[A-Z][A-Z0-9_]*=)")
_LINE = re.compile(r"(/.+?):(\d+):(.*)")
_ASSIGNS = re.compile(r"(?<![\w$])([A-Z][A-Z0-9_]*|path)(?:\s+DEFAULT|[:+])?=\(?")
_SETS = re.compile(r"\bset(?:env)?\s+(?:-\w+\s+)*([A-Z][A-Z0-9_]*)\s+(.*)")  # csh, fish
_ADDS = re.compile(r"\bfish_add_path\s+(?:-\w+\s+)*(.*)")
_WRITTEN_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\{[^}]*\}|\$\([^)]*\)|[^\s;&|(){}"'])+""")


def read_assignments(
    trace: str, lines: str, *, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Assignment, ...]:
    """Return the traced assignments in their order, and then those that only the text of a file shows.

    ``before`` and ``after`` are the variables at both ends of the shell's start: where the trace ends with what the
    shell has, the text has nothing to add; it has when a start-up file stops the trace.
    """
    written = tuple(dict.fromkeys(_written(lines)))
    traced: list[Assignment] = []
    values = dict(before)
    seen = set()
    for row in (line.split("\x1e") for line in trace.split("\n")):
        file, line = _place(row) if len(row) == _FIELDS else ("", 0)
        for name, added, value in _words(row[-1], quoted=bool(file)) if len(row) == _FIELDS else ():
            if not _OF_INTEREST.fullmatch(name):
                continue
            seen.add(name)
            values[name] = values.get(name, "") * added + value
            one = Assignment(name, mask_value(name, values[name]), file, line)
            if (placed := one if file and line else _placed(one, written, traced)) and placed not in traced[-1:]:
                traced.append(placed)
    told = {name for name in seen if values[name] == after.get(name)}
    places = {(one.file, one.line) for one in traced}
    return (*traced, *(one for one in written if one.name not in told and (one.file, one.line) not in places))


def _place(row: Sequence[str]) -> tuple[str, int]:
    """Return the line that calls a function, rather than the function's own; at most two calls up."""
    _, function, file, line, caller, caller_file, call, above_file, above, _ = row
    if function not in _NO_FUNCTION and caller_file:
        file, line = (above_file, above) if caller not in _NO_FUNCTION and above_file else (caller_file, call)
    return file, int(line) if line.isdecimal() else 0


def _words(text: str, *, quoted: bool) -> Iterator[tuple[str, bool, str]]:
    """Yield name, whether it is appended, and value; dash quotes nothing, so that a blank there is one of the value."""
    if array := _ARRAY.fullmatch(text):
        yield "PATH", bool(array[1]), ":" * bool(array[1]) + ":".join(_split(array[2]))
        return
    keyword = _KEYWORD.match(text)
    text = text[keyword.end() :] if keyword else text
    words = _split(text) if quoted or "'" in text else tuple(_NEXT_WORD.split(text))
    for found in map(_WORD.fullmatch, words):
        if found:
            yield found[1], bool(found[2]), found[3]
        elif not keyword:
            return


def _split(text: str) -> tuple[str, ...]:
    """Return the words of a command, unquoted; none for what goes on in the next line of the trace."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return ()


def _placed(row: Assignment, written: Sequence[Assignment], before: Sequence[Assignment]) -> Assignment | None:
    """Find the file of a traced assignment; it is certain when the trace has the line, and one file alone fits."""
    used = {(one.file, one.line) for one in before}
    fitting = [one for one in written if one.name == row.name and one.gives(row.value)]
    if row.line and len(there := [one for one in fitting if one.line == row.line]) == 1:
        return Assignment(row.name, row.value, there[0].file, row.line)
    fitting = [one for one in fitting if (one.file, one.line) not in used] or fitting
    return Assignment(row.name, row.value, fitting[0].file, fitting[0].line, traced=False) if fitting else None


def _written(lines: str) -> Iterator[Assignment]:
    for found in map(_LINE.fullmatch, lines.split("\n")):
        for name, value in _assigned(found[3]) if found else ():
            if found and _OF_INTEREST.fullmatch(name):
                yield Assignment(name, mask_value(name, value), found[1], int(found[2]), traced=False)


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a line of a shell, of PAM, systemd or sshd may assign; a list is joined by colons."""
    if adds := _ADDS.search(text):
        yield "PATH", ":".join(_plain(adds[1]))
    elif sets := _SETS.search(text):
        yield sets[1], ":".join(_plain(sets[2]))
    else:
        for assigns in _ASSIGNS.finditer(text):
            word = _WRITTEN_WORD.match(text, assigns.end())
            yield assigns[1].replace("path", "PATH"), "".join(_plain(word[0] if word else ""))


def _plain(words: str) -> Iterator[str]:
    for word in _WRITTEN_WORD.findall(words):
        yield word.replace('"', "").replace("'", "")
