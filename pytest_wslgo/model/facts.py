"""The facts of a snapshot, as the target told them: what a shell sees, a file called go, an SDK, a folder, an answer.

They judge nothing; a claim does. Times are seconds since 1970, sizes bytes, ``None`` is "could not be read".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_wslgo.model.program_head import ProgramHead  # noqa: TC001  # msgspec reads the annotations

KILLED = 137
_EXPANSION = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\$\w+|@\{\w+\}|~")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command of the target said. ``status`` None: it never came back; 137: it was killed at its limit."""

    status: int | None
    out: str = ""
    err: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the command ended with status 0."""
        return self.status == 0

    @property
    def hung(self) -> bool:
        """Tell whether the command had to be killed."""
        return self.status is None or self.status == KILLED


@dataclass(frozen=True, slots=True)
class Limit:
    """One resource limit, by its name in ``/proc/PID/limits``; ``None`` is unlimited."""

    name: str
    soft: int | None
    hard: int | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A place that sets a variable.

    ``traced``: the trace of a shell's start names the place, and ``value`` is what the variable became there. Otherwise
    the place is one that the shell probably read, and ``value`` may be as it is written there: ``$HOME/go/bin:$PATH``.
    """

    name: str
    value: str
    file: str
    line: int
    traced: bool = True

    def gives(self, value: str) -> bool:
        """Tell whether this can have given the variable this value."""
        return self.value == value or (not self.traced and fits(self.value, value))

    def gives_entry(self, entry: str) -> bool:
        """Tell whether this can have put an entry into a list such as PATH; a mere ``$PATH`` puts none."""
        parts = self.value.split(":")
        return entry in parts or (not self.traced and any(_EXPANSION.sub("", p) and fits(p, entry) for p in parts))


def fits(written: str, value: str) -> bool:
    """Tell whether a word as a file has it can have become ``value``, whatever its expansions gave.

    >>> fits("$HOME/go", "/home/dev/go"), fits("$HOME/go", "/opt/go1")
    (True, False)
    """
    return re.fullmatch(".*".join(map(re.escape, _EXPANSION.split(written))), value, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Shell:
    """What one shell of the user sees.

    ``name``: ``plain`` (``sh -c`` with what a command gets on the target), ``bare`` (``sh -c`` with nothing but HOME,
    USER, SHELL and the system's PATH: cron, systemd, ``wsl.exe -e``), ``login`` (``$SHELL -lc``), ``interactive``
    (``$SHELL -ic``). ``started`` is false when the start-up files never handed over (they hung, or left).
    ``noise`` is what the start-up files printed. ``word`` is what ``command -v go`` says there: a path, an alias.
    ``assignments`` are those of its start-up files, in order; of the plain shell those of PAM, systemd and sshd.
    """

    name: str
    started: bool
    status: int | None
    noise: str = ""
    word: str | None = None
    environ: Pairs = ()
    umask: str | None = None
    limits: tuple[Limit, ...] = ()
    go_version: Answer | None = None
    go_env: Answer | None = None
    go_values: Pairs = ()
    assignments: tuple[Assignment, ...] = ()

    def get(self, name: str) -> str | None:
        """Return an environment variable, or None when it is not set."""
        return dict(self.environ).get(name)

    def go(self, name: str) -> str | None:
        """Return what ``go env NAME`` says, or None when go did not say."""
        return dict(self.go_values).get(name)

    def limit(self, name: str) -> Limit | None:
        """Return the limit of this name, such as ``Max open files``."""
        return next((limit for limit in self.limits if limit.name == name), None)

    @property
    def path(self) -> tuple[str, ...]:
        """Return the entries of PATH in order, with duplicates and empty ones; none when PATH is not set."""
        return tuple((self.get("PATH") or "").split(":")) if self.get("PATH") else ()

    @property
    def go_path(self) -> str | None:
        """Return the path of the ``go`` that the shell finds, or None (none, or an alias or a function)."""
        return self.word if self.word and "/" in self.word.split("=")[0] else None


@dataclass(frozen=True, slots=True)
class PathStat:
    """What a path leads to. ``mode`` is st_mode, with the file's type; ``mtime`` None where the target has no stat."""

    path: str
    mode: int
    uid: int
    gid: int
    mtime: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class GoFile:
    """A ``go`` on somebody's PATH, or where SDKs usually lie. ``stat`` None: a dangling link.

    ``real`` is the end of its links, ``link`` the first of them. ``version`` is what the file itself says
    (GOTOOLCHAIN=local), None for a second name of the same file.
    """

    path: str
    real: str | None
    link: str | None
    stat: PathStat | None = None
    head: ProgramHead | None = None
    version: Answer | None = None


@dataclass(frozen=True, slots=True)
class Goroot:
    """An SDK. ``parts`` are those of its parts that are there, as paths in it."""

    path: str
    version_file: str | None
    go_env_file: str | None
    parts: tuple[str, ...]
    compile: Answer | None = None
    stats: tuple[PathStat, ...] = ()

    @property
    def version(self) -> str | None:
        """Return the first line of its VERSION file."""
        return (self.version_file or "").partition("\n")[0].strip() or None


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory that Go uses, or would make. ``nearest`` is the nearest one that exists, itself or above.

    ``real`` is ``path`` with the links of ``nearest`` followed. ``writable``, ``stat`` and ``free`` (bytes) are those
    of ``nearest``.
    """

    path: str
    nearest: str
    real: str
    writable: bool
    stat: PathStat | None = None
    free: int | None = None

    @property
    def exists(self) -> bool:
        """Tell whether it is there."""
        return self.nearest == self.path


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file of the target, its first 256 KiB; ``text`` None: it is there, but cannot be read."""

    path: str
    text: str | None


@dataclass(frozen=True, slots=True)
class User:
    """Who the target's commands run as; ``shell`` as in passwd(5)."""

    uid: int | None
    gid: int | None
    name: str | None
    groups: tuple[str, ...]
    shell: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of ``/etc/passwd``."""

    name: str
    uid: int
    home: str
    shell: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The target's clock at the start and at the end of the snapshot, its boot, and the start of PID 1."""

    start: int | None
    end: int | None
    boot: int | None
    pid1_start: float | None
