"""The run, on the controller: reads the targets, gathers judgements, writes the ledger, decides the exit status."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo import __version__
from pytest_wslgo.errors import BadInput, Reason
from pytest_wslgo.model.declares import declare
from pytest_wslgo.model.gate import judge
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.snapshot import load
from pytest_wslgo.model.verdicts import Judgement, combine
from pytest_wslgo.plugin.book import USAGE_ERROR
from pytest_wslgo.plugin.outputs import commands_for_github, write_outputs
from pytest_wslgo.plugin.plan import Plan, PlannedCheck, stored_plan
from pytest_wslgo.plugin.verdicts import judgements_of, not_judged
from pytest_wslgo.report.result import RunResult, TargetResult, ToolchainResult
from pytest_wslgo.report.terminal import describe_platform, summary
from pytest_wslgo.target.distros.boot import tell_booted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.plugin.stage import Reading, Stage

_DECIDED_BY_PYTEST = frozenset(
    {
        pytest.ExitCode.INTERRUPTED,
        pytest.ExitCode.INTERNAL_ERROR,
        pytest.ExitCode.USAGE_ERROR,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    }
)


class Run:
    """One run of the book, from its first connection to its ledger."""

    def __init__(self, config: pytest.Config, stage: Stage, claims: Mapping[str, Claim]) -> None:
        self._config = config
        self._stage = stage
        self._claims = claims
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        self._judgements: dict[str, list[Judgement]] = {}
        self._ordinary_failure = False
        self.result: RunResult | None = None
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wslgo-reader")
        self._reading: Future[None] | None = None
        config.add_cleanup(self._reader.shutdown)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Begin to read the targets: it takes as long as collection, or as xdist's workers take to start."""
        if not self._config.option.collectonly:
            self._reading = self._reader.submit(self._stage.prepare)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Say what is judged where, before the first check runs."""
        if self._reading is None:
            return
        try:
            self._reading.result()
            self._save_facts()
        except BadInput as error:
            raise pytest.UsageError(mask(str(error))) from None
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and reporter.verbosity >= 0:
            for note in self._stage.settings.notes:
                reporter.write_line(f"wslgo: {note}")
            for name, reading in self._stage.readings.items():
                reporter.write_line(mask("\n".join(_header(name, reading))))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A usage error that an xdist worker met at collection ends the run as it does without xdist."""
        message = getattr(node, "workeroutput", {}).get(USAGE_ERROR)
        if message:
            raise pytest.UsageError(message)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = getattr(report, "wslgo", None)
        if told is not None:
            self._judgements[report.nodeid] = judgements_of(report.nodeid, told)
        elif report.failed and report.nodeid not in self._planned:
            self._ordinary_failure = True
        elif report.failed:  # its worker crashed, or what it used could not be put away
            broken = not_judged(self._planned[report.nodeid], _last_line(report.longreprtext))
            self._judgements[report.nodeid] = self._judgements.get(report.nodeid, []) + broken

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._ordinary_failure = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge the run, write what was asked for, and set the exit status of DESIGN section 5."""
        result = self.judged()
        if result is None:
            return
        try:
            write_outputs(result, self._stage.settings, self._config.invocation_params.dir)
        except BadInput as error:
            raise pytest.exit.Exception(mask(str(error)), returncode=pytest.ExitCode.USAGE_ERROR) from None
        if exitstatus not in _DECIDED_BY_PYTEST:
            status = int(result.gate.status)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if self._ordinary_failure else status

    def judged(self) -> RunResult | None:
        """Return the result of a run whose checks have ended, judged once; None when nothing was to be run."""
        self._reader.shutdown()
        if self.result is None and not self._config.option.collectonly:
            self.result = self._judge_run()
        return self.result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.result is None:
            return
        terminalreporter.section("wslgo", sep="=")
        for booted in tell_booted(self._stage.run_dir):
            terminalreporter.write_line(mask(booted))
        width = min(terminalreporter._tw.fullwidth, 120)  # noqa: SLF001 - no public width
        for line in summary(self.result, width=width, language=self._stage.settings.lang):
            terminalreporter.write_line(line.text, **({line.style: True} if line.style else {}))
        for command in commands_for_github(self.result):
            terminalreporter.write_line(command)

    @cached_property
    def _plan(self) -> Plan:
        return stored_plan(self._stage.run_dir)

    @cached_property
    def _planned(self) -> dict[str, PlannedCheck]:
        return {check.nodeid: check for check in self._plan.checks}

    def _judge_run(self) -> RunResult:
        judgements: list[Judgement] = []
        for nodeid, check in self._planned.items():
            judgements += self._judgements.get(nodeid) or not_judged(check, "the run ended before this check ran")
        settings = self._stage.settings
        if not settings.profile.partial:
            judgements += _left_out(self._plan.deselected, judgements)
        readings = self._stage.readings
        targets = tuple(_target_result(name, spec, readings[name]) for name, spec in settings.targets.items())
        gate = judge(
            declare(combine(judgements), settings.declarations),
            claims=self._claims,
            profile=settings.profile,
            waivers=settings.waivers,
            targets=settings.targets,
            parts=settings.targets if self._plan.partial else (),
            now=datetime.now(UTC),
            platforms={target.name: target.platform.kind for target in targets if target.platform},
        )
        seconds = time.monotonic() - self._clock
        return RunResult(__version__, self._started, seconds, targets, self._claims, gate)

    def _save_facts(self) -> None:
        path = self._stage.settings.save_facts
        if path is None:
            return
        read = [reading for reading in self._stage.readings.values() if reading.snapshot is not None]
        if len(self._stage.readings) != 1 or not read or read[0].snapshot is None:
            raise BadInput(f"--wslgo-save-facts {path.name} stores the snapshot of one target that answers")
        try:
            path.write_bytes(read[0].snapshot)
        except OSError as error:
            raise BadInput(f"cannot write the facts file {path}: {error.strerror or error}") from None


def _left_out(deselected: tuple[PlannedCheck, ...], judged: list[Judgement]) -> list[Judgement]:
    """A claim of which the caller ran a part only is not verified, where the profile allows no part."""
    asked = {(judgement.claim, judgement.target) for judgement in judged}
    why = "one of its checks was deselected"
    return [
        judgement
        for check in deselected
        for judgement in not_judged(check, why, reason=Reason.DECLARED_ABSENT)
        if (judgement.claim, judgement.target) in asked
    ]


def _target_result(name: str, spec: str, reading: Reading) -> TargetResult:
    toolchains = tuple(
        ToolchainResult(one.goroot, str(one.version), str(one.origin)) for one in reading.toolchains.values()
    )
    snapshot = load(reading.snapshot, name) if reading.snapshot else None
    return TargetResult(
        name,
        spec,
        snapshot.platform if snapshot else None,
        toolchains,
        lost=reading.lost.why if reading.lost else None,
        files=snapshot.texts if snapshot else {},
    )


def _header(name: str, reading: Reading) -> list[str]:
    if reading.snapshot is None:
        return [f"wslgo: {name}: {reading.lost.why if reading.lost else 'not read'}"]
    lines = [f"wslgo: {name}: {describe_platform(load(reading.snapshot, name).platform)}"]
    lines += [f"wslgo:   {one.version} ({one.origin}) at {one.goroot}" for one in reading.toolchains.values()]
    return lines + [f"wslgo:   {note}" for note in (*reading.notes, *(one.why for one in reading.troubles.values()))]


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "the check broke without a word"
