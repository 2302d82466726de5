"""wsl:// on a stand-in for wsl.exe: what wsl.exe says, distributions that stop, and whole runs of the book."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.errors import BadInput, DeadlineExceeded, MissingTool, TargetLost, WslgoError
from pytest_wslgo.model.wsl.captures import Encoding, decode
from pytest_wslgo.model.wsl.wslexe import parse_list, parse_list_quiet, parse_list_verbose
from pytest_wslgo.model.wsl.wslexe_errors import is_own_failure, parse_error, parse_exec_failure
from pytest_wslgo.target import command, kernel, wslexe
from pytest_wslgo.target.distros.boot import at_spec
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.image import parse_image
from pytest_wslgo.target.spec import expand_specs, open_target
from tests.integration.lab.processes import alive_with, wait_until
from tests.integration.lab.roots import make_busybox_root
from tests.integration.lab.wsl import Windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_wslgo.target.target import Target


@pytest.fixture
def on_path(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> Windows:
    """The lab's wsl.exe on PATH."""
    monkeypatch.setenv("PATH", windows.path)
    return windows


@pytest.fixture
def own(busybox_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    """A Windows that a test may break: Debian, Alpine, Docker Desktop's own, and an old name with a blank."""
    roots = dict.fromkeys(("Debian", "Alpine", "docker-desktop", "Old Ubuntu"), busybox_root)
    lab = Windows(tmp_path / "own", roots)
    monkeypatch.setenv("PATH", lab.path)
    yield lab
    lab.shut_down()


@pytest.fixture
def debian(own: Windows) -> Iterator[Target]:
    with open_target("wsl://Debian", name="deb", run_id=uuid.uuid4().hex) as target:
        target.run(["true"])
        yield target


def test_the_stand_in_writes_as_wsl_exe_does(windows: Windows) -> None:
    wide, narrow = windows.run("--list", "--quiet"), windows.run("--list", "--quiet", WSL_UTF8="1")
    told = windows.run("--list", "--verbose").stdout

    assert wide.stdout == "Debian\r\n".encode("utf-16-le")
    assert narrow.stdout == b"Debian\r\n"
    assert parse_list_quiet(wide.stdout).distros[0].name == "Debian"
    assert parse_list_verbose(told).distros[0].version == 2
    assert parse_list(windows.run("--list").stdout).default == "Debian"


def test_the_stand_in_tells_its_failures_from_those_of_a_command(windows: Windows) -> None:
    no_distro = windows.run("-d", "Debain", "--exec", "true")
    no_option = windows.run("--quite")
    no_program = windows.run("--exec", "no-such-program")

    assert (no_distro.returncode, no_option.returncode, no_program.returncode) == (255, 255, 1)
    assert decode(no_distro.stdout).encoding is Encoding.UTF16
    assert is_own_failure(255, no_distro.stdout, through_interop=True)
    assert "--quite" in decode(no_option.stdout).text
    failure = parse_exec_failure(no_program.stderr)
    assert failure is not None
    assert failure.program == "no-such-program"
    assert windows.run("--exec", "sh", "-c", "exit 255").returncode == 255


def test_the_stand_in_reads_a_command_line_as_wsl_exe_does(windows: Windows) -> None:
    hard = ["", "a b", 'say "x"', "back\\", 'both\\"', "$HOME", "*"]

    assert windows.run("--exec", "printf", "%s|", *hard).stdout.decode() == "|".join([*hard, ""])
    assert windows.run("--", "echo", "$HOME").stdout == b"/root\n"
    assert windows.run("echo", "$HOME").stdout == b"/root\n"
    assert windows.run("--cd", "/etc", "--exec", "pwd").stdout == b"/etc\n"
    assert windows.run("-u", "dev", "--cd", "~", "--exec", "sh", "-c", "id -u; pwd").stdout == b"1000\n/home/dev\n"
    quoted = parse_error(windows.run("-d", "Deb ian", "--exec", "true").stdout)
    assert quoted is not None
    assert quoted.name == "WSL_E_DISTRO_NOT_FOUND"


def test_a_user_is_the_one_asked_for(on_path: Windows) -> None:
    with open_target("wsl://dev@Debian") as target:
        assert target.run(["sh", "-c", "id -u; pwd; echo $HOME"]).text == "1000\n/home/dev\n/home/dev\n"


def test_case_does_not_matter_to_windows(on_path: Windows) -> None:
    with open_target("wsl://debian") as target:
        assert target.run(["sh", "-c", "echo $WSL_DISTRO_NAME"]).text == "Debian\n"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("wsl://Debain", r"WSL has no distribution 'Debain' \(did you mean 'Debian'\?\); there are: Debian, Alpine, d"),
        ("wsl://nobody@Debian", "distribution Debian has no user 'nobody'; leave it out for the default user"),
        ("wsl://Old%20Ubuntu", "wsl.exe cannot be told 'Old Ubuntu': behind -d it takes no name with a blank"),
    ],
)
def test_what_is_not_there_is_explained(own: Windows, spec: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        open_target(spec).run(["true"])


def test_no_distribution_at_all(own: Windows) -> None:
    own.register({})

    with pytest.raises(BadInput, match="WSL has no distribution 'Debian'; there are: none"):
        open_target("wsl://Debian").run(["true"])
    with pytest.raises(BadInput, match=r"wsl://all finds no distribution to test; there are: none\. Install one"):
        expand_specs(["wsl://all"])


def test_a_distribution_without_a_shell(own: Windows, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    own.register({"Empty": tmp_path / "empty"})

    with pytest.raises(MissingTool, match="distribution Empty has no /bin/sh, which every test of it needs"):
        open_target("wsl://Empty").run(["true"])


def test_interop_that_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exe = tmp_path / "wsl.exe"
    exe.write_bytes(b"MZ\x90\0" + bytes(60))
    exe.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingTool, match=r"interop is off .*WSLInterop is gone.*Exec format error"):
        open_target("wsl://Debian").run(["true"])


def test_wsl_exe_is_looked_for_on_the_drive_of_windows(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, mounts = tmp_path / "c", tmp_path / "mounts"
    mounts.write_text(f"C:\\134 {drive} 9p rw,aname=drvfs;path=C:\\;uid=0,trans=fd 0 0\n")
    monkeypatch.setattr(wslexe, "MOUNTS", mounts)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    looked = rf"wsl://Debian needs wsl.exe, .* \(looked on PATH, {drive}/Windows/System32/wsl.exe\). Run pytest inside"
    with pytest.raises(MissingTool, match=looked):
        open_target("wsl://Debian").run(["true"])
    (drive / "Windows/System32").mkdir(parents=True)
    (drive / "Windows/System32/wsl.exe").symlink_to(windows.exe)
    with open_target("wsl://Debian") as target:
        assert target.run(["echo", "found"]).text == "found\n"


def test_words_that_do_not_fit_are_refused_before_windows_does(on_path: Windows) -> None:
    with open_target("wsl://Debian") as target:
        assert len(target.run(["echo", "x" * 30_000]).text) == 30_001
        with pytest.raises(BadInput, match=r"are too long for one command here: wsl\.exe takes 32506 characters"):
            target.run(["echo", "x" * 32_000])


def test_a_distribution_that_is_stopped_is_a_loss(debian: Target, own: Windows) -> None:
    failed: list[WslgoError] = []
    seconds = f"1{uuid.uuid4().int % 10**9}"

    def ask() -> None:
        try:
            debian.run(["sleep", seconds], deadline=30)
        except WslgoError as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: [line for line in alive_with(seconds) if "wsl" not in line], what="the command runs")
    own.run("--terminate", "Debian")
    asking.join(25)

    assert isinstance(failed[0], TargetLost)
    assert "target deb is lost: distribution Debian was stopped while a command ran" in str(failed[0])
    with pytest.raises(TargetLost, match="target deb was lost earlier in this run"):
        debian.run(["true"])


def test_the_distribution_itself_ends_a_command_whose_client_died(
    debian: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "WATCHDOG_GRACE", 0)
    seconds = f"1{uuid.uuid4().int % 10**9}"
    asking = threading.Thread(target=lambda: debian.run(["sleep", seconds], deadline=3, check=False))
    asking.start()
    wait_until(lambda: [line for line in alive_with(seconds) if ": sleep" in line], what="the command runs")
    clients = [line for line in alive_with("Debian") if "wsl_exe.py" in line]
    for line in clients:
        os.kill(int(line.partition(":")[0]), signal.SIGKILL)
    asking.join(30)

    assert clients
    assert [line for line in alive_with(seconds) if ": sleep" in line], "the client's end is not the command's"
    wait_until(lambda: not [line for line in alive_with(seconds) if ": sleep" in line], what="the command is dead")


def test_a_deadline_of_python_on_windows_ends_the_linux_side(debian: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """There the client is killed first, and nothing else on this machine; what it left is ended by another client."""
    seconds = f"1{uuid.uuid4().int % 10**9}"
    monkeypatch.setattr(kernel, "ON_WINDOWS", True)

    with pytest.raises(DeadlineExceeded, match=r"still ran after its deadline of 1\.5 s and was killed"):
        debian.run(["sh", "-c", 'setsid sleep "$1" & sleep "$1"', "sh", seconds], deadline=1.5)

    monkeypatch.undo()
    assert alive_with(seconds) == []


def test_all_are_one_target_for_each_and_what_is_left_out_is_said(own: Windows) -> None:
    specs, notes = expand_specs(["local://", "wsl://all", "wsl://dev@all"])

    assert specs == ("local://", "wsl://Debian", "wsl://Alpine", "wsl://dev@Debian", "wsl://dev@Alpine")
    assert notes[:2] == (
        "wsl://all leaves out docker-desktop, which is Docker Desktop's own",
        "wsl://all leaves out Old Ubuntu, for wsl.exe takes no name with a blank",
    )


def test_a_distro_may_be_a_distribution_of_wsl(on_path: Windows, tmp_path: Path) -> None:
    image = parse_image("deb=wsl://Debian", tmp_path)
    distros = Distros([image], tmp_path / "wslgo-run-lab")
    try:
        distro = distros.get("deb")
        assert distro.target.run(["sh", "-c", "echo $WSL_DISTRO_NAME"]).text == "Debian\n"
        assert distro.how == at_spec(image).how == "running machine wsl://Debian"
    finally:
        for target in distros.targets():
            target.close()


def run_book(folder: Path, lab: Windows, *args: str) -> tuple[dict[str, Any], str]:
    argv = [sys.executable, "-m", "pytest", "--wslgo", "-m", "setup", "--wslgo-ledger=ledger.json", *args]
    environ = os.environ | {"PATH": lab.path}
    done = subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, timeout=200, check=False)
    ledger = folder / "ledger.json"
    assert ledger.exists(), done.stdout + done.stderr
    return json.loads(ledger.read_text()), done.stdout + done.stderr


def test_a_whole_run_tells_what_the_machine_truly_is(windows: Windows, tmp_path: Path) -> None:
    """The variables of WSL are there, its kernel is not: a stand-in is told as what it is."""
    ledger, output = run_book(tmp_path, windows, "--wslgo-target=wsl://Debian")

    (target,) = ledger["targets"]
    assert target["spec"] == "wsl://Debian"
    assert target["platform"]["kind"] in ("linux", "container"), output
    assert "wslgo:   wsl.exe led here, but no kernel of WSL runs it: this wsl.exe is a stand-in" in output
    judged = {one["claim"]: one["verdict"] for one in ledger["verdicts"]}
    assert judged["setup.go-in-every-shell"] != "verified", output
    assert "error" not in {one.get("reason") for one in ledger["verdicts"]}, output


def test_a_run_on_every_distribution_needs_wsl_exe(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "pytest", "--wslgo", "-m", "setup", "--wslgo-target=wsl://all"]
    environ = os.environ | {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(argv, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=100, check=False)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: wsl://all needs wsl.exe, which is not on this machine (looked on PATH" in done.stderr


def test_a_run_on_every_distribution(own: Windows, busybox_root: Path, tmp_path: Path) -> None:
    second = make_busybox_root(tmp_path / "second")
    own.register({"Debian": busybox_root, "docker-desktop": busybox_root, "Alpine": second})

    ledger, output = run_book(tmp_path, own, "--wslgo-target=wsl://all", "-n", "2")

    assert [one["spec"] for one in ledger["targets"]] == ["wsl://Debian", "wsl://Alpine"]
    assert {one["target"] for one in ledger["verdicts"]} == {"Debian", "Alpine"}
    assert "wslgo: wsl://all leaves out docker-desktop, which is Docker Desktop's own" in output
