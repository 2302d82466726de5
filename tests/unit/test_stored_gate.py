"""The gate over stored ledgers: as strict as the run, and red for whoever did not report."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.contract import Contract
from pytest_wslgo.model.gate import ExitStatus
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.profiles import Profile
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.ledger import write_ledger
from pytest_wslgo.report.result import TargetResult
from pytest_wslgo.report.stored import read_ledger
from pytest_wslgo.report.stored_gate import StoredGate, judge_stored, machines_of
from pytest_wslgo.report.stored_gate_text import stored_gate_json, stored_gate_lines
from tests.unit.making import NOW, PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.gate import Gate
    from pytest_wslgo.model.waivers import Waiver

V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED
STATIC = "linking.static"


def contract(*waivers: Waiver, given: bool = False, **changes: Any) -> Contract:  # noqa: ANN401 - any key of a profile
    values = {"require": (STATIC,), "partial": False, "fail_on": Severity.NORMAL, **changes}
    return Contract(Profile("devbox", **values), waivers if waivers or given else None, ())


def store(path: Path, gate: Gate, *targets: TargetResult) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_ledger(a_run(gate, targets=targets), path)
    return path


def stored(*paths: Path, by: Contract | None = None, now: datetime = NOW, **options: Any) -> StoredGate:  # noqa: ANN401
    machines = machines_of([(path, read_ledger(path)) for path in paths])
    return judge_stored(machines, by or contract(), severities={}, now=now, **options)


@pytest.mark.parametrize(
    ("verdict", "severity", "partial", "deselected", "waiver"),
    [
        pytest.param(*row, id="-".join(map(str, row)))
        for row in itertools.product(
            (V, R, A, C, None), Severity, (True, False), (True, False), ("none", "valid", "expired")
        )
    ],
)
def test_the_gate_says_of_a_stored_run_what_the_run_itself_said(
    tmp_path: Path, verdict: Verdict | None, severity: Severity, partial: bool, deselected: bool, waiver: str
) -> None:
    expires = {"expired": NOW - timedelta(days=1), "valid": NOW + timedelta(days=1)}.get(waiver)
    waivers = (a_waiver(expires=expires),) if expires else ()
    given = [a_verdict(V, "a.other"), *([a_verdict(verdict)] if verdict else [])]
    claims = {one.claim: a_claim(one.claim, severity=severity) for one in given}
    gate = a_gate(given, claims=claims, partial=partial, deselected=deselected, waivers=waivers)
    path = tmp_path / "box.json"
    write_ledger(a_run(gate, claims=claims), path)

    told = stored(path, by=contract(*waivers, partial=partial))

    assert told.status is gate.status
    assert [one.why for one in told.gate.unmet] == [one.why for one in gate.unmet]


def test_what_the_run_waived_holds_until_that_waiver_expires(tmp_path: Path) -> None:
    path = store(tmp_path / "box.json", a_gate([a_verdict(R, why="seen")], waivers=[a_waiver()]))
    before, after = (datetime(2027, 3, day, tzinfo=UTC) for day in (30, 31))
    assert stored(path, now=before).status is ExitStatus.GOOD
    late = stored(path, now=after)
    assert (late.status, [one.why for one in late.gate.unmet]) == (ExitStatus.REFUTED, ["refuted: seen"])


def test_waivers_of_the_gates_caller_count_instead_of_those_of_the_run(tmp_path: Path) -> None:
    path = store(tmp_path / "box.json", a_gate([a_verdict(R)], waivers=[a_waiver()]))
    assert stored(path, by=contract(given=True)).status is ExitStatus.REFUTED
    assert stored(path, by=contract(a_waiver(target="box"))).status is ExitStatus.GOOD
    assert stored(path, by=contract(a_waiver(target="local"))).status is ExitStatus.GOOD


def test_a_waiver_is_stale_only_when_no_machine_needs_it(tmp_path: Path) -> None:
    good, bad = (store(tmp_path / f"{word}.json", a_gate([a_verdict(word)])) for word in (V, R))
    assert stored(good, bad, by=contract(a_waiver())).status is ExitStatus.GOOD
    assert stored(good, by=contract(a_waiver())).status is ExitStatus.WAIVER


def test_a_profile_asks_by_platform(tmp_path: Path) -> None:
    path = store(tmp_path / "box.json", a_gate([a_verdict(V)]))
    assert stored(path, by=contract(on={PlatformKind.LINUX: (STATIC, "linking.pie")})).status is ExitStatus.NOT_CHECKED
    assert stored(path, by=contract(on={PlatformKind.WSL2: ("linking.pie",)})).status is ExitStatus.GOOD


def test_the_whole_profile_can_be_asked_for_of_a_run_of_a_part(tmp_path: Path) -> None:
    path = store(tmp_path / "box.json", a_gate([a_verdict(V, "a.other")], partial=True, deselected=True))
    assert stored(path, by=contract(partial=True)).status is ExitStatus.GOOD
    assert stored(path, by=contract(partial=True), whole=True).status is ExitStatus.NOT_CHECKED


DEB, FAR = TargetResult("deb", "podman://deb", PLATFORM), TargetResult("far", "ssh://far", None, lost="far is silent.")


def test_machines_are_called_by_their_target_or_by_their_ledger(tmp_path: Path) -> None:
    gate = a_gate([a_verdict(V)])
    paths = [store(tmp_path / name, gate) for name in ("one.json", "a/box.json", "b/box.json")]
    paths.append(store(tmp_path / "pod.json", a_gate([a_verdict(V, target="deb")], targets={}), DEB))
    machines = machines_of([(path, read_ledger(path)) for path in paths])
    assert [machine.name for machine in machines] == ["one", "a/box", "b/box", "deb"]
    assert [name for name in ("one", "a", "a/box", "box", "deb", "podman://deb", "pod", "local", "two")
            if any(name in machine.called for machine in machines)] == [
        "one", "a", "a/box", "box", "deb", "podman://deb", "pod"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "silent"),
    [
        (["one", "one"], []),
        (["one", "two"], [("two", "no ledger of it was given")]),
        (["on"], [("on", "no ledger of it was given (did you mean 'one'?)")]),
    ],
)
def test_a_machine_that_did_not_report_is_red(
    tmp_path: Path, expected: list[str], silent: list[tuple[str, str]]
) -> None:
    told = stored(store(tmp_path / "one.json", a_gate([a_verdict(V)])), expected=expected)
    assert [(one.name, one.why) for one in told.silent] == silent
    assert told.status is (ExitStatus.NOT_CHECKED if silent else ExitStatus.GOOD)


def test_an_old_ledger_counts_as_none(tmp_path: Path) -> None:
    path = store(tmp_path / "box.json", a_gate([a_verdict(V)]))
    assert stored(path, now=NOW + timedelta(hours=24), oldest=timedelta(hours=24)).status is ExitStatus.GOOD
    told = stored(path, now=NOW + timedelta(hours=25), oldest=timedelta(hours=24))
    assert [(one.name, one.why) for one in told.silent] == [
        ("box", f"its ledger {path} is of 2026-11-22 07:00 UTC, older than 24 hours")
    ]
    assert (told.status, told.gate.verdicts) == (ExitStatus.NOT_CHECKED, ())


def test_a_machine_that_was_lost_is_one_finding(tmp_path: Path) -> None:
    lost = [a_verdict(C, claim, "far", why="far is silent") for claim in (STATIC, "a.other")]
    told = stored(store(tmp_path / "l.json", a_gate(lost, targets={}), FAR))
    assert [(one.name, one.why) for one in told.silent] == [("far", "it could not be read: far is silent")]
    assert (told.status, told.gate.unmet) == (ExitStatus.NOT_CHECKED, ())


def test_a_ledger_without_a_verdict_is_red_whatever_the_profile(tmp_path: Path) -> None:
    path = store(tmp_path / "l.json", a_gate([], require=()))
    told = stored(path, by=contract(require=()))
    assert [(one.name, one.why) for one in told.silent] == [("l", f"its ledger {path} holds no verdict on it")]
    assert told.status is ExitStatus.NOT_CHECKED


def test_a_refuted_claim_outweighs_a_silent_machine(tmp_path: Path) -> None:
    told = stored(store(tmp_path / "one.json", a_gate([a_verdict(R)])), expected=["two"])
    assert told.status is ExitStatus.REFUTED


def test_one_cause_on_many_machines_is_one_entry(tmp_path: Path) -> None:
    paths = [store(tmp_path / f"box-{n:02}.json", a_gate([a_verdict(R, why="GOCACHE is on 9p")])) for n in range(12)]
    paths.append(store(tmp_path / "pc.json", a_gate([a_verdict(C, why="no gcc", reason="missing-tool")])))
    told = stored(*paths, by=contract(a_waiver("linking.gone", expires=NOW), given=True), expected=["tower"])
    *entries, counts, answer = stored_gate_lines(told, width=80)
    assert entries == [
        "REFUTED      linking.static on box-00, box-01, box-02, box-03, box-04, box-05,",
        "             box-06, box-07, box-08, box-09 and 2 more",
        "             GOCACHE is on 9p",
        "NOT CHECKED  linking.static on pc",
        "             not checked (missing-tool): no gcc",
        "NO REPORT    tower",
        "             no ledger of it was given",
        "WAIVER       linking.gone on *: the waiver of jane expired on",
        "             2026-11-22T07:00:00Z: mend what it covers, renew it, or delete it.",
    ]
    told_counts = "0 verified, 12 refuted, 0 not applicable, 1 not checked, 0 waived"
    assert counts == f"13 ledgers of 13 machines, 13 verdicts: {told_counts}"
    assert answer == (
        "The gate of profile devbox is not met: 12 claims are refuted, 1 required claim was not checked, "
        "1 machine did not report, 1 waiver expired or is stale (exit status 1)."
    )
    shown = stored_gate_json(told)
    assert (shown["status"], shown["passed"], len(shown["unmet"])) == (1, False, 13)
    assert shown["silent"] == [{"machine": "tower", "why": "no ledger of it was given"}]
    assert shown["machines"][0]["name"] == "box-00"


def test_a_good_fleet_is_told_in_two_lines(tmp_path: Path) -> None:
    told = stored(store(tmp_path / "one.json", a_gate([a_verdict(V)])))
    assert list(stored_gate_lines(told)) == [
        "1 ledger of 1 machine, 1 verdict: 1 verified, 0 refuted, 0 not applicable, 0 not checked, 0 waived",
        "The gate of profile devbox is met.",
    ]
