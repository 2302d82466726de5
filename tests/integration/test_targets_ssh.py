"""ssh: noisy shells, connections that break or hang, and one sentence for each way not to get in."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, TargetLost, WslgoError
from pytest_wslgo.target import command, ssh
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.workdir import Lease
from tests.integration.lab.processes import alive_with, wait_until
from tests.integration.lab.sshd import Sshd, start_sshd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.target.target import Target


@pytest.fixture
def own_sshd(sshd: Sshd, tmp_path: Path) -> Iterator[Sshd]:
    """An sshd that a test may break; ``sshd`` says whether one can be had here."""
    server = start_sshd(tmp_path / "own")
    yield server
    server.stop()


@pytest.fixture
def breakable(own_sshd: Sshd) -> Iterator[Target]:
    target = open_target(own_sshd.spec(), name="breakable", run_id=uuid.uuid4().hex)
    target.run(["true"])
    yield target
    target.close()


def test_a_noisy_login_shell_is_heard_but_not_in_the_output(sshd: Sshd) -> None:
    with open_target(sshd.spec()) as target:
        assert target.run(["sh", "-c", "echo $FROM_BASHRC"]).text == "yes\n"


def test_more_commands_at_once_than_a_connection_takes(sshd: Sshd) -> None:
    answers: list[str] = []

    with open_target(sshd.spec()) as target:
        ask = [
            threading.Thread(target=lambda: answers.append(target.run(["sh", "-c", "sleep 0.5; echo ok"]).text))
            for _ in range(14)
        ]
        for thread in ask:
            thread.start()
        for thread in ask:
            thread.join(60)

    assert answers == ["ok\n"] * 14


def test_closing_ends_the_connection_and_its_socket(sshd: Sshd) -> None:
    target = open_target(sshd.spec())
    target.run(["true"])
    transport = target.transport
    assert isinstance(transport, ssh.Ssh)
    assert Path(transport.control).exists()

    target.close()

    assert not Path(transport.control).parent.exists()
    assert alive_with(transport.control) == []


def test_a_broken_connection_is_a_loss_at_once_and_for_good(breakable: Target, own_sshd: Sshd) -> None:
    failed: list[WslgoError] = []

    def ask() -> None:
        try:
            breakable.run(["sleep", "1000"], deadline=30)
        except WslgoError as error:
            failed.append(error)

    seconds = time.monotonic()
    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: len(own_sshd.sessions()) and alive_with("1000"), what="the command runs")
    own_sshd.stop()
    asking.join(25)

    assert isinstance(failed[0], TargetLost)
    assert "target breakable is lost: the connection to ssh://root@127.0.0.1 broke. See that it is on" in str(failed[0])
    assert time.monotonic() - seconds < 20
    seconds = time.monotonic()
    with pytest.raises(TargetLost, match="target breakable was lost earlier in this run"):
        breakable.run(["true"])
    assert time.monotonic() - seconds < 0.1


def test_a_machine_that_hangs_is_lost_at_the_deadline(
    breakable: Target, own_sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "REAP_DEADLINE", 1.0)
    own_sshd.signal_sessions(signal.SIGSTOP)

    with pytest.raises(
        TargetLost,
        match="target breakable is lost: a command passed its deadline, and then it did not answer within 1 s",
    ):
        breakable.run(["true"], deadline=1)

    own_sshd.signal_sessions(signal.SIGCONT)


def test_the_machine_itself_ends_a_command_whose_link_broke(
    breakable: Target, own_sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "WATCHDOG_GRACE", 0)
    monkeypatch.setattr(command, "REAP_DEADLINE", 2.0)
    seconds = f"1{uuid.uuid4().int % 10**9}"
    failed: list[WslgoError] = []

    def ask() -> None:
        try:
            breakable.run(["sleep", seconds], deadline=3)
        except WslgoError as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: alive_with(seconds), what="the command runs")
    own_sshd.signal_sessions(signal.SIGKILL)
    asking.join(30)

    assert isinstance(failed[0], TargetLost)
    wait_until(lambda: all("ssh " in line for line in alive_with(seconds)), what="the command is dead")


def _spec_with(own_sshd: Sshd, **settings: str) -> str:
    config = own_sshd.folder / "other_config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()) + own_sshd.config.read_text())
    return f"ssh://root@127.0.0.1:{own_sshd.port}?ssh_config={config}"


def _refusal(spec: str) -> str:
    with pytest.raises(TargetLost) as refused, open_target(spec, name="box") as target:
        target.run(["true"])
    return str(refused.value)


def test_an_unknown_host_key_is_explained(sshd: Sshd, tmp_path: Path) -> None:
    (sshd.folder / "none").touch()

    assert "its host key is not known here. Connect once by hand" in _refusal(
        _spec_with(sshd, UserKnownHostsFile=str(sshd.folder / "none"))
    )


def test_a_changed_host_key_is_explained(sshd: Sshd) -> None:
    known = sshd.folder / "changed"
    other = (sshd.folder / "key.pub").read_text().rsplit(" ", 1)[0]
    known.write_text(f"[127.0.0.1]:{sshd.port} {other}\n")

    assert "its host key is not the one that is known. If the machine was made anew" in _refusal(
        _spec_with(sshd, UserKnownHostsFile=str(known))
    )


def test_a_key_that_is_not_accepted_is_explained(sshd: Sshd, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True, timeout=30)

    config = tmp_path / "config"
    config.write_text(sshd.config.read_text().replace(f"{sshd.folder}/key", str(tmp_path / "other")))
    assert "it accepts none of our keys. Add the key to its authorized_keys" in _refusal(
        f"ssh://root@127.0.0.1:{sshd.port}?ssh_config={config}&identity={tmp_path / 'other'}"
    )


def test_a_port_where_nothing_listens_is_explained(sshd: Sshd) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert "nothing listens on that port. Start sshd there" in _refusal(f"ssh://127.0.0.1:{port}")


def test_a_machine_that_never_greets_is_explained(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ssh.OPTIONS, "ConnectTimeout", "1")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()

        assert "it does not answer. See that it is on" in _refusal(f"ssh://127.0.0.1:{silent.getsockname()[1]}")


def test_a_name_that_does_not_exist_is_explained(sshd: Sshd) -> None:
    assert "its name is not known. Check the name" in _refusal("ssh://no..such")


def test_a_login_shell_that_takes_no_commands_is_explained(sshd: Sshd, tmp_path: Path) -> None:
    server = start_sshd(tmp_path / "nologin", shell="/usr/sbin/nologin")
    try:
        assert "its login shell does not run /bin/sh. Give the user a shell" in _refusal(server.spec())
    finally:
        server.stop()


def test_words_that_are_too_long_for_one_command_are_refused(sshd: Sshd) -> None:
    with open_target(sshd.spec()) as target, pytest.raises(BadInput, match="are too long for one command"):
        target.run(["echo", "x" * 200_000])


def test_the_folder_of_the_connection_has_a_lease_that_a_later_run_can_read(sshd: Sshd) -> None:
    with open_target(sshd.spec()) as target:
        target.run(["true"])
        assert isinstance(target.transport, ssh.Ssh)
        folder = Path(target.transport.control).parent
        leases = [Lease.parse(lease.read_text()) for lease in folder.glob(".leases/*")]

    assert [lease is not None and not lease.is_dead() for lease in leases] == [True]
    assert not folder.exists()
