"""What a command in a distro costs, in milliseconds, by each way into it; and what booting it costs.

Run as root: ``python -m tests.bench.bench_distros [ROUNDS]``. Ways that this machine does not have are told. The root
is BusyBox alone, so that the command itself (``true``) is the least that a command can be.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.container import Exec
from pytest_wslgo.target.distros import sandbox
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.engine import remove_containers
from pytest_wslgo.target.distros.image import parse_image
from pytest_wslgo.target.target import Target
from tests.integration.lab.podman import Podman
from tests.integration.lab.roots import make_busybox_root

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS = ("held_by_root", "held_by_user", "bubble", "own_copy")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory(prefix="wslgo-bench-") as name:
        folder = Path(name)
        root = make_busybox_root(folder / "root")
        for way in WAYS:
            _measure_way(way, root, folder, rounds)
        if shutil.which("podman") and shutil.which("runc"):
            _measure_podman(root, folder, rounds)
        else:
            print("podman: not here (podman, runc)")


def _measure_way(way: str, root: Path, folder: Path, rounds: int) -> None:
    all_ways = sandbox.ways
    sandbox.ways = lambda: (getattr(sandbox, way),)
    try:
        _measure(way, f"bench={root}", folder / f"wslgo-run-{way}", rounds)
    finally:
        sandbox.ways = all_ways


def _measure_podman(root: Path, folder: Path, rounds: int) -> None:
    (folder / "podman").mkdir()
    podman = Podman(folder / "podman", root)
    os.environ.update(podman.environ)
    run_dir = folder / "wslgo-run-podman"
    try:
        target = _measure("podman, its namespaces", "bench=localhost/wslgo-lab:1", run_dir, rounds)
        if target is not None:
            container = target.spec.rpartition("/")[2]
            _report("podman exec", Target("exec", "", lambda: Exec("podman", container), ""), rounds)
    finally:
        remove_containers(run_dir)
        podman.remove_all()


def _measure(title: str, text: str, run_dir: Path, rounds: int) -> Target | None:
    run_dir.mkdir()
    distros = Distros([parse_image(text, run_dir)], run_dir)
    try:
        booting = _timed(lambda: distros.get("bench"))
        print(f"{title}: booted and read in {booting:.0f} ms")
        target = distros.get("bench").target
        _report(title, target, rounds)
    except WslgoError as error:
        print(f"{title}: {error}")
        return None
    finally:
        for opened in distros.targets():
            opened.close()
    return target


def _report(title: str, target: Target, rounds: int) -> None:
    target.run(["true"])
    took = [_timed(lambda: target.run(["true"])) for _ in range(rounds)]
    print(
        f"{title}: a command costs {statistics.median(took):.1f} ms, at the least {min(took):.1f} ms ({rounds} times)"
    )


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
