"""Run one command through a transport: in a process of our own where that is all there is to it, framed elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from pytest_wslgo.errors import TargetLost
from pytest_wslgo.target.frame import Frame
from pytest_wslgo.target.place import place
from pytest_wslgo.target.process import REAP, REAP_DEADLINE, Outcome, run_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_wslgo.target.frame import Framed
    from pytest_wslgo.target.transport import Transport

# How long after its deadline a machine kills a command by itself, when nobody came to do it.
WATCHDOG_GRACE = 15
KILLED = 128 + 9  # as a shell on Linux reports SIGKILL, which Windows has no name for


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, where, in which environment (``None``: what a command gets there) and for how many seconds."""

    argv: Sequence[str]
    stdin: bytes | IO[bytes] = b""
    cwd: str | None = None
    env: Mapping[str, str] | None = None
    deadline: float = REAP_DEADLINE


def execute(transport: Transport, command: Command) -> Outcome:
    """Run ``command`` and return what it gave; when it passed its deadline, nothing of it is left alive.

    Raises TargetLost when the machine is gone, MissingTool when it has no shell.
    """
    return _execute_framed(transport, command) if transport.framed else _execute_directly(transport, command)


def _execute_directly(transport: Transport, command: Command) -> Outcome:
    here = transport.is_local
    outcome = run_process(
        transport.wrap(command.argv if here else place(command.argv, command.cwd)),
        stdin=command.stdin,
        cwd=command.cwd if here else None,
        env=transport.environ if command.env is None else command.env,
        deadline=command.deadline,
    )
    if outcome.status != 0 and not outcome.overran and (why := transport.why_gone()):
        raise TargetLost(why)
    return outcome


def _execute_framed(transport: Transport, command: Command) -> Outcome:
    frame = Frame()
    limit = math.ceil(command.deadline) + WATCHDOG_GRACE if transport.watched else None
    outcome = run_process(
        transport.wrap(frame.around(place(command.argv, command.cwd, command.env), limit)),
        stdin=command.stdin,
        env=transport.environ,
        deadline=command.deadline,
        before_kill=lambda said: _reap(transport, frame.read(b"", said)),
    )
    got = frame.read(outcome.stdout, outcome.stderr)
    seen = replace(outcome, stdout=got.stdout, stderr=got.stderr)
    if got.status is not None:
        return replace(seen, status=got.status, ended=True)
    if outcome.overran:
        return replace(seen, ended=False)
    if got.leader is None:
        raise transport.explain(got.noise)
    if why := transport.why_gone():
        raise TargetLost(why)
    return replace(seen, status=KILLED)  # it killed its whole session, the frame with it


def _reap(transport: Transport, got: Framed) -> None:
    """Kill on the machine itself what would outlive its client, which is killed next; or just see that it answers."""
    frame = Frame()
    argv = ["true"] if got.leader is None else ["/bin/sh", "-c", REAP, "sh", got.leader, *got.outputs]
    outcome = run_process(transport.wrap(frame.around(argv)), env=transport.environ, deadline=REAP_DEADLINE)
    if frame.read(outcome.stdout, outcome.stderr).status is None:
        raise TargetLost(f"a command passed its deadline, and then it did not answer within {REAP_DEADLINE:g} s.")
