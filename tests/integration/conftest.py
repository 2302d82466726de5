"""Real machines of every kind that a target can be, made once per process and removed at the end."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.target.container import Exec
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.wsl import Wsl
from tests.integration.lab.podman import Podman
from tests.integration.lab.roots import has_static_busybox, make_busybox_root
from tests.integration.lab.sshd import SSHD, Sshd, start_sshd
from tests.integration.lab.wsl import Windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MACHINES = ["local", "chroot", "podman", "podman-exec", "ssh", "ssh-busybox", "wsl"]


def _need_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("run as root to make a machine to test on")


@pytest.fixture(scope="session")
def busybox_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root file system with nothing but BusyBox."""
    _need_root()
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    return make_busybox_root(tmp_path_factory.mktemp("lab") / "root")


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory, busybox_root: Path) -> Iterator[Podman]:
    """A podman with a storage of its own that this process and its children see."""
    if shutil.which("podman") is None or shutil.which("runc") is None:
        pytest.skip("install podman and runc to test containers")
    engine = Podman(tmp_path_factory.mktemp("podman"), busybox_root)
    before = {name: os.environ.get(name) for name in engine.environ}
    os.environ.update(engine.environ)
    yield engine
    engine.remove_all()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


@pytest.fixture(scope="session")
def box(podman: Podman) -> str:
    """A running container, with a file system of 1 MiB at /full."""
    return podman.start("wslgo-box", "--tmpfs", "/full:rw,size=1m")


def _sshd(folder: Path, shell: str, root: Path | None) -> Sshd:
    _need_root()
    if not os.access(SSHD, os.X_OK):
        pytest.skip("install openssh-server to test ssh")
    return start_sshd(folder / "sshd", shell=shell, root=root)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """An sshd whose user has bash and a .bashrc that prints on both outputs."""
    server = _sshd(tmp_path_factory.mktemp("ssh"), "/bin/bash", None)
    (server.home / ".bashrc").write_text("echo 'welcome, wslgo-'\necho 'a warning' >&2\nexport FROM_BASHRC=yes\n")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def busybox_sshd(tmp_path_factory: pytest.TempPathFactory, busybox_root: Path) -> Iterator[Sshd]:
    """An sshd whose sessions see a BusyBox machine."""
    server = _sshd(tmp_path_factory.mktemp("sshbb"), "/bin/sh", busybox_root)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def windows(tmp_path_factory: pytest.TempPathFactory, busybox_root: Path) -> Iterator[Windows]:
    """A stand-in for wsl.exe with one distribution, Debian, which is a BusyBox root and no WSL."""
    lab = Windows(tmp_path_factory.mktemp("windows"), {"Debian": busybox_root})
    yield lab
    lab.shut_down()


@pytest.fixture(scope="session", params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Iterator[Target]:
    """A target of each kind."""
    kind: str = request.param
    if kind == "podman-exec":
        name = request.getfixturevalue("box")
        made = Target(kind, f"podman://{name}", lambda: Exec("podman", name), "lab-exec")
    elif kind == "wsl":
        exe = str(request.getfixturevalue("windows").exe)
        made = Target(kind, "wsl://Debian", lambda: Wsl(exe, "Debian"), "lab-wsl")
    else:
        made = open_target(_spec(kind, request), name=kind, run_id=f"lab-{kind}")
    yield made
    made.close()


def _spec(kind: str, request: pytest.FixtureRequest) -> str:
    match kind:
        case "chroot":
            return f"chroot://{request.getfixturevalue('busybox_root')}"
        case "podman":
            return f"podman://{request.getfixturevalue('box')}"
        case "ssh":
            return str(request.getfixturevalue("sshd").spec())
        case "ssh-busybox":
            return str(request.getfixturevalue("busybox_sshd").spec("[::1]"))
    return "local://"
