"""Run one local process under a deadline that really kills. The one place that starts processes.

A deadline ends the process, its session, its descendants, and whoever holds its output open (``reap.sh``): without the
last, a grandchild that kept the pipe would let the reader wait for ever (https://bugs.python.org/issue37424).
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target import kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REAP = Path(__file__).with_name("reap.sh").read_text(encoding="utf-8")
REAP_DEADLINE = 10.0
DRAIN_DEADLINE = 2.0
HELD_DEADLINE = 5.0
NOT_FOUND = 127
NOT_EXECUTABLE = 126


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a local process gave. ``overran``: it was killed at its deadline; ``ended``: it had ended by then itself."""

    status: int
    stdout: bytes
    stderr: bytes
    seconds: float = 0.0
    overran: bool = False
    ended: bool = True


def run_process(
    argv: Sequence[str],
    *,
    stdin: bytes | IO[bytes] = b"",
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    deadline: float,
    before_kill: Callable[[bytes], None] = lambda _stderr: None,
) -> Outcome:
    """Run ``argv`` for at most ``deadline`` seconds and return what it gave, as a shell would report it.

    ``stdin`` is bytes or an open file. ``before_kill`` is called with the standard error so far, once, when the
    deadline has passed or the caller is interrupted; after it nothing of the process is left alive.
    Raises BadInput when the words are too long for the kernel.
    """
    started = time.monotonic()
    try:
        process = _start(argv, stdin, cwd, env)
    except OSError as problem:
        return _not_started(problem, argv[0], time.monotonic() - started)
    outcome = _watch(process, stdin, deadline, before_kill)
    return replace(outcome, seconds=time.monotonic() - started)


def _watch(
    process: subprocess.Popen[bytes], stdin: bytes | IO[bytes], deadline: float, before_kill: Callable[[bytes], None]
) -> Outcome:
    try:
        stdout, stderr = process.communicate(stdin if isinstance(stdin, bytes) and stdin else None, timeout=deadline)
    except subprocess.TimeoutExpired as overrun:
        ended = process.poll() is not None
        stdout, stderr = _cut_short(process, overrun.stderr or b"", before_kill)
        return Outcome(shell_status(process.returncode), stdout, stderr, overran=True, ended=ended)
    except BaseException:
        _abandon(process, before_kill)
        raise
    return Outcome(shell_status(process.returncode), stdout, stderr)


def shell_status(returncode: int) -> int:
    """Return Python's return code as a shell reports it: 128+N for signal N.

    >>> shell_status(-9)
    137
    """
    return returncode if returncode >= 0 else 128 - returncode


def _start(
    argv: Sequence[str], stdin: bytes | IO[bytes], cwd: str | None, env: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    source: int | IO[bytes] = (
        stdin if not isinstance(stdin, bytes) else subprocess.PIPE if stdin else subprocess.DEVNULL
    )
    return subprocess.Popen(
        argv,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=env,
        start_new_session=True,
    )


def _not_started(problem: OSError, program: str, seconds: float) -> Outcome:
    if problem.errno == errno.E2BIG:
        raise BadInput(f"the words of `{program} …` are too long for one command here: hand them over in a file.")
    subject = problem.filename or program
    said = f"{os.fsdecode(subject)}: {problem.strerror}\n".encode(errors="surrogateescape")
    missing = problem.errno in (errno.ENOENT, errno.ENOTDIR) and os.fsdecode(subject) == program
    return Outcome(NOT_FOUND if missing else NOT_EXECUTABLE, b"", said, seconds)


def _abandon(process: subprocess.Popen[bytes], before_kill: Callable[[bytes], None]) -> None:
    try:
        process.communicate(timeout=0)
    except subprocess.TimeoutExpired as so_far:
        _cut_short(process, so_far.stderr or b"", before_kill)
    else:
        _end(process)


def _cut_short(
    process: subprocess.Popen[bytes], so_far: bytes, before_kill: Callable[[bytes], None]
) -> tuple[bytes, bytes]:
    """Call ``before_kill`` and end the process; what it wrote Python on Windows tells only when it has ended."""
    if kernel.ON_WINDOWS:
        stdout, stderr = _end(process)
        before_kill(stderr)
        return stdout, stderr
    try:
        before_kill(so_far)
    finally:
        stdout, stderr = _end(process)
    return stdout, stderr


def _end(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Kill the process and all its kin, and return what they had written."""
    if kernel.ON_WINDOWS:
        process.kill()  # a client such as wsl.exe; what it started on another machine is not its kin here
    else:
        _reap(process)
    try:
        return process.communicate(timeout=DRAIN_DEADLINE)
    except subprocess.TimeoutExpired as overrun:
        return overrun.output or b"", overrun.stderr or b""
    finally:
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _reap(process: subprocess.Popen[bytes]) -> None:
    outputs = [_pipe_name(stream) for stream in (process.stdout, process.stderr) if stream and not stream.closed]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            ["/bin/sh", "-c", REAP, "sh", str(process.pid), *outputs],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=REAP_DEADLINE,
            check=False,
        )


def _pipe_name(stream: IO[bytes]) -> str:
    return f"pipe:[{os.fstat(stream.fileno()).st_ino}]"


class Held:
    """A process that serves this one by being there. It is to end when its standard input does.

    Only this process holds the other end of that pipe, so the kernel closes it when this process ends in any way.
    """

    def __init__(self, argv: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )

    def first_line(self, deadline: float) -> str:
        """Return the first line that the process says, or ``""`` when it says none within ``deadline`` seconds."""
        stream = self._process.stdout
        if stream is None:
            return ""
        waiting = select.poll()
        waiting.register(stream, select.POLLIN)
        return stream.readline().decode("utf-8", "replace").strip() if waiting.poll(deadline * 1000) else ""

    def end(self) -> None:
        """End the process: by its input, or else by force."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(HELD_DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(HELD_DEADLINE)
