"""The seam: ``wrap`` as a table, words that survive any login shell, the frame, and what ssh's complaints mean."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost
from pytest_wslgo.target.container import Exec, Namespaces
from pytest_wslgo.target.frame import Frame
from pytest_wslgo.target.place import place
from pytest_wslgo.target.ssh import Ssh, explain_ssh, login_shell_command
from pytest_wslgo.target.transport import WITH_KERNEL_FILES, Chroot, Local, Transport, enter_root

if TYPE_CHECKING:
    from pathlib import Path

EXEC = Exec("podman", "box")
NAMESPACES = Namespaces(EXEC, 42, 7, 0, 0, "/", (("PATH", "/bin"),))
AS_DEV = Namespaces(EXEC, 42, 7, 1000, 1001, "/", ())
GO_ENV = 'exec /bin/sh -c \'exec "go" "env"\''
SSH = Ssh("dev@box", ("-p", "22"), "/tmp/c/ssh")


@pytest.mark.parametrize(
    ("transport", "tty", "argv"),
    [
        (Local(), False, ["go", "env"]),
        (Local(), True, ["go", "env"]),
        (Chroot("/srv"), False, ["/usr/sbin/chroot", "/srv", "go", "env"]),
        (Chroot("/srv", bare=True), False,
         ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", WITH_KERNEL_FILES, "/usr/sbin/chroot", "/srv", "go", "env"]),
        (EXEC, False, ["podman", "exec", "-i", "box", "go", "env"]),
        (EXEC, True, ["podman", "exec", "-it", "box", "go", "env"]),
        (Exec("docker", "box", "dev"), False, ["docker", "exec", "-i", "--user", "dev", "box", "go", "env"]),
        (NAMESPACES, False, ["/usr/bin/nsenter", "-t", "42", "-a", "--", "go", "env"]),
        (AS_DEV, False, ["/usr/bin/nsenter", "-t", "42", "-a", "-S", "1000", "-G", "1001", "--", "go", "env"]),
        (SSH, False, ["ssh", "-p", "22", "-S", "/tmp/c/ssh", "-T", "--", "dev@box", GO_ENV]),
        (SSH, True, ["ssh", "-p", "22", "-S", "/tmp/c/ssh", "-tt", "--", "dev@box", GO_ENV]),
    ],
)  # fmt: skip
def test_wrap_is_the_way_in(transport: Transport, tty: bool, argv: list[str]) -> None:
    assert transport.wrap(["go", "env"], tty=tty) == argv


def test_a_session_of_a_container_goes_through_its_engine() -> None:
    assert NAMESPACES.session() is EXEC
    assert Local().session() == Local()


HARD_WORDS = [
    "plain", "", "two words", "it's", 'a "quoted" word', "$HOME `id` $(id) ${x}", "a\\b \\\\ \\' \\n", "bang!x !! !",
    "line\nbreak\n", "%s %% \\047", "#no comment", "~ * ? [a] {a,b}", "a;b|c&d>e<f", "tab\tbell\a",
    "grün 中文", "^a^b", "-n",
]  # fmt: skip


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "busybox", "zsh", "ksh", "fish", "tcsh"])
def test_words_survive_the_login_shell(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"install {shell} to try it as a login shell")
    applet = ["ash"] if shell == "busybox" else []
    text = login_shell_command(["printf", "%s\\0", *HARD_WORDS])

    got = subprocess.run([program, *applet, "-c", text], capture_output=True, check=True, timeout=20)

    assert got.stdout.decode().split("\0")[:-1] == HARD_WORDS


def test_a_frame_keeps_noise_and_status_apart() -> None:
    argv = Frame().around(["sh", "-c", "printf out; printf err >&2; exit 255"])
    frame = Frame()
    argv = ["sh", "-c", 'echo welcome; echo motd >&2; exec "$@"', "sh", *frame.around(argv[argv.index("sh", 5) :])]

    done = subprocess.run(argv, capture_output=True, check=False, timeout=20)
    got = frame.read(done.stdout, done.stderr)

    assert (got.status, got.stdout, got.stderr, got.noise) == (255, b"out", b"err", b"welcome\nmotd")
    assert got.leader is not None
    assert len(got.outputs) == 2
    assert frame.read(done.stdout, done.stderr[:-5]).status is None
    assert frame.read(b"Permission denied", b"") == Frame().read(b"Permission denied", b"")


@pytest.mark.parametrize("limit", [None, 5])
def test_a_frame_leaves_input_and_output_as_they_are(limit: int | None) -> None:
    data = bytes(range(256)) * 1000
    frame = Frame()

    done = subprocess.run(frame.around(["cat"], limit), input=data, capture_output=True, check=False, timeout=20)
    got = frame.read(done.stdout, done.stderr)

    assert (got.status, got.stdout, got.stderr) == (0, data, b"")


@pytest.mark.parametrize(("argv", "status"), [(["nosuch"], 127), (["/etc"], 126), (["sh", "-c", "kill -9 $$"], 137)])
@pytest.mark.parametrize("limit", [None, 5])
def test_a_frame_tells_the_status_as_a_shell_does(argv: list[str], status: int, limit: int | None) -> None:
    frame = Frame()
    done = subprocess.run(frame.around(argv, limit), capture_output=True, check=False, timeout=20)

    assert frame.read(done.stdout, done.stderr).status == status


def test_a_machine_kills_by_itself_what_passes_the_limit() -> None:
    frame = Frame()
    argv = frame.around(["sleep", "50"], 1)

    done = subprocess.run(argv, capture_output=True, check=False, timeout=20, start_new_session=True)

    assert done.returncode == -9
    assert frame.read(done.stdout, done.stderr).status is None


ONLY_A_AND_B = {"A": "1 2", "odd.name": "x\ny"}


def test_place_gives_exactly_the_environment() -> None:
    argv = place(["env", "-0"], "/etc", ONLY_A_AND_B)

    got = subprocess.run(
        argv, capture_output=True, check=True, timeout=20, env={"PATH": "/usr/bin:/bin", "GOROOT": "/x"}
    )

    assert dict(pair.split("=", 1) for pair in got.stdout.decode().split("\0")[:-1]) == ONLY_A_AND_B


def test_place_drops_the_environment_without_an_env_program(tmp_path: Path) -> None:
    shutil.copy("/bin/dash" if shutil.which("dash") else "/bin/sh", tmp_path / "sh")
    argv = place(["/usr/bin/env"], None, {"A": "1 2", "PATH": "/nowhere"})
    left = {"PATH": "/nowhere", "GOROOT": "/x", "TWO": "a b=c\nGOPATH=/y"}

    got = subprocess.run(argv, capture_output=True, check=True, timeout=20, env=left, executable="/bin/sh")

    assert {"A=1 2", "PATH=/nowhere"} <= set(got.stdout.decode().splitlines())
    assert b"GOROOT" not in got.stdout
    assert b"TWO" not in got.stdout


def test_place_does_not_take_a_program_for_a_variable(tmp_path: Path) -> None:
    program = tmp_path / "a=b"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)

    assert (
        subprocess.run(place([str(program)], None, {}), capture_output=True, check=True, timeout=20).stdout == b"ran\n"
    )


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("ssh: Could not resolve hostname nosuch: Name or service not known", "its name is not known. Check the name"),
        ("ssh: connect to host ::1 port 1: Connection refused", "nothing listens on that port. Start sshd"),
        ("ssh: connect to host 10.0.0.9 port 22: Connection timed out", "it does not answer. See that it is on"),
        ("Connection timed out during banner exchange", "it does not answer"),
        ("ssh: connect to host x port 22: No route to host", "there is no route to it"),
        (
            "No ED25519 host key is known for b.\nHost key verification failed.",
            "its host key is not known here. Connect once",
        ),
        (
            "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
            "not the one that is known",
        ),
        ("dev@box: Permission denied (publickey,password).", r"it accepts none of our keys. Add the key"),
        ("WARNING: UNPROTECTED PRIVATE KEY FILE!\nPermission denied (publickey).", "chmod 600 it"),
        ("/x/config: line 3: Bad configuration option: hots", "the ssh configuration is wrong"),
        ("Unable to negotiate with ::1 port 22: no matching host key type found.", "have no algorithm in common"),
        ("kex_exchange_identification: Connection closed by remote host", "the connection broke"),
        ("Timeout, server box not responding.", "the connection broke"),
        ("", "the connection broke without a word"),
        ("This account is currently not available.", "its login shell does not run /bin/sh"),
    ],
)
def test_a_complaint_of_ssh_becomes_a_sentence(said: str, meaning: str) -> None:
    error = explain_ssh("dev@box", said.encode())

    assert isinstance(error, TargetLost)
    assert str(error).startswith("ssh://dev@box cannot be used: ")
    assert meaning in str(error)


def test_a_container_without_a_shell_is_told_from_one_that_is_gone() -> None:
    no_shell = EXEC.explain(b"Error: crun: executable file `/bin/sh` not found: No such file or directory")
    gone = EXEC.explain(b"Error: can only create exec sessions on running containers")

    assert isinstance(no_shell, MissingTool)
    assert "container box has no /bin/sh" in str(no_shell)
    assert isinstance(gone, TargetLost)
    assert "container box takes no commands: see `podman ps`" in str(gone)


def test_a_chroot_needs_a_root_file_system(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such folder"):
        enter_root(str(tmp_path / "nosuch"))
    with pytest.raises(BadInput, match="it has no /bin/sh"):
        enter_root(str(tmp_path))
