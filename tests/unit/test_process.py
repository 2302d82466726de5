"""A local process under a deadline: what it gave, and that nothing of it survives."""

from __future__ import annotations

import signal
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.result import CommandFailed, CommandOverran, CommandResult, last_lines
from tests.integration.lab.processes import alive_with


def test_bytes_go_through_unchanged() -> None:
    data = bytes(range(256)) * 4096

    outcome = run_process(["cat"], stdin=data, deadline=20)

    assert (outcome.status, outcome.stdout, outcome.stderr) == (0, data, b"")


def test_a_file_may_be_the_input(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"\0data")

    with (tmp_path / "data").open("rb") as source:
        assert run_process(["cat"], stdin=source, deadline=20).stdout == b"\0data"


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        (["no-such-program"], 127, b"no-such-program: No such file or directory\n"),
        (["/etc"], 126, b"/etc: Permission denied\n"),
        (["sh", "-c", "exit 3"], 3, b""),
        (["sh", "-c", "kill -15 $$"], 143, b""),
    ],
)
def test_the_status_is_what_a_shell_would_say(argv: list[str], status: int, said: bytes) -> None:
    outcome = run_process(argv, deadline=20)

    assert (outcome.status, outcome.stderr) == (status, said)


def test_a_missing_directory_is_not_a_missing_program() -> None:
    outcome = run_process(["true"], cwd="/no/such", deadline=20)

    assert (outcome.status, outcome.stderr) == (126, b"/no/such: No such file or directory\n")


SURVIVORS = {
    "plain": 'echo partial; exec sleep "$1"',
    "ignores SIGTERM": 'trap "" TERM HUP INT; echo partial; sleep "$1"; sleep "$1"',
    "grandchild keeps the pipe": 'echo partial; sleep "$1" & exit 0',
    "setsid": 'echo partial; setsid sleep "$1"; exit 0',
    "orphan in its own session keeps the pipe": 'echo partial; setsid sh -c "sleep $1 & exec sleep $1" & exit 0',
    "silent child in its own session": 'echo partial; setsid sleep "$1" >/dev/null 2>&1 </dev/null & exec sleep "$1"',
}


@pytest.mark.parametrize("script", SURVIVORS.values(), ids=SURVIVORS)
def test_nothing_survives_the_deadline(script: str) -> None:
    seconds = f"1{uuid.uuid4().int % 10**9}"
    started = time.monotonic()

    outcome = run_process(["sh", "-c", script, "sh", seconds], deadline=0.3)

    assert outcome.overran
    assert outcome.stdout == b"partial\n"
    assert time.monotonic() - started < 5
    assert alive_with(seconds) == []


def test_a_process_that_ended_is_told_from_its_children() -> None:
    assert run_process(["sh", "-c", "sleep 30 & exit 3"], deadline=0.3).ended
    assert not run_process(["sleep", "30"], deadline=0.3).ended


def test_an_innocent_neighbour_survives() -> None:
    with subprocess.Popen(["sleep", "30"]) as neighbour:
        run_process(["sleep", "30"], deadline=0.2)

        assert neighbour.poll() is None
        neighbour.kill()


def test_an_interrupt_leaves_nothing() -> None:
    seconds = f"1{uuid.uuid4().int % 10**9}"

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_process(["sh", "-c", 'sleep "$1"; true', "sh", seconds], deadline=20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert alive_with(seconds) == []


def test_no_descriptor_is_left_open() -> None:
    run_process(["true"], deadline=20)
    before = len(list(Path("/proc/self/fd").iterdir()))

    run_process(["true"], deadline=20)
    run_process(["sleep", "30"], deadline=0.1)

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_failure_names_target_command_status_and_last_words() -> None:
    result = CommandResult("box", ("go", "build", "a b"), 2, b"", b"first\n\nlast\n", 0.1)

    assert str(CommandFailed(result)) == "target box: `go build 'a b'` ended with status 2:\nfirst\nlast"
    assert str(CommandFailed(CommandResult("box", ("false",), 1, b"", b"", 0.1))).endswith("status 1 and said nothing.")


def test_an_overrun_keeps_the_last_words() -> None:
    assert str(CommandOverran("It was killed.", b"out\n", b"err\n")) == "It was killed. Its last words were:\nout\nerr"
    assert str(CommandOverran("It was killed.", b"", b"")) == "It was killed. It had written nothing."


def test_last_lines_of_no_text() -> None:
    assert last_lines(b"\xff\xfe\n \n") == "\ufffd\ufffd"
