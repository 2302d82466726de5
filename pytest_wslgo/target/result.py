"""What a command on a target gave, and the errors that carry it.

A result is a value: bytes as they came, a status as a shell reports it (128+N for signal N, 127 for a missing program).
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from pytest_wslgo.errors import DeadlineExceeded, WslgoError

SHOWN_LINES = 12
SHOWN_COMMAND = 300


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What one command gave: its ``status``, output as bytes, and the ``seconds`` it took, transport included."""

    target: str
    argv: tuple[str, ...]
    status: int
    stdout: bytes
    stderr: bytes
    seconds: float

    @property
    def text(self) -> str:
        """Return standard output as UTF-8, with a replacement character for what is none."""
        return self.stdout.decode("utf-8", "replace")

    @property
    def err(self) -> str:
        """Return standard error as UTF-8, with a replacement character for what is none."""
        return self.stderr.decode("utf-8", "replace")

    def explain(self) -> str:
        """Say in one sentence how it ended: the command, its status and its last words."""
        said = last_lines(self.stderr) or last_lines(self.stdout)
        return f"`{command_line(self.argv)}` ended with status {self.status}" + (f": {said}" if said else "")


class CommandFailed(WslgoError):
    """A command ended with a status other than 0; ``result`` holds what it gave."""

    def __init__(self, result: CommandResult) -> None:
        self.result = result
        said = last_lines(result.stderr) or last_lines(result.stdout)
        super().__init__(
            f"target {result.target}: `{command_line(result.argv)}` ended with status {result.status}"
            + (f":\n{said}" if said else " and said nothing.")
        )


class CommandOverran(DeadlineExceeded):
    """A command passed its deadline and was killed; ``stdout`` and ``stderr`` hold what it had written by then."""

    def __init__(self, sentence: str, stdout: bytes, stderr: bytes) -> None:
        self.stdout = stdout
        self.stderr = stderr
        said = "\n".join(filter(None, (last_lines(stdout), last_lines(stderr))))
        super().__init__(sentence + (f" Its last words were:\n{said}" if said else " It had written nothing."))


class TransferFailed(WslgoError):
    """A file or folder could not be read from the target or written to it."""


def command_line(argv: tuple[str, ...]) -> str:
    """Return ``argv`` as one would type it, cut to a length that fits a message.

    >>> command_line(("go", "build", "-ldflags=-s -w"))
    "go build '-ldflags=-s -w'"
    """
    line = shlex.join(argv)
    return line if len(line) <= SHOWN_COMMAND else f"{line[:SHOWN_COMMAND]}…"


def last_lines(output: bytes, count: int = SHOWN_LINES) -> str:
    r"""Return the last ``count`` lines of ``output`` that are not blank, as text.

    >>> last_lines(b"a\n\nb\n", 1)
    'b'
    """
    lines = [line for line in output[-65536:].decode("utf-8", "replace").splitlines() if line.strip()]
    return "\n".join(lines[-count:])
