"""What became of a build, by Go or by a C compiler: kept for the run as text, handed out as an Attempt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.binary import Binary

_SHOWN_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is stored of a build that ended, well or not; ``overran`` is the message when it passed its deadline."""

    path: str
    command: str
    status: int = -1
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    overran: str | None = None

    def dump(self) -> bytes:
        """Write it as JSON, for the processes of this run."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def load(cls, data: bytes) -> Outcome:
        """Read what ``dump`` wrote."""
        return cls(**json.loads(data))

    def attempt(self, what: str, binary: Binary | None) -> Attempt:
        """Hand it out, with the file that it left."""
        return Attempt(what, self.command, self.status, self.stdout, self.stderr, self.seconds, self.path, binary)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A build that ended: ``what`` was built by which ``command`` (text for a shell), its status and output.

    ``path`` is where its file was to be, and ``binary`` that file, also of a build that is not ``ok``; None when the
    status is not 0. ``seconds`` are those of the build itself, whichever process of the run made it.
    """

    what: str
    command: str
    status: int
    stdout: str
    stderr: str
    seconds: float
    path: str = ""
    binary: Binary | None = None

    @property
    def ok(self) -> bool:
        """Whether it succeeded. The linker's ``loadinternal: cannot find …`` is a failure, though go exits 0."""
        return self.status == 0 and "loadinternal:" not in self.stderr

    def describe(self) -> str:
        """Say how it was built and what came of it: what the binary is, or how go ended and what it said."""
        if self.ok and self.binary is not None:
            return self.binary.describe()
        said = tail_of(self.stderr) or tail_of(self.stdout) or "it printed nothing"
        return f"{self.what}: ended with status {self.status}:\n{said}"


def tail_of(text: str) -> str:
    """Return the last lines of what a command printed, as many as a reader wants to see."""
    return "\n".join(text.strip().splitlines()[-_SHOWN_LINES:])


class BuildFailed(WslgoError):
    """A build that a check needs did not succeed; ``attempt`` holds its status and output."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        super().__init__(f"go build failed: {attempt.describe()}\nTo see it again: {attempt.command}")
