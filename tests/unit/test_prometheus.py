"""Metrics: read back by Prometheus' own parser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.prometheus import exposition, write_metrics
from pytest_wslgo.report.result import RunResult, TargetResult
from tests.unit.making import NOW, PLATFORM, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

V, R, A, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED


def samples(run: RunResult) -> dict[str, list[tuple[dict[str, str], float]]]:
    """The samples of each metric, every family with help and type."""
    found = {}
    for family in text_string_to_metric_families(exposition(run)):
        assert family.documentation
        assert family.type == "gauge"
        found[family.name] = [(sample.labels, sample.value) for sample in family.samples]
    return found


def test_a_run_is_told_in_metrics() -> None:
    verdicts = [a_verdict(word, f"a.{word}") for word in (V, R, A, C)] + [a_verdict(R, "a.waived")]
    waivers = [a_waiver("a.waived"), a_waiver("a.verified"), a_waiver("a.gone", expires=NOW - timedelta(days=1))]
    told = samples(a_run(a_gate(verdicts, require=("a.not-checked",), waivers=waivers)))

    assert told["wslgo_run_info"] == [({"plugin": "0.1.0", "profile": "devbox"}, 1)]
    assert told["wslgo_run_started_timestamp_seconds"] == [({}, NOW.timestamp())]
    assert told["wslgo_gate_passed"] == [({"profile": "devbox"}, 0)]
    assert told["wslgo_gate_status"] == [({"profile": "devbox"}, 1)]
    assert told["wslgo_gate_unmet"] == [({"profile": "devbox"}, 2)]
    assert told["wslgo_target_read"] == [({"target": "local"}, 1)]
    assert {labels["verdict"]: value for labels, value in told["wslgo_verdicts"]} == dict.fromkeys(Verdict, 1)
    assert [(labels["claim"], labels["reason"]) for labels, _ in told["wslgo_claim_open"]] == [
        ("a.refuted", ""),
        ("a.not-checked", "missing-tool"),
        ("a.waived", ""),
    ]
    assert {labels["state"]: value for labels, value in told["wslgo_waivers"]} == {
        "in-force": 1,
        "expired": 1,
        "stale": 1,
    }


def test_a_good_run_has_no_open_claim() -> None:
    told = samples(a_run(a_gate([a_verdict(V)])))
    assert (told["wslgo_claim_open"], told["wslgo_gate_passed"]) == ([], [({"profile": "devbox"}, 1)])


@pytest.mark.parametrize("name", ['a"b', "a\\b", "中 文", "a{b}", "a,b=c"])
def test_a_name_of_any_kind_comes_back(name: str) -> None:
    told = samples(a_run(a_gate([], require=()), targets=(TargetResult(name, "ssh://x", PLATFORM),)))
    assert told["wslgo_target_read"] == [({"target": name}, 1)]


def test_a_name_cannot_add_a_line() -> None:
    text = exposition(a_run(a_gate([], require=()), targets=(TargetResult("a\nwslgo_gate_passed 1", "ssh://x", None),)))
    assert text.count("\nwslgo_gate_passed") == 1


def test_the_file_is_written_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "wslgo.prom"
    write_metrics(a_run(a_gate([a_verdict(V)])), path)
    assert path.read_text().endswith("\n")
    assert [one.name for one in tmp_path.iterdir()] == ["wslgo.prom"]
    with pytest.raises(BadInput, match=r"cannot write the metrics .*/none/x.prom: No such file or directory"):
        write_metrics(a_run(a_gate([])), tmp_path / "none" / "x.prom")
