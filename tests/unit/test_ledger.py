"""The ledger: the form that DESIGN section 5 fixes, what JSON cannot hold, secrets, and where it is written."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from pytest_wslgo.errors import BadInput, Reason
from pytest_wslgo.model.claims import Remedy, Severity, Who
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.ledger import ledger_of, write_ledger
from pytest_wslgo.report.result import RunResult, TargetResult
from tests.unit.making import NOW, PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

CLAIM = a_claim(
    severity=Severity.CRITICAL, remedy=(Remedy("Look at GOFLAGS.", "go env GOFLAGS"), Remedy("Ask.", None, Who.ADMIN))
)
CLAIMS = {CLAIM.id: CLAIM}


def one_verdict(verdict: Verdict, **changes: Any) -> RunResult:  # noqa: ANN401 - any field of a verdict
    return a_run(a_gate([a_verdict(verdict, **changes)], claims=CLAIMS), claims=CLAIMS)


def evidence_of(evidence: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The evidence of a check, as a reader of the ledger's JSON gets it."""
    ledger = ledger_of(one_verdict(Verdict.VERIFIED, evidence={"t::a": evidence}))
    return json.loads(json.dumps(ledger, allow_nan=False))["verdicts"][0]["evidence"]["t::a"]


def test_the_ledger_has_the_form_that_dashboards_rely_on() -> None:
    assert ledger_of(one_verdict(Verdict.VERIFIED)) == {
        "ledger": 1,
        "plugin": "0.1.0",
        "started": "2026-11-22T07:00:00Z",
        "seconds": 12.346,
        "profile": "devbox",
        "targets": [
            {
                "name": "local",
                "spec": "local://",
                "platform": {
                    "kind": "linux",
                    "distro": "debian",
                    "release": "12",
                    "arch": "amd64",
                    "libc": "glibc 2.36",
                    "kernel": "6.1.0",
                    "evidence": ["/proc/version names no Microsoft"],
                },
                "toolchains": [{"goroot": "/usr/local/go", "version": "go1.26.4", "origin": "tarball"}],
            }
        ],
        "verdicts": [
            {
                "claim": "linking.static",
                "severity": "critical",
                "target": "local",
                "verdict": "verified",
                "reason": None,
                "why": "",
                "remedy": [],
                "nodeids": ["test_book.py::linking.static"],
                "seconds": 0.2,
                "evidence": {},
            }
        ],
        "summary": {"verified": 1, "refuted": 0, "not-applicable": 0, "not-checked": 0, "waived": 0},
        "gate": {
            "profile": "devbox",
            "passed": True,
            "status": 0,
            "deselected": False,
            "sentences": ["The gate of profile devbox is met."],
            "unmet": [],
            "waivers": [],
        },
    }


def test_a_refuted_claim_comes_with_its_remedies_and_as_unmet() -> None:
    ledger = ledger_of(one_verdict(Verdict.REFUTED, why="GOCACHE /mnt/c/cache is on 9p"))
    (verdict,) = ledger["verdicts"]
    assert (verdict["verdict"], verdict["why"]) == ("refuted", "GOCACHE /mnt/c/cache is on 9p")
    assert verdict["remedy"] == [
        {"text": "Look at GOFLAGS.", "run": "go env GOFLAGS", "who": "user"},
        {"text": "Ask.", "run": None, "who": "admin"},
    ]
    assert ledger["gate"]["passed"] is False
    assert ledger["gate"]["unmet"] == [
        {"claim": "linking.static", "target": "local", "why": "refuted: GOCACHE /mnt/c/cache is on 9p"}
    ]


@pytest.mark.parametrize("verdict", [Verdict.VERIFIED, Verdict.NOT_CHECKED, Verdict.NOT_APPLICABLE])
def test_a_claim_that_is_not_refuted_needs_no_remedy(verdict: Verdict) -> None:
    assert ledger_of(one_verdict(verdict))["verdicts"][0]["remedy"] == []


def test_a_claim_that_was_not_checked_says_for_what_reason() -> None:
    ledger = ledger_of(one_verdict(Verdict.NOT_CHECKED, reason=Reason.NO_NETWORK, why="no network"))
    assert (ledger["verdicts"][0]["reason"], ledger["verdicts"][0]["why"]) == ("no-network", "no network")


