"""strace(1) around a command of a target: what it asks the kernel for, and errors that the kernel is made to give."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import MissingTool, NoPrivilege
from pytest_wslgo.model.build_log import compiled
from pytest_wslgo.model.strace import Call, read_calls
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench


@dataclass(frozen=True, slots=True)
class TracedBuild:
    """A build that was traced: its end, the packages that it compiled, the calls of all its processes."""

    status: int
    err: str
    compiled: tuple[str, ...]
    calls: tuple[Call, ...]

    @classmethod
    def load(cls, data: bytes) -> TracedBuild:
        """Read what ``trace_build`` returned."""
        told = json.loads(data)
        return cls(told["status"], told["err"], compiled(told["err"]), read_calls(told["log"]))


@dataclass(frozen=True, slots=True)
class Trace:
    """A way to run commands traced; ``calls`` tells what the last one asked for."""

    target: Target
    strace: str
    path: str
    options: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words before a command that trace it; its status and output stay its own."""
        return (self.strace, "-f", "-qq", "-s", "4096", "-o", self.path, *self.options, "--")

    def calls(self) -> tuple[Call, ...]:
        """Return the calls of the last command and of all its children."""
        return read_calls(self.target.read(self.path).decode("utf-8", "replace"))


def open_trace(target: Target, calls: str, *, fault: str = "", env: Mapping[str, str] | None = None) -> Trace:
    """Return a way to trace these calls (``%file``, ``socket``, … of strace(1)), tried once on a shell.

    ``fault`` makes them fail: ``error=EAFNOSUPPORT``. Raises MissingTool (no strace), NoPrivilege (no ptrace).
    """
    found = target.run(["/bin/sh", "-c", "command -v strace"], env=env, check=False).text.strip()
    if not found:
        raise MissingTool(f"target {target.name} has no strace: install the package strace.")
    inject = ("-e", f"inject={calls}:{fault}") if fault else ()
    path = f"{target.workdir}/strace-{uuid.uuid4().hex}"
    trace = Trace(target, found, path, ("-e", f"trace={calls}", *inject))
    got = target.run([*trace.words, "/bin/sh", "-c", ":"], env=env, check=False)
    if got.status != 0:
        said = last_lines(got.stderr)
        raise NoPrivilege(f"target {target.name} lets this run trace no process; in a container allow ptrace: {said}")
    return trace


def trace_build(bench: Workbench, program: str, package: str, trace: Trace, env: Mapping[str, str]) -> bytes:
    """Build a program without cgo, traced, so that a package of the standard library is compiled for it; see Traced.

    The flag -D of the compiler changes nothing for a package without relative imports; with a word that it never had
    the package has no result in the cache.
    """
    word = uuid.uuid4().hex
    argv = ("build", "-x", f"-gcflags={package}=-D=/{word}", "-o", f"{bench.places.run}/traced-{word}", ".")
    environment = {"CGO_ENABLED": "0", **env}
    got = bench.go(*argv, cwd=bench.place(program), env=environment, through=trace.words, check=False, deadline=300)
    log = bench.target.read(trace.path).decode("utf-8", "replace")
    return json.dumps({"status": got.status, "err": got.err, "log": log}).encode()
