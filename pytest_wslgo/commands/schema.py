"""``schema``: the JSON Schema of the ledger, as it is shipped (``pytest_wslgo/report/ledger.schema.json``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.commands.output import put

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # argparse has no public name for it
    """Add the command."""
    told = "Print the JSON Schema of the ledger (--wslgo-ledger)."
    commands.add_parser("schema", help=told, description=told).set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print the schema."""
    from pytest_wslgo.report.stored import SCHEMA

    put([SCHEMA.read_text(encoding="utf-8").rstrip()])
    return 0
