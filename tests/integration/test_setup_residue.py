"""A run of the setup chapter leaves a machine as it was: files, Go's own droppings, processes (DESIGN section 8)."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import find_toolchain
from tests.integration.lab.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.lab.podman import Podman

SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HOME = {
    ".profile": 'PATH="$HOME/go/bin:$PATH"\nexport GOFLAGS=-trimpath\n',
    ".bashrc": "case $- in *i*) ;; *) return;; esac\nHISTFILE=~/.history\n",
    ".config/go/env": "GOPROXY=https://proxy.example\n",
    "go/bin/tool": "#!/bin/sh\n",
}


@pytest.fixture(scope="session")
def goroot() -> str:
    """The SDK that the machines of these tests have."""
    try:
        with open_target("local://") as target:
            return find_toolchain("embedded", target).goroot
    except WslgoError as error:
        pytest.skip(str(error))


def run_setup(folder: Path, env: Mapping[str, str], *options: str) -> None:
    """Run the chapter as a user does, and see that it judged something."""
    argv = [sys.executable, "-B", "-m", "pytest", "--wslgo", "-m", "setup", "--noconftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*argv, *options], cwd=folder, env=dict(env), capture_output=True, text=True, timeout=120, check=False
    )
    assert " verified" in done.stdout, done.stdout + done.stderr


def tree(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return kind, mode, owner, time and content of all that is below ``folder``."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        told = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(told.st_mode) else ""
        times = 0 if path.is_dir() else told.st_mtime_ns
        found[str(path.relative_to(folder))] = (oct(told.st_mode), told.st_uid, told.st_gid, times, content)
    return found


def processes_with(word: str) -> list[str]:
    """Return the processes whose environment has ``word``: what the run started, wherever its parent went."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word.encode() in path.read_bytes():
                found.append((path.parent / "comm").read_text())
        except OSError:
            continue
    return found


def test_this_machine_is_as_it_was(tmp_path: Path, goroot: str) -> None:
    for name, text in HOME.items():
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("work", "tmp"):
        (tmp_path / name).mkdir()
    token = f"WSLGO_RESIDUE={secrets.token_hex(8)}"
    env = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"), "PATH": f"{goroot}/bin:{SYSTEM}"}
    before, sdk = tree(tmp_path), tree(Path(goroot, "pkg"))
    run_setup(tmp_path / "work", env | dict([token.split("=")]))
    assert tree(tmp_path) == before
    assert tree(Path(goroot, "pkg")) == sdk
    assert processes_with(token) == []


def test_a_container_is_as_it_was(tmp_path: Path, podman: Podman, goroot: str) -> None:
    mount = ("-v", f"{goroot}:/usr/local/go:ro", "-e", f"PATH=/usr/local/go/bin:{SYSTEM}")
    name = podman.start("wslgo-residue", *mount)
    podman.call("exec", name, "/bin/sh", "-c", "mkdir -p /root/go/bin; echo GOSUMDB=off >/root/.profile")
    look = ("exec", name, "/bin/sh", "-c", "ls -lAR /root /tmp /etc; env | sort")
    processes = ("exec", name, "/bin/ps", "-o", "stat,args")
    before = _changed(podman, name), podman.call(*look), podman.call(*processes)
    run_setup(tmp_path, os.environ, f"--wslgo-target=podman://{name}")
    wait_until(lambda: podman.call(*processes) == before[2], what="only the container's own processes")
    assert (_changed(podman, name), podman.call(*look)) == before[:2]


def _changed(podman: Podman, name: str) -> set[str]:
    """Return what differs from the image; our working directory stood in /tmp, so that its time has changed."""
    return set(podman.call("diff", name).splitlines()) - {"C /tmp"}
