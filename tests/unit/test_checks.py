"""How claims are judged, read from the sources of checks: markers, words, conditions, places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.report.checks import CheckSource, checks_in
from pytest_wslgo.resources import CLAIMS, SUITES

if TYPE_CHECKING:
    from pathlib import Path

SUITE = '''
import pytest
raise RuntimeError("never run")

CASES = [pytest.param("a", marks=pytest.mark.claim("x.third"))]

def helper():
    assert True

@pytest.mark.claim("x.first", "x.second")
def test_a_name_is_a_sentence(snapshot):
    assert snapshot.a == 1, snapshot.told
    assert (
        not snapshot.b
    ), "seen"

@pytest.mark.parametrize("case", CASES)
def test_documented(case):
    """What the docstring says.

    And no more.
    """
    assert case

def test_without_a_claim():
    assert True
'''


def test_checks_are_read_and_not_run(tmp_path: Path) -> None:
    suites = tmp_path / "suites"
    suites.mkdir()
    (suites / "test_x.py").write_text(SUITE)
    (suites / "helper.py").write_text("raise RuntimeError")
    assert checks_in(suites) == (
        CheckSource(
            ("x.first", "x.second"),
            "a name is a sentence",
            ("snapshot.a == 1", "not snapshot.b"),
            "suites/test_x.py:11",
        ),
        CheckSource(("x.third",), "What the docstring says", ("case",), "suites/test_x.py:18"),
    )


def test_every_claim_of_the_book_has_a_check_that_can_be_told() -> None:
    told = {claim for check in checks_in(SUITES) for claim in check.claims}
    assert set(load_claims(CLAIMS)) - told == set()
