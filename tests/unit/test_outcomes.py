"""The outcome contract as a table: every combination has the exit status of DESIGN section 5, and says why."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.ledger import ledger_of
from tests.ledgers import valid
from tests.outcomes import Outcome, outcomes
from tests.unit.making import NOW, a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pytest_wslgo.model.gate import Gate

CLAIM = "linking.static"


def gate_of(one: Outcome) -> Gate:
    expires = {"valid": NOW + timedelta(days=1), "expired": NOW - timedelta(days=1)}.get(one.waiver)
    return a_gate(
        [a_verdict(one.verdict, reason=one.reason)] if one.verdict else [],
        claims={CLAIM: a_claim(severity=one.severity)},
        require=(CLAIM,) if one.required else (),
        partial=one.partial,
        fail_on=one.fail_on,
        waivers=[a_waiver(expires=expires)] if expires else [],
        deselected=one.verdict is None,
    )


def test_every_combination_has_its_exit_status() -> None:
    told = {one: int(gate_of(one).status) for one in outcomes()}
    assert {one: status for one, status in told.items() if status != one.status} == {}
    assert len(told) == 11 * 3 * 2 * 2 * 2 * 3
    assert set(Counter(told.values())) == {0, 1, 10, 11}


def test_a_gate_says_in_sentences_what_is_unmet_and_only_then() -> None:
    for one in outcomes():
        gate = gate_of(one)
        ledger = valid(ledger_of(a_run(gate, claims={CLAIM: a_claim(severity=one.severity)})))
        answer, *sentences = ledger["gate"]["sentences"]
        assert (ledger["gate"]["passed"], ledger["gate"]["status"]) == (one.status == 0, one.status), one
        assert answer.endswith("is met." if one.status == 0 else f"(exit status {one.status})."), one
        assert all(sentence.startswith(f"{CLAIM} on ") and sentence.endswith(".") for sentence in sentences), one
        assert bool(sentences) is (one.status != 0), one


def test_what_is_waived_is_counted_and_not_hidden() -> None:
    for one in outcomes():
        (count,) = [ledger_of(a_run(gate_of(one)))["summary"]["waived"]]
        assert count == (one.verdict is Verdict.REFUTED and one.waiver == "valid"), one
