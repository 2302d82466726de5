"""A machine under test: run, read, write, put, console and testinfra's nouns, written once on ``Transport.wrap``."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import IO, TYPE_CHECKING

from pytest_wslgo.errors import BadInput, TargetLost, WslgoError
from pytest_wslgo.target import files
from pytest_wslgo.target.place import place
from pytest_wslgo.target.process import Outcome, run_process
from pytest_wslgo.target.result import CommandFailed, CommandOverran, CommandResult, command_line
from pytest_wslgo.target.workdir import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pytest_wslgo.target.transport import Transport

DEADLINE = 60.0


class Target:
    """One machine under test. May be used from several threads; ``close`` it, or use it in a ``with`` statement."""

    def __init__(self, name: str, spec: str, connect: Callable[[], Transport], run_id: str) -> None:
        self.name = name
        self.spec = spec
        self._connect = connect
        self._transport: Transport | None = None
        self._lost: str | None = None
        self._lock = threading.RLock()
        self._workplace = Workplace(self, run_id)

    def __repr__(self) -> str:
        return f"<Target {self.name} {self.spec}>"

    def __enter__(self) -> Target:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        argv: Sequence[str],
        *,
        stdin: bytes | IO[bytes] = b"",
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        deadline: float = DEADLINE,
        check: bool = True,
        session: bool = False,
    ) -> CommandResult:
        """Run ``argv`` (no shell) on the target and return what it gave.

        ``env`` None leaves the environment that a command gets there by itself; a mapping is exactly the environment.
        ``stdin`` is bytes or a file that is open for reading. ``deadline`` is in seconds; what still runs then is killed.
        ``session`` asks for all that the machine puts on its own processes (see ``container.Namespaces``).
        Raises CommandFailed (``check`` and a status other than 0), CommandOverran (a DeadlineExceeded), TargetLost.
        """
        _check_argv(argv)
        transport = self.transport.session() if session else self.transport
        outcome = self._direct(transport, argv, stdin, cwd, env, deadline)
        result = CommandResult(
            self.name, tuple(argv), outcome.status, outcome.stdout, outcome.stderr, outcome.seconds
        )
        if check and result.status != 0:
            raise CommandFailed(result)
        return result

    def _direct(
        self,
        transport: Transport,
        argv: Sequence[str],
        stdin: bytes | IO[bytes],
        cwd: str | None,
        env: Mapping[str, str] | None,
        deadline: float,
    ) -> Outcome:
        placed = argv if transport.is_local else place(argv, cwd)
        outcome = run_process(
            transport.wrap(placed),
            stdin=stdin,
            cwd=cwd if transport.is_local else None,
            env=transport.environ if env is None else env,
            deadline=deadline,
        )
        if outcome.overran:
            raise self._overran(argv, outcome, deadline)
        if outcome.status != 0 and (why := transport.why_gone()):
            raise self._lose(why)
        return outcome

    def _overran(self, argv: Sequence[str], outcome: Outcome, deadline: float) -> CommandOverran:
        command = f"target {self.name}: `{command_line(tuple(argv))}`"
        sentence = (
            f"{command} ended with status {outcome.status}, but a process that it left behind kept its output open"
            f" past the deadline of {deadline:g} s and was killed."
            if outcome.ended
            else f"{command} still ran after its deadline of {deadline:g} s and was killed."
        )
        return CommandOverran(sentence, outcome.stdout, outcome.stderr)

    def _lose(self, why: str) -> TargetLost:
        self._lost = self._lost or why
        return TargetLost(f"target {self.name} is lost: {why}")

    @property
    def transport(self) -> Transport:
        """Return the transport, connected; raise TargetLost at once when the target was lost before."""
        with self._lock:
            if self._lost is not None:
                raise TargetLost(f"target {self.name} was lost earlier in this run: {self._lost}")
            if self._transport is None:
                self._transport = self._connect()
            return self._transport

    @property
    def is_local(self) -> bool:
        """Tell whether paths of the target are paths of this process."""
        return self.transport.is_local

    def read(self, path: str, *, deadline: float = files.DEADLINE) -> bytes:
        """Return the content of the file ``path``. Raises TransferFailed, CommandOverran, TargetLost."""
        return files.read(self, path, deadline)

    def write(self, path: str, data: bytes, *, mode: int = 0o644, deadline: float = files.DEADLINE) -> None:
        """Make ``path`` a file with exactly ``data``, whole or not at all; parents are made. Raises TransferFailed."""
        files.write(self, path, data, mode, deadline)

    def put(self, local: Path, path: str, *, deadline: float = files.DEADLINE) -> None:
        """Copy the local file or folder to ``path`` with its modes and links; a folder is merged into an existing one.

        Raises BadInput (nothing at ``local``), TransferFailed, MissingTool (no tar there, for a folder).
        """
        files.put(self, local, path, deadline)

    @property
    def workdir(self) -> str:
        """Return our one directory of this run on the target (mode 0700), made on first use, removed by ``close``."""
        return self._workplace.workdir

    @property
    def cache_dir(self) -> str:
        """Return our directory on the target that outlives runs: ``${XDG_CACHE_HOME:-$HOME/.cache}/pytest-wslgo``."""
        return self._workplace.cache_dir

    def close(self) -> None:
        """Remove the working directory (with the last process of this run that uses it) and close the connection."""
        with self._lock:
            if self._transport is None:
                return
            if self._lost is None:
                self._workplace.remove()
            self._transport.close()
            self._transport = None


def _check_argv(argv: Sequence[str]) -> None:
    if isinstance(argv, str) or not argv or not all(isinstance(word, str) and "\0" not in word for word in argv):
        raise BadInput(f"a command is a list of words without NUL, the first its program; {argv!r} is none.")
