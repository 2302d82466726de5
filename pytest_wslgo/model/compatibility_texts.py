"""What happened when a program was started, told from its status and what was said: by mechanism, never by likeness.

"not found" of a shell and a loader's "cannot open shared object file" end with the same status 127 and mean different
things: in the first no loader ever ran. Each text below was seen from the program that says it; what matches none is
unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pytest_wslgo.model.compatibility import Mechanism, Prediction
from pytest_wslgo.model.elf import VERSION_OF_MARK
from pytest_wslgo.model.libc import LibcVersion

_SIGNALS: Final = range(129, 193)
# PROG is the program's path. dash, BusyBox and env of a musl system say it bare or quoted, after their own names; a
# script (bash: "x: line 1: PROG: …", dash: "x: 1: exec: PROG: …") names itself before.
_SAID: Final = r"(?:^|[ :])[\"'‘`]?PROG[\"'’]?: "
_TEXTS: Final[tuple[tuple[Mechanism, tuple[int, ...], str], ...]] = (
    # ld.so of glibc
    (
        Mechanism.NO_LIBRARY, (127,),
        r": error while loading shared libraries: (?P<what>[^:\n]+): cannot open shared object file: No such file",
    ),
    (Mechanism.BAD_LIBRARY, (127,), r": error while loading shared libraries: (?P<what>[^:\n]+): "),
    (Mechanism.OLD_GLIBC, (1,), r": version `(?P<what>GLIBC_[\w.]+)' not found \(required by "),
    (Mechanism.NO_SYMBOL, (127,), r": symbol lookup error: .*: undefined symbol: (?P<what>[^,\s]+)"),
    # ld.so of musl; without a library it goes on to every symbol that it then lacks
    (Mechanism.NO_LIBRARY, (127,), r"^Error loading shared library (?P<what>.+?): No such file or directory \(needed "),
    (Mechanism.BAD_LIBRARY, (127,), r"^Error loading shared library (?P<what>.+?): .+ \(needed "),
    (Mechanism.NO_SYMBOL, (127,), r"^Error relocating .+: (?P<what>\S+): symbol not found$"),
    # the kernel's ENOENT for a file that is there: "not found" dash and BusyBox, "required file not found" bash 5.2,
    # "No such file or directory" bash 5.1, env, nsenter, chroot
    (
        Mechanism.NO_INTERPRETER, (127,),
        _SAID + r"(?:not found|No such file or directory|cannot execute: required file not found)$",
    ),
    # runc, as the start of a container: "exec PROG: no such file or directory"
    (Mechanism.NO_INTERPRETER, (1, 126, 127), r"\bexec [\"']?PROG[\"']?: no such file or directory$"),
    # EIO for an empty interpreter, ELIBBAD for another
    (
        Mechanism.BAD_INTERPRETER, (126,),
        _SAID + r"(?:cannot execute: )?(?:Input/output error|Accessing a corrupted shared library)$",
    ),
    (Mechanism.FOREIGN, (126,), _SAID + r"(?:cannot execute binary file: )?Exec format error$"),
    # after ENOEXEC, BusyBox sh and the execvp of glibc (env, nsenter) let a shell read it as a script
    (Mechanism.FOREIGN, (2, 126, 127), r"^PROG: (?:line )?\d+: \x7fELF"),
    (Mechanism.NOT_PERMITTED, (126,), _SAID + r"(?:cannot execute: )?Permission denied$"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """What a start came to; ``missing`` are the libraries, symbols or symbol versions that the loader named."""

    mechanism: Mechanism
    missing: tuple[str, ...] = ()

    def agrees_with(self, prediction: Prediction) -> bool:
        """Whether it is what was predicted, in every particular that both name; what is unknown agrees with nothing."""
        if self.mechanism is Mechanism.UNKNOWN or self.mechanism is not prediction.mechanism:
            return False
        named = {_newest(self.missing)} if self.mechanism is Mechanism.OLD_GLIBC else set(self.missing)
        return not prediction.missing or named <= set(prediction.missing)


def what_happened(status: int, stderr: str, program: str) -> Happening:
    """Tell from the status and the standard error of ``program`` (its path, as it was started) what happened.

    >>> what_happened(127, "/bin/sh: /x: not found", "/x").mechanism
    <Mechanism.NO_INTERPRETER: 'interpreter-missing'>
    """
    if status == 0:
        return Happening(Mechanism.STARTS)
    for mechanism, statuses, text in _TEXTS:
        if status not in statuses:
            continue
        pattern = text.replace("PROG", re.escape(program))
        if found := list(re.finditer(pattern, stderr, re.MULTILINE)):
            return Happening(mechanism, tuple(dict.fromkeys(one["what"] for one in found if "what" in one.groupdict())))
    return Happening(Mechanism.KILLED if status in _SIGNALS else Mechanism.UNKNOWN)


def _newest(versions: tuple[str, ...]) -> str:
    """Return the highest of versions such as GLIBC_2.34: a loader names all that it lacks, the floor is the highest."""
    told = [VERSION_OF_MARK.get(version, version) for version in versions]
    numbered = [version for version in told if re.fullmatch(r"GLIBC_\d{1,6}(\.\d{1,6}){1,3}", version, re.ASCII)]
    return max(numbered, key=lambda name: LibcVersion.parse(name.removeprefix("GLIBC_")), default="".join(versions[:1]))
