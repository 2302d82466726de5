"""Show what the book says of a fault: ``python -m tests.faults.look tests/faults/setup-x.toml [--shell]``."""

from __future__ import annotations

import sys
import tempfile
import tomllib
from pathlib import Path

import msgspec
from _pytest.outcomes import OutcomeException

from tests.faults.fault import Fault
from tests.faults.lab import Planted, judge_boxes, walk_in


def main(file: str, *options: str) -> int:
    path = Path(file)
    planted = Planted(path.stem, msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Fault))
    with tempfile.TemporaryDirectory(prefix="wslgo-box-") as folder:
        userlands = Path(folder, "userlands")
        if "--shell" in options:
            return walk_in(planted, Path(folder), userlands)
        told = judge_boxes([planted], Path(folder), userlands)[planted.name]
    if isinstance(told, BaseException):
        print(told.msg if isinstance(told, OutcomeException) else told)
        return 2
    for claim in sorted(told.of, key=lambda claim: (told.of[claim], claim)):
        print(f"{told.of[claim]:<15} {claim:<34} {told.why[claim].splitlines()[0] if told.why[claim] else ''}")
    expected = set(planted.fault.refutes)
    print("more:", *sorted(told.refuted - expected), " fewer:", *sorted(expected - told.refuted))
    return int(told.refuted != expected)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
