"""Go at work on a target: hermetic commands, and builds that happen once per run."""

from __future__ import annotations

import copy
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from pytest_wslgo.errors import DeadlineExceeded
from pytest_wslgo.model.build_table import Ending
from pytest_wslgo.model.product import product_of
from pytest_wslgo.target.result import CommandFailed
from pytest_wslgo.toolchain.attempt import Attempt, BuildFailed, Outcome, tail_of
from pytest_wslgo.toolchain.binary import Binary
from pytest_wslgo.toolchain.c_program import compile_c
from pytest_wslgo.toolchain.cache import PrivateCache
from pytest_wslgo.toolchain.drive_cost import Cost, measure
from pytest_wslgo.toolchain.environment import changed
from pytest_wslgo.toolchain.foreign import Foreign
from pytest_wslgo.toolchain.guest import invite
from pytest_wslgo.toolchain.inside import open_inside
from pytest_wslgo.toolchain.modules import read_module
from pytest_wslgo.toolchain.repository import Repository, make_repository
from pytest_wslgo.toolchain.request import BuildRequest, command_text
from pytest_wslgo.toolchain.room import Room
from pytest_wslgo.toolchain.tools import find_tool
from pytest_wslgo.toolchain.tracing import Trace, TracedBuild, open_trace, trace_build
from pytest_wslgo.toolchain.trees import lay_tree
from pytest_wslgo.toolchain.upstream import BUILDING, RUNNING, run_scripts, scripts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Unpack

    from pytest_wslgo.model.build_table import BuildRow
    from pytest_wslgo.model.go_scripts import Scripts
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.compilers import Compiler
    from pytest_wslgo.toolchain.environment import Places
    from pytest_wslgo.toolchain.guest import Guest
    from pytest_wslgo.toolchain.request import BuildFlags
    from pytest_wslgo.toolchain.sdk import Toolchain

# The first link with zig for musl builds that libc: 75 s on two idle cores.
BUILD_DEADLINE: Final = 600.0
COMMAND_DEADLINE: Final = 120.0
# How much longer than its deadline another process of the run may take for a build.
_MARGIN: Final = 60.0


