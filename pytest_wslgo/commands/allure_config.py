"""``allure-config``: the configuration of Allure 3, as it is shipped (``pytest_wslgo/report/allure/allurerc.mjs``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.commands.output import put

if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # argparse has no public name for it
    """Add the command."""
    told = "Print the configuration of Allure 3, with a quality gate that a missing or skipped check fails."
    commands.add_parser("allure-config", help=told, description=told).set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Print the configuration."""
    from pytest_wslgo.report.allure import ALLURERC

    put([ALLURERC.read_text(encoding="utf-8").rstrip()])
    return 0
