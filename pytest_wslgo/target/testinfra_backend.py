"""testinfra's nouns on a target: its commands go through ``Target.run``, with the same deadlines and errors.

testinfra's own backends have no deadline, and its helpers raise AssertionError, which here means *refuted*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from testinfra.backend.base import BaseBackend
from testinfra.backend.base import CommandResult as Answer
from testinfra.host import Host

from pytest_wslgo.target.result import CommandFailed, CommandResult

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target


class TargetBackend(BaseBackend):  # type: ignore[misc]  # testinfra ships no types: its bases are Any
    """A testinfra backend whose every command is one ``Target.run`` of ``/bin/sh -c``."""

    NAME = "target"

    def __init__(self, target: Target) -> None:
        super().__init__(target.name)
        self._target = target

    def run(self, command: str, *args: str, **_: object) -> Answer:
        line = self.get_command(command, *args)
        got = self._target.run(["/bin/sh", "-c", line], check=False)
        return self.result(got.status, line.encode(errors="surrogateescape"), got.stdout, got.stderr)

    def get_encoding(self) -> str:
        """Return UTF-8; testinfra would run Python on the target to guess."""
        return "utf-8"


class TargetHost(Host):  # type: ignore[misc]  # as above
    """A testinfra host that raises CommandFailed where testinfra's raises AssertionError."""

    def run_expect(self, expected: list[int], command: str, *args: str, **kwargs: object) -> Answer:
        answer = self.run(command, *args, **kwargs)
        if answer.rc not in expected:
            raise CommandFailed(_result(self.backend.hostname, answer))
        return answer

    def check_output(self, command: str, *args: str, **kwargs: object) -> str:
        return str(self.run_expect([0], command, *args, **kwargs).stdout.rstrip("\r\n"))


def host_of(target: Target) -> Host:
    """Return the testinfra host whose commands run on ``target``."""
    backend = TargetBackend(target)
    host = TargetHost(backend)
    backend.set_host(host)
    return host


def _result(name: str, answer: Answer) -> CommandResult:
    line = answer.command.decode("utf-8", "replace")
    return CommandResult(name, ("/bin/sh", "-c", line), answer.rc, answer.stdout_bytes, answer.stderr_bytes, 0.0)
