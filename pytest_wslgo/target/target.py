"""A machine under test: run, read, write, put, console and testinfra's nouns, written once on ``Transport.wrap``."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost
from pytest_wslgo.target import files, kernel
from pytest_wslgo.target.command import Command, execute
from pytest_wslgo.target.place import place
from pytest_wslgo.target.result import CommandFailed, CommandOverran, CommandResult, command_line
from pytest_wslgo.target.workdir import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pexpect
    from testinfra.host import Host

    from pytest_wslgo.target.process import Outcome
    from pytest_wslgo.target.transport import Transport

DEADLINE = 60.0
TERMINAL = (24, 80)


class Target:
    """One machine under test. May be used from several threads; ``close`` it, or use it in a ``with`` statement."""

    def __init__(self, name: str, spec: str, connect: Callable[[], Transport], run_id: str) -> None:
        self.name = name
        self.spec = spec
        self._connect = connect
        self._transport: Transport | None = None
        self._lost: str | None = None
        self._lock = threading.RLock()
        self._consoles: list[pexpect.spawn[bytes]] = []
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
        ``stdin`` is bytes or an open file. ``deadline`` is in seconds; what still runs then is killed.
        ``session`` asks for all that the machine puts on its own processes (see ``container.Namespaces``).
        Raises CommandFailed (``check`` and a status other than 0), CommandOverran (a DeadlineExceeded), TargetLost.
        """
        _check_argv(argv)
        command = Command(argv, stdin, cwd, env, deadline)
        transport = self.transport.session() if session else self.transport
        with self._noting_loss():
            outcome = execute(transport, command)
        if outcome.overran:
            raise _overran(self.name, command, outcome)
        result = CommandResult(self.name, tuple(argv), outcome.status, outcome.stdout, outcome.stderr, outcome.seconds)
        if check and result.status != 0:
            raise CommandFailed(result)
        return result

    @property
    def transport(self) -> Transport:
        """Return the transport, connected; raise TargetLost at once when the target was lost before."""
        with self._lock:
            if self._lost is not None:
                raise TargetLost(f"target {self.name} was lost earlier in this run: {self._lost}")
            if self._transport is None:
                with self._noting_loss():
                    self._transport = self._connect()
            return self._transport

    @contextmanager
    def _noting_loss(self) -> Iterator[None]:
        """Remember a loss, so that a hundred later commands do not each wait for the dead machine."""
        try:
            yield
        except TargetLost as lost:
            self._lost = str(lost)
            raise TargetLost(f"target {self.name} is lost: {lost}") from lost

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

    def console(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        deadline: float = DEADLINE,
        dimensions: tuple[int, int] = TERMINAL,
    ) -> pexpect.spawn[bytes]:
        """Start ``argv`` on a terminal of ``dimensions`` (rows, columns) and return the pexpect session, in bytes.

        ``deadline`` is how many seconds each ``expect`` waits before it raises ``pexpect.TIMEOUT``. ``close`` ends it.
        """
        _check_argv(argv)
        if kernel.ON_WINDOWS:
            raise MissingTool(f"target {self.name}: Windows has no terminal for a console: run pytest inside WSL.")
        import pexpect

        transport = self.transport
        here, carried = transport.is_local, not transport.framed
        placed = place(argv, None if here else cwd, None if carried else env)
        program, *words = transport.wrap(placed, tty=True)
        environ = env if carried and env is not None else transport.environ or os.environ
        started = pexpect.spawn(
            program, words, timeout=deadline, cwd=cwd if here else None, env=dict(environ), dimensions=dimensions
        )
        with self._lock:
            self._consoles.append(started)
        return started

    @cached_property
    def host(self) -> Host:
        """Return testinfra's host of this target: ``target.host.file("/etc/passwd").exists``."""
        from pytest_wslgo.target.testinfra_backend import host_of

        return host_of(self)

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
            for console in self._consoles:
                console.close(force=True)
            self._consoles.clear()
            try:
                if self._lost is None:
                    self._workplace.remove()
            finally:
                self._transport.close()
                self._transport = None


def _overran(name: str, command: Command, outcome: Outcome) -> CommandOverran:
    subject = f"target {name}: `{command_line(tuple(command.argv))}`"
    sentence = (
        f"{subject} ended with status {outcome.status}, but a process that it left behind kept its output open past the"
        f" deadline of {command.deadline:g} s and was killed."
        if outcome.ended
        else f"{subject} still ran after its deadline of {command.deadline:g} s and was killed."
    )
    return CommandOverran(sentence, outcome.stdout, outcome.stderr)


def _check_argv(argv: Sequence[str]) -> None:
    if isinstance(argv, str) or not argv or any("\0" in word for word in argv):
        raise BadInput(f"a command is a list of words without NUL, the first its program; {argv!r} is none.")
