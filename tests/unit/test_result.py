"""How a command that ended is told in one sentence."""

from __future__ import annotations

from pytest_wslgo.target.result import CommandResult


def result(status: int, out: bytes = b"", err: bytes = b"") -> CommandResult:
    return CommandResult("box", ("go", "build", "."), status, out, err, 0.1)


def test_an_ending_is_told_with_its_status_and_last_words() -> None:
    assert result(1, b"out\n", b"a\n\nb\n").explain() == "`go build .` ended with status 1: a\nb"
    assert result(1, b"out\n").explain() == "`go build .` ended with status 1: out"
    assert result(0).explain() == "`go build .` ended with status 0"
