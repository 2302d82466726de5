"""What ``--wslgo`` sets up in a pytest process: settings, book, fixtures, and on the controller the run itself."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Kind, Lane, load_claims
from pytest_wslgo.model.redaction import forget, learn, mask
from pytest_wslgo.plugin import compatibility, fixtures, toolchains
from pytest_wslgo.plugin.book import Book, point_at_book
from pytest_wslgo.plugin.masking import Masking
from pytest_wslgo.plugin.settings import read_settings
from pytest_wslgo.plugin.stage import STAGE, Stage
from pytest_wslgo.plugin.verdicts import Judge
from pytest_wslgo.target import kernel
from pytest_wslgo.target.distros.engine import remove_containers
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.workdir import PREFIX, sweep_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.plugin.run import Run

_MARKERS = (
    "claim(*ids): the documented behaviours that this check judges, by id (pytest --wslgo-list shows them).",
    *(f"{kind}: a check of a claim of kind {kind}; added by the plugin." for kind in Kind),
    *(f"{lane}: a check that is made only where -m names {lane}; added by the plugin." for lane in Lane),
)
_RUN_DIR = "wslgo_run_dir"


def activate(config: pytest.Config) -> None:
    """Turn the plugin on in this process.

    Raises:
        pytest.UsageError: an option, settings file, profile or waiver that cannot be meant.
    """
    learn(os.environ)
    config.add_cleanup(forget)
    claims = load_claims(resources.CLAIMS)
    try:
        settings = read_settings(config, claims)
    except BadInput as error:
        raise pytest.UsageError(mask(str(error))) from None
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    stage = Stage(settings, _run_dir(config))
    config.stash[STAGE] = stage
    config.add_cleanup(stage.close)
    plugins: dict[str, object] = {
        "wslgo-fixtures": fixtures,
        "wslgo-compatibility": compatibility,
        "wslgo-toolchains": toolchains,
        "wslgo-book": Book(config, claims, stage, whole=point_at_book(config)),
        "wslgo-judge": Judge(),
        "wslgo-masking": Masking(),
    }
    run = None if _is_worker(config) else _run_of(config, stage, claims)
    if run is not None:
        plugins |= _controller_plugins(config, stage, run)
    if _asks_for_allure(config):
        from pytest_wslgo.plugin.allure_results import write_allure_results

        plugins["wslgo-allure"] = write_allure_results(config, stage, claims, run)
    for name, plugin in plugins.items():
        config.pluginmanager.register(plugin, name)


def _run_of(config: pytest.Config, stage: Stage, claims: Mapping[str, Claim]) -> Run:
    from pytest_wslgo.plugin.run import Run

    return Run(config, stage, claims)


def _controller_plugins(config: pytest.Config, stage: Stage, run: Run) -> dict[str, object]:
    from pytest_wslgo.plugin.junit import JUnitProperties
    from pytest_wslgo.plugin.progress import Progress

    config.add_cleanup(partial(remove_containers, stage.run_dir))
    plugins: dict[str, object] = {
        "wslgo-run": run,
        "wslgo-junit": JUnitProperties(config, run.judged),
        "wslgo-hand-over": _HandOver(stage.run_dir),
    }
    if config.pluginmanager.has_plugin("terminalreporter"):
        plugins["wslgo-progress"] = Progress(config, stage.run_dir)
    return plugins


def _asks_for_allure(config: pytest.Config) -> bool:
    """Tell whether this run writes Allure results; ``-p no:allure_pytest`` takes the option away."""
    there = config.pluginmanager.hasplugin("allure_pytest")
    return there and bool(getattr(config.option, "allure_report_dir", None)) and not config.option.collectonly


class _Worker(Protocol):
    """What we use of xdist's WorkerController."""

    workerinput: dict[str, object]


class _HandOver:
    """Tells xdist's workers where the run stands; a hook that only exists with xdist."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: _Worker) -> None:
        node.workerinput[_RUN_DIR] = str(self._run_dir)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_dir(config: pytest.Config) -> Path:
    """Return the directory that all processes of the run share; the controller makes and removes it."""
    handed_over: dict[str, str] | None = getattr(config, "workerinput", None)
    if handed_over is not None:
        return Path(handed_over[_RUN_DIR])
    if kernel.ON_WINDOWS:
        made = tempfile.TemporaryDirectory(prefix=f"{PREFIX}run-")
        config.add_cleanup(made.cleanup)
        return Path(made.name)
    controller = open_target("local://", name="controller", run_id=f"run-{secrets.token_hex(4)}")
    config.add_cleanup(controller.close)
    sweep_stale(controller)
    return Path(controller.workdir)
