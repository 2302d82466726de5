"""``diff``: two stored ledgers compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.commands.output import put, put_json, width

if TYPE_CHECKING:
    import argparse

_ABOUT = "Compare two ledgers: claims that are newly open, vanished, still open, and fixed."
_STATUS = """Exit status: 0 nothing got worse, 1 a claim is newly refuted (advice, which is of severity minor, apart),
10 a claim is not checked or not judged any more, 4 usage error."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("diff", help=_ABOUT, description=_ABOUT, epilog=_STATUS)
    parser.add_argument("old", type=Path, metavar="OLD", help="ledger of the earlier run")
    parser.add_argument("new", type=Path, metavar="NEW", help="ledger of the later run")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print the comparison and return the exit status; raises BadInput for a file that is no ledger."""
    from pytest_wslgo.report.comparison import compare, comparison_json, comparison_lines
    from pytest_wslgo.report.stored import read_ledger

    comparison = compare(read_ledger(given.old), read_ledger(given.new))
    if given.json:
        put_json(comparison_json(comparison))
    else:
        put(comparison_lines(comparison, width=width()))
    return comparison.status
