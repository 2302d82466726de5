"""What every target promises, on a real machine of every kind."""

from __future__ import annotations

import hashlib
import signal
import threading
import time
import uuid
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.result import CommandFailed, CommandOverran, TransferFailed
from tests.integration.lab.processes import alive_with

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.target.target import Target

ALL_BYTES = bytes(range(256)) * 100


def test_output_is_exactly_the_command_s(machine: Target) -> None:
    got = machine.run(["sh", "-c", "printf out; printf err >&2"])

    assert (got.status, got.stdout, got.stderr) == (0, b"out", b"err")
    assert (got.target, got.argv) == (machine.name, ("sh", "-c", "printf out; printf err >&2"))


@pytest.mark.parametrize("status", [0, 1, 2, 125, 126, 127, 255])
def test_the_status_is_the_command_s(machine: Target, status: int) -> None:
    assert machine.run(["sh", "-c", f"exit {status}"], check=False).status == status


def test_a_signal_is_128_more(machine: Target) -> None:
    assert machine.run(["sh", "-c", "kill -15 $$"], check=False).status == 143
    assert machine.run(["sh", "-c", "kill -9 $$"], check=False).status == 137


def test_a_command_that_kills_its_session_does_not_lose_the_machine(machine: Target) -> None:
    assert machine.run(["sh", "-c", "kill -9 0"], check=False).status == 137
    assert machine.run(["echo", "still here"]).text == "still here\n"


def test_a_program_that_is_missing_or_not_executable_says_so(machine: Target) -> None:
    missing = machine.run(["no-such-program"], check=False)
    folder = machine.run(["/proc"], check=False)

    assert missing.status == 127
    assert "no-such-program" in missing.err
    assert folder.status == 126
    assert "/proc" in folder.err


def test_a_failure_is_raised_unless_asked_for(machine: Target) -> None:
    with pytest.raises(CommandFailed, match=rf"target {machine.name}: `sh -c .*` ended with status 3:\nwhy") as failure:
        machine.run(["sh", "-c", "echo why >&2; exit 3"])

    assert failure.value.result.status == 3


def test_words_arrive_as_they_are(machine: Target) -> None:
    words = ["", "two words", "it's", '"$HOME" `id` $(id)', "\\n \\' \\\\", "!x", "a\nb\n", "grün", "*", "-n", "%s"]

    assert machine.run(["printf", "%s|", *words]).text == "|".join([*words, ""])


def test_input_arrives_byte_for_byte(machine: Target) -> None:
    assert machine.run(["cat"], stdin=ALL_BYTES).stdout == ALL_BYTES
    assert machine.run(["cat"]).stdout == b""


def test_input_that_is_not_read_does_no_harm(machine: Target) -> None:
    got = machine.run(["sh", "-c", "echo out; exit 3"], stdin=ALL_BYTES * 10, check=False)

    assert (got.status, got.stdout) == (3, b"out\n")


def test_the_directory_is_the_one_asked_for(machine: Target) -> None:
    assert machine.run(["pwd"], cwd="/etc").text == "/etc\n"

    missing = machine.run(["pwd"], cwd="/no/such", check=False)
    assert missing.status == 126
    assert "/no/such" in missing.err


def test_the_environment_is_exactly_the_one_given(machine: Target) -> None:
    env = {"A": "1 2", "QUOTE": "it's", "LINES": "a\nb", "PATH": "/usr/bin:/bin"}

    got = machine.run(["sh", "-c", 'printf "%s|" "$A" "$QUOTE" "$LINES"; echo; exec env'], env=env).text

    assert got.startswith("1 2|it's|a\nb|")
    names = {line.partition("=")[0] for line in got.splitlines() if "=" in line}
    assert names - {"PWD", "OLDPWD", "SHLVL", "_"} == set(env)  # a shell adds these by itself


def test_the_environment_of_the_machine_is_left_alone(machine: Target) -> None:
    names = machine.run(["env"]).text

    assert "PATH=" in names
    assert "_w" not in {line[:2] for line in names.splitlines()}


def test_a_deadline_leaves_nothing_behind(machine: Target) -> None:
    seconds = f"1{uuid.uuid4().int % 10**9}"
    script = 'trap "" TERM HUP INT; echo partial; setsid sleep "$1" & (sleep "$1" & sleep "$1"); sleep "$1"'
    started = time.monotonic()

    with pytest.raises(
        CommandOverran, match=r"still ran after its deadline of 0\.7 s and was killed\.(.|\n)*partial"
    ) as overrun:
        machine.run(["sh", "-c", script, "sh", seconds], deadline=0.7)

    assert time.monotonic() - started < 10
    assert overrun.value.stdout == b"partial\n"
    assert alive_with(seconds) == []


def test_an_interrupt_leaves_nothing_behind(machine: Target) -> None:
    seconds = f"1{uuid.uuid4().int % 10**9}"
    machine.run(["true"])

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    try:
        with pytest.raises(KeyboardInterrupt):
            machine.run(["sh", "-c", 'sleep "$1"; true', "sh", seconds])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert alive_with(seconds) == []


