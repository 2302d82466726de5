"""A podman of our own: storage in a temporary folder, and settings that work without systemd, network and cgroup v2."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tests.integration.lab.processes import alive_with, wait_until

if TYPE_CHECKING:
    from pathlib import Path

CONTAINERS_CONF = """\
[containers]
netns = "none"
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 1
"""

STORAGE_CONF = """\
[storage]
driver = "overlay"
graphroot = "{folder}/graph"
runroot = "{folder}/run"
"""

LABEL = "wslgo-lab"


class Podman:
    """Starts containers from a root file system; ``environ`` is what podman's users need to see them."""

    def __init__(self, folder: Path, root: Path) -> None:
        (folder / "containers.conf").write_text(CONTAINERS_CONF)
        (folder / "storage.conf").write_text(STORAGE_CONF.format(folder=folder))
        self.folder = folder
        self.environ = {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        }
        packed = folder / "root.tar"
        subprocess.run(["tar", "-C", root, "-cf", packed, "."], check=True, timeout=60)
        self.call("import", "-q", str(packed), "wslgo-lab:1")

    def call(self, *words: str) -> str:
        done = subprocess.run(
            ["podman", *words], env=os.environ | self.environ, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"podman {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def start(self, name: str, *options: str) -> str:
        """Start a container that sleeps, and return its name."""
        self.call("run", "-d", "--label", LABEL, "--name", name, *options, "wslgo-lab:1", "sleep", "1000000")
        return name

    def start_root(self, name: str, root: Path, *options: str) -> str:
        """Start a container that sleeps on a root file system of its own, and return its name."""
        self.call("run", "-d", "--label", LABEL, "--name", name, *options, "--rootfs", str(root), "sleep", "1000000")
        return name

    def remove_all(self) -> None:
        self.call("rm", "-af", "-t", "0")
        self.call("rmi", "-af")
        # podman binds its storage to itself, and conmon's last command does so once more, after the containers are
        # gone; pytest cannot remove a folder that is mounted.
        wait_until(lambda: not alive_with(str(self.folder / "graph")), what="the containers' last commands ended")
        argv = ["umount", "-l", str(self.folder / "graph/overlay")]
        for _ in range(10):
            if subprocess.run(argv, capture_output=True, check=False, timeout=10).returncode != 0:
                break
