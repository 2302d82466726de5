"""``gate``: stored ledgers of many runs judged against a profile."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.commands.output import put, put_json, width
from pytest_wslgo.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pytest_wslgo.report.stored import StoredLedger

_ABOUT = "Judge stored ledgers of one or many runs against a profile; nothing is run."
_STATUS = """Exit status: 0 the gate is met, 1 something is refuted, 10 a required claim was not checked or an expected
machine did not report, 11 a waiver expired or is stale, 4 usage error (a file that is no ledger, too), 5 no ledger.
Profiles, waivers and their longest life are also read from wslgo.toml or pyproject.toml in the current directory."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("gate", help=_ABOUT, description=_ABOUT, epilog=_STATUS)
    parser.add_argument(
        "ledgers", nargs="+", type=Path, metavar="LEDGER", help="ledger, or a folder with *.json of them"
    )
    parser.add_argument("--profile", metavar="NAME", help="the claims that must be verified (default: devbox)")
    parser.add_argument(
        "--waivers", type=Path, metavar="FILE", help="waivers that count instead of those of the runs themselves"
    )
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="MACHINE",
        help="machine that must have reported, repeatable: a target's name or spec, or the name of a ledger's file "
        "without .json",
    )
    parser.add_argument(
        "--expect-file", type=Path, metavar="FILE", help="such machines, one a line; # begins a comment"
    )
    parser.add_argument("--max-age", type=_hours, metavar="HOURS", help="count an older ledger as none")
    parser.add_argument(
        "--whole",
        action="store_true",
        help="ask for the whole profile, also of runs that judged a part (-k, -m, a path)",
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON, every machine named")
    parser.set_defaults(run=run)


def _hours(text: str) -> timedelta:
    hours = timedelta(hours=float(text))
    if hours <= timedelta(0):
        raise ValueError
    return hours


_hours.__name__ = "number of hours"  # argparse names it: invalid number of hours value: 'x'


def run(given: argparse.Namespace) -> int:
    """Print the answer and return the exit status; raises BadInput for what cannot be meant."""
    from pytest_wslgo import resources
    from pytest_wslgo.commands import Stop
    from pytest_wslgo.model.claims import load_claims
    from pytest_wslgo.model.contract import read_contract
    from pytest_wslgo.model.settings import find_settings
    from pytest_wslgo.report.stored_gate import judge_stored, machines_of
    from pytest_wslgo.report.stored_gate_text import stored_gate_json, stored_gate_lines

    now = datetime.now(UTC)
    claims = load_claims(resources.CLAIMS)
    contract = read_contract(*find_settings(Path.cwd()), claims, now=now, profile=given.profile, waivers=given.waivers)
    expected = (*given.expect, *_expected(given.expect_file))
    ledgers, bad = _read(list(_files(given.ledgers)))
    if not ledgers and not bad and not expected:
        put(["There is no ledger to judge."])
        return Stop.NOTHING
    stored = judge_stored(
        machines_of(ledgers),
        contract,
        severities=claims,
        now=now,
        expected=expected,
        oldest=given.max_age,
        whole=given.whole,
    )
    if given.json:
        put_json(stored_gate_json(stored))
    else:
        put(stored_gate_lines(stored, width=width()))
    if bad:
        raise BadInput("; ".join(bad))
    return stored.status


def _files(given: list[Path]) -> Iterator[Path]:
    """Yield the ledgers, those of a folder by name, each once."""
    seen = set()
    for path in given:
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _read(paths: list[Path]) -> tuple[list[tuple[Path, StoredLedger]], list[str]]:
    """Return the ledgers, and a sentence for each file that is none: one broken file hides no other's verdicts."""
    from pytest_wslgo.report.stored import read_ledger

    ledgers, bad = [], []
    for path in paths:
        try:
            ledgers.append((path, read_ledger(path)))
        except BadInput as error:
            bad.append(str(error))
    return ledgers, bad


def _expected(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadInput(f"cannot read the expected machines {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"the expected machines {path} are not UTF-8 text; save the file as UTF-8") from None
    names = tuple(name for line in lines if (name := line.partition("#")[0].strip()))
    if not names:
        raise BadInput(f"{path} names no machine; write one a line")
    return names
