"""Go at work on a target: hermetic commands, and builds that happen once per run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import DeadlineExceeded
from pytest_wslgo.toolchain.attempt import Attempt, BuildFailed, Outcome
from pytest_wslgo.toolchain.binary import Binary
from pytest_wslgo.toolchain.compilers import Compiler, find_compiler
from pytest_wslgo.toolchain.environment import Places, changed, hermetic, program_environment
from pytest_wslgo.toolchain.modules import Module, place_module, read_module
from pytest_wslgo.toolchain.once import Once
from pytest_wslgo.toolchain.request import BuildRequest, command_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Unpack

    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.build_options import BuildOptions
    from pytest_wslgo.toolchain.sdk import Toolchain

# The first link with zig for musl builds that libc: 75 s on two idle cores.
BUILD_DEADLINE: Final = 600.0
_SHORT: Final = 120.0
# What a wait for another process allows beyond the deadline of its build.
_MARGIN: Final = 60.0


def _silent(_what: str) -> None:
    pass


@dataclass(frozen=True)
class Workbench:
    """A toolchain on a target, with a room of its own.

    ``run_dir`` is a directory of the machine that runs pytest, the same for all processes of a run.
    ``on_build`` is called with a description when a build really starts.
    """

    target: Target
    toolchain: Toolchain
    run_dir: Path
    on_build: Callable[[str], None] = field(default=_silent)

    @cached_property
    def _once(self) -> Once:
        return Once(self.run_dir / "builds")

    @cached_property
    def places(self) -> Places:
        """The directories of this run and of the caches on the target."""
        return Places.on(self.target)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The full environment of a go command."""
        return hermetic(self.toolchain, self.places)

    def go(
        self,
        *args: str,
        env: Mapping[str, str | None] | None = None,
        cwd: str | None = None,
        deadline: float = _SHORT,
        check: bool = True,
    ) -> CommandResult:
        """Run ``go ARGS`` in the hermetic environment, in ``cwd`` or in an empty directory of ours.

        ``env`` changes the environment, None removes a variable. Raises CommandFailed, DeadlineExceeded, TargetLost.
        """
        argv = [self.toolchain.go, *args]
        environment = changed(self.environment, env or {})
        where = cwd or self.places.empty
        return self.target.run(argv, cwd=where, env=environment, deadline=deadline, check=check)

    def private(self) -> dict[str, str]:
        """Return variables for a fresh HOME, GOPATH and GOENV file: for commands that change Go's settings or install."""
        room = f"{self.places.run}/private/{uuid.uuid4().hex}"
        self.target.run(["mkdir", "-p", f"{room}/home"])
        return {"HOME": f"{room}/home", "GOPATH": f"{room}/gopath", "GOENV": f"{room}/goenv"}

    def place(self, program: str | Path) -> str:
        """Put a module of the book, or a folder, on the target and return its path there. It is shared: do not change it."""
        return self._placed(read_module(program))

    def compiler(self, name: str, goarch: str = "") -> Compiler:
        """Return the C compiler of that name for programs of ``goarch`` (default: the toolchain's); see find_compiler."""
        found = self._compilers.get((name, goarch))
        if found is None:
            found = find_compiler(name, self.target, goarch or self.toolchain.goarch)
            self._compilers[name, goarch] = found
        return found

    @cached_property
    def _compilers(self) -> dict[tuple[str, str], Compiler]:
        return {}

    def build(self, program: str | Path, **options: Unpack[BuildOptions]) -> Binary:
        """Build a program and return its file; the same build happens once per run.

        Raises BuildFailed (with the command to type), MissingTool (no such compiler), DeadlineExceeded, TargetLost.
        """
        attempt = self.attempt(program, **options)
        if not attempt.ok or attempt.binary is None:
            raise BuildFailed(attempt)
        return attempt.binary

    def attempt(self, program: str | Path, **options: Unpack[BuildOptions]) -> Attempt:
        """Build like ``build``, for a build that may or must fail: return what became of it.

        Raises MissingTool, DeadlineExceeded, TargetLost.
        """
        deadline = options.pop("deadline", BUILD_DEADLINE)
        request = self._request(program, options)
        what = request.describe(self.toolchain)

        def make() -> bytes:
            return self._make(request, what, deadline).dump()

        key = f"{self.target.name} {self.target.spec} {request.key(self.toolchain)}"
        outcome = Outcome.load(self._once(key, make, patience=deadline + _MARGIN))
        if outcome.overran:
            raise DeadlineExceeded(outcome.overran)
        binary = Binary(self.target, outcome.path, what, self._program_environment) if outcome.status == 0 else None
        return Attempt(
            what, outcome.command, outcome.status, outcome.stdout, outcome.stderr, outcome.seconds, binary
        )

    @cached_property
    def _program_environment(self) -> Mapping[str, str]:
        return program_environment(self.places)

    def _request(self, program: str | Path, options: BuildOptions) -> BuildRequest:
        env = dict(options.pop("env", {}))
        compiler = options.pop("cc", None)
        if isinstance(compiler, str):
            compiler = self.compiler(compiler, env.get("GOARCH") or "")
        return BuildRequest(read_module(program), compiler=compiler, env=tuple(sorted(env.items())), **options)

    def _make(self, request: BuildRequest, what: str, deadline: float) -> Outcome:
        directory = self._placed(request.module)
        environment = changed(self.environment, request.variables)
        path = f"{self.places.run}/out/{uuid.uuid4().hex[:12]}/{request.file_name}"
        argv = (self.toolchain.go, "build", "-o", path, *request.arguments, request.package)
        command = command_text(argv, environment, directory)
        self.on_build(what)
        try:
            result = self.target.run(argv, cwd=directory, env=environment, deadline=deadline, check=False)
        except DeadlineExceeded as overrun:
            return Outcome(path, command, overran=f"The build of {what} passed its deadline. {overrun}\nTo see it again: {command}")
        return Outcome(path, command, result.status, result.text, result.err, result.seconds)

    def _placed(self, module: Module) -> str:
        def place() -> bytes:
            return place_module(module, self.target, self.places.cache).encode()

        key = f"place {module.name} {module.digest} on {self.target.name} {self.target.spec}"
        return self._once(key, place, patience=_SHORT + _MARGIN).decode()
