"""Mounts, rights and networks of one command: what it sees, what others see, what is left, who may not have them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, MissingTool, NoPrivilege, WslgoError
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.inside import open_inside
from pytest_wslgo.toolchain.tracing import open_trace
from pytest_wslgo.toolchain.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_wslgo.target.target import Target

UNSHARE = "/usr/bin/unshare"


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """This machine."""
    with open_target("local://", run_id=f"inside{os.getpid()}") as opened:
        yield opened


@pytest.fixture(scope="module")
def bench(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """The embedded Go at work."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    return Workbench(target, find_toolchain("embedded", target), tmp_path_factory.mktemp("run"))


@pytest.fixture
def place(target: Target, tmp_path: Path) -> Path:
    """A directory with one file, where this machine lets a command have mounts."""
    (tmp_path / "kept").write_text("kept")
    try:
        open_inside(target, {str(tmp_path): "tmpfs"})
    except WslgoError as error:
        pytest.skip(str(error))
    return tmp_path


def say(
    target: Target, mounts: Mapping[str, str], script: str, *, privileged: bool = True, network: bool = True
) -> str:
    """Return what a script says inside: its output and its errors."""
    words = open_inside(target, mounts, privileged=privileged, network=network)
    got = target.run([*words, "/bin/sh", "-c", script], check=False, env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
    return f"{got.text}{got.err}".strip()


SIGHTS = [
    ("bind,ro", 'cat kept; : >new || echo "$?"', "Read-only file system"),
    ("bind,noexec", "printf '#!/bin/sh\\n' >new; chmod +x new; ./new", "Permission denied"),
    ("tmpfs", "ls; echo nothing", "nothing"),
    ("tmpfs,size=1m,kept", "cat kept", "kept"),
    ("tmpfs,size=64k,kept,full", "cat kept; cat kept >more", "No space left on device"),
    ("over=/proc", "ls >/dev/null; cat kept", "No such file"),
]


@pytest.mark.parametrize(("kind", "script", "says"), SIGHTS, ids=[kind for kind, _, _ in SIGHTS])
def test_what_a_command_sees(target: Target, place: Path, kind: str, script: str, says: str) -> None:
    assert says.lower() in say(target, {str(place): kind}, f"cd {place}; {script}").lower()
    assert str(place) not in Path("/proc/self/mountinfo").read_text()
    assert "kept" in [path.name for path in place.iterdir()]


def test_without_rights_modes_count(target: Target, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    assert "Permission denied" in say(target, {}, f": >{tmp_path}/new", privileged=False)


def test_without_a_network_there_is_no_route(target: Target, place: Path) -> None:
    assert say(target, {str(place): "tmpfs"}, "tail -n +2 /proc/net/route | wc -l", network=False) == "0"


def test_a_drive_has_no_modes_no_links_and_any_case(bench: Workbench, place: Path) -> None:
    try:
        drive = bench.inside({str(place): f"drive,latency=10us,told={place}/../told"})
    except NoPrivilege as error:
        pytest.skip(str(error))
    script = "mkdir Sub; chmod 700 Sub; mv KEPT sub/Moved; cat SUB/mOVED; ln -s a b; find . | sort; ls -ld sub; ls -i"
    seen, again = (
        bench.target.run([*drive, "/bin/sh", "-c", f"cd {place}; {words}"], check=False).text.split("\n")
        for words in (script, "cat sub/moved; ls -i")
    )
    assert seen[:3] == ["kept.", "./Sub", "./Sub/Moved"]
    assert seen[3].startswith("drwxrwxrwx")
    assert again[0].startswith("kept")
    assert seen[4].split()[0] != again[0].removeprefix("kept").split()[0], "the inodes are the same after each mount"
    assert (place / "Sub" / "Moved").read_text() == "kept"
    assert int((place.parent / "told").read_text()) > 0


BAD = [
    ("ext4", "'ext4' is no mount of ours: give bind,ro, over=PATH, tmpfs,size=1m or drive."),
    ("bind", "'bind' is no mount of ours: give bind,ro, over=PATH, tmpfs,size=1m or drive."),
    ("tmpfs,full", "'tmpfs,full' has no size=, and would fill the memory of the machine: give tmpfs,size=1m."),
]


@pytest.mark.parametrize(("kind", "says"), BAD)
def test_a_mount_that_is_none_is_told(target: Target, kind: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        open_inside(target, {"/tmp": kind})
    assert str(caught.value) == f"/tmp: {says}"


def in_a_path(folder: Path, scripts: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose PATH has sh and id, and these scripts."""
    for name in ("sh", "id"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder), "LC_ALL": "C"}


def test_what_is_missing_is_told_with_its_package(target: Target, tmp_path: Path) -> None:
    env = in_a_path(tmp_path, {})
    with pytest.raises(MissingTool) as mounts:
        open_inside(target, {"/tmp": "tmpfs"}, env=env)
    with pytest.raises(MissingTool) as strace:
        open_trace(target, "%file", env=env)
    message = f"target {target.name} has no unshare, which this check needs: install util-linux."
    assert str(mounts.value) == message
    assert str(strace.value) == f"target {target.name} has no strace: install the package strace."


def test_rights_that_cannot_be_taken_away_are_told(target: Target, tmp_path: Path) -> None:
    env = in_a_path(tmp_path, {"setpriv": "echo setpriv: unknown capability >&2; exit 1"})
    if os.geteuid() != 0:
        pytest.skip("an ordinary user has no rights to lose: run as root")
    with pytest.raises(NoPrivilege) as caught:
        open_inside(target, {}, privileged=False, env=env)
    assert str(caught.value) == f"target {target.name} gives a command no fewer rights: setpriv: unknown capability"


def test_a_file_system_that_may_not_be_served_is_told(target: Target, place: Path, tmp_path: Path) -> None:
    refusing = tmp_path / "drive"
    refusing.write_text("#!/bin/sh\necho drive: open /dev/fuse permission denied >&2; exit 125\n")
    refusing.chmod(0o755)
    with pytest.raises(NoPrivilege) as caught:
        open_inside(target, {str(place): "drive"}, drive=str(refusing))
    assert str(caught.value) == (
        f"target {target.name} lets this run serve no file system of its own (FUSE): "
        "drive: open /dev/fuse permission denied"
    )


def test_what_is_refused_is_told_with_what_the_machine_said(target: Target, tmp_path: Path) -> None:
    scripts = {"unshare": "echo unshare failed: not permitted >&2; exit 1", "strace": "echo ptrace: no >&2; exit 1"}
    env = in_a_path(tmp_path, scripts)
    with pytest.raises(NoPrivilege) as mounts:
        open_inside(target, {"/data": "tmpfs"}, env=env)
    with pytest.raises(NoPrivilege) as strace:
        open_trace(target, "%file", env=env)
    assert str(mounts.value) == (
        f"target {target.name} gives a command no mounts or network of its own (run as root, or allow user namespaces):"
        " unshare failed: not permitted"
    )
    assert str(strace.value) == (
        f"target {target.name} lets this run trace no process; in a container allow ptrace: ptrace: no"
    )


HANG = """
import sys
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.inside import open_inside
with open_target("local://", run_id=sys.argv[1]) as target:
    words = open_inside(target, {sys.argv[2]: sys.argv[3]}, drive=sys.argv[4])
    script = 'grep -q " $1 " /proc/self/mounts && : >"$1/inside"; sleep 600'
    target.run([*words, "/bin/sh", "-c", script, "sh", sys.argv[2]], env={"PATH": "/usr/bin:/bin", "WORD": sys.argv[1]})
"""


@pytest.mark.parametrize("kind", ["bind,nodev", "drive"])
def test_an_interrupt_leaves_no_mount_and_no_process(bench: Workbench, place: Path, kind: str) -> None:
    word = f"interrupted{os.getpid()}{kind.partition(',')[0]}"
    program = bench.build("drive", cgo=False).path
    argv = [sys.executable, "-c", HANG, word, str(place), kind, program]
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (place / "inside").exists():
        assert process.poll() is None, "the command inside never began"
        assert time.monotonic() < deadline, "the command inside did not begin within a minute"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0
    assert str(place) not in Path("/proc/self/mountinfo").read_text()
    assert [path for path in Path("/proc").glob("[0-9]*/environ") if f"WORD={word}".encode() in environ(path)] == []
    assert not list(Path("/tmp").glob(f"wslgo-{word}*"))


def environ(path: Path) -> bytes:
    """Return the environment of a process; of one that has just ended, nothing."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
