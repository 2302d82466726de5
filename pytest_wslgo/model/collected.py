r"""Read what ``target/snapshot.sh`` prints: sections that begin with ``\nNONCE NAME\n`` (see ``target/probe.sh``).

A section that is missing, cut or odd makes its fact absent; only a record without its end is an error.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.facts import (
    Account,
    Answer,
    Clock,
    Folder,
    GoFile,
    Goroot,
    Limit,
    PathStat,
    Shell,
    TextFile,
    User,
)
from pytest_wslgo.model.libc import Libc, libc_of_interpreter, parse_ldd_version
from pytest_wslgo.model.mounts import Mount, mount_of, parse_mounts
from pytest_wslgo.model.platform import PlatformEvidence, detect_platform
from pytest_wslgo.model.program_head import ProgramFormat
from pytest_wslgo.model.sections import FIELD, Sections, number
from pytest_wslgo.model.snapshot import SNAPSHOT_VERSION, Snapshot, masked
from pytest_wslgo.model.traces import read_assignments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.facts import Assignment, Pairs

SHELLS: Final = ("plain", "bare", "login", "interactive")
ANSWERS: Final = (
    "dlv-version",
    "systemd-state",
    "snap-list",
    "wsl-version",
    "wsl-networking",
    "wsl-exe-version",
    "subject-git",
)
_LIMIT = re.compile(r"(Max [a-z ]+?)\s+(\d+|unlimited)\s+(\d+|unlimited)(?:\s|$)")
_SPACE = re.compile(r"\S.*?\s+(?:\d+|-)\s+(?:\d+|-)\s+(\d+)\s+(?:\d+%|-)\s+(/.*)")
_LS_MODE = re.compile(r"([bcdlps-])([r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-])\S*\s+\d+\s+(\d+)\s+(\d+)\s+(\d+)?")
_LS_TYPES = {"b": 0o060000, "c": 0o020000, "d": 0o040000, "l": 0o120000, "p": 0o010000, "s": 0o140000, "-": 0o100000}
# What an interactive shell says for want of a terminal; it is our doing, not the start-up files'.
_NO_TERMINAL = re.compile(
    r"^\S*sh: (?:cannot set terminal process group|no job control|.*can't access tty|.*job control).*\n?", re.MULTILINE
)
_GUARDED = ("GOPROXY", "GOMODCACHE")
_LONGEST_FILE = 262_144  # of probe.sh


def parse_collected(output: bytes, nonce: str) -> Snapshot:
    """Return the snapshot that the output of ``snapshot.sh collect NONCE`` holds, masked.

    Raises WslgoError when the output does not go from its first section to its last.
    """
    sections = Sections(output, nonce)
    if "begin" not in sections or "end" not in sections:
        last = f"the last section is {sections.last!r}" if sections.last else "there is no section at all"
        raise WslgoError(f"the snapshot's script did not come to its end: {last}.")
    evidence = _evidence(sections)
    return masked(
        Snapshot(
            snapshot=SNAPSHOT_VERSION,
            platform=detect_platform(evidence),
            evidence=evidence,
            user=_user(sections),
            clock=_clock(sections),
            cwd=sections.text("cwd").strip("\n"),
            shells=tuple(_shell(sections, name) for name in SHELLS),
            gos=tuple(_go_files(sections)),
            goroots=tuple(_goroots(sections)),
            folders=tuple(_folders(sections, evidence.mounts)),
            path_folders=sections.lines("path-folders"),
            stats=tuple(_stats(sections.text("known-paths"))),
            links=sections.pairs("links"),
            files=tuple(_files(sections)),
            tools=sections.pairs("tools"),
            answers=tuple(_answers(sections)),
            accounts=tuple(_accounts(sections)),
            cpu_flags=tuple(sections.text("cpu-flags").split()),
            subject=sections.text("subject") or None,
        )
    )


def _evidence(sections: Sections) -> PlatformEvidence:
    uname = sections.text("uname").split()
    system, kernel, machine = uname if len(uname) == 3 else ("", "", "")
    libc, libc_evidence = _libc(sections)
    shell = sections.head("sh-head")
    links = dict(sections.pairs("links"))
    return PlatformEvidence(
        kernel=kernel or sections.text("file /proc/sys/kernel/osrelease").strip(),
        machine=machine or system,
        proc_version=sections.text("file /proc/version").strip(),
        os_release=sections.text("file /etc/os-release") or sections.text("file /usr/lib/os-release"),
        mounts=parse_mounts(sections.text("file /proc/self/mountinfo"))
        or parse_mounts(sections.text("file /proc/mounts")),
        dockerenv=any(stat.path == "/.dockerenv" for stat in _stats(sections.text("known-paths"))),
        containerenv=any(stat.path == "/run/.containerenv" for stat in _stats(sections.text("known-paths"))),
        systemd_container=sections.text("file /run/systemd/container").strip() or None,
        cgroup=sections.text("file /proc/1/cgroup"),
        pid1_comm=sections.text("file /proc/1/comm").strip() or None,
        pid1_exe=links.get("/proc/1/exe") or None,
        pid1_environ=sections.environ("pid1-environ"),
        run_wsl=sections.lines("names-run-wsl") if "names-run-wsl" in sections else None,
        wslpath=links.get("/usr/bin/wslpath") or links.get("/bin/wslpath"),
        binfmt=sections.lines("names-binfmt"),
        environ=sections.environ("plain.environ"),
        libc=libc,
        libc_evidence=libc_evidence,
        userland=shell.arch if shell else None,
    )


def _libc(sections: Sections) -> tuple[str | None, str]:
    """Name the C library of ``/bin/sh``; where that is static, of the first loader that is there. Say which it was."""
    loaders = dict(sections.named("loader"))
    shell = sections.head("sh-head")
    if shell and shell.interpreter and (libc := libc_of_interpreter(shell.interpreter)):
        return _libc_version(sections, libc, loaders), f"/bin/sh is loaded by {shell.interpreter}."
    reason = "is static" if shell and shell.format is ProgramFormat.ELF else "cannot be read"
    for loader in loaders:
        if libc := libc_of_interpreter(loader):
            return _libc_version(sections, libc, {loader: loaders[loader]}), f"/bin/sh {reason}; there is {loader}."
    return None, f"/bin/sh {reason}, and no loader of a C library is there."


def _libc_version(sections: Sections, libc: Libc, loaders: dict[str, str]) -> str:
    for text in (sections.text("getconf-libc"), *loaders.values()):
        if (found := parse_ldd_version(text)) and found[0] is libc:
            return f"{libc} {found[1]}"
    return str(libc)


def _user(sections: Sections) -> User:
    uid, gid, name, groups = (*sections.text("id").splitlines(), "", "", "", "")[:4]
    return User(
        number(uid), number(gid), name or None, tuple(groups.split()), sections.text("login-shell").strip() or None
    )


def _clock(sections: Sections) -> Clock:
    boot, ticks = number(sections.text("btime")), number(sections.text("clock-ticks")) or 100
    # Field 22 of proc_pid_stat(5); the name in parentheses before may hold spaces and parentheses.
    fields = sections.text("file /proc/1/stat").rpartition(")")[2].split()
    started = number(fields[19]) if len(fields) > 19 else None
    pid1 = boot + started / ticks if boot is not None and started is not None else None
    return Clock(number(sections.text("date")), number(sections.text("date-end")), boot, pid1)


def _shell(sections: Sections, name: str) -> Shell:
    answered = sections.text(f"{name}.go-as").strip() or name
    version, env = sections.answer(f"{answered}.go-version"), sections.answer(f"{answered}.go-env")
    return Shell(
        name=name,
        started=f"{name}.word" in sections,
        status=number(sections.text(f"{name}.status")),
        noise=_NO_TERMINAL.sub("", sections.text(f"{name}.noise")).strip("\n"),
        word=sections.text(f"{name}.word").strip() or None,
        environ=sections.environ(f"{name}.environ"),
        umask=sections.text(f"{name}.umask").strip() or None,
        limits=tuple(_limits(sections.text(f"{name}.limits"))),
        go_version=version,
        go_env=Answer(env.status, "", env.err) if env else None,
        go_values=_go_values(sections, answered),
        assignments=_assignments(sections, name),
    )


def _assignments(sections: Sections, shell: str) -> tuple[Assignment, ...]:
    before, after = (dict(sections.environ(f"{name}.environ")) for name in ("plain", shell))
    return read_assignments(
        sections.text(f"{shell}.trace"), sections.text(f"{shell}.lines"), before=before, after=after
    )


def _limits(text: str) -> Iterator[Limit]:
    for found in map(_LIMIT.match, text.splitlines()):
        if found:
            yield Limit(found[1], number(found[2]), number(found[3]))


def _go_values(sections: Sections, shell: str) -> Pairs:
    """Return what go env said; what we had to set so that nothing is fetched is taken from a run without."""
    values, local = (_json_object(sections.text(f"{shell}.{name}")) for name in ("go-env", "go-env-local"))
    if not values:
        return tuple(local.items())
    return tuple((values | {name: local[name] for name in _GUARDED if name in local}).items())


def _json_object(text: str) -> dict[str, str]:
    try:
        tree = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in tree.items()} if isinstance(tree, dict) else {}


def _stats(text: str) -> Iterator[PathStat]:
    for fields in (line.split(FIELD) for line in text.split("\n")):
        if len(fields) == 6 and all(field.isalnum() for field in fields[:3]):
            mode, uid, gid, mtime, size, path = fields
            yield PathStat(path, int(mode, 16), int(uid), int(gid), number(mtime), number(size))
        elif len(fields) == 2 and (found := _LS_MODE.match(fields[0])):
            yield PathStat(
                fields[1], _mode_of_ls(found[1], found[2]), int(found[3]), int(found[4]), None, number(found[5] or "")
            )


def _mode_of_ls(kind: str, permissions: str) -> int:
    bits = sum(1 << (8 - place) for place, letter in enumerate(permissions) if letter in "rwxst")
    special = sum(bit for place, bit in ((2, 0o4000), (5, 0o2000), (8, 0o1000)) if permissions[place] in "sStT")
    return _LS_TYPES[kind] | special | bits


def _go_files(sections: Sections) -> Iterator[GoFile]:
    stats = {stat.path: stat for stat in _stats(sections.text("go-stats"))}
    for path, text in sections.named("go"):
        real, link, *_ = (*text.split("\n"), "", "")
        head, version = sections.head(f"go-head {path}"), sections.answer(f"go-version {path}")
        yield GoFile(path, real or None, link or None, stats.get(path), head, version)


def _goroots(sections: Sections) -> Iterator[Goroot]:
    texts = {file.path: file.text for file in _files(sections)}
    for path, parts in sections.named("goroot"):
        yield Goroot(
            path=path,
            version_file=texts.get(f"{path}/VERSION"),
            go_env_file=texts.get(f"{path}/go.env"),
            parts=tuple(parts.split()),
            compile=sections.answer(f"compile-version {path}"),
            stats=tuple(_stats(sections.text(f"goroot-stats {path}"))),
        )


def _folders(sections: Sections, mounts: tuple[Mount, ...]) -> Iterator[Folder]:
    stats = {stat.path: stat for stat in _stats(sections.text("folder-stats"))}
    space = {row[2]: int(row[1]) * 1024 for row in map(_SPACE.fullmatch, sections.lines("folder-space")) if row}
    for path, nearest, real, may in (line.split(FIELD) for line in sections.lines("folders") if line.count(FIELD) == 3):
        whole = (real or nearest).rstrip("/") + path[len(nearest.rstrip("/")) :]
        mount = mount_of(whole, mounts)
        free = space.get(mount.target) if mount else None
        yield Folder(path, nearest, whole or "/", may == "w", stats.get(nearest), free)


def _whole_lines(text: str) -> str:
    """Drop the line that the limit of probe.sh cut through."""
    return text if len(text.encode("utf-8", "replace")) < _LONGEST_FILE else text.rpartition("\n")[0] + "\n"


def _files(sections: Sections) -> Iterator[TextFile]:
    yield from (TextFile(path, _whole_lines(text)) for path, text in sections.named("file"))
    yield from (TextFile(path, None) for path, _ in sections.named("unreadable"))


def _answers(sections: Sections) -> Iterator[tuple[str, Answer]]:
    compilers = [f"cc {name}" for name, _ in sections.named("cc") if not name.endswith((".err", ".status"))]
    for name in (*compilers, *ANSWERS):
        if answer := sections.answer(name):
            yield name, answer


def _accounts(sections: Sections) -> Iterator[Account]:
    for fields in (line.split(":") for line in sections.lines("users")):
        if len(fields) == 4 and fields[1].isdigit():
            yield Account(fields[0], int(fields[1]), fields[2], fields[3])
