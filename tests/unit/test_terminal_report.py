"""The report on the terminal: what is refuted first, one finding per cause, one screen per finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Remedy, Severity, Who
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.prose import columns
from pytest_wslgo.report.result import RunResult, TargetResult
from pytest_wslgo.report.terminal import Line, describe_platform, summary
from tests.unit.making import NOW, PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from collections.abc import Iterable

V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED
SECRET = "ghp_" + "a1B2" * 9


def text_of(run: RunResult, *, width: int = 120) -> list[str]:
    return [line.text for line in summary(run, width=width)]


def section(lines: Iterable[str], head: str) -> list[str]:
    """The lines of the finding that begins with ``head``, up to the next empty line."""
    found = list(lines)
    start = next(place for place, line in enumerate(found) if line.startswith(head))
    return found[start : found.index("", start)]


def test_a_good_run_is_its_targets_and_one_line() -> None:
    assert list(summary(a_run(a_gate([a_verdict(V)])))) == [
        Line("local: debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)", "bold"),
        Line("  go1.26.4 (tarball) at /usr/local/go"),
        Line(""),
        Line(
            "1 verdict: 1 verified, 0 refuted, 0 not applicable, 0 not checked, 0 waived; profile devbox: met", "green"
        ),
    ]


def test_a_refuted_claim_says_what_was_seen_why_it_matters_and_what_mends_it() -> None:
    claim = a_claim(
        severity=Severity.CRITICAL,
        impact="It does not start on Alpine.",
        remedy=(
            Remedy("Look at GOFLAGS.", "go env GOFLAGS\ngo env -u GOFLAGS"),
            Remedy("Install gcc.", "apt-get install gcc", Who.ADMIN),
            Remedy("Restart WSL.", None, Who.WINDOWS),
        ),
    )
    verdict = a_verdict(R, why="/lib/ld.so is named", nodeids=("t::a", "t::b", "t::c"))
    run = a_run(a_gate([verdict], claims={claim.id: claim}), claims={claim.id: claim})
    assert section(text_of(run), "REFUTED") == [
        "REFUTED   linking.static on local (critical)",
        "  claim     It is static.",
        "  observed  /lib/ld.so is named",
        "  matters   It does not start on Alpine.",
        "  remedy    Look at GOFLAGS.",
        "            $ go env GOFLAGS",
        "            $ go env -u GOFLAGS",
        "  remedy    Install gcc. (as administrator of the machine)",
        "            $ apt-get install gcc",
        "  remedy    Restart WSL. (on the Windows side)",
        "  check     t::a and 2 more",
    ]


def test_the_worst_stands_first() -> None:
    claims = {f"a.{severity}": a_claim(f"a.{severity}", severity=severity) for severity in Severity}
    run = a_run(a_gate([a_verdict(R, name) for name in reversed(claims)], claims=claims, require=()), claims=claims)
    heads = [(line.text, line.style) for line in summary(run) if line.text.startswith(("REFUTED", "ADVICE"))]
    assert heads == [
        ("REFUTED   a.critical on local (critical)", "red"),
        ("REFUTED   a.normal on local (normal)", "red"),
        ("ADVICE    a.minor on local (minor)", "yellow"),
    ]


def test_what_the_profile_fails_on_is_no_advice() -> None:
    claims = {"a.x": a_claim("a.x", severity=Severity.MINOR)}
    gate = a_gate([a_verdict(R, "a.x")], claims=claims, require=(), fail_on=Severity.MINOR)
    assert section(text_of(a_run(gate, claims=claims)), "REFUTED")[0] == "REFUTED   a.x on local (minor)"


def test_a_refutation_without_a_word_says_so() -> None:
    run = a_run(a_gate([a_verdict(R, why="")]))
    assert "  observed  nothing was recorded" in text_of(run)


def test_an_observation_of_many_lines_takes_one_screen() -> None:
    why = "\n".join(f"# line {number} of the linker" for number in range(5000))
    finding = section(text_of(a_run(a_gate([a_verdict(R, why=why)]))), "REFUTED")
    assert len(finding) <= 24
    assert "  observed  # line 0 of the linker" in finding
    assert "            … 4989 more lines; the ledger (--wslgo-ledger FILE) keeps all …" in finding
    assert "            # line 4999 of the linker" in finding


def test_an_observation_of_one_endless_word_takes_one_screen() -> None:
    finding = section(text_of(a_run(a_gate([a_verdict(R, why="x" * 100_000)])), width=80), "REFUTED")
    assert len(finding) <= 24
    assert all(len(line) <= 80 for line in finding)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_chinese_text_keeps_to_the_width(width: int) -> None:
    claim = a_claim(statement="可执行文件没有解释器,也不需要任何共享库。" * 8)
    gate = a_gate([a_verdict(R, why="缓存目录在 Windows 盘上。" * 20)], claims={claim.id: claim})
    lines = text_of(a_run(gate, claims={claim.id: claim}), width=width)
    assert all(columns(line) <= width for line in lines[:-1])
    assert any(columns(line) > width - 4 for line in lines[:-1])


def test_what_a_command_wrote_does_not_steer_the_terminal() -> None:
    run = a_run(a_gate([a_verdict(R, why="\x1b[2J\x1b[31mgone\x07\r\nnext", target="lo\x1b[2Jcal")]))
    text = "\n".join(text_of(run))
    assert "\x1b" not in text
    assert "REFUTED   linking.static on local (normal)" in text
    assert "  observed  gone\n            next" in text


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(a_run(a_gate([a_verdict(R, why=f"seen {SECRET}")])), id="refuted"),
        pytest.param(a_run(a_gate([a_verdict(C, why=f"seen {SECRET}")])), id="not-checked"),
        pytest.param(a_run(a_gate([a_verdict(R, why=f"seen {SECRET}")], waivers=[a_waiver()])), id="waived"),
        pytest.param(a_run(a_gate([a_verdict(R, nodeids=(f"t[{SECRET}]",))])), id="nodeid"),
        pytest.param(
            a_run(a_gate([]), targets=(TargetResult("x", "ssh://x", None, lost=f"no answer: {SECRET}"),)), id="lost"
        ),
    ],
)
def test_no_secret_reaches_the_terminal(run: RunResult) -> None:
    text = "\n".join(text_of(run))
    assert SECRET not in text
    assert "***" in text


def test_one_cause_is_one_finding() -> None:
    names = [f"a.c{number}" for number in range(3)]
    lost = [a_verdict(C, name, "far", reason=Reason.TARGET_LOST, why="far does not answer") for name in names]
    other = a_verdict(C, "a.gcc", "far", reason=Reason.MISSING_TOOL, why="gcc is not on far")
    lines = list(summary(a_run(a_gate([*lost, other], require=("a.c1",), targets={"far": "ssh://far"}))))
    texts = [line.text for line in lines]
    assert section(texts, "NOT CHECKED on far: target-lost") == [
        "NOT CHECKED on far: target-lost",
        "  because   far does not answer",
        "  claims    a.c0, a.c1, a.c2",
        "  required  by profile devbox: a.c1",
    ]
    assert section(texts, "NOT CHECKED on far: missing-tool") == [
        "NOT CHECKED on far: missing-tool",
        "  because   gcc is not on far",
        "  claims    a.gcc",
    ]
    styles = [line.style for line in lines if line.text.startswith("NOT CHECKED")]
    assert styles == ["red", "yellow"]


def test_when_all_are_required_their_names_stand_once() -> None:
    run = a_run(a_gate([a_verdict(C)]))
    assert section(text_of(run), "NOT CHECKED")[-1] == "  required  by profile devbox: all of them"


def test_required_claims_without_a_check_are_named() -> None:
    run = a_run(a_gate([a_verdict(V)], require=("linking.static", "a.x", "a.y")))
    assert section(text_of(run), "NOT SELECTED") == [
        "NOT SELECTED on local",
        "  because   no check of this claim was selected in this run",
        "  claims    a.x, a.y",
        "  required  by profile devbox: all of them",
    ]
    assert text_of(run)[-1].endswith("profile devbox: not met (2 open)")


def test_hundreds_of_claims_behind_one_cause_take_one_screen() -> None:
    verdicts = [a_verdict(C, f"area.claim-{n}", why="far does not answer") for n in range(500)]
    assert len(section(text_of(a_run(a_gate(verdicts, require=()))), "NOT CHECKED")) <= 14


def test_a_waived_claim_keeps_the_fact_and_the_waiver_in_sight() -> None:
    gate = a_gate([a_verdict(R, why="\n".join(f"line {number}" for number in range(99)))], waivers=[a_waiver()])
    finding = section(text_of(a_run(gate)), "WAIVED")
    assert finding[0] == "WAIVED    linking.static on local"
    assert finding[1] == "  observed  line 0"
    assert finding[-1].endswith("line 98 (waived by jane until 2027-03-31T00:00:00Z: moves in March)")


def test_a_waiver_that_must_be_looked_at_says_what_to_do() -> None:
    waivers = [a_waiver(), a_waiver(expires=NOW - timedelta(days=1))]
    lines = text_of(a_run(a_gate([a_verdict(V)], waivers=waivers)))
    assert lines[-1].endswith("profile devbox: not met (2 open)")
    told = [line for line in lines if line.startswith(("WAIVER", "  state"))]
    assert told == [
        "WAIVER    linking.static on local",
        "  state     the waiver of jane is stale, its claim is verified now: delete it",
        "WAIVER    linking.static on local",
        "  state     the waiver of jane expired on 2026-11-21T07:00:00Z: mend what it covers, renew it, or delete it",
    ]


def test_every_kind_of_verdict_is_counted() -> None:
    verdicts = [a_verdict(verdict, f"a.{verdict}") for verdict in (V, R, A, C)] + [a_verdict(R, "a.waived")]
    run = a_run(a_gate(verdicts, require=("a.not-checked",), waivers=[a_waiver("a.waived")]))
    assert list(summary(run))[-1] == Line(
        "5 verdicts: 1 verified, 1 refuted, 1 not applicable, 1 not checked, 1 waived; "
        "profile devbox: not met (2 open)",
        "red",
    )


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param({}, "debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)", id="whole"),
        pytest.param({"release": None}, "debian, amd64, glibc 2.36, kernel 6.1.0 (linux)", id="rolling"),
        pytest.param({"distro": None, "release": None, "libc": None}, "amd64, kernel 6.1.0 (linux)", id="unknown"),
        pytest.param({"kernel": ""}, "debian 12, amd64, glibc 2.36 (linux)", id="no-kernel"),
        pytest.param({"kind": PlatformKind.WSL2}, "debian 12, amd64, glibc 2.36, kernel 6.1.0 (wsl2)", id="wsl2"),
    ],
)
def test_a_platform_is_one_line(changes: dict[str, str | None], shown: str) -> None:
    assert describe_platform(replace(PLATFORM, **changes)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lost", "shown"),
    [
        pytest.param("no route to host", "far: no route to host", id="lost"),
        pytest.param(None, "far: was not read", id="no-word"),
        pytest.param("two\nlines", "far: two lines", id="lines"),
    ],
)
def test_a_target_that_was_not_read_says_why(lost: str | None, shown: str) -> None:
    run = a_run(a_gate([]), targets=(TargetResult("far", "ssh://far", None, lost=lost),))
    assert text_of(run)[0] == shown
