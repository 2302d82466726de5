"""Two ledgers compared: every pair of verdicts, the exit status, and what else changed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.comparison import Change, Comparison, compare, comparison_json, comparison_lines
from pytest_wslgo.report.ledger import write_ledger
from pytest_wslgo.report.result import TargetResult, ToolchainResult
from pytest_wslgo.report.stored import read_ledger
from tests.unit.making import PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.stored import StoredLedger

V, R, A, C, W = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED, Verdict.WAIVED
NEW, VANISHED, STILL, FIXED = Change
WORDS = (V, R, A, C, W, None)

EXPECTED: dict[Verdict | None, dict[Verdict | None, Change | None]] = {
    V: {V: None, R: NEW, A: None, C: NEW, W: NEW, None: VANISHED},
    R: {V: FIXED, R: STILL, A: VANISHED, C: STILL, W: STILL, None: VANISHED},
    A: {V: None, R: NEW, A: None, C: NEW, W: NEW, None: None},
    C: {V: FIXED, R: NEW, A: VANISHED, C: STILL, W: STILL, None: VANISHED},
    W: {V: FIXED, R: NEW, A: VANISHED, C: STILL, W: STILL, None: VANISHED},
    None: {V: None, R: NEW, A: None, C: NEW, W: NEW, None: None},
}


def ledger(
    folder: Path, *words: Verdict | None, severity: Severity = Severity.NORMAL, target: TargetResult | None = None
) -> StoredLedger:
    """A ledger with the claims a.0, a.1, … and these verdicts on them."""
    here = target or TargetResult("local", "local://", PLATFORM, (ToolchainResult("/go", "go1.26.4", "tarball"),))
    verdicts = [_verdict(f"a.{n}", word, here.name) for n, word in enumerate(words) if word]
    claims = {f"a.{n}": a_claim(f"a.{n}", severity=severity) for n in range(len(words))}
    waivers = [a_waiver(f"a.{n}") for n, word in enumerate(words) if word is W]
    gate = a_gate(verdicts, claims=claims, require=(), waivers=waivers, targets={here.name: here.spec})
    write_ledger(a_run(gate, claims=claims, targets=(here,)), folder / "l.json")
    return read_ledger(folder / "l.json")


def _verdict(claim: str, word: Verdict, target: str) -> ClaimVerdict:
    return a_verdict(R if word is W else word, claim, target)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(WORDS, WORDS)))
def test_each_pair_of_verdicts_is_a_change_or_none(tmp_path: Path, old: Verdict | None, new: Verdict | None) -> None:
    found = compare(ledger(tmp_path, old), ledger(tmp_path, new))
    assert [one.change for one in found.differences] == [change for change in [EXPECTED[old][new]] if change]


@pytest.mark.parametrize(
    ("old", "new", "severity", "status"),
    [
        pytest.param((V, V), (V, V), Severity.NORMAL, 0, id="same"),
        pytest.param((R, C), (V, V), Severity.NORMAL, 0, id="mended"),
        pytest.param((R,), (R,), Severity.NORMAL, 0, id="still"),
        pytest.param((V,), (R,), Severity.NORMAL, 1, id="refuted"),
        pytest.param((V,), (R,), Severity.MINOR, 0, id="advice"),
        pytest.param((V,), (C,), Severity.NORMAL, 10, id="not-checked"),
        pytest.param((V,), (None,), Severity.NORMAL, 10, id="vanished"),
        pytest.param((R,), (None,), Severity.NORMAL, 10, id="gone-is-not-mended"),
        pytest.param((V, V), (R, C), Severity.NORMAL, 1, id="the-worst"),
        pytest.param((V,), (W,), Severity.NORMAL, 0, id="waived"),
    ],
)
def test_the_status_says_whether_anything_got_worse(
    tmp_path: Path, old: tuple[Verdict, ...], new: tuple[Verdict, ...], severity: Severity, status: int
) -> None:
    found = compare(ledger(tmp_path, *old, severity=severity), ledger(tmp_path, *new, severity=severity))
    assert found.status == status


def two(folder: Path) -> Comparison:
    old = ledger(folder, V, R, R, V)
    box = TargetResult("box", "facts:/box.json", PLATFORM, (ToolchainResult("/go", "go1.26.8", "tarball"),))
    return compare(old, ledger(folder, R, R, V, None, target=box))


def test_the_differences_are_told_worst_first_with_what_else_changed(tmp_path: Path) -> None:
    assert list(comparison_lines(two(tmp_path))) == [
        "box: go1.26.4 at /go -> go1.26.8 at /go",
        "NEW       a.0 on box (normal): verified -> refuted",
        "          a.0 was seen to be refuted",
        "VANISHED  a.3 on box (normal): verified -> not judged",
        "STILL     a.1 on box (normal): refuted -> refuted",
        "          a.1 was seen to be refuted",
        "FIXED     a.2 on box (normal): refuted -> verified",
        "1 new, 1 vanished, 1 still, 1 fixed (exit status 1)",
    ]


def test_the_comparison_is_told_as_json(tmp_path: Path) -> None:
    told = comparison_json(two(tmp_path))
    assert (told["status"], told["circumstances"]) == (1, ["box: go1.26.4 at /go -> go1.26.8 at /go"])
    assert told["new"] == [
        {
            "claim": "a.0",
            "target": "box",
            "severity": "normal",
            "old": "verified",
            "new": "refuted",
            "why": "a.0 was seen to be refuted",
        }
    ]
    assert [one["new"] for one in told["vanished"]] == [None]


def test_a_target_that_only_one_ledger_has_is_told(tmp_path: Path) -> None:
    here = [TargetResult(name, f"ssh://{name}", PLATFORM) for name in ("one", "two")]

    def both(*targets: TargetResult) -> StoredLedger:
        gate = a_gate([a_verdict(V, target=one.name) for one in targets], require=(), targets={})
        write_ledger(a_run(gate, targets=targets), tmp_path / "l.json")
        return read_ledger(tmp_path / "l.json")

    found = compare(both(*here), both(here[0]))
    assert found.circumstances == ("two: only in the old ledger",)
    assert [(one.change, one.target) for one in found.differences] == [(VANISHED, "two")]