def test_waivers_to_look_at_are_listed() -> None:
    gate = a_gate([a_verdict(Verdict.VERIFIED)], waivers=[a_waiver(), a_waiver(expires=NOW - timedelta(days=1))])
    assert ledger_of(a_run(gate))["gate"]["waivers"] == [
        {
            "claim": "linking.static",
            "target": "local",
            "state": state,
            "owner": "jane",
            "reason": "moves in March",
            "expires": expires,
            "link": None,
        }
        for state, expires in [("stale", "2027-03-31T00:00:00Z"), ("expired", "2026-11-21T07:00:00Z")]
    ]


def test_a_waived_claim_keeps_its_fact_and_remedies() -> None:
    gate = a_gate([a_verdict(Verdict.REFUTED, why="seen")], claims=CLAIMS, waivers=[a_waiver()])
    (verdict,) = ledger_of(a_run(gate, claims=CLAIMS))["verdicts"]
    assert (verdict["verdict"], len(verdict["remedy"])) == ("waived", 2)
    assert verdict["why"] == "seen (waived by jane until 2027-03-31T00:00:00Z: moves in March)"
    assert verdict["waiver"] == {
        "owner": "jane",
        "reason": "moves in March",
        "expires": "2027-03-31T00:00:00Z",
        "link": None,
    }


def test_the_gate_says_in_sentences_what_is_unmet() -> None:
    verdicts = [
        a_verdict(Verdict.REFUTED, why="GOCACHE is on 9p."),
        a_verdict(Verdict.NOT_CHECKED, "linking.pie", why="no gcc"),
        a_verdict(Verdict.VERIFIED, "linking.strip"),
    ]
    gate = a_gate(verdicts, require=("linking.pie", "linking.gone"), waivers=[a_waiver("linking.strip")])
    assert ledger_of(a_run(gate))["gate"]["sentences"] == [
        (
            "The gate of profile devbox is not met: 1 claim is refuted, 2 required claims were not checked, "
            "1 waiver expired or is stale (exit status 1)."
        ),
        "linking.static on local: refuted: GOCACHE is on 9p.",
        "linking.pie on local: not checked (missing-tool): no gcc.",
        "linking.gone on local: no check of this claim was selected in this run.",
        "linking.strip on local: the waiver of jane is stale, its claim is verified now: delete it.",
    ]


def test_a_lost_target_has_no_platform_and_says_why() -> None:
    lost = TargetResult("far", "ssh://far", None, lost="far does not answer")
    assert ledger_of(a_run(a_gate([]), targets=(lost,)))["targets"] == [
        {"name": "far", "spec": "ssh://far", "platform": None, "toolchains": [], "lost": "far does not answer"}
    ]


def test_what_is_not_known_of_a_platform_is_null() -> None:
    local = TargetResult("local", "local://", replace(PLATFORM, distro=None, release=None, libc=None))
    (target,) = ledger_of(a_run(a_gate([]), targets=(local,)))["targets"]
    assert (target["platform"]["distro"], target["platform"]["release"], target["platform"]["libc"]) == (
        None,
        None,
        None,
    )


def test_the_start_is_told_in_utc() -> None:
    started = datetime(2026, 11, 22, 15, 0, tzinfo=timezone(timedelta(hours=8)))
    assert ledger_of(replace(a_run(a_gate([])), started=started))["started"] == "2026-11-22T07:00:00Z"


