"""Record base.json anew, the machine that every replay changes: ``python -m tests.replays.record`` (as root).

It is a box (tests/faults) with a Go of its own, read by the real collector, and no WSL. Its mounts are left out, for
they are those of the machine of the tests, and so is that machine's name; its clock is fixed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from pytest_wslgo.model.snapshot import dump
from pytest_wslgo.target.collector import collect
from tests.faults.box import open_box
from tests.faults.facts import replace
from tests.faults.fault import Box

BASE = Path(__file__).with_name("base.json")
BOOTED = 1_794_000_000
_ROOT = {"source": "/dev/sdc", "target": "/", "fstype": "ext4", "options": "rw,relatime", "root": "/"}
_PLAIN = {
    "evidence": {
        "kernel": "6.1.0-37-amd64",
        "proc_version": "Linux version 6.1.0-37-amd64 (gcc-12) #1 SMP Debian",
        "mounts": [_ROOT],
        "cgroup": "0::/init.scope\n",
        "pid1_comm": "init",
        "pid1_environ": [],
        "binfmt": ["register", "status"],
        "dockerenv": False,
        "containerenv": False,
        "systemd_container": "<none>",
    },
    "cpu_flags": [],
    "clock": {"start": BOOTED + 600, "end": BOOTED + 600, "boot": BOOTED, "pid1_start": float(BOOTED)},
}


def make_older(tree: object) -> None:
    """Make every file at least a day older than the boot, whose time is fixed."""
    if isinstance(tree, dict):
        if isinstance(tree.get("mtime"), int):
            tree["mtime"] = min(tree["mtime"], BOOTED - 86400)
        make_older(list(tree.values()))
    elif isinstance(tree, list):
        for member in tree:
            make_older(member)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wslgo-base-") as folder:
        here = Path(folder)
        tree = json.loads(dump(collect(open_box(Box(), here, here / "userlands"))))
    replace(tree, _PLAIN)
    tree["files"] = [file for file in tree["files"] if not file["path"].startswith("/proc/")]
    replace(tree["files"], {"/proc/sys/kernel/hostname": {"text": "box\n"}})
    make_older(tree)
    BASE.write_text(json.dumps(tree, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
