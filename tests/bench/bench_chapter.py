"""What a warm run of the book costs beyond the go commands that it runs, as a ratio of wall times.

Run: ``python -m tests.bench.bench_chapter [WORKERS] [ROUNDS]``. The commands are those that the run itself noted in its
ledger; a plain shell runs them with the same parallelism. The aim is at most 1.25.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_RUN_DIRECTORY = re.compile(r"/\S*/wslgo-[0-9a-f]{8}(?=/)")
_OUTPUT = re.compile(r"build -o (\S+)/")


def run_book(folder: Path, workers: int) -> float:
    """Run the book with the embedded SDK and return its wall time in seconds; the ledger is left in ``folder``."""
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "--wslgo",
        "--wslgo-go=embedded",
        "--wslgo-ledger=ledger.json",
        "-q",
        "-m",
        "behaviour",
    ]
    start = time.perf_counter()
    subprocess.run([*argv, *(("-n", str(workers)) if workers > 1 else ())], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def commands_of(ledger: Path, room: Path) -> dict[str, int | None]:
    """Return each command that the run noted, with its directory moved to ``room``, and its exit status."""
    verdicts = json.loads(ledger.read_text())["verdicts"]
    return {
        _RUN_DIRECTORY.sub(str(room), note["command"]): note["status"] if "build" in note else None
        for verdict in verdicts
        for evidence in verdict["evidence"].values()
        for note in evidence.get("commands", ())
    }


def run_shell(folder: Path, commands: dict[str, int | None], room: Path, workers: int) -> float:
    """Run the commands by ``xargs -P`` and return the wall time in seconds; each must end as it did in the book."""
    outputs = {found[1] for command in commands if (found := _OUTPUT.search(command))}
    for directory in (*outputs, *(f"{room}/go/{name}" for name in ("home", "tmp", "empty"))):
        Path(directory).mkdir(parents=True, exist_ok=True)
    scripts = []
    for number, (command, status) in enumerate(commands.items()):
        script = folder / f"{number}.sh"
        expected = "" if status is None else f"; [ $? = {status} ] || exit 255"
        script.write_text(f"( {command} ) >/dev/null 2>&1{expected}\ntrue\n")
        scripts.append(str(script))
    start = time.perf_counter()
    subprocess.run(["xargs", "-P", str(workers), "-n", "1", "sh"], input="\n".join(scripts), text=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run_book(folder, workers)
        pairs = []
        for number in range(rounds):
            ours = run_book(folder, workers)
            room = folder / f"room{number}"
            commands = commands_of(folder / "ledger.json", room)
            shell = run_shell(folder, commands, room, workers)
            pairs.append((ours, shell))
            print(f"book {ours:.2f} s, its {len(commands)} go commands by a shell {shell:.2f} s: {ours / shell:.2f}")
    print(f"parallelism {workers}: median ratio {statistics.median(ours / shell for ours, shell in pairs):.2f}")


if __name__ == "__main__":
    main()
