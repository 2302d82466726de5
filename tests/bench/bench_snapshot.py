"""What a snapshot costs: wall time, and processes started on the target.

Run: ``python -m tests.bench.bench_snapshot SPEC [ROUNDS]``. Processes are counted by the kernel (``processes`` of
/proc/stat, which counts threads too) on the target itself, so other work there is counted as well: use a quiet one.
"""

from __future__ import annotations

import re
import statistics
import sys
import time

from pytest_wslgo.target.collector import collect
from pytest_wslgo.target.spec import open_target


def main() -> None:
    spec = sys.argv[1] if len(sys.argv) > 1 else "local://"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with open_target(spec, run_id="bench") as target:
        seconds, forks = [], []
        for _ in range(rounds):
            before = _forks(target.read("/proc/stat"))
            start = time.perf_counter()
            collect(target)
            seconds.append(time.perf_counter() - start)
            forks.append(_forks(target.read("/proc/stat")) - before)
    print(f"{spec}: first {seconds[0]:.2f} s, median {statistics.median(seconds):.2f} s, least {min(seconds):.2f} s")
    print(f"{spec}: {min(forks)} processes and threads at the least")


def _forks(stat: bytes) -> int:
    found = re.search(rb"^processes (\d+)$", stat, re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
