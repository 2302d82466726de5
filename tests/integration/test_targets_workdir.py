"""Our directory on a target: private, shared by a run, removed by the last, and swept when its run is dead."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.workdir import Lease, sweep_stale
from tests.integration.lab.roots import make_busybox_root

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER_PROCESS = """\
import sys
from pytest_wslgo.target.spec import open_target
target = open_target("local://", run_id=sys.argv[1])
print(target.workdir, flush=True)
sys.stdin.read()
target.close()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A TMPDIR of this test alone."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


class _Other:
    """Another process of a run, that has made the working directory."""

    def __init__(self, run_id: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS, run_id], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.workdir = self.process.stdout.readline().decode().strip()

    def end(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture
def run_id(temporary: Path) -> str:
    return uuid.uuid4().hex


@pytest.fixture
def other(run_id: str) -> Iterator[_Other]:
    process = _Other(run_id)
    yield process
    process.process.kill()
    process.process.communicate(timeout=20)


def test_the_last_process_of_a_run_removes_it(run_id: str, other: _Other, temporary: Path) -> None:
    with open_target("local://", run_id=run_id) as target:
        assert target.workdir == other.workdir == str(temporary / f"wslgo-{run_id}")

    assert Path(other.workdir).is_dir()
    other.end()
    assert not Path(other.workdir).exists()


def test_two_targets_of_one_process_share_it(run_id: str, temporary: Path) -> None:
    with open_target("local://", run_id=run_id) as first:
        with open_target("local://", run_id=run_id) as second:
            assert first.workdir == second.workdir
        assert Path(first.workdir).is_dir()

    assert list(temporary.iterdir()) == []


def test_a_run_that_was_killed_is_swept_by_the_next(run_id: str, other: _Other) -> None:
    with open_target("local://", run_id="next") as target:
        assert sweep_stale(target) == ()
        os.kill(other.process.pid, signal.SIGKILL)
        other.process.wait(20)

        assert sweep_stale(target) == (other.workdir,)
        assert not Path(other.workdir).exists()
        assert Path(target.workdir).is_dir()
        assert sweep_stale(target) == ()


@pytest.mark.parametrize(
    ("lease", "swept"),
    [
        ("elsewhere other-boot pid:[1] 1 1", False),
        ("{host} other-boot pid:[1] 1 1", True),
        ("{host} {boot} pid:[1] 1 1", False),
        ("{host} {boot} {space} {pid} 1", True),
        ("{host} {boot} {space} {pid} {started}", False),
        ("no lease", False),
    ],
)
def test_only_what_is_known_to_be_dead_is_swept(temporary: Path, lease: str, swept: bool) -> None:
    ours = Lease.ours()
    words = {name: getattr(ours, name) for name in Lease.__slots__}
    leases = temporary / "wslgo-old/.leases"
    leases.mkdir(parents=True)
    (leases / "one").write_text(lease.format(**words) + "\n")

    with open_target("local://") as target:
        assert sweep_stale(target) == ((str(temporary / "wslgo-old"),) if swept else ())


def test_a_directory_that_is_not_ours_is_refused(temporary: Path, run_id: str) -> None:
    (temporary / "elsewhere").mkdir()
    (temporary / f"wslgo-{run_id}").symlink_to("elsewhere")

    with (
        open_target("local://", run_id=run_id) as target,
        pytest.raises(
            WslgoError, match=f"target local: cannot make the working directory wslgo-{run_id}: .* is not ours"
        ),
    ):
        _ = target.workdir


def test_a_machine_without_tmp_gives_what_it_has(busybox_root: Path, tmp_path: Path) -> None:
    root = make_busybox_root(tmp_path / "root")
    shutil.rmtree(root / "tmp")

    with open_target(f"chroot://{root}", run_id="x") as target:
        assert target.workdir == "/root/wslgo-x"
    assert list((root / "root").iterdir()) == []

    (root / "root").rmdir()
    with (
        open_target(f"chroot://{root}", name="bare") as target,
        pytest.raises(WslgoError, match=r"target bare has no directory that we may write to \(tried \$TMPDIR, /tmp"),
    ):
        _ = target.workdir


def test_the_cache_is_in_the_working_directory_where_there_is_no_home(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/no/such")

    with open_target("local://", run_id="y") as target:
        assert target.cache_dir == f"{target.workdir}/cache"
