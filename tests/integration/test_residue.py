"""What a run leaves on the machine under test: one cache directory, and nothing else (DESIGN section 8)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_wslgo.toolchain.discovery import embedded_goroot

BOOK = ("-m", "pytest", "--wslgo", "--wslgo-go=embedded", "-p", "no:cacheprovider")
FEW = ("-k", "exe or build_mode")


class Box:
    """A user's home, a directory for temporary files and a project, all empty, and what stands in them later."""

    def __init__(self, folder: Path) -> None:
        self.home, self.temporary, self.project = (folder / name for name in ("home", "tmp", "project"))
        for made in (self.home, self.temporary, self.project):
            made.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        self.environment = {**kept, "HOME": str(self.home), "TMPDIR": str(self.temporary)}

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, *BOOK, *args]
        return subprocess.run(
            argv, cwd=self.project, env=self.environment, capture_output=True, text=True, timeout=400, check=False
        )

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, *BOOK, *args]
        return subprocess.Popen(argv, cwd=self.project, env=self.environment, stdout=subprocess.DEVNULL)

    def left(self) -> list[str]:
        """Return what stands in the three directories, except in our cache."""
        roots = (self.home, self.temporary, self.project)
        found = (path.relative_to(root) for root in roots for path in root.rglob("*"))
        return sorted(str(path) for path in found if not str(path).startswith(".cache/pytest-wslgo"))


@pytest.fixture
def box(tmp_path: Path) -> Box:
    if embedded_goroot() is None:
        pytest.skip("run `pip install 'pytest-wslgo[embedded]'` for a run that builds")
    return Box(tmp_path)


def sdk_state() -> dict[str, int]:
    """Return when each file of the embedded SDK's own directories was changed last."""
    goroot = Path(embedded_goroot() or "")
    return {str(path): path.stat().st_mtime_ns for top in ("bin", "pkg") for path in (goroot / top).rglob("*")}


def wait_for_a_build(box: Box) -> None:
    deadline = time.monotonic() + 60
    while not any(box.temporary.glob("wslgo-run-*/building/*")):
        assert time.monotonic() < deadline, "no build began within a minute"
        time.sleep(0.05)


def mounted(box: Box) -> list[str]:
    """Return the lines of every process's mount table that name a directory of the box."""
    found: list[str] = []
    for table in Path("/proc").glob("[0-9]*/mounts"):
        with suppress(OSError):  # the process ended
            found += [line for line in table.read_text(encoding="utf-8").splitlines() if f"{box.temporary}/" in line]
    return found


def wait_for_a_mount(box: Box, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not mounted(box):
        if process.poll() is not None:
            pytest.skip("no mount was made: run as root, or allow user namespaces")
        assert time.monotonic() < deadline, "no mount was made within two minutes"
        time.sleep(0.01)


def test_a_run_leaves_its_cache_and_nothing_else(box: Box) -> None:
    before = sdk_state()

    done = box.run(*FEW)

    assert done.returncode == 0, done.stdout
    assert box.left() == [".cache"]
    assert sdk_state() == before


def test_an_interrupted_run_leaves_nothing_either(box: Box) -> None:
    process = box.start(*FEW)
    wait_for_a_build(box)
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 2
    assert box.left() == [".cache"]


def test_a_run_that_is_interrupted_amid_a_mount_leaves_none(box: Box) -> None:
    process = box.start("-k", "noexec_gobin")
    wait_for_a_mount(box, process)
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 2
    assert mounted(box) == []
    assert box.left() == [".cache"]


def test_the_mount_of_a_killed_run_is_gone_with_the_next(box: Box) -> None:
    process = box.start("-k", "noexec_gobin")
    wait_for_a_mount(box, process)
    process.kill()
    process.wait(60)

    done = box.run("-k", "names_the_go or known_for")

    assert done.returncode == 0, done.stdout
    assert mounted(box) == []
    assert box.left() == [".cache"]


def test_what_a_killed_run_leaves_the_next_one_removes(box: Box) -> None:
    process = box.start(*FEW)
    wait_for_a_build(box)
    process.kill()
    process.wait(60)
    assert [name for name in box.left() if name.startswith("wslgo-")]

    done = box.run("-k", "names_the_go or known_for")

    assert done.returncode == 0, done.stdout
    assert box.left() == [".cache"]
