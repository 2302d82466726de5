"""SARIF: valid by the standard's own schema, with the file and line of a finding, and nothing that was hidden."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from pytest_wslgo.errors import BadInput, Reason
from pytest_wslgo.model.claims import Remedy, Severity
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.result import RunResult, TargetResult
from pytest_wslgo.report.sarif import sarif_of, write_sarif
from tests.unit.making import PLATFORM, a_claim, a_gate, a_run, a_verdict, a_waiver

# Of the errata of OASIS (https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/), unchanged.
SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"
ROOT = Path("/home/dev/app")
V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED


@cache
def _validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def log_of(run: RunResult) -> dict[str, Any]:
    """The only run of the log, as a reader gets it; the whole log is valid."""
    log = json.loads(json.dumps(sarif_of(run, root=ROOT)))
    assert [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(log)] == []
    (told,) = log["runs"]
    return dict(told)


def of_one(why: str, **target: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a target
    here = TargetResult(**{"name": "local", "spec": "local://", "platform": PLATFORM, **target})
    (result,) = log_of(a_run(a_gate([a_verdict(R, why=why)]), targets=(here,)))["results"]
    return dict(result)


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = sarif_of(a_run(a_gate([a_verdict(R)])), root=ROOT)
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not _validator().is_valid(log)


def test_each_verdict_has_its_place_in_the_log() -> None:
    verdicts = [a_verdict(word, f"a.{word}") for word in (V, R, A, C)] + [a_verdict(R, "a.waived", why="seen")]
    claims = {
        one.claim: a_claim(
            one.claim, severity=Severity.CRITICAL, impact="It breaks.", remedy=(Remedy("Do.", "go env"),)
        )
        for one in verdicts
    }
    gate = a_gate(verdicts, claims=claims, require=("a.not-checked",), waivers=[a_waiver("a.waived")])
    log = log_of(a_run(gate, claims=claims))

    assert [rule["id"] for rule in log["tool"]["driver"]["rules"]] == ["a.refuted", "a.not-checked", "a.waived"]
    assert log["tool"]["driver"]["rules"][0]["help"]["text"] == "It is static.\nIt breaks.\nDo.\n    go env"
    assert [(one["ruleId"], one["ruleIndex"], one["level"]) for one in log["results"]] == [
        ("a.refuted", 0, "error"),
        ("a.waived", 2, "error"),
    ]
    assert log["results"][1]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "moves in March (jane, until 2027-03-31T00:00:00Z)",
        }
    ]
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert (note["associatedRule"], note["level"]) == ({"id": "a.not-checked", "index": 1}, "error")
    assert "a.not-checked on local was not checked (missing-tool)" in note["message"]["text"]
    assert (log["invocations"][0]["exitCode"], log["invocations"][0]["executionSuccessful"]) == (1, False)
    assert log["properties"]["summary"]["waived"] == 1
    assert log["properties"]["gate"][0].startswith("The gate of profile devbox is not met: 1 claim is refuted")


@pytest.mark.parametrize(("severity", "level"), list(zip(Severity, ("error", "warning", "note"), strict=True)))
def test_the_severity_is_the_level(severity: Severity, level: str) -> None:
    claims = {"linking.static": a_claim(severity=severity)}
    (result,) = log_of(a_run(a_gate([a_verdict(R)], claims=claims), claims=claims))["results"]
    assert result["level"] == level


@pytest.mark.parametrize(
    ("file", "line", "artifact"),
    [
        pytest.param("/home/dev/.profile", 2, {"uri": "file:///home/dev/.profile"}, id="elsewhere"),
        pytest.param(
            "/home/dev/app/.vscode/launch.json",
            4,
            {"uri": ".vscode/launch.json", "uriBaseId": "SRCROOT"},
            id="in-the-project",
        ),
        pytest.param("/home/dev/\u4e2d/a.sh", 1, {"uri": "file:///home/dev/%E4%B8%AD/a.sh"}, id="chinese"),
    ],
)
def test_a_finding_lies_in_the_file_and_line_that_cause_it(file: str, line: int, artifact: dict[str, str]) -> None:
    (location,) = of_one(f"GOROOT is /old (exported in {file} line {line})")["locations"]
    assert location["physicalLocation"] == {"artifactLocation": artifact, "region": {"startLine": line}}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "local/linking.static"


def test_a_line_is_found_in_what_was_read_of_the_target() -> None:
    path = "/home/dev/app/.vscode/launch.json"
    (location,) = of_one(f"{path}: configurations[0].cwd is 'C:/x'", files={path: '{\n"cwd": "C:/x"}'})["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 2}


def test_a_file_of_another_machine_is_not_one_of_the_project() -> None:
    why = "x (exported in /home/dev/app/run.sh line 2)"
    (location,) = of_one(why, spec="ssh://box")["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "file:///home/dev/app/run.sh"}


def test_a_finding_without_a_file_lies_on_its_machine() -> None:
    (location,) = of_one("GOCACHE is on 9p")["locations"]
    assert "physicalLocation" not in location
    assert location["logicalLocations"][0]["name"] == "local"


def test_a_finding_is_the_same_one_whatever_it_says() -> None:
    one, two = of_one("seen"), of_one("seen otherwise")
    assert one["partialFingerprints"] == two["partialFingerprints"]


def test_advice_that_was_not_checked_is_a_note() -> None:
    gate = a_gate([a_verdict(C, reason=Reason.NO_NETWORK)], require=())
    (invocation,) = log_of(a_run(gate))["invocations"]
    assert (invocation["executionSuccessful"], invocation["toolExecutionNotifications"][0]["level"]) == (True, "note")


def test_a_good_run_has_no_result(tmp_path: Path) -> None:
    run = a_run(a_gate([a_verdict(V)]))
    write_sarif(run, tmp_path / "w.sarif", root=ROOT)
    assert json.loads((tmp_path / "w.sarif").read_text())["runs"][0]["results"] == []
    assert log_of(run)["invocations"][0]["exitCode"] == 0


def test_a_log_without_a_place_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"cannot write the SARIF log .*/none/w.sarif: No such file or directory"):
        write_sarif(a_run(a_gate([])), tmp_path / "none" / "w.sarif", root=ROOT)