@pytest.mark.parametrize(
    ("recorded", "stored"),
    [
        pytest.param({"a": [1, 2.5, True, None, "x"]}, {"a": [1, 2.5, True, None, "x"]}, id="json"),
        pytest.param({"a": ("x", ("y",))}, {"a": ["x", ["y"]]}, id="tuples"),
        pytest.param({"a": {"x"}}, {"a": ["x"]}, id="set"),
        pytest.param({"a": float("nan"), "b": float("-inf")}, {"a": "nan", "b": "-inf"}, id="nan"),
        pytest.param({"a": Path("/tmp/x")}, {"a": "/tmp/x"}, id="path"),
        pytest.param({"a": b"x\xff"}, {"a": "x\\xff"}, id="bytes"),
        pytest.param({"a": "x\udcff"}, {"a": "x\\udcff"}, id="undecodable-file-name"),
        pytest.param({"a": datetime(2026, 1, 2, tzinfo=UTC)}, {"a": "2026-01-02 00:00:00+00:00"}, id="date-time"),
        pytest.param({"a": Verdict.REFUTED}, {"a": "refuted"}, id="enum"),
        pytest.param({3: "x", ("a", 1): "y"}, {"3": "x", "('a', 1)": "y"}, id="keys"),
        pytest.param({"a": "语言 🚀"}, {"a": "语言 🚀"}, id="unicode"),
    ],
)
def test_whatever_a_check_records_becomes_json(recorded: dict[Any, Any], stored: dict[str, Any]) -> None:
    assert evidence_of(recorded) == stored


SECRET = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(one_verdict(Verdict.REFUTED, why=f"git said: bad credentials {SECRET}"), id="why"),
        pytest.param(one_verdict(Verdict.REFUTED, evidence={"t::a": {"commands": [("git", SECRET)]}}), id="evidence"),
        pytest.param(one_verdict(Verdict.REFUTED, evidence={"t::a": {SECRET: 1}}), id="key-of-evidence"),
        pytest.param(one_verdict(Verdict.REFUTED, evidence={"t::a": SECRET.encode()}), id="bytes"),
        pytest.param(one_verdict(Verdict.VERIFIED, nodeids=(f"t.py::test[{SECRET}]",)), id="nodeid"),
        pytest.param(
            a_run(a_gate([]), targets=(TargetResult("x", f"ssh://u:{SECRET}@x", None, lost=f"no answer to {SECRET}"),)),
            id="target",
        ),
    ],
)
def test_no_secret_reaches_the_ledger(run: RunResult) -> None:
    text = json.dumps(ledger_of(run))
    assert SECRET not in text
    assert "***" in text


def test_a_secret_without_a_secrets_form_is_known_by_its_name() -> None:
    assert evidence_of({"NPM_TOKEN": "hunter2", "HOME": "/root", "env": {"DB_PASSWORD": b"pw"}}) == {
        "NPM_TOKEN": "***",
        "HOME": "/root",
        "env": {"DB_PASSWORD": "***"},
    }


def test_a_password_in_a_targets_spec_is_masked() -> None:
    (target,) = ledger_of(a_run(a_gate([]), targets=(TargetResult("x", "ssh://u:pw@x", PLATFORM),)))["targets"]
    assert target["spec"] == "ssh://u:***@x"


def test_the_file_is_json_in_utf_8_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "账本.json"
    run = one_verdict(Verdict.REFUTED, why="语言 \udcff")
    write_ledger(run, path)
    assert json.loads(path.read_bytes()) == ledger_of(run)
    assert "语言" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_ledger_is_replaced_also_behind_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "ledger.json", tmp_path / "latest.json"
    path.write_text("old")
    link.symlink_to(path)
    write_ledger(one_verdict(Verdict.VERIFIED), link)
    assert link.is_symlink()
    assert json.loads(path.read_text())["ledger"] == 1


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_ledger(one_verdict(Verdict.VERIFIED), pipe)
    reader.join(timeout=10)
    assert json.loads(read[0])["ledger"] == 1
    assert pipe.is_fifo()


def test_a_device_stays_what_it_is() -> None:
    write_ledger(one_verdict(Verdict.VERIFIED), Path(os.devnull))
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        pytest.param("", "Is a directory", id="directory"),
        pytest.param("missing/ledger.json", "No such file or directory", id="no-directory"),
        pytest.param("file/ledger.json", "Not a directory", id="below-a-file"),
        pytest.param("n" * 300, "File name too long", id="name-too-long"),
        pytest.param("a\0b", "embedded null byte", id="nul"),
    ],
)
def test_a_ledger_that_cannot_be_written_is_a_sentence(tmp_path: Path, name: str, trouble: str) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / name
    with pytest.raises(BadInput) as raised:
        write_ledger(one_verdict(Verdict.VERIFIED), path)
    assert str(raised.value) == f"cannot write the ledger {path}: {trouble}"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
