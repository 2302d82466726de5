"""What the installed plugin costs a pytest run that does not use it: import time and wall time, in milliseconds.

Run: ``python -m tests.bench.bench_idle``. The aim is under 3 ms of imports of our own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 15
ARGV = ("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")


# pytest loads entry points by importlib.import_module, which -X importtime does not see: time the same call.
IMPORT = """
import importlib, sys, time, pytest
before, start = set(sys.modules), time.perf_counter()
importlib.import_module("pytest_wslgo.plugin")
print((time.perf_counter() - start) * 1000, *sorted(set(sys.modules) - before))
"""


def import_milliseconds(cwd: str) -> tuple[float, tuple[str, ...]]:
    """Return how long the entry point takes to import beyond pytest, and which modules that brings in, one run."""
    done = subprocess.run([sys.executable, "-c", IMPORT], cwd=cwd, capture_output=True, text=True, check=True)
    milliseconds, *modules = done.stdout.split()
    return float(milliseconds), tuple(modules)


def wall_milliseconds(cwd: str, *extra: str) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *ARGV, *extra], cwd=cwd, capture_output=True, check=False)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as empty:
        imports, modules = zip(*(import_milliseconds(empty) for _ in range(RUNS)), strict=True)
        pairs = [(wall_milliseconds(empty), wall_milliseconds(empty, "-p", "no:wslgo")) for _ in range(RUNS)]
    ratios = [with_us / without for with_us, without in pairs]
    print(f"import of the entry point: median {statistics.median(imports):.2f} ms, max {max(imports):.2f} ms")
    print(f"modules that it brings in: {', '.join(modules[0])}")
    print(f"wall with / without the plugin: median {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main()
