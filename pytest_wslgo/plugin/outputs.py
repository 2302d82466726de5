"""Every file that a run was asked for, from one result; one that cannot be written keeps no other from being."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.catalogue import load_catalogue
from pytest_wslgo.report.ledger import write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_wslgo.plugin.settings import Settings
    from pytest_wslgo.report.result import RunResult


def write_outputs(run: RunResult, settings: Settings, root: Path) -> None:
    """Write the outputs; ``root`` is the caller's directory, which SARIF tells files relative to.

    Raises:
        BadInput: files that cannot be written, after all others have been.
    """
    failed = []
    for write in _writers(run, settings, root):
        try:
            write()
        except BadInput as error:
            failed.append(str(error))
    if failed:
        raise BadInput("; ".join(failed))


def _writers(run: RunResult, settings: Settings, root: Path) -> Iterator[Callable[[], None]]:
    """Yield the writers; the modules that only one of them needs are imported when it is asked for."""
    outputs = settings.outputs
    if outputs.ledger is not None:
        yield partial(write_ledger, run, outputs.ledger)
    if outputs.html is not None:
        from pytest_wslgo.report.html import write_page

        yield partial(write_page, run, load_catalogue(resources.CATALOGUE), outputs.html, settings.lang)
    if outputs.sarif is not None:
        from pytest_wslgo.report.sarif import write_sarif

        yield partial(write_sarif, run, outputs.sarif, root=root)
    if outputs.prometheus is not None:
        from pytest_wslgo.report.prometheus import write_metrics

        yield partial(write_metrics, run, outputs.prometheus)
    if _on_github():
        from pytest_wslgo.report.github import write_summary

        yield partial(write_summary, run, os.environ)


def _on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def commands_for_github(run: RunResult) -> Iterator[str]:
    """Yield what GitHub shows beside the code, when this is a step of its actions."""
    if _on_github():
        from pytest_wslgo.report.github import workflow_commands

        yield from workflow_commands(run, os.environ)
