"""``--wslgo-sarif``: the findings of a run for code review and editors, as SARIF 2.1.0 (OASIS).

A refuted claim is a result, a waived one a suppressed result; where a file is the cause, the result lies in that file
and line. What could not be checked is a notification of the tool, never a silence. tests/unit/test_sarif.py holds the
output against the schema of the standard.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.masking import masked
from pytest_wslgo.report.output import write_report
from pytest_wslgo.report.places import places_in
from pytest_wslgo.report.sentences import gate_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.places import Place
    from pytest_wslgo.report.result import RunResult, TargetResult

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "SRCROOT"
_LEVELS: Final = {Severity.CRITICAL: "error", Severity.NORMAL: "warning", Severity.MINOR: "note"}


def sarif_of(run: RunResult, *, root: Path) -> dict[str, Any]:
    """Return the SARIF log of ``run``, secrets masked; files of this machine below ``root`` are told relative to it."""
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [masked(_Log(run, root).run())]}


def write_sarif(run: RunResult, path: Path, *, root: Path) -> None:
    """Write the SARIF log of ``run`` to ``path``; raise BadInput when the file cannot be written."""
    text = json.dumps(sarif_of(run, root=root), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_report(path, text, "the SARIF log")


class _Log:
    def __init__(self, run: RunResult, root: Path) -> None:
        self._run = run
        self._root = root
        self._targets = {target.name: target for target in run.targets}
        told = {one.claim for one in run.gate.verdicts if one.verdict in _TOLD}
        self._rules = [claim for claim in run.claims.values() if claim.id in told]
        self._index = {claim.id: number for number, claim in enumerate(self._rules)}

    def run(self) -> dict[str, Any]:
        gate = self._run.gate
        driver = {"name": "pytest-wslgo", "version": self._run.plugin, "rules": [_rule(claim) for claim in self._rules]}
        return {
            "tool": {"driver": driver},
            "automationDetails": {"id": f"pytest-wslgo/{gate.profile}/"},
            "originalUriBaseIds": {_ROOT: {"uri": f"{self._root.as_uri()}/"}},
            "columnKind": "unicodeCodePoints",
            "invocations": [self._invocation()],
            "results": [self._result(one) for one in gate.verdicts if one.verdict in _FOUND],
            "properties": {
                "profile": gate.profile,
                "gate": list(gate_sentences(gate)),
                "summary": {str(word): count for word, count in self._run.counts().items()},
            },
        }

    def _invocation(self) -> dict[str, Any]:
        ended = self._run.started + timedelta(seconds=self._run.seconds)
        asked = {(unmet.claim, unmet.target) for unmet in self._run.gate.unmet}
        return {
            "executionSuccessful": not any(not one.why.startswith("refuted: ") for one in self._run.gate.unmet),
            "exitCode": int(self._run.gate.status),
            "startTimeUtc": self._run.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "endTimeUtc": ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "toolExecutionNotifications": [
                {
                    "descriptor": {"id": f"not-checked/{one.reason}"},
                    "associatedRule": {"id": one.claim, "index": self._index[one.claim]},
                    "level": "error" if (one.claim, one.target) in asked else "note",
                    "message": {"text": f"{one.claim} on {one.target} was not checked ({one.reason}): {one.why}"},
                }
                for one in self._run.gate.verdicts
                if one.verdict is Verdict.NOT_CHECKED
            ],
        }

    def _result(self, verdict: ClaimVerdict) -> dict[str, Any]:
        claim = self._run.claims[verdict.claim]
        told = {
            "ruleId": claim.id,
            "ruleIndex": self._index[claim.id],
            "level": _LEVELS[claim.severity],
            "message": {"text": verdict.why or claim.statement},
            "locations": list(self._locations(verdict, claim)),
            "partialFingerprints": {"claimOnTarget/v1": _fingerprint(verdict)},
            "properties": {"target": verdict.target, "severity": str(claim.severity), "checks": list(verdict.nodeids)},
        }
        if verdict.waiver is not None:
            why = f"{verdict.waiver.reason} ({verdict.waiver.owner}, until {verdict.waiver.expires})"
            told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
        return told

    def _locations(self, verdict: ClaimVerdict, claim: Claim) -> Iterator[dict[str, Any]]:
        """Yield a location for each file that the fact names, one without a file when it names none."""
        target = self._targets.get(verdict.target)
        logical = [{"name": verdict.target, "fullyQualifiedName": f"{verdict.target}/{claim.id}", "kind": "module"}]
        places = places_in(verdict.why, target.files if target else {}, area=claim.area)
        for place in places:
            yield {"physicalLocation": self._physical(place, target), "logicalLocations": logical}
        if not places:
            yield {"logicalLocations": logical}

    def _physical(self, place: Place, target: TargetResult | None) -> dict[str, Any]:
        path = PurePosixPath(place.file)
        own = target is not None and target.spec == "local://" and path.is_relative_to(self._root.as_posix())
        artifact = (
            {"uri": quote(str(path.relative_to(self._root.as_posix()))), "uriBaseId": _ROOT}
            if own
            else {"uri": f"file://{quote(str(path))}"}
        )
        region = {"region": {"startLine": place.line}} if place.line else {}
        return {"artifactLocation": artifact, **region}


_FOUND: Final = frozenset({Verdict.REFUTED, Verdict.WAIVED})
_TOLD: Final = _FOUND | {Verdict.NOT_CHECKED}


def _rule(claim: Claim) -> dict[str, Any]:
    remedies = [remedy.text + (f"\n    {remedy.run}" if remedy.run else "") for remedy in claim.remedy]
    text = "\n".join(filter(None, (claim.statement, claim.impact, *remedies)))
    return {
        "id": claim.id,
        "shortDescription": {"text": claim.statement},
        "fullDescription": {"text": " ".join(filter(None, (claim.statement, claim.impact)))},
        "help": {"text": text},
        "defaultConfiguration": {"level": _LEVELS[claim.severity]},
        "properties": {"kind": str(claim.kind), "article": str(claim.article), "source": claim.source},
    }


def _fingerprint(verdict: ClaimVerdict) -> str:
    """Return what makes the finding the same one in the next run, whatever its sentence says."""
    return hashlib.sha256(f"{verdict.claim}\0{verdict.target}".encode("utf-8", "backslashreplace")).hexdigest()
