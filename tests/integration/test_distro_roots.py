"""A root file system as a distro: it is a target like any other, and what is wrong with one is told in one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from pytest_wslgo.errors import BadInput, DeadlineExceeded, Reason, TargetLost, WslgoError
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.image import parse_image
from pytest_wslgo.target.distros.sandbox import Entered
from pytest_wslgo.target.result import TransferFailed
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.workdir import Lease, sweep_stale
from tests.integration.lab.boots import CHECKOUT
from tests.integration.lab.processes import alive_with, wait_until
from tests.integration.lab.roots import make_busybox_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_wslgo.target.distros.distro import Distro

ELF_MACHINE = 18
ARM64 = 183


@pytest.fixture
def boot(tmp_path: Path) -> Iterator[Callable[[str], Distro]]:
    """Boot what ``mine=TEXT`` says, in a run of its own."""
    opened: list[Distros] = []

    def boot_one(text: str) -> Distro:
        run_dir = tmp_path / f"wslgo-run-{len(opened)}"
        run_dir.mkdir()
        opened.append(Distros([parse_image(f"mine={text}", tmp_path)], run_dir))
        return opened[-1].get("mine")

    yield boot_one
    for distros in opened:
        for target in distros.targets():
            target.close()


@pytest.fixture
def mine(boot: Callable[[str], Distro], busybox_root: Path) -> Distro:
    return boot(str(busybox_root))


def test_files_go_there_and_back(mine: Distro, tmp_path: Path) -> None:
    path = f"{mine.target.workdir}/deep/er/file"
    mine.target.write(path, b"\0\xff" * 5000, mode=0o755)
    assert mine.target.read(path) == b"\0\xff" * 5000
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/x").write_text("x")
    mine.target.put(tmp_path / "folder", f"{mine.target.workdir}/folder")
    assert mine.target.run(["cat", "folder/x"], cwd=mine.target.workdir).text == "x"


def test_a_command_gets_a_clean_environment_or_the_one_that_is_given(mine: Distro) -> None:
    seen = mine.target.run(["env"]).text.splitlines()
    assert {line.partition("=")[0] for line in seen} <= {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "SHLVL"}
    assert mine.target.run(["env"], env={"A": "b"}).text == "A=b\n"


def test_the_distro_has_processes_and_a_network_of_its_own(mine: Distro) -> None:
    assert int(mine.target.run(["sh", "-c", "echo $$"]).text) < 100
    devices = mine.target.read("/proc/net/dev").decode().splitlines()[2:]
    assert [line.partition(":")[0].strip() for line in devices] == ["lo"]


def test_what_passes_its_deadline_is_ended(mine: Distro) -> None:
    word = f"98765{os.getpid()}"
    with pytest.raises(DeadlineExceeded):
        mine.target.run(["sh", "-c", f"sleep {word} & sleep {word}"], deadline=0.5)
    assert alive_with(word) == []


def test_a_console_is_a_terminal_in_the_distro(mine: Distro) -> None:
    console = mine.target.console(["sh", "-c", "test -t 0 && read word && echo got $word"])
    console.sendline("it")
    console.expect("got it")
    console.expect(pexpect.EOF)


def test_a_full_disk_is_told_by_the_name_of_the_distro(mine: Distro) -> None:
    with pytest.raises(TransferFailed) as raised:
        mine.target.write("/run/big", bytes(20 << 20))
    assert str(raised.value).startswith("target mine: cannot write /run/big: ")
    assert "No space left on device" in str(raised.value)


def test_when_the_holder_is_gone_the_distro_is_lost(mine: Distro) -> None:
    transport = mine.target.transport
    assert isinstance(transport, Entered)
    os.kill(transport.pid, signal.SIGKILL)
    wait_until(lambda: transport.why_gone(), what="the holder ended")

    with pytest.raises(TargetLost) as raised:
        mine.target.run(["true"])

    assert str(raised.value) == (
        f"target mine is lost: the process {transport.pid} that held the root of distro mine open has ended."
    )


HOLDING = """\
import sys, time
from pathlib import Path
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.image import parse_image
distros = Distros([parse_image(sys.argv[1], Path("/"))], Path(sys.argv[2]))
distros.get("mine").target.run(["true"])
distros.get("mine").target.transport
print(distros.get("mine").target.transport.pid, flush=True)
time.sleep(100)
"""


def test_the_holder_ends_with_a_process_that_is_killed(busybox_root: Path, tmp_path: Path) -> None:
    argv = [sys.executable, "-c", HOLDING, f"mine={busybox_root}", str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=CHECKOUT) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        process.kill()

    wait_until(lambda: not Path(f"/proc/{pid}").exists(), what="the holder ended")
    assert str(tmp_path) not in Path("/proc/mounts").read_text()


def test_a_root_that_a_dead_run_holds_is_let_go_by_the_next(
    busybox_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xdist's workers outlive a controller that was killed by seconds, and their holders with them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    run_dir = tmp_path / "wslgo-run-dead"
    (run_dir / ".leases").mkdir(parents=True)
    (run_dir / ".leases/controller").write_text(str(replace(Lease.ours(), started=1)))
    distros = Distros([parse_image(f"mine={busybox_root}", tmp_path)], run_dir)
    transport = distros.get("mine").target.transport
    assert transport.why_gone() is None

    with open_target("local://") as here:
        assert sweep_stale(here) == (str(run_dir),)

    wait_until(transport.why_gone, what="the holder ended")
    assert not run_dir.exists()
    transport.close()


def refusal(boot: Callable[[str], Distro], text: object) -> str:
    with pytest.raises(WslgoError) as raised:
        boot(str(text))
    assert raised.value.reason is Reason.ERROR
    return str(raised.value)


def test_a_folder_without_a_shell(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    assert refusal(boot, tmp_path) == (
        f"distro mine: {tmp_path} has no /bin/sh, so it is not a root file system that can be tested."
    )


def test_a_path_that_is_not_there(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    (tmp_path / "alpine.tar.gz").touch()
    assert refusal(boot, "alpin.tar.gz") == (
        f"distro mine: there is no {tmp_path}/alpin.tar.gz (did you mean 'alpine.tar.gz'?)."
    )


def test_a_path_that_is_neither(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(boot, "./pipe") == f"distro mine: {tmp_path}/pipe is neither a folder nor a tarball."


def test_a_shell_of_another_architecture(boot: Callable[[str], Distro], busybox_root: Path, tmp_path: Path) -> None:
    root = make_busybox_root(tmp_path / "root")
    program = root / "bin/busybox"
    head = bytearray(program.read_bytes())
    head[ELF_MACHINE] = ARM64
    program.write_bytes(head)

    assert refusal(boot, root) == (
        f"distro mine: the /bin/sh of {root} is for arm64, and this machine is amd64: register an emulator with the"
        " flag F (binfmt_misc, such as qemu-user-static), or give a userland for amd64."
    )


def test_a_shell_whose_loader_is_missing(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    (tmp_path / "root/bin").mkdir(parents=True)
    (tmp_path / "root/bin/sh").write_bytes(Path("/bin/sh").read_bytes())
    (tmp_path / "root/bin/sh").chmod(0o755)

    said = refusal(boot, tmp_path / "root")

    assert said.startswith(f"distro mine: the /bin/sh of {tmp_path}/root needs /lib")
    assert said.endswith(", which is not there: the root file system is not complete.")


def test_a_shell_that_is_no_program(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    (tmp_path / "root/bin").mkdir(parents=True)
    (tmp_path / "root/bin/sh").write_text("hello")

    said = refusal(boot, tmp_path / "root")

    assert said.startswith(f"distro mine: the /bin/sh of {tmp_path}/root does not start: ")
    assert "Permission denied" in said


def test_a_tarball_that_climbs(boot: Callable[[str], Distro], tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    (tmp_path / "in").mkdir()
    argv = ["tar", "-C", str(tmp_path / "in"), "-cPf", str(tmp_path / "a.tar"), "../evil"]
    subprocess.run(argv, check=True, timeout=20)
    assert refusal(boot, "a.tar") == (
        f"distro mine: {tmp_path}/a.tar is refused: '../evil' leads out of the root file system."
    )


def test_what_cannot_be_prepared_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tar").touch()
    (tmp_path / "distros").mkdir()
    (tmp_path / "distros/mine").touch()
    distros = Distros([parse_image("mine=a.tar", tmp_path)], tmp_path)
    with pytest.raises(WslgoError) as raised:
        distros.get("mine")
    assert str(raised.value) == (f"distro mine cannot be prepared: Not a directory ({tmp_path}/distros/mine/root).")


def test_a_name_that_nobody_gave(tmp_path: Path) -> None:
    distros = Distros([parse_image("mine=/x", tmp_path)], tmp_path)
    with pytest.raises(BadInput) as raised:
        distros.get("min")
    assert str(raised.value) == ("no distro 'min' (did you mean 'mine'?); there are: debian, ubuntu, alpine, mine.")


def test_entering_is_fast(mine: Distro) -> None:
    """A command that enters costs a few milliseconds, not the 100 ms of an engine's exec."""
    mine.target.run(["true"])
    took = []
    for _ in range(20):
        start = time.perf_counter()
        mine.target.run(["true"])
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05, took
