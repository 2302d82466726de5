"""Distros in whole runs of pytest: what a check gets, what is told, and that nothing stays, however the run ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.target.distros.engine import LABEL
from tests.integration.lab.processes import descendants, title, wait_until
from tests.integration.lab.trees import state_of

if TYPE_CHECKING:
    from tests.integration.lab.podman import Podman

CLAIM = "linking.cgo-off-is-static"
CHECKS = """\
import os
import time
from pathlib import Path
import pytest

pytestmark = pytest.mark.claim("linking.cgo-off-is-static")

def note(distro):
    with Path(__file__).with_name("notes").open("a") as notes:
        notes.write(f"{os.environ.get('PYTEST_XDIST_WORKER')} {distro.target.run(['readlink', '/proc/1/ns/mnt']).text}")

def test_one(distro):
    note(distro)
    assert distro.target.run(["id", "-u"]).text == "0\\n"

def test_other(distro):
    note(distro)
    assert distro.target.read("/bin/busybox").startswith(b"\\x7fELF")

def test_all(distros):
    assert "mine" in [distro.name for distro in distros.all()]

def test_without(target):
    assert target.run(["true"]).status == 0

def test_long(distros):
    Path(__file__).with_name("began").write_text(distros.get("mine").target.workdir)
    distros.get("mine").target.run(["sleep", "100"], deadline=120)
"""


class Project:
    """A project with checks of its own, a home and a folder for temporary files, all empty but for the checks."""

    def __init__(self, folder: Path) -> None:
        self.home, self.temporary, self.folder = (folder / name for name in ("home", "tmp", "project"))
        for made in (self.home, self.temporary, self.folder):
            made.mkdir()
        (self.folder / "test_own.py").write_text(CHECKS)
        names = ("PATH", "LANG", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        self.environ = {**kept, "HOME": str(self.home), "TMPDIR": str(self.temporary)}

    def argv(self, *args: str) -> list[str]:
        options = ["--wslgo", "--wslgo-go=embedded", "--wslgo-ledger=ledger.json", "-p", "no:cacheprovider"]
        return [sys.executable, "-B", "-m", "pytest", *options, "test_own.py", *args]

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.argv(*args),
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        argv = self.argv("-k", "long", *args)
        process = subprocess.Popen(argv, cwd=self.folder, env=self.environ, stdout=subprocess.DEVNULL)
        wait_until((self.folder / "began").exists, seconds=60, what="the check began")
        return process

    def verdict(self) -> dict[str, Any]:
        ledger = json.loads((self.folder / "ledger.json").read_text())
        (verdict,) = (one for one in ledger["verdicts"] if one["claim"] == CLAIM)
        return dict(verdict)

    def left(self) -> list[str]:
        """What stands in the folder for temporary files, and what is mounted there."""
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        there = [path.name for path in self.temporary.iterdir() if not path.name.startswith("pytest-of-")]  # xdist's
        return there + [at for at in mounts if str(self.temporary) in at]

    def holders(self) -> list[str]:
        """The processes that hold a root of this project's runs open."""
        titles = (title(int(entry.name)) for entry in Path("/proc").glob("[0-9]*"))
        return [line for line in titles if "hold.py" in line and str(self.temporary) in line]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def labelled(podman: Podman) -> list[str]:
    return podman.call("ps", "-a", "--filter", f"label={LABEL}", "--format", "{{.Names}}").split()


def test_a_check_runs_in_the_distro_that_is_named(project: Project, busybox_root: Path) -> None:
    before = state_of(busybox_root)

    done = project.run(f"--wslgo-distro=mine={busybox_root}", "-k", "mine or all")

    verdict = project.verdict()
    line = f"distro mine: no os-release, amd64, no C library; root file system {busybox_root}"
    assert verdict["verdict"] == "verified", done.stdout
    assert verdict["evidence"]["test_own.py::test_one[mine]"]["distros"] == [line]
    assert line in done.stdout.splitlines()
    assert project.left() == []
    assert state_of(busybox_root) == before


