"""``--wslgo-prometheus``: a run as a text file for node_exporter's textfile collector (Prometheus text format 0.0.4).

A claim that is open has a series of its own, which ends when the claim is verified: an alert on it says which box and
which claim, and its age since when. tests/unit/test_prometheus.py reads the file with Prometheus' own parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.output import write_report
from pytest_wslgo.report.prose import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_wslgo.report.result import RunResult

Sample = tuple[dict[str, str], float]
_OPEN: Final = frozenset({Verdict.REFUTED, Verdict.WAIVED, Verdict.NOT_CHECKED})


def exposition(run: RunResult) -> str:
    """Return the metrics of ``run``, secrets masked."""
    return "".join(f"{line}\n" for name, told, samples in _metrics(run) for line in _family(name, told, samples))


def write_metrics(run: RunResult, path: Path) -> None:
    """Write the metrics of ``run`` to ``path`` in one step; raise BadInput when the file cannot be written."""
    write_report(path, exposition(run), "the metrics")


def _metrics(run: RunResult) -> Iterator[tuple[str, str, list[Sample]]]:
    gate = run.gate
    profile = {"profile": gate.profile}
    yield "run_info", "The run that wrote this file.", [({"plugin": run.plugin, **profile}, 1)]
    yield "run_started_timestamp_seconds", "When the run began.", [({}, run.started.timestamp())]
    yield "run_seconds", "How long the run took.", [({}, round(run.seconds, 3))]
    yield "gate_passed", "1 when the profile's gate is met.", [(profile, int(gate.passed))]
    yield "gate_status", "Exit status: 0 met, 1 refuted, 10 not checked, 11 waiver.", [(profile, int(gate.status))]
    yield "gate_unmet", "Claims that the profile asks for and the run does not show.", [(profile, len(gate.unmet))]
    read: list[Sample] = [({"target": target.name}, int(target.platform is not None)) for target in run.targets]
    yield "target_read", "1 when the target could be read.", read
    yield "verdicts", "Verdicts by target and kind.", list(_counts(run))
    yield "claim_open", "A claim that is refuted, waived or not checked; no series when it is not.", list(_open(run))
    held = sum(one.waiver is not None for one in gate.verdicts)
    states = {state: sum(bad.state == state for bad in gate.bad_waivers) for state in ("expired", "stale")}
    waivers: list[Sample] = [({"state": state}, count) for state, count in {"in-force": held, **states}.items()]
    yield "waivers", "Waived verdicts, and waivers that must be looked at.", waivers


def _counts(run: RunResult) -> Iterator[Sample]:
    for target in run.targets:
        found = [one.verdict for one in run.gate.verdicts if one.target == target.name]
        for word in Verdict:
            yield {"target": target.name, "verdict": str(word)}, found.count(word)


def _open(run: RunResult) -> Iterator[Sample]:
    for one in run.gate.verdicts:
        if one.verdict in _OPEN:
            severity = str(run.claims[one.claim].severity)
            labels = {"claim": one.claim, "target": one.target, "verdict": str(one.verdict)}
            yield {**labels, "reason": str(one.reason or ""), "severity": severity}, 1


def _family(name: str, told: str, samples: list[Sample]) -> Iterator[str]:
    yield f"# HELP wslgo_{name} {told}"
    yield f"# TYPE wslgo_{name} gauge"
    for labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"wslgo_{name}{{{shown}}} {value!r}" if shown else f"wslgo_{name} {value!r}"


def _escaped(text: str) -> str:
    shown = plain(mask(text)).encode("utf-8", "backslashreplace").decode()
    return shown.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