class Workbench:
    """A toolchain on a target, with a room of its own.

    ``run_dir`` is a directory of the machine that runs pytest, the same for all processes of a run.
    ``building`` is called with a description when a build really starts, and left when it ends.
    """

    def __init__(
        self,
        target: Target,
        toolchain: Toolchain,
        run_dir: Path,
        building: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.target = target
        self.toolchain = toolchain
        self._building = building
        self._room = Room(target, toolchain, run_dir)
        self._evidence: dict[str, Any] = {}

    def recording(self, evidence: dict[str, Any]) -> Workbench:
        """Return the same workbench, which also keeps in ``evidence`` what it runs for one check, and what came of it.

        ``commands`` is a list of commands and builds: ``command``, ``status``, what it ``said`` and, of a build, what
        ``build`` it was and the facts of its ``elf``, when they were read; ``drive`` and ``scripts`` are figures.
        """
        twin = copy.copy(self)
        twin._evidence = evidence  # noqa: SLF001 - a copy of this very class
        return twin

    @property
    def places(self) -> Places:
        """The directories of this run and of the caches on the target."""
        return self._room.places

    @property
    def environment(self) -> Mapping[str, str]:
        """The full environment of a go command."""
        return self._room.environment

    def go(
        self,
        *args: str,
        env: Mapping[str, str | None] | None = None,
        cwd: str | None = None,
        command: str = "",
        through: Sequence[str] = (),
        deadline: float = COMMAND_DEADLINE,
        check: bool = True,
    ) -> CommandResult:
        """Run ``go ARGS`` in the hermetic environment, in ``cwd`` or in an empty directory of ours.

        ``env`` changes the environment, None removes a variable. ``command`` is a go command elsewhere, instead of the
        toolchain's; ``through`` are words before it, such as those of ``inside``.
        Raises CommandFailed, DeadlineExceeded, TargetLost.
        """
        argv = (*through, command or self.toolchain.go, *args)
        environment = changed(self.environment, env or {})
        where = cwd or self.places.empty
        note = self._note({"command": command_text(argv, environment, where)})
        result = self.target.run(argv, cwd=where, env=environment, deadline=deadline, check=False)
        note |= {"status": result.status, "said": tail_of(result.err or result.text)}
        if check and result.status != 0:
            raise CommandFailed(result)
        return result

    def inside(
        self, mounts: Mapping[str, str] | None = None, *, privileged: bool = True, network: bool = True
    ) -> tuple[str, ...]:
        """Return the words before a command that give it mounts, rights and a network of its own; see open_inside.

        The program that serves a ``drive`` is built by this toolchain. Raises MissingTool, NoPrivilege, BuildFailed.
        """
        mounts = mounts or {}
        served = any(kind.startswith("drive") for kind in mounts.values())
        drive = self.build("drive", cgo=False).path if served else None
        env = self.environment
        return open_inside(self.target, mounts, privileged=privileged, network=network, drive=drive, env=env)

    def trace(self, calls: str, *, fault: str = "") -> Trace:
        """Return a way to trace commands by strace, which may make the traced calls fail; see open_trace."""
        return open_trace(self.target, calls, fault=fault, env=self.environment)

    def trace_build(
        self, program: str, package: str, calls: str = "%file", *, fault: str = "", **env: str
    ) -> TracedBuild:
        """Build a program, traced, so that ``package`` of the standard library is compiled for it; once per run.

        ``fault`` is that of ``trace``; ``env`` changes the environment. Raises MissingTool, NoPrivilege.
        """

        def make() -> bytes:
            return trace_build(self, program, package, self.trace(calls, fault=fault), env)

        key = f"trace {program} {package} {calls} {fault} {sorted(env.items())} in {self.places.name}"
        return TracedBuild.load(self._room.once(key, make, patience=BUILD_DEADLINE))

    def cache(self) -> PrivateCache:
        """Return a new, empty build cache with a small module of its own."""
        return PrivateCache.new(self)

    def cost_of_drive(self, program: str) -> Cost:
        """Measure what a warm build costs with its cache on a stand-in for a Windows drive; the figures are noted."""
        cost = measure(self, program)
        self._evidence.setdefault("drive", []).append(cost.evidence)
        return cost

    def repository(self, program: str) -> Repository:
        """Return a new git repository of a module of the book, committed. Raises MissingTool."""
        return make_repository(self, program)

    def private(self) -> dict[str, str]:
        """Return variables for a fresh HOME, GOPATH and GOENV file, for commands that change settings or install."""
        room = f"{self.places.run}/private/{uuid.uuid4().hex[:12]}"
        self.target.run(["mkdir", "-p", f"{room}/home"])
        return {"HOME": f"{room}/home", "GOPATH": f"{room}/gopath", "GOENV": f"{room}/goenv"}

    def tree(self, *, over: Sequence[Toolchain] = (), without: Sequence[str] = ()) -> str:
        """Make a GOROOT of our own, with a go command of its own, and return its path; see trees.lay_tree.

        It is the toolchain's, unpacked ``over`` other SDKs; ``without`` are parts that it lacks, such as ``pkg/tool``.
        """
        path = f"{self.places.run}/trees/{uuid.uuid4().hex[:12]}"
        lay_tree(self.target, path, [sdk.goroot for sdk in (*over, self.toolchain)], without)
        return path

    def guest(self) -> Guest:
        """Return an ordinary user of the target, with a room and the program ``hello``; see guest.invite."""
        return invite(self)

    def seed_cache(self, program: str, deadline: float) -> str:
        """Return a build cache that holds what ``program`` needs and no more, made once per Go and target."""
        return self._room.seed_cache(self.place(program), deadline)

    def scripts(self, topic: str) -> Scripts:
        """Return what became of Go's own scripts on a topic; all topics are run once per run, and the end is noted.

        Raises MissingTool where this Go has no scripts, or every one of them skipped itself.
        """
        key = f"scripts of {self.toolchain.goroot} in {self.places.name}"
        log = self._room.once(key, lambda: run_scripts(self), patience=BUILDING + RUNNING)
        told = scripts_of(topic, log, self.toolchain.goroot)
        end = {"topic": topic, "passed": told.passed, "skipped": dict(told.skipped), "absent": told.absent}
        self._evidence.setdefault("scripts", []).append(end)
        return told

    def place(self, program: str | Path) -> str:
        """Put a module of the book, or a folder, on the target and return its path there; it is shared, for reading."""
        return self._room.place(read_module(program))

    def copy(self, program: str | Path) -> str:
        """Put a fresh copy of a module on the target, for a go command that writes into it, and return its path.

        No other build had this directory, so that Go compiles the module's packages anew.
        """
        module = read_module(program)
        path = f"{self.places.run}/copies/{uuid.uuid4().hex[:12]}/{module.name}"
        self.target.run(["mkdir", "-p", path])
        self.target.put(module.source, path)
        return path

    def ask(
        self, name: str, *arguments: str, env: Mapping[str, str | None] | None = None, check: bool = True
    ) -> CommandResult:
        """Run a program that is neither Go nor a compiler (readelf, pkg-config, python3) where Go builds.

        Raises MissingTool (with the package to install), CommandFailed, DeadlineExceeded, TargetLost.
        """
        environment = changed(self.environment, env or {})
        argv = (find_tool(name, self.target, environment["PATH"]), *arguments)
        self._note({"command": command_text(argv, environment, self.places.empty)})
        return self.target.run(argv, cwd=self.places.empty, env=environment, deadline=COMMAND_DEADLINE, check=check)

    def compile_c(self, name: str, cc: Compiler | str, library: Binary | None = None) -> Attempt:
        """Compile a C program of the book, linked with a library that ``build`` made, and return what became of it.

        Raises MissingTool (no such compiler), DeadlineExceeded, TargetLost; see compile_c of c_program.
        """
        compiler = self.compiler(cc) if isinstance(cc, str) else cc
        attempt = compile_c(
            name, compiler, library, self.target, self.places, self.environment, self._room.program_environment
        )
        said = tail_of(attempt.stderr)
        self._note({"build": attempt.what, "command": attempt.command, "status": attempt.status, "said": said})
        return attempt

    def compiler(self, name: str, goarch: str = "") -> Compiler:
        """Return the C compiler of that name, for programs of ``goarch`` or of the toolchain; see find_compiler."""
        return self._room.compiler(name, goarch or self.toolchain.goarch)

    def tool(self, name: str) -> str:
        """Return the path of a program on the target; raises MissingTool, with its package; see find_tool."""
        return find_tool(name, self.target, self.environment["PATH"])

    @property
    def foreign(self) -> Foreign:
        """What the target does with programs for another system or machine."""
        return Foreign(self)

    def build(
        self,
        program: str | Path,
        *,
        cc: Compiler | str | None = None,
        env: Mapping[str, str | None] | None = None,
        deadline: float = BUILD_DEADLINE,
        **flags: Unpack[BuildFlags],
    ) -> Binary:
        """Build a module of the book, or a folder, and return its file; the same build happens once per run.

        ``cc`` is a compiler, or the name of one, and asks for cgo; ``env`` changes the environment (None removes).
        Raises BuildFailed (with the command to type), MissingTool (no such compiler), DeadlineExceeded, TargetLost.
        """
        attempt = self.attempt(program, cc=cc, env=env, deadline=deadline, **flags)
        if not attempt.ok or attempt.binary is None:
            raise BuildFailed(attempt)
        return attempt.binary

    def attempt(
        self,
        program: str | Path,
        *,
        cc: Compiler | str | None = None,
        env: Mapping[str, str | None] | None = None,
        deadline: float = BUILD_DEADLINE,
        **flags: Unpack[BuildFlags],
    ) -> Attempt:
        """Build as ``build`` does where the build may or must fail, and return what became of it.

        Raises MissingTool, DeadlineExceeded, TargetLost.
        """
        env = env or {}
        compiler = self.compiler(cc, env.get("GOARCH") or "") if isinstance(cc, str) else cc
        request = BuildRequest(read_module(program), compiler, tuple(sorted(env.items())), **flags)
        what = request.describe(self.toolchain)

        def make() -> bytes:
            return self._make(request, what, deadline).dump()

        key = f"{request.key(self.toolchain)} in {self.places.name}"
        outcome = Outcome.load(self._room.once(key, make, patience=deadline + _MARGIN))
        note = {"build": what, "command": outcome.command, "status": outcome.status, "said": tail_of(outcome.stderr)}
        self._note(note)
        if outcome.overran:
            raise DeadlineExceeded(outcome.overran)
        return outcome.attempt(what, self._file(outcome, what, note))

    def ending(self, row: BuildRow) -> Ending:
        """Build a row of a table of builds, and return how that ended and what it left.

        Raises MissingTool, DeadlineExceeded, TargetLost.
        """
        attempt = self.attempt(
            row.program,
            cc=row.cc,
            env=row.env,
            cgo=row.cgo,
            buildmode=row.mode,
            output=row.output,
            flags=row.flags,
        )
        folder, _, name = attempt.path.rpartition("/")
        listed = self.target.run(["ls", "-A", folder], env=self._room.program_environment, check=False)
        names = listed.text.splitlines() if listed.status == 0 else []
        leaves = product_of(self.target.read(attempt.path), attempt.path) if name in names else None
        header = any(other.endswith(".h") for other in names if other != name)
        return Ending(attempt.what, attempt.status, attempt.stderr, leaves, header)

    def _make(self, request: BuildRequest, what: str, deadline: float) -> Outcome:
        directory = self._room.place(request.module)
        environment = changed(self.environment, request.variables)
        path = f"{self.places.run}/out/{uuid.uuid4().hex[:12]}/{request.file_name}"
        argv = (self.toolchain.go, "build", "-o", path, *request.arguments, request.package)
        command = command_text(argv, environment, directory)
        try:
            with self._building(what):
                result = self.target.run(argv, cwd=directory, env=environment, deadline=deadline, check=False)
        except DeadlineExceeded as overrun:
            message = f"The build of {what} passed its deadline: {overrun}\nTo see it again: {command}"
            return Outcome(path, command, overran=message)
        return Outcome(path, command, result.status, result.text, result.err, result.seconds)

    def _file(self, outcome: Outcome, what: str, note: dict[str, Any]) -> Binary | None:
        if outcome.status != 0:
            return None
        return Binary(self.target, outcome.path, what, self._room.program_environment, note)

    def _note(self, note: dict[str, Any]) -> dict[str, Any]:
        self._evidence.setdefault("commands", []).append(note)
        return note
