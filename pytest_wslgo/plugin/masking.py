"""Secrets in what pytest itself tells of a test: tracebacks, captured output, parameters, properties, warnings.

pytest's terminal, JUnit, xdist and every other reporter read these reports; they are masked where they are made, before
anything else sees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ReprFuncArgs, TerminalRepr

from pytest_wslgo.model.redaction import mask, mask_value

if TYPE_CHECKING:
    import warnings
    from collections.abc import Generator, Iterable


def mask_nodeids(items: Iterable[pytest.Item]) -> None:
    """Rename the tests whose parameters or files hold a secret; each keeps a name of its own."""
    taken: dict[str, int] = {}
    for item in items:
        nodeid = mask(item.nodeid)
        if nodeid != item.nodeid:
            taken[nodeid] = taken.get(nodeid, 0) + 1
            number = f"#{taken[nodeid]}" if taken[nodeid] > 1 else ""
            item.name = f"{mask(item.name)}{number}"
            _rename(item, f"{nodeid}{number}")


def _rename(item: Any, nodeid: str) -> None:  # noqa: ANN401 - what pytest calls private
    """Give an item another node id; there is no public way, and pytest 9.1 began to keep it as a structure."""
    if hasattr(item, "_id"):
        item._id = type(item._id).parse(nodeid)  # noqa: SLF001 - see above
    else:
        item._nodeid = nodeid  # noqa: SLF001 - see above


class Masking:
    """Masks every report of the run, those of ordinary tests, too."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        report.sections = [(name, mask(text)) for name, text in report.sections]
        report.longrepr = _masked(report.longrepr)
        report.user_properties = [(name, _masked_property(name, value)) for name, value in report.user_properties]
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        report.sections = [(name, mask(text)) for name, text in report.sections]
        report.longrepr = _masked(report.longrepr)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        text = str(warning_message.message)
        if mask(text) != text:
            warning_message.message = mask(text)


def _masked_property(name: str, value: object) -> object:
    return mask_value(name, value) if isinstance(value, str) else value


def _masked(value: Any) -> Any:  # noqa: ANN401 - pytest tells a failure as a text, a tuple, or a tree of objects
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    if isinstance(value, list):
        # Lines of a source or of locals: a key stands on several.
        texts = all(isinstance(one, str) for one in value)
        return mask("\n".join(value)).split("\n") if texts and value else list(map(_masked, value))
    if isinstance(value, ReprFuncArgs):
        value.args = [(name, mask_value(name, str(told))) for name, told in value.args]
    elif isinstance(value, TerminalRepr):
        for name, part in vars(value).items():
            setattr(value, name, _masked(part))
    return value
