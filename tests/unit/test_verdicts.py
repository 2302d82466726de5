"""From the judgements of checks to one verdict per claim and target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.verdicts import Acceptance, ClaimVerdict, Judgement, Verdict, combine, unwaive, waive
from tests.unit.making import a_judgement, a_verdict

if TYPE_CHECKING:
    import random

V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("given_verdicts", "expected"),
    [
        pytest.param((V,), V, id="one"),
        pytest.param((V, V), V, id="all-verified"),
        pytest.param((V, R), R, id="refuted-beats-verified"),
        pytest.param((C, R), R, id="refuted-beats-not-checked"),
        pytest.param((A, R), R, id="refuted-beats-not-applicable"),
        pytest.param((V, C), C, id="verified-only-when-nothing-was-left-out"),
        pytest.param((A, C), C, id="not-checked-beats-not-applicable"),
        pytest.param((A, V), V, id="verified-where-it-applies"),
        pytest.param((A, A), A, id="applies-nowhere"),
        pytest.param((V, A, C, R), R, id="all-kinds"),
    ],
)
def test_a_claim_is_as_bad_as_the_worst_of_its_checks(given_verdicts: tuple[Verdict, ...], expected: Verdict) -> None:
    (combined,) = combine(a_judgement(verdict, f"t::{n}") for n, verdict in enumerate(given_verdicts))
    assert combined.verdict is expected


def test_nothing_judged_gives_no_verdict() -> None:
    assert combine([]) == ()


def test_the_facts_of_the_deciding_checks_are_kept_and_those_checks_are_named_first() -> None:
    judgements = (
        a_judgement(R, "t::a", why="/lib/ld.so is named", seconds=0.5, evidence={"commands": ["go build"]}),
        a_judgement(V, "t::b", why="never shown", seconds=0.25),
        a_judgement(R, "t::c", why="/lib/ld.so is named", seconds=0.25),
        a_judgement(R, "t::d", why="libc.so.6 is needed", evidence={"needed": "libc.so.6"}),
        a_judgement(C, "t::e", reason=Reason.TIMEOUT, why="too slow"),
    )
    assert combine(judgements) == (
        ClaimVerdict(
            "linking.static",
            "local",
            R,
            ("t::a", "t::c", "t::d", "t::b", "t::e"),
            reason=None,
            why="/lib/ld.so is named; libc.so.6 is needed",
            seconds=1.0,
            evidence={"t::a": {"commands": ["go build"]}, "t::d": {"needed": "libc.so.6"}},
        ),
    )


def test_a_verified_claim_states_no_fact_against_it() -> None:
    (combined,) = combine([a_judgement(V, why="left over")])
    assert combined.why == ""


def test_claims_and_targets_are_kept_apart_in_the_order_of_the_run() -> None:
    judgements = [
        a_judgement(V, claim="b.x", target="two"),
        a_judgement(R, claim="a.x", target="one"),
        a_judgement(R, claim="b.x", target="one"),
        a_judgement(C, claim="b.x", target="two", reason=Reason.TIMEOUT),
    ]
    assert [(one.claim, one.target, one.verdict) for one in combine(judgements)] == [
        ("b.x", "two", C),
        ("a.x", "one", R),
        ("b.x", "one", R),
    ]


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        pytest.param((Reason.NO_NETWORK, Reason.TIMEOUT), Reason.NO_NETWORK, id="the-first"),
        pytest.param((Reason.NO_NETWORK, Reason.ERROR), Reason.ERROR, id="a-broken-check-shows"),
    ],
)
def test_the_reason_of_several_that_could_not_check(reasons: tuple[Reason, ...], expected: Reason) -> None:
    (combined,) = combine(a_judgement(C, f"t::{reason}", reason=reason, why=str(reason)) for reason in reasons)
    assert (combined.reason, combined.why) == (expected, "; ".join(reasons))


def test_a_waived_verdict_keeps_the_fact_and_says_who_why_and_until_when() -> None:
    waived = waive(a_verdict(R, why="GLIBC_2.38 is needed"), Acceptance("jane", "old fleet", "2027-03-31T00:00:00Z"))
    assert waived.verdict is Verdict.WAIVED
    assert waived.why == "GLIBC_2.38 is needed (waived by jane until 2027-03-31T00:00:00Z: old fleet)"


def test_a_waived_verdict_without_a_fact_does_not_begin_with_a_gap() -> None:
    waived = waive(a_verdict(R, why=""), Acceptance("jane", "old", "2027-03-31T00:00:00Z"))
    assert waived.why == "(waived by jane until 2027-03-31T00:00:00Z: old)"


@pytest.mark.parametrize("why", ["seen", ""])
def test_a_waiver_can_be_taken_back(why: str) -> None:
    refuted = a_verdict(R, why=why)
    assert (
        unwaive(waive(refuted, Acceptance("jane", "old", "2027-03-31T00:00:00Z", "https://tracker.example/7")))
        == refuted
    )


JUDGEMENTS = st.lists(
    st.builds(
        Judgement,
        claim=st.sampled_from(["a.x", "b.y"]),
        target=st.sampled_from(["one", "two"]),
        verdict=st.sampled_from([V, R, A, C]),
        nodeid=st.sampled_from(["t::a", "t::b", "t::c"]),
        reason=st.sampled_from([None, *Reason]),
        why=st.sampled_from(["", "seen", "seen 二"]),
        seconds=st.integers(0, 8).map(lambda quarters: quarters / 4),
        evidence=st.just({}),
    ),
    max_size=12,
)


@given(JUDGEMENTS)
def test_every_judged_pair_has_one_verdict_and_nothing_is_lost(judgements: list[Judgement]) -> None:
    combined = combine(judgements)
    pairs = [(one.claim, one.target) for one in combined]
    assert pairs == list(dict.fromkeys((one.claim, one.target) for one in judgements))
    assert sum(len(one.nodeids) for one in combined) == len(judgements)
    assert sum(one.seconds for one in combined) == sum(one.seconds for one in judgements)


@given(JUDGEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_checks_decides_no_verdict(judgements: list[Judgement], order: random.Random) -> None:
    shuffled = list(judgements)
    order.shuffle(shuffled)
    first, second = ({(one.claim, one.target): one.verdict for one in combine(many)} for many in (judgements, shuffled))
    assert first == second


@given(JUDGEMENTS)
def test_a_claim_is_verified_only_when_no_check_says_otherwise(judgements: list[Judgement]) -> None:
    for one in combine(judgements):
        found = {each.verdict for each in judgements if (each.claim, each.target) == (one.claim, one.target)}
        assert (one.verdict is V) == (V in found and found <= {V, A})
        assert (one.verdict is R) == (R in found)
