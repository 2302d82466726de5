"""The ledger: every verdict of a run as JSON (DESIGN section 5 fixes its form)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Any

from pytest_wslgo.report.masking import masked
from pytest_wslgo.report.output import write_report
from pytest_wslgo.report.sentences import gate_sentences

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.claims import Remedy
    from pytest_wslgo.model.gate import BadWaiver, Gate
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult, TargetResult

LEDGER_VERSION = 1


def ledger_of(run: RunResult) -> dict[str, Any]:
    """Return the ledger of ``run`` as JSON-like values, secrets masked."""
    ledger = {
        "ledger": LEDGER_VERSION,
        "plugin": run.plugin,
        "started": run.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(run.seconds, 3),
        "profile": run.gate.profile,
        "targets": [_target(target) for target in run.targets],
        "verdicts": [_verdict(verdict, run) for verdict in run.gate.verdicts],
        "summary": {str(verdict): count for verdict, count in run.counts().items()},
        "gate": _gate(run.gate),
    }
    told: dict[str, Any] = masked(ledger)
    return told


def write_ledger(run: RunResult, path: Path) -> None:
    """Write the ledger of ``run`` to ``path``; raise BadInput when the file cannot be written."""
    text = json.dumps(ledger_of(run), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_report(path, text, "the ledger")


def _target(target: TargetResult) -> dict[str, Any]:
    platform = target.platform
    shown = None
    if platform is not None:
        shown = {
            "kind": str(platform.kind),
            "distro": platform.distro,
            "release": platform.release,
            "arch": platform.arch,
            "libc": platform.libc,
            "kernel": platform.kernel,
            "evidence": list(platform.evidence),
        }
    toolchains = [{"goroot": go.goroot, "version": go.version, "origin": go.origin} for go in target.toolchains]
    return {
        "name": target.name,
        "spec": target.spec,
        "platform": shown,
        "toolchains": toolchains,
        **({"lost": target.lost} if target.lost else {}),
    }


def _verdict(verdict: ClaimVerdict, run: RunResult) -> dict[str, Any]:
    claim = run.claims[verdict.claim]
    judged_bad = verdict.verdict in ("refuted", "waived")
    return {
        "claim": verdict.claim,
        "severity": str(claim.severity),
        "target": verdict.target,
        "verdict": str(verdict.verdict),
        "reason": None if verdict.reason is None else str(verdict.reason),
        "why": verdict.why,
        "remedy": [_remedy(remedy) for remedy in claim.remedy] if judged_bad else [],
        "nodeids": list(verdict.nodeids),
        "seconds": round(verdict.seconds, 3),
        "evidence": dict(verdict.evidence),
        **({"waiver": asdict(verdict.waiver)} if verdict.waiver else {}),
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {"text": remedy.text, "run": remedy.run, "who": str(remedy.who)}


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "profile": gate.profile,
        "passed": gate.passed,
        "status": int(gate.status),
        "deselected": gate.deselected,
        "sentences": list(gate_sentences(gate)),
        "unmet": [{"claim": one.claim, "target": one.target, "why": one.why} for one in gate.unmet],
        "waivers": [_waiver(one) for one in gate.bad_waivers],
    }


def _waiver(bad: BadWaiver) -> dict[str, Any]:
    waiver = bad.waiver
    return {
        "claim": waiver.claim,
        "target": bad.target,
        "state": bad.state,
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.until,
        "link": waiver.link,
    }