def test_the_settings_file_names_distros_too(project: Project, busybox_root: Path) -> None:
    (project.folder / "wslgo.toml").write_text(f'distro = ["mine={os.path.relpath(busybox_root, project.folder)}"]')
    done = project.run("-k", "mine")
    assert project.verdict()["verdict"] == "verified", done.stdout


def test_a_wrong_distro_is_one_sentence_and_the_rest_goes_on(project: Project) -> None:
    done = project.run("--wslgo-distro=mine=./gone.tar", "-k", "mine or all or without")

    verdict = project.verdict()
    assert (verdict["verdict"], verdict["reason"]) == ("not-checked", "error")
    assert verdict["why"] == f"distro mine: there is no {project.folder}/gone.tar"
    assert "1 verified" in done.stdout
    assert done.returncode == 10


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--wslgo-distro=mine"], "--wslgo-distro 'mine' names no image; the form is NAME=IMAGE"),
        (["--wslgo-distro=a=b", "--wslgo-distro=a=c"], "--wslgo-distro names 'a' twice; a distro has one image"),
    ],
)
def test_what_names_no_distro_is_a_usage_error(project: Project, options: list[str], sentence: str) -> None:
    done = project.run(*options)
    assert done.returncode == 4
    assert sentence in done.stderr


def test_nothing_is_booted_unless_a_check_asks(project: Project, tmp_path: Path) -> None:
    """An engine is not even looked at."""
    for name in ("podman", "docker"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
        (tmp_path / name).chmod(0o755)
    project.environ["PATH"] = f"{tmp_path}:{project.environ['PATH']}"

    done = project.run("-k", "without")

    assert project.verdict()["verdict"] == "verified", done.stdout
    assert not (tmp_path / "asked").exists()


def test_two_workers_share_one_container(project: Project, podman: Podman) -> None:
    done = project.run("--wslgo-distro=mine=localhost/wslgo-lab:1", "-k", "mine", "-n2", "--dist=load")

    assert project.verdict()["verdict"] == "verified", done.stdout
    notes = [line.split() for line in (project.folder / "notes").read_text().splitlines()]
    assert {worker for worker, _ in notes} == {"gw0", "gw1"}
    assert len({space for _, space in notes}) == 1
    assert labelled(podman) == []
    assert project.left() == []


def test_two_workers_share_what_a_tarball_held(project: Project, busybox_root: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-C", busybox_root, "-cf", tmp_path / "root.tar", "."], check=True, timeout=60)
    done = project.run(f"--wslgo-distro=mine={tmp_path}/root.tar", "-k", "mine", "-n2", "--dist=load")
    assert project.verdict()["verdict"] == "verified", done.stdout
    assert project.left() == []
    assert project.holders() == []


def test_an_interrupted_run_leaves_nothing(project: Project, podman: Podman, busybox_root: Path) -> None:
    process = project.start("--wslgo-distro=mine=localhost/wslgo-lab:1", f"--wslgo-distro=root={busybox_root}")
    assert len(labelled(podman)) == 1
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 2
    assert labelled(podman) == []
    assert project.left() == []
    assert project.holders() == []


def test_what_a_killed_run_leaves_the_next_one_removes(project: Project, podman: Podman) -> None:
    process = project.start("--wslgo-distro=mine=localhost/wslgo-lab:1")
    process.kill()
    process.wait(60)
    assert len(labelled(podman)) == 1
    assert project.left()

    done = project.run("-k", "without")

    assert project.verdict()["verdict"] == "verified", done.stdout
    assert labelled(podman) == []
    assert project.left() == []


def test_a_root_of_a_killed_run_is_let_go_at_once(project: Project, busybox_root: Path) -> None:
    process = project.start(f"--wslgo-distro=mine={busybox_root}")
    assert len(project.holders()) == 2  # one waits for the other, which is the first process of the namespaces
    inside = [pid for pid in descendants(process.pid) if "sleep 100" in title(pid)]
    assert inside
    process.kill()
    process.wait(60)

    wait_until(lambda: project.holders() == [], what="the holders ended")
    wait_until(lambda: not any("sleep 100" in title(pid) for pid in inside), what="the command in the distro ended")
    assert [name for name in project.left() if name.startswith("/")] == []
    project.run("-k", "without")
    assert project.left() == []
