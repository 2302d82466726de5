"""Allure results of the checks, where ``--alluredir`` asks for them (allure-pytest is there and is not switched off).

allure-pytest writes a result for every test; just before it does, ``report_result`` of its own hooks hands the result
over, and here it becomes the story of a check. The controller adds what no test can tell: workers that crashed, modules
that could not be collected, and the files about the whole run.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import allure_commons
import pytest
from allure_commons.model2 import (
    Attachment,
    Label,
    Link,
    Parameter,
    StatusDetails,
    TestResult,
    TestResultContainer,
    TestStepResult,
)
from allure_commons.types import AttachmentType

from pytest_wslgo import resources
from pytest_wslgo.errors import Reason, WslgoError
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.plugin.plan import stored_plan
from pytest_wslgo.plugin.verdicts import CHECK
from pytest_wslgo.report import allure as stories
from pytest_wslgo.report.allure.run_files import pictures, run_files

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.plugin.plan import PlannedCheck
    from pytest_wslgo.plugin.stage import Stage
    from pytest_wslgo.report.allure import Story
    from pytest_wslgo.report.result import RunResult

_PARAMETERS = {"_wslgo_target": "target", "_wslgo_go": "go"}


class _Judged(Protocol):
    """The run on the controller, once it is judged."""

    result: RunResult | None


def write_allure_results(
    config: pytest.Config, stage: Stage, claims: Mapping[str, Claim], run: _Judged | None
) -> AllureResults:
    """Return the plugin that turns results into stories; ``run`` is None in an xdist worker."""
    results = AllureResults(config, stage, claims, run)
    allure_commons.plugin_manager.register(results)
    config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(results))
    if run is None:
        # A worker that replaces a crashed one would wipe what the others have written.
        config.option.clean_alluredir = False
    return results


class AllureResults:
    """A plugin of pytest and of allure_commons at once."""

    def __init__(self, config: pytest.Config, stage: Stage, claims: Mapping[str, Claim], run: _Judged | None) -> None:
        self._folder = Path(config.option.allure_report_dir).absolute()
        self._stage = stage
        self._claims = claims
        self._run = run
        self._item: pytest.Item | None = None
        self._told: dict[str, Any] | None = None
        self._output: list[tuple[str, str]] = []
        # allure-pytest would attach what a test printed as it is.
        self._keeps_output = bool(config.option.attach_capture)
        config.option.attach_capture = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._item, self._told, self._output = item, None, []
        try:
            return (yield)
        finally:
            self._item = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._told = getattr(report, "wslgo", None) or self._told
        if report.when == "teardown" and self._keeps_output:
            self._output = [(name, text) for name, text in report.sections if text.strip()]

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Make the result of a check its story, and mask every result."""
        if self._item is not None and self._told is not None:
            self._tell(result, self._item, self._told)
        _mask(result)
        for name, text in self._output:
            _attach(result, [stories.text(name, text)])

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: TestResultContainer) -> None:
        """Drop the phantom stage that each fixture leaves with pytest 9.1 and newer (allure-python issue 918)."""
        container.afters = [stage for stage in container.afters if stage.status is not None]

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """A check whose worker died has no result of its own (allure-python issue 825)."""
        checks = {check.nodeid: check for check in stored_plan(self._stage.run_dir).checks}
        if crashitem in checks:
            self._write_broken(checks[crashitem], report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be read leaves no test that could fail."""
        if report.failed and self._run is not None:
            self._write(TestResult(name=f"collect {report.nodeid}", fullName=report.nodeid), report.longreprtext)

    def pytest_unconfigure(self) -> None:
        """Write the files about the whole run; only the controller knows it."""
        judged = self._run.result if self._run is not None else None
        if judged is None:
            return
        for name, text in run_files(judged, self._stage.settings.profile, os.environ):
            (self._folder / name).write_text(text, encoding="utf-8")
        for one in pictures(judged):
            _attach_to_run(one.name, one.body, one.extension)
        for name, reading in self._stage.readings.items():
            if reading.snapshot is not None:
                _attach_to_run(f"snapshot of {name}", reading.snapshot, "json")

    def _tell(self, result: TestResult, item: pytest.Item, told: Mapping[str, Any]) -> None:
        claims = [self._claims[claim] for claim in item.stash[CHECK].claims]
        story = stories.story_of(
            told,
            claims,
            says=_words(item),
            platform=self._platform(told["target"]),
            required=self._required(told["target"]),
            several=len(self._stage.settings.targets) > 1,
        )
        result.fullName = _full_name(item)
        result.parameters = [_named(one, item) for one in result.parameters]
        result.testCaseId = _digest(result.fullName)
        result.historyId = _digest(result.fullName, *(f"{one.name}={one.value}" for one in result.parameters))
        _fill(result, story)

    def _platform(self, target: str) -> Platform | None:
        try:
            return self._stage.platform(target)
        except WslgoError:
            return None

    def _required(self, target: str) -> frozenset[str]:
        platform = self._platform(target)
        return frozenset(self._stage.settings.profile.required_on(platform.kind if platform else None))

    def _write_broken(self, check: PlannedCheck, why: str) -> None:
        told = {
            "verdict": Verdict.NOT_CHECKED,
            "reason": Reason.ERROR,
            "why": why.strip().splitlines()[-1] if why.strip() else "the worker died",
            "target": check.target,
            "evidence": {},
            "inapplicable": {},
        }
        claims = [self._claims[claim] for claim in check.claims]
        result = TestResult(fullName=check.nodeid)
        story = stories.story_of(
            told,
            claims,
            says=check.nodeid.rpartition("::")[2],
            platform=self._platform(check.target),
            required=self._required(check.target),
            several=True,
        )
        _fill(result, story)
        self._write(result, why)

    @staticmethod
    def _write(result: TestResult, why: str) -> None:
        result.uuid = str(uuid.uuid4())
        result.testCaseId = result.historyId = _digest(result.fullName)
        result.status = result.status or "broken"
        result.statusDetails = StatusDetails(message=why.strip().splitlines()[-1] if why.strip() else "", trace=why)
        result.start = result.stop = time.time_ns() // 1_000_000
        allure_commons.plugin_manager.hook.report_result(result=result)


def _digest(*words: str) -> str:
    return hashlib.md5("\0".join(words).encode("utf-8", "backslashreplace"), usedforsecurity=False).hexdigest()


def _fill(result: TestResult, story: Story) -> None:
    result.name, result.description, result.status = story.title, story.description, story.status
    trace = result.statusDetails.trace if result.statusDetails and story.status == "failed" else None
    result.statusDetails = StatusDetails(message=story.message, trace=trace) if story.message else None
    ours = {name for name, _ in story.labels}
    kept = [label for label in result.labels if label.name not in ours | {"tag"}]
    result.labels = kept + [Label(name, value) for name, value in story.labels]
    result.links += [Link(type="link", url=url, name=name) for url, name in story.links]
    result.steps += [
        TestStepResult(name=step, status="passed", start=result.start, stop=result.start) for step in story.steps
    ]
    _attach(result, story.attachments)


def _attach(result: TestResult, attachments: Iterable[stories.Attachment]) -> None:
    for one in attachments:
        name = f"{uuid.uuid4()}-attachment.{one.extension}"
        allure_commons.plugin_manager.hook.report_attached_data(body=one.body, file_name=name)
        result.attachments.append(Attachment(name=one.name, source=name, type=one.mime))


def _attach_to_run(name: str, body: bytes, extension: str) -> None:
    kind = next(each for each in AttachmentType if each.extension == extension)
    allure_commons.plugin_manager.hook.global_attach_data(
        body=body, name=name, attachment_type=kind, extension=extension
    )


def _mask(result: TestResult) -> None:
    for part in ("name", "description", "fullName"):
        if getattr(result, part):
            setattr(result, part, mask(getattr(result, part)))
    result.parameters = [
        Parameter(name=one.name, value=mask(str(one.value)), excluded=one.excluded, mode=one.mode)
        for one in result.parameters
    ]
    if result.statusDetails is not None:
        for part in ("message", "trace"):
            setattr(result.statusDetails, part, mask(getattr(result.statusDetails, part) or "") or None)


def _named(parameter: Parameter, item: pytest.Item) -> Parameter:
    params = getattr(getattr(item, "callspec", None), "params", {})
    value = params.get(parameter.name)
    shown = value if isinstance(value, str) else parameter.value
    return Parameter(name=_PARAMETERS.get(parameter.name, parameter.name), value=shown)


def _words(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    told = (getattr(function, "__doc__", None) or "").strip().splitlines()
    name = getattr(item, "originalname", item.name)
    says = told[0].rstrip(".") if told else name.removeprefix("test_").replace("_", " ")
    params = getattr(getattr(item, "callspec", None), "params", {})
    shown = [str(value) for key, value in params.items() if key not in _PARAMETERS and isinstance(value, str | int)]
    return f"{says} [{', '.join(shown)}]" if shown else says


def _full_name(item: pytest.Item) -> str:
    """Return a name that is the same wherever the book is installed and whatever pytest's rootdir is."""
    name = getattr(item, "originalname", item.name)
    if item.path.is_relative_to(resources.SUITES):
        return f"suites.{item.path.stem}#{name}"
    return f"{item.path.stem}#{name}"
