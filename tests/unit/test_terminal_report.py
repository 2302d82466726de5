"""The report on the terminal: what is refuted first, one finding per cause, one screen per finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Remedy, Severity, Who, load_claims
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.consequences import consequences
from pytest_wslgo.report.prose import columns
from pytest_wslgo.report.result import RunResult, TargetResult
from pytest_wslgo.report.terminal import Line, describe_platform, summary
from pytest_wslgo.resources import CLAIMS
from tests.unit.making import NOW, PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.verdicts import ClaimVerdict

V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED
BOOK = load_claims(CLAIMS)
SECRET = "ghp_" + "a1B2" * 9


def text_of(run: RunResult, *, width: int = 120, language: Language = Language.EN) -> list[str]:
    return [line.text for line in summary(run, width=width, language=language)]


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
            "1 verdicts: 1 verified, 0 refuted, 0 not applicable, 0 not checked, 0 waived; profile devbox: met", "green"
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


WAITS = "waits for setup.go: a login shell finds no go"


def waiting(claim: str, cause: str = "setup.go", target: str = "local") -> ClaimVerdict:
    return a_verdict(C, claim, target, why=f"waits for {cause}: it is not there")


def test_what_waits_is_told_with_its_cause() -> None:
    verdicts = [
        a_verdict(R, "setup.go", why="no go on PATH"),
        waiting("setup.a"),
        waiting("setup.b"),
        a_verdict(C, "x.y"),
    ]
    lines = text_of(a_run(a_gate(verdicts, require=("setup.go",))))
    assert section(lines, "REFUTED") == [
        "REFUTED   setup.go on local (normal)",
        "  claim     It is static.",
        "  observed  no go on PATH",
        "  hence     not checked until this is mended: setup.a, setup.b",
        "  check     test_book.py::setup.go",
    ]
    assert [line for line in lines if line.startswith("NOT CHECKED")] == ["NOT CHECKED on local: missing-tool"]
    assert "  claims    x.y" in lines


def test_what_the_profile_asks_for_and_waits_makes_its_cause_fail_the_run() -> None:
    claims = {name: a_claim(name, severity=Severity.MINOR) for name in ("setup.go", "setup.a", "setup.b")}
    gate = a_gate(
        [a_verdict(R, "setup.go"), waiting("setup.a"), waiting("setup.b")], claims=claims, require=("setup.b",)
    )
    finding = section(text_of(a_run(gate, claims=claims)), "REFUTED")
    assert finding[-3:-1] == [
        "  hence     not checked until this is mended: setup.a, setup.b",
        "  required  by profile devbox: setup.b",
    ]


def test_what_waits_for_a_waived_or_unchecked_claim_is_told_there() -> None:
    gate = a_gate([a_verdict(R, "setup.go"), waiting("setup.a")], require=(), waivers=[a_waiver("setup.go")])
    told = "  hence     not checked until this is mended: setup.a"
    assert section(text_of(a_run(gate)), "WAIVED")[-1] == told
    gate = a_gate([a_verdict(C, "setup.go", why="sh hangs"), waiting("setup.a")], require=())
    assert section(text_of(a_run(gate)), "NOT CHECKED") == [
        "NOT CHECKED on local: missing-tool",
        "  because   sh hangs",
        "  claims    setup.go",
        told,
    ]


@pytest.mark.parametrize(
    ("verdicts", "found"),
    [
        pytest.param(
            [a_verdict(R, "setup.go"), waiting("b.b", "a.a"), waiting("a.a")], {"setup.go": ("b.b", "a.a")}, id="chain"
        ),
        pytest.param([waiting("a.a")], {}, id="the-cause-was-not-judged"),
        pytest.param([a_verdict(V, "setup.go"), waiting("a.a")], {}, id="the-cause-holds"),
        pytest.param([waiting("a.a", "b.b"), waiting("b.b", "a.a")], {}, id="a-circle"),
        pytest.param([a_verdict(R, "setup.go", "far"), waiting("a.a")], {}, id="another-target"),
        pytest.param([a_verdict(R, "setup.go"), a_verdict(R, "a.a", why=WAITS)], {}, id="refuted-all-the-same"),
    ],
)
def test_consequences_lead_to_the_first_cause(verdicts: list[ClaimVerdict], found: dict[str, tuple[str, ...]]) -> None:
    assert consequences(verdicts) == {(cause, "local"): claims for cause, claims in found.items()}


def test_no_go_at_all_takes_one_screen() -> None:
    verdicts = [a_verdict(R, "setup.go", why="no go"), *(waiting(f"setup.claim-number-{n}") for n in range(40))]
    lines = text_of(a_run(a_gate(verdicts, require=("setup.go",))), width=80)
    assert len(section(lines, "REFUTED")) <= 24
    assert not any(line.startswith("NOT CHECKED") for line in lines)


def test_remedies_stand_in_the_order_in_which_they_can_be_tried() -> None:
    remedy = (Remedy("Third.", None, Who.WINDOWS), Remedy("Second.", None, Who.ADMIN), Remedy("First."))
    claims = {"linking.static": a_claim(remedy=remedy)}
    told = [line for line in text_of(a_run(a_gate([a_verdict(R)]), claims=claims)) if line.startswith("  remedy")]
    assert [line.split()[1] for line in told] == ["First.", "Second.", "Third."]


def test_a_claim_that_no_fault_refutes_is_marked() -> None:
    claims = {"linking.static": a_claim(unproven="It takes a second CPU.")}
    finding = section(text_of(a_run(a_gate([a_verdict(R)]), claims=claims)), "REFUTED")
    assert finding[0] == "REFUTED   linking.static on local (normal, unproven)"
    assert finding[-1] == "  unproven  It takes a second CPU."


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("claim_id", BOOK)
def test_every_claim_of_the_book_is_told_on_one_screen(claim_id: str, language: Language) -> None:
    verdict = a_verdict(R, claim_id, why="GOFLAGS is -mod=vendor, exported in /home/dev/.profile line 3; " * 40)
    others = [waiting(f"setup.claim-number-{n}", claim_id) for n in range(40)]
    run = a_run(a_gate([verdict, *others], claims=BOOK, require=(claim_id, "setup.claim-number-7")), claims=BOOK)
    lines = text_of(run, width=100, language=language)
    assert lines.index("", 3) - 3 <= 24, lines


def test_the_report_in_chinese() -> None:
    claim = a_claim(
        statement_zh="它是静态的。",
        impact="It does not start.",
        impact_zh="无法启动。",
        remedy=(Remedy("Look.", "go env", text_zh="查看。"), Remedy("Ask.", None, Who.ADMIN, "询问。")),
    )
    verdicts = [
        a_verdict(R, why="/lib/ld.so is named"),
        waiting("setup.a", "linking.static"),
        a_verdict(C, "a.x", why="no gcc"),
    ]
    claims = {"linking.static": claim, "setup.a": a_claim("setup.a"), "a.x": a_claim("a.x")}
    run = a_run(a_gate(verdicts, claims=claims, require=("linking.static", "a.x", "a.z")), claims=claims)
    assert text_of(run, language=Language.ZH)[2:] == [
        "",
        "不成立    linking.static（local，一般）",
        "  声明      它是静态的。",
        "  观察到    /lib/ld.so is named",
        "  影响      无法启动。",
        "  补救      查看。",
        "            $ go env",
        "  补救      询问。（由本机管理员执行）",
        "  后果      在此修复之前无法检查：setup.a",
        "  检查      test_book.py::linking.static",
        "",
        "未检查（local）：缺少工具（missing-tool）",
        "  原因      no gcc",
        "  声明      a.x",
        "  要求      配置 devbox 要求全部",
        "",
        "未选中（local）",
        "  原因      本次运行没有选中这条声明的任何检查",
        "  声明      a.z",
        "  要求      配置 devbox 要求全部",
        "",
        "共 3 项结论：0 成立，1 不成立，0 不适用，2 未检查，0 已豁免；配置 devbox：未达标（3 项未决）",
    ]


def test_waivers_in_chinese() -> None:
    gate = a_gate([a_verdict(R, why="seen")], waivers=[a_waiver(), a_waiver(expires=NOW - timedelta(days=1))])
    lines = text_of(a_run(gate), language=Language.ZH)
    assert "  观察到    seen（由 jane 豁免至 2027-03-31T00:00:00Z：moves in March）" in lines
    assert "  状态      jane 的豁免已于 2026-11-21T07:00:00Z 到期：请修复它所覆盖的问题，或续期，或删除" in lines
