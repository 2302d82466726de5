"""The gate: DESIGN section 5's exit statuses, row by row, then what must hold of any run."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.gate import BadWaiver, ExitStatus, Gate, Unmet
from pytest_wslgo.model.verdicts import ClaimVerdict, Verdict
from tests.unit.making import NOW, a_claim, a_gate, a_verdict, a_waiver

if TYPE_CHECKING:
    from pytest_wslgo.model.waivers import Waiver

V, R, A, C, W = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED, Verdict.WAIVED
GOOD, REFUTED, NOT_CHECKED, WAIVER = ExitStatus
EXPIRED = NOW - timedelta(days=1)
STATIC, PIE = "linking.static", "linking.pie"
TWO = {"one": "ssh://one", "two": "ssh://two"}


def states(gate: Gate) -> list[tuple[str, str]]:
    """The waivers to look at, as (state, target)."""
    return [(bad.state, bad.target) for bad in gate.bad_waivers]


def test_the_statuses_are_those_that_scripts_rely_on() -> None:
    assert [int(status) for status in (GOOD, REFUTED, NOT_CHECKED, WAIVER)] == [0, 1, 10, 11]


SEVERITIES = [
    pytest.param(severity, fail_on, REFUTED if fails else GOOD, id=f"{severity}-fail-on-{fail_on}")
    for severity, fail_on, fails in [
        (Severity.CRITICAL, Severity.NORMAL, True),
        (Severity.NORMAL, Severity.NORMAL, True),
        (Severity.MINOR, Severity.NORMAL, False),
        (Severity.CRITICAL, Severity.MINOR, True),
        (Severity.NORMAL, Severity.MINOR, True),
        (Severity.MINOR, Severity.MINOR, True),
    ]
]


@pytest.mark.parametrize(("severity", "fail_on", "status"), SEVERITIES)
@pytest.mark.parametrize("require", [(STATIC,), ()], ids=["required", "not-required"])
def test_a_refuted_claim_fails_the_run_unless_it_is_advice(
    severity: Severity, fail_on: Severity, status: ExitStatus, require: tuple[str, ...]
) -> None:
    gate = a_gate([a_verdict(R)], claims={STATIC: a_claim(severity=severity)}, require=require, fail_on=fail_on)
    assert gate.status is status
    assert gate.passed is (status is GOOD)
    expected = (Unmet(STATIC, "local", f"refuted: {STATIC} was seen to be refuted"),) if status is REFUTED else ()
    assert gate.unmet == expected
    assert [one.verdict for one in gate.verdicts] == [R]


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("fail_on", [Severity.NORMAL, Severity.MINOR])
def test_an_unexpired_waiver_carries_a_refuted_claim(severity: Severity, fail_on: Severity) -> None:
    gate = a_gate([a_verdict(R)], claims={STATIC: a_claim(severity=severity)}, fail_on=fail_on, waivers=[a_waiver()])
    assert (gate.status, gate.unmet, gate.bad_waivers) == (GOOD, (), ())
    (verdict,) = gate.verdicts
    assert verdict.verdict is W
    assert verdict.why == f"{STATIC} was seen to be refuted (waived by jane until 2027-03-31T00:00:00Z: moves in March)"


OFFSETS = [
    pytest.param(-1, REFUTED, id="just-expired"),
    pytest.param(0, REFUTED, id="now"),
    pytest.param(1, GOOD, id="not-yet"),
]


@pytest.mark.parametrize(("seconds", "status"), OFFSETS)
def test_a_waiver_carries_until_the_second_of_its_expiry(seconds: int, status: ExitStatus) -> None:
    assert a_gate([a_verdict(R)], waivers=[a_waiver(expires=NOW + timedelta(seconds=seconds))]).status is status


VERDICT_AND_WAIVER = [
    pytest.param(R, None, REFUTED, [], id="refuted"),
    pytest.param(R, "valid", GOOD, [], id="refuted-waived"),
    pytest.param(R, "expired", REFUTED, [("expired", "local")], id="refuted-expired"),
    pytest.param(V, None, GOOD, [], id="verified"),
    pytest.param(V, "valid", WAIVER, [("stale", "local")], id="verified-stale"),
    pytest.param(V, "expired", WAIVER, [("expired", "local")], id="verified-expired"),
    pytest.param(C, None, NOT_CHECKED, [], id="not-checked"),
    pytest.param(C, "valid", NOT_CHECKED, [], id="not-checked-is-not-waived"),
    pytest.param(C, "expired", NOT_CHECKED, [("expired", "local")], id="not-checked-expired"),
    pytest.param(A, None, GOOD, [], id="not-applicable"),
    pytest.param(A, "valid", GOOD, [], id="not-applicable-is-not-stale"),
    pytest.param(A, "expired", WAIVER, [("expired", "local")], id="not-applicable-expired"),
]


@pytest.mark.parametrize(("verdict", "waiver", "status", "looked_at"), VERDICT_AND_WAIVER)
def test_each_verdict_of_a_required_claim_with_each_waiver(
    verdict: Verdict, waiver: str | None, status: ExitStatus, looked_at: list[tuple[str, str]]
) -> None:
    waivers = [] if waiver is None else [a_waiver(expires=EXPIRED if waiver == "expired" else None)]
    gate = a_gate([a_verdict(verdict)], waivers=waivers)
    assert (gate.status, states(gate)) == (status, looked_at)
    assert gate.passed is (status is GOOD)


def test_an_expired_waiver_of_advice_is_looked_at() -> None:
    gate = a_gate(
        [a_verdict(R)], claims={STATIC: a_claim(severity=Severity.MINOR)}, waivers=[a_waiver(expires=EXPIRED)]
    )
    assert (gate.status, gate.unmet, states(gate)) == (WAIVER, (), [("expired", "local")])


def test_an_expired_waiver_that_was_renewed_by_another_still_has_to_go() -> None:
    gate = a_gate([a_verdict(R)], waivers=[a_waiver(expires=EXPIRED), a_waiver()])
    assert (gate.status, states(gate)) == (WAIVER, [("expired", "local")])


def test_waivers_may_come_as_an_iterator() -> None:
    gate = a_gate([a_verdict(R, STATIC), a_verdict(R, PIE)], waivers=iter([a_waiver(STATIC), a_waiver(PIE)]))
    assert gate.status is GOOD


@pytest.mark.parametrize(
    ("found", "status", "looked_at"),
    [
        pytest.param((), GOOD, [], id="not-judged-in-this-run"),
        pytest.param((V, V), WAIVER, [("stale", "one, two")], id="verified-on-both"),
        pytest.param((V, R), GOOD, [], id="needed-on-one"),
        pytest.param((V, C), GOOD, [], id="unknown-on-one"),
        pytest.param((V, A), WAIVER, [("stale", "one")], id="not-about-the-other"),
        pytest.param((A, A), GOOD, [], id="about-neither"),
        pytest.param((R, R), GOOD, [], id="needed-on-both"),
    ],
)
def test_a_waiver_of_several_targets_is_stale_only_when_needed_nowhere(
    found: tuple[Verdict, ...], status: ExitStatus, looked_at: list[tuple[str, str]]
) -> None:
    verdicts = [a_verdict(verdict, target=target) for verdict, target in zip(found, TWO, strict=False)]
    gate = a_gate(verdicts, require=(), waivers=[a_waiver()], targets=TWO)
    assert (gate.status, states(gate)) == (status, looked_at)


def test_a_waiver_of_one_target_leaves_the_other_refuted() -> None:
    verdicts = [a_verdict(R, target="one"), a_verdict(R, target="two")]
    gate = a_gate(verdicts, waivers=[a_waiver(target="ssh://one")], targets=TWO)
    assert (gate.status, [one.target for one in gate.unmet]) == (REFUTED, ["two"])
    assert [one.verdict for one in gate.verdicts] == [W, R]


def test_an_expired_waiver_of_no_target_of_this_run_is_named_by_its_pattern() -> None:
    waiver = a_waiver(expires=EXPIRED, target="ssh://build-*")
    gate = a_gate([a_verdict(V)], waivers=[waiver])
    assert gate.bad_waivers == (BadWaiver(waiver, "expired", "ssh://build-*"),)


NOT_CHECKED_REASONS = [
    pytest.param(reason, required, status, id=f"{reason}-{'required' if required else 'not-required'}")
    for reason, (required, status) in itertools.product(Reason, [(True, NOT_CHECKED), (False, GOOD)])
    if reason is not Reason.ERROR
]


@pytest.mark.parametrize(
    ("reason", "required", "status"),
    [
        *NOT_CHECKED_REASONS,
        pytest.param(Reason.ERROR, True, NOT_CHECKED, id="error-required"),
        pytest.param(Reason.ERROR, False, NOT_CHECKED, id="error-not-required"),
    ],
)
@pytest.mark.parametrize("partial", [True, False], ids=["partial", "whole"])
def test_a_claim_that_was_not_checked_fails_when_required_or_when_its_check_broke(
    reason: Reason, required: bool, status: ExitStatus, partial: bool
) -> None:
    gate = a_gate(
        [a_verdict(C, reason=reason, why="seen")],
        require=(STATIC,) if required else (),
        partial=partial,
        deselected=partial,
    )
    met = reason is Reason.DECLARED_ABSENT and partial
    assert gate.status is (GOOD if met else status)
    assert gate.unmet == ((Unmet(STATIC, "local", f"not checked ({reason}): seen"),) if gate.status else ())


@pytest.mark.parametrize(
    ("partial", "deselected", "status"),
    [
        pytest.param(False, False, NOT_CHECKED, id="whole-book"),
        pytest.param(False, True, NOT_CHECKED, id="deselecting-is-no-way-out"),
        pytest.param(True, False, NOT_CHECKED, id="nothing-deselected"),
        pytest.param(True, True, GOOD, id="only-what-was-chosen"),
    ],
)
def test_a_required_claim_without_a_check_in_the_run(partial: bool, deselected: bool, status: ExitStatus) -> None:
    gate = a_gate([a_verdict(V)], require=(STATIC, PIE), partial=partial, deselected=deselected)
    assert gate.status is status
    unmet = Unmet(PIE, "local", "no check of this claim was selected in this run")
    assert gate.unmet == ((unmet,) if status else ())


def test_a_required_claim_is_asked_for_on_every_target() -> None:
    gate = a_gate([a_verdict(V, target="one")], targets=TWO)
    assert (gate.status, gate.unmet) == (
        NOT_CHECKED,
        (Unmet(STATIC, "two", "no check of this claim was selected in this run"),),
    )


def test_a_target_that_is_lost_leaves_what_is_required_unchecked() -> None:
    lost = a_verdict(C, target="two", reason=Reason.TARGET_LOST, why="two does not answer")
    gate = a_gate([a_verdict(V, target="one"), lost], targets=TWO)
    assert (gate.status, gate.unmet) == (
        NOT_CHECKED,
        (Unmet(STATIC, "two", "not checked (target-lost): two does not answer"),),
    )


def test_a_run_without_a_verdict_is_not_good_when_something_is_required() -> None:
    assert a_gate([]).status is NOT_CHECKED


@pytest.mark.parametrize(
    ("refuted", "unchecked", "bad_waiver", "status"),
    [
        pytest.param(
            refuted, unchecked, bad, REFUTED if refuted else NOT_CHECKED if unchecked else WAIVER if bad else GOOD
        )
        for refuted, unchecked, bad in itertools.product([False, True], repeat=3)
    ],
)
def test_the_worst_decides_the_status(refuted: bool, unchecked: bool, bad_waiver: bool, status: ExitStatus) -> None:
    verdicts = [
        a_verdict(R if refuted else V, "a.refuted"),
        a_verdict(C if unchecked else V, "a.unchecked"),
        a_verdict(V, "a.waived"),
    ]
    waivers = [a_waiver("a.waived")] if bad_waiver else []
    assert a_gate(verdicts, require=("a.unchecked",), waivers=waivers).status is status


CLAIMS = {f"a.{severity}": a_claim(f"a.{severity}", severity=severity) for severity in Severity}
VERDICTS = st.dictionaries(
    st.tuples(st.sampled_from(sorted(CLAIMS)), st.sampled_from(sorted(TWO))),
    st.tuples(st.sampled_from([V, R, A, C]), st.sampled_from(Reason)),
).map(
    lambda found: tuple(
        a_verdict(verdict, claim, target, reason=reason if verdict is C else None)
        for (claim, target), (verdict, reason) in found.items()
    )
)
WAIVERS = st.lists(
    st.builds(
        a_waiver,
        st.sampled_from(sorted(CLAIMS)),
        expires=st.sampled_from([EXPIRED, NOW, datetime(2030, 1, 1, tzinfo=UTC)]),
        target=st.sampled_from(["*", "one", "ssh://two", "three"]),
    ),
    max_size=4,
)
REQUIRE = st.lists(st.sampled_from(sorted(CLAIMS)), unique=True).map(tuple)


@given(
    verdicts=VERDICTS,
    waivers=WAIVERS,
    require=REQUIRE,
    fail_on=st.sampled_from([Severity.NORMAL, Severity.MINOR]),
    partial=st.booleans(),
    deselected=st.booleans(),
)
def test_a_gate_is_never_good_by_silence(
    verdicts: tuple[ClaimVerdict, ...],
    waivers: list[Waiver],
    require: tuple[str, ...],
    fail_on: Severity,
    partial: bool,
    deselected: bool,
) -> None:
    gate = a_gate(
        verdicts,
        claims=CLAIMS,
        waivers=waivers,
        require=require,
        fail_on=fail_on,
        partial=partial,
        deselected=deselected,
        targets=TWO,
    )
    found = {(one.claim, one.target): one.verdict for one in gate.verdicts}
    assert list(found) == [(one.claim, one.target) for one in verdicts]
    assert gate.passed == (not gate.unmet and not gate.bad_waivers)
    heavy = {claim for claim in CLAIMS if claim != "a.minor" or fail_on is Severity.MINOR}
    assert (gate.status is REFUTED) == any(word is R and claim in heavy for (claim, _), word in found.items())
    if gate.passed and not (partial and deselected):
        assert all(found.get((claim, target)) in (V, A, W, R) for claim in require for target in TWO)
    for before, after in zip(verdicts, gate.verdicts, strict=True):
        assert before.verdict is after.verdict or (before.verdict, after.verdict) == (R, W)


@given(verdicts=VERDICTS, require=REQUIRE)
def test_a_waiver_never_makes_a_run_worse_than_its_own_status(
    verdicts: tuple[ClaimVerdict, ...], require: tuple[str, ...]
) -> None:
    bare = a_gate(verdicts, claims=CLAIMS, require=require, targets=TWO)
    waived = a_gate(verdicts, claims=CLAIMS, require=require, targets=TWO, waivers=map(a_waiver, CLAIMS))
    assert waived.status is not REFUTED
    if bare.status is NOT_CHECKED:
        assert waived.status is NOT_CHECKED
