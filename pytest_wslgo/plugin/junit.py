"""``--junitxml``: what the run came to, as properties of the test suite; each test has its claim and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from _pytest.junitxml import xml_key

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.report.sentences import gate_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_wslgo.report.result import RunResult


class JUnitProperties:
    """Judges the run (``judged``) before pytest writes the file, which it does at the end of the session."""

    def __init__(self, config: pytest.Config, judged: Callable[[], RunResult | None]) -> None:
        self._config = config
        self._judged = judged

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        xml = self._config.stash.get(xml_key, None)
        run = self._judged() if xml is not None else None
        if xml is not None and run is not None:
            for name, value in _properties(run):
                xml.add_global_property(f"wslgo.{name}", mask(value))


def _properties(run: RunResult) -> Iterator[tuple[str, str]]:
    yield "profile", run.gate.profile
    yield "passed", str(run.gate.passed).lower()
    yield "status", str(int(run.gate.status))
    for word, count in run.counts().items():
        yield str(word), str(count)
    for sentence in gate_sentences(run.gate):
        yield "gate", sentence