def test_an_orphan_that_keeps_the_output_is_found(machine: Target) -> None:
    if machine.name == "podman-exec":
        pytest.skip("podman exec ends with its command, whoever keeps the output open; test it as podman")
    seconds = f"1{uuid.uuid4().int % 10**9}"

    with pytest.raises(
        CommandOverran, match="ended with status 3, but a process that it left behind kept its output open"
    ):
        machine.run(["sh", "-c", 'setsid sh -c "sleep $1; :" & exit 3', "sh", seconds], deadline=0.7)

    assert alive_with(seconds) == []


def test_a_file_comes_back_as_it_went(machine: Target) -> None:
    path = f"{machine.workdir}/deep/folder/it's a file"

    machine.write(path, ALL_BYTES, mode=0o751)

    assert machine.read(path) == ALL_BYTES
    assert machine.run(["stat", "-c", "%a", path]).text == "751\n"
    machine.write(path, b"")
    assert machine.read(path) == b""
    assert machine.run(["ls", "-a", f"{machine.workdir}/deep/folder"]).text.split("\n")[:3] == [
        ".",
        "..",
        "it's a file",
    ]


def test_a_large_file_comes_back_as_it_went(machine: Target, tmp_path: Path) -> None:
    data = hashlib.shake_256(b"64 MB").digest(64_000_000)
    (tmp_path / "large").write_bytes(data)
    path = f"{machine.workdir}/large"

    machine.put(tmp_path / "large", path)

    assert machine.read(path) == data
    machine.run(["rm", path])


def test_a_file_of_the_kernel_can_be_read(machine: Target) -> None:
    assert machine.read("/proc/self/status").startswith(b"Name:\tcat\n")


def test_a_file_that_cannot_be_read_or_written_is_explained(machine: Target) -> None:
    with pytest.raises(TransferFailed, match=rf"target {machine.name}: cannot read /no/such: .*No such file"):
        machine.read("/no/such")
    with pytest.raises(TransferFailed, match=rf"target {machine.name}: cannot write /etc/passwd/x: "):
        machine.write("/etc/passwd/x", b"x")
    with pytest.raises(BadInput, match="a path on a target is absolute; 'tmp/x' is not"):
        machine.read("tmp/x")


def test_a_folder_arrives_with_modes_and_links(machine: Target, tmp_path: Path) -> None:
    source = tmp_path / "module"
    (source / "sub").mkdir(parents=True)
    (source / "sub/tool").write_bytes(ALL_BYTES)
    (source / "sub/tool").chmod(0o755)
    (source / f"long-{'n' * 150}").write_text("long\n")
    (source / "link").symlink_to("sub/tool")
    path = f"{machine.workdir}/module"

    machine.put(source, path)
    machine.put(source, path)

    assert machine.read(f"{path}/link") == ALL_BYTES
    assert machine.run(["readlink", f"{path}/link"]).text == "sub/tool\n"
    assert machine.run(["stat", "-c", "%a", f"{path}/sub/tool"]).text == "755\n"
    assert machine.read(f"{path}/long-{'n' * 150}") == b"long\n"


def test_what_is_not_there_cannot_be_put(machine: Target, tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=rf"nosuch cannot be put on target {machine.name}: there is no such file or folder"
    ):
        machine.put(tmp_path / "nosuch", "/tmp/x")


def test_the_working_directory_is_private(machine: Target) -> None:
    assert machine.run(["stat", "-c", "%a", machine.workdir]).text == "700\n"
    assert machine.workdir.endswith(f"/wslgo-lab-{machine.name.removeprefix('podman-')}")
    assert machine.cache_dir.endswith("/.cache/pytest-wslgo")
    assert machine.run(["test", "-d", machine.cache_dir], check=False).status == 0


def test_a_console_is_a_terminal_of_the_machine(machine: Target) -> None:
    console = machine.console(
        ["sh", "-c", "test -t 0 && stty size; read x; echo got $x"], dimensions=(30, 100), deadline=10
    )

    console.expect(b"30 100\r\n")
    console.sendline(b"word")
    console.expect(b"got word\r\n")
    console.close()


def test_a_console_has_environment_and_directory(machine: Target) -> None:
    env = {"A": "1", "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    console = machine.console(["sh", "-c", "echo $A $(pwd)"], env=env, cwd="/etc", deadline=10)

    console.expect(b"1 /etc\r\n")
    console.close()


def test_testinfra_speaks_of_the_machine(machine: Target) -> None:
    assert machine.host.file("/etc/passwd").exists
    assert not machine.host.file("/no/such").exists
    assert machine.host.file("/tmp").mode == 0o1777
    assert machine.host.user("root").uid == 0
    with pytest.raises(CommandFailed, match="no-such-program"):
        machine.host.check_output("no-such-program")


def test_several_threads_may_ask_at_once(machine: Target) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        answers[number] = machine.run(["sh", "-c", f"sleep 0.1; echo {number}"]).text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert answers == {number: f"{number}\n" for number in range(8)}


@pytest.mark.parametrize("argv", [[], "echo hello", ["a\0b"]])
def test_what_is_no_command_is_refused(machine: Target, argv: list[str]) -> None:
    with pytest.raises(BadInput, match="a command is a list of words without NUL"):
        machine.run(argv)


def test_a_path_that_finds_nothing_is_the_commands_own_affair(machine: Target) -> None:
    done = machine.run(["/bin/sh", "-c", "echo $PATH"], env={"PATH": "/nonexistent"})
    assert done.text == "/nonexistent\n"
