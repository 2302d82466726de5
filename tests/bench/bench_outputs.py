"""What the outputs cost: on the warm book, for one page, and for the gate over the ledgers of a fleet.

Run: ``python -m tests.bench.bench_outputs [PYTEST ARGUMENTS]``; the arguments select what part of the book is run
(default: all, with the embedded SDK). Aims: all outputs together below 5 % of the run, one page below 0.3 s, 500
ledgers of 150 claims judged below 1 s, the start of Python included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS

LEDGERS, VERDICTS, ROUNDS = 500, 150, 5
OUTPUTS = ("ledger", "html", "sarif", "prometheus")

# Times every writer inside a run of the book, and the run around them.
TIMED = """
import sys, time, pytest
import pytest_wslgo.plugin.outputs as outputs
import pytest_wslgo.plugin.run as run
spent = {}
def timed(writers):
    for write in writers:
        start = time.perf_counter()
        yield write
        spent[write.func.__name__] = time.perf_counter() - start
writers, start = outputs._writers, time.perf_counter()
outputs._writers = lambda *args: timed(writers(*args))
whole = run.write_outputs
def measured(*args):
    begin = time.perf_counter()
    whole(*args)
    spent["all"] = time.perf_counter() - begin
run.write_outputs = measured
pytest.main(sys.argv[1:])
print("spent", time.perf_counter() - start, *(f"{name}={seconds:.4f}" for name, seconds in spent.items()))
"""


def book(folder: Path, args: list[str]) -> None:
    """Run the book twice, the second time warm, and print what its outputs took."""
    argv = ["--wslgo", "-q", "-p", "no:cacheprovider", *(f"--wslgo-{name}={folder / name}" for name in OUTPUTS), *args]
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", TIMED, *argv], cwd=folder, capture_output=True, text=True, check=False
        )
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("spent ")]
    _, whole, *parts = told.split()
    seconds = dict(part.split("=") for part in parts)
    print(f"warm book {float(whole):.1f} s, outputs {', '.join(parts)}: {float(seconds['all']) / float(whole):.2%}")
    for name in OUTPUTS:
        print(f"  {name}: {(folder / name).stat().st_size / 1024:.0f} KiB")


def fleet(folder: Path, sample: Path) -> None:
    """Judge many ledgers, made from verdicts of a real one with their evidence, and print how long it took."""
    ledger = json.loads(sample.read_text())
    known = list(load_claims(CLAIMS))
    rows = ledger["verdicts"]
    ledger["verdicts"] = [
        {**rows[n % len(rows)], "claim": known[n] if n < len(known) else f"made.up-{n}"} for n in range(VERDICTS)
    ]
    text = json.dumps(ledger)
    (folder / "fleet").mkdir()
    for number in range(LEDGERS):
        (folder / "fleet" / f"box-{number:03}.json").write_text(text)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "pytest_wslgo", "gate", "fleet"], cwd=folder, capture_output=True, check=False
        )
        times.append(time.perf_counter() - start)
    size = len(text) * LEDGERS / 1e6
    print(f"{LEDGERS} ledgers of {VERDICTS} verdicts ({size:.0f} MB) judged in {min(times):.2f} s (best of {ROUNDS})")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        book(folder, sys.argv[1:] or ["--wslgo-go=embedded"])
        fleet(folder, folder / "ledger")


if __name__ == "__main__":
    main()
