"""Reach a running container: by its namespaces where possible (2 ms), else by its engine's exec (100 ms and more).

An engine is taken when it works, not when its program is there: the docker client is often installed without a daemon.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost, WslgoError, nearest
from pytest_wslgo.target.frame import Frame
from pytest_wslgo.target.kernel import boot_id, is_root, mount_space, start_of
from pytest_wslgo.target.place import place
from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.result import last_lines
from pytest_wslgo.target.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENGINES = {"podman": ("podman", "docker"), "docker": ("docker", "podman")}
ENGINE_DEADLINE = 30.0

# What a process of the container starts with, as the kernel tells it, before a shell adds its own variables.
LOOK = """\
cat /proc/sys/kernel/random/boot_id "/proc/$$/status" || exit
ls -l "/proc/$$/ns/mnt" "/proc/$$/cwd" || exit
printf "\\0"
cat "/proc/$$/environ"
"""


@dataclass(frozen=True, slots=True)
class Exec(Transport):
    """A container by its engine's exec: everything that the engine puts on a process applies."""

    engine: str
    container: str
    user: str | None = None

    framed = True

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        user = ["--user", self.user] if self.user else []
        return [self.engine, "exec", "-it" if tty else "-i", *user, self.container, *argv]

    def why_gone(self) -> str | None:
        state = _state(self.engine, self.container)
        if state is not None and state[0] == "running":
            return None
        return f"container {self.container} has stopped: see `{self.engine} logs {self.container}`."

    def explain(self, said: bytes) -> WslgoError:
        text = last_lines(said, 1)
        if "/bin/sh" in text:
            return MissingTool(f"container {self.container} has no /bin/sh, which every test of it needs. ({text})")
        if not text and self.why_gone() is None:
            return WslgoError(f"container {self.container}: {self.engine} exec lost what a command gave: run it again.")
        return TargetLost(f"container {self.container} takes no commands: see `{self.engine} ps`. ({text or 'silent'})")


@dataclass(frozen=True, slots=True)
class Namespaces(Transport):
    """A container by entering the namespaces of its first process, with its environment, user and working directory.

    What does *not* apply to such a command: the container's resource limits (ulimits, cgroup limits), its seccomp
    profile, dropped capabilities, AppArmor or SELinux label, and no_new_privs. ``session`` gives the way to see those.
    """

    exec: Exec
    pid: int
    started: int
    uid: int
    gid: int
    cwd: str
    variables: tuple[tuple[str, str], ...]
    nsenter: str = "/usr/bin/nsenter"

    @property
    def environ(self) -> Mapping[str, str]:
        return dict(self.variables)

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        user = ["-S", str(self.uid), "-G", str(self.gid)] if self.uid or self.gid else []
        inside = place(argv, None if self.cwd == "/" else self.cwd)
        return [self.nsenter, "-t", str(self.pid), "-a", *user, "--", *inside]

    def session(self) -> Exec:
        return self.exec

    def why_gone(self) -> str | None:
        if start_of(self.pid) == self.started:
            return None
        return self.exec.why_gone() or f"container {self.exec.container} was started anew."


def enter_container(scheme: str, name: str, user: str | None) -> Exec | Namespaces:
    """Return the best transport into the running container ``name``.

    Raises BadInput (no such container), TargetLost (it does not run), MissingTool (no engine works, no /bin/sh in it).
    """
    refusals = []
    for engine in ENGINES[scheme]:
        refusal = _refusal(engine)
        if refusal is None:
            return _enter(engine, name, user)
        refusals.append(refusal)
    raise MissingTool(f"{scheme}://{name}: no container engine works here: {'; '.join(refusals)}.")


def _refusal(engine: str) -> str | None:
    if shutil.which(engine) is None:
        return f"{engine} is not installed"
    listed = run_process([engine, "ps", "-q"], deadline=ENGINE_DEADLINE)
    return None if listed.status == 0 else f"{engine} says: {last_lines(listed.stderr, 1)}"


def _enter(engine: str, name: str, user: str | None) -> Exec | Namespaces:
    state = _state(engine, name)
    if state is None:
        raise _no_such_container(engine, name)
    status, pid = state
    if status != "running":
        verb = "unpause" if status == "paused" else "start"
        raise TargetLost(f"container {name} is {status}, not running: `{engine} {verb} {name}`.")
    by_engine = Exec(engine, name, user)
    return _by_namespaces(by_engine, pid) or by_engine


def _state(engine: str, name: str) -> tuple[str, int] | None:
    """Return the container's state and the pid of its first process as the engine counts it; ``None``: no such one."""
    words = ["inspect", "--type", "container", "--format", "{{.State.Status}} {{.State.Pid}}", "--", name]
    inspected = run_process([engine, *words], deadline=ENGINE_DEADLINE)
    if inspected.status != 0:
        return None
    status, pid = inspected.stdout.decode().split()
    return status, int(pid)


def _no_such_container(engine: str, name: str) -> BadInput:
    listed = run_process([engine, "ps", "-a", "--format", "{{.Names}}"], deadline=ENGINE_DEADLINE)
    known = listed.stdout.decode().split()
    there = ", ".join(known) or "none"
    return BadInput(f"{engine} has no container {name!r}{nearest(name, known)}; there are: {there}.")


def _by_namespaces(by_engine: Exec, pid: int) -> Namespaces | None:
    """Return the way through the namespaces when we are root and ``pid`` is the container's on this very kernel."""
    frame = Frame()
    outcome = run_process(by_engine.wrap(frame.around(["/bin/sh", "-c", LOOK])), deadline=ENGINE_DEADLINE)
    seen = frame.read(outcome.stdout, outcome.stderr)
    if seen.leader is None:
        raise by_engine.explain(outcome.stdout + outcome.stderr)
    nsenter = shutil.which("nsenter")
    if seen.status != 0 or nsenter is None or not is_root():
        return None
    return _same_process(by_engine, pid, nsenter, seen.stdout)


def _same_process(by_engine: Exec, pid: int, nsenter: str, look: bytes) -> Namespaces | None:
    told, _, environ = (part.decode("utf-8", "surrogateescape") for part in look.partition(b"\0"))
    facts = told.splitlines()
    status = {key: value.split() for key, _, value in (line.partition(":") for line in facts)}
    links = {path.rpartition("/")[2]: to for path, _, to in (line.partition(" -> ") for line in facts)}
    uid, gid = int(status["Uid"][0]), int(status["Gid"][0])
    started = start_of(pid)
    if started is None or facts[0] != boot_id() or mount_space(pid) != links["mnt"]:
        return None
    if uid != 0 and set(status["Groups"]) - {str(gid)}:
        return None  # nsenter cannot set supplementary groups
    pairs = (word.partition("=") for word in environ.split("\0") if "=" in word)
    variables = tuple((name, value) for name, _, value in pairs)
    return Namespaces(by_engine, pid, started, uid, gid, links["cwd"], variables, nsenter)
