"""What GitHub Actions shows of a run: annotations on the checks and a summary of the step.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: a step has at most ten annotations of
each kind, so the worst come first and the last one tells of the others; the summary holds all, up to a megabyte.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.places import places_in
from pytest_wslgo.report.prose import plain, shorten
from pytest_wslgo.report.sentences import verdict_sentence, waiver_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult

_MOST: Final = 10
_WHY: Final = 500
_LARGEST: Final = 1_000_000
_SHOWN: Final = (Verdict.REFUTED, Verdict.NOT_CHECKED, Verdict.WAIVED)


def workflow_commands(run: RunResult, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the workflow commands: an error for what is unmet, a warning for advice and waivers to look at."""
    asked = {(unmet.claim, unmet.target) for unmet in run.gate.unmet}
    errors = [one for one in _worst_first(run) if (one.claim, one.target) in asked]
    judged = {(one.claim, one.target) for one in run.gate.verdicts}
    absent = [unmet for unmet in run.gate.unmet if (unmet.claim, unmet.target) not in judged]
    told = [_annotation("error", _title(one), one.why, _where(one, run, environ)) for one in errors]
    told += [_annotation("error", f"{one.claim} on {one.target}", one.why, "") for one in absent]
    yield from _limited("error", told)
    refuted = [one for one in _worst_first(run) if one.verdict is Verdict.REFUTED]
    advice = [one for one in refuted if (one.claim, one.target) not in asked]
    warned = [_annotation("warning", _title(one), one.why, _where(one, run, environ)) for one in advice]
    warned += [_annotation("warning", "waiver", waiver_sentence(bad), "") for bad in run.gate.bad_waivers]
    yield from _limited("warning", warned)


def write_summary(run: RunResult, environ: Mapping[str, str]) -> None:
    """Add the summary of ``run`` to that of the step, where GitHub names a file for it.

    Raises:
        BadInput: the file cannot be written.
    """
    path = environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(summary(run))
    except OSError as error:
        raise BadInput(f"cannot write GITHUB_STEP_SUMMARY {path}: {error.strerror or error}") from None


def summary(run: RunResult) -> str:
    """Return the run as Markdown, secrets masked: the gate, the counts, and a row for each claim that is open."""
    counts = ", ".join(f"{count} {str(word).replace('-', ' ')}" for word, count in run.counts().items())
    head = ["## pytest --wslgo", "", f"**{_cell(verdict_sentence(run.gate))}**", "", counts, ""]
    rows = [
        f"| {one.verdict} | `{one.claim}` | {_cell(one.target)} | {_cell(_reason(one) + one.why)} |"
        for one in _worst_first(run)
    ]
    rows += [
        f"| not selected | `{one.claim}` | {_cell(one.target)} | {_cell(one.why)} |"
        for one in run.gate.unmet
        if one.why.startswith("no check")
    ]
    table = ["| verdict | claim | target | observed |", "| --- | --- | --- | --- |"] if rows else []
    kept, size = [], 0
    for row in rows:
        size += len(row.encode()) + 1
        if size > _LARGEST:
            kept.append("| … | | | the rest is in the ledger |")
            break
        kept.append(row)
    waivers = [f"- {_cell(waiver_sentence(bad))}" for bad in run.gate.bad_waivers]
    return "\n".join([*head, *table, *kept, "", *waivers]).rstrip() + "\n\n"


def _worst_first(run: RunResult) -> list[ClaimVerdict]:
    shown = [one for one in run.gate.verdicts if one.verdict in _SHOWN]
    severities = list(Severity)
    return sorted(shown, key=lambda one: (_SHOWN.index(one.verdict), severities.index(run.claims[one.claim].severity)))


def _title(verdict: ClaimVerdict) -> str:
    return f"{verdict.claim} on {verdict.target}: {verdict.verdict}"


def _reason(verdict: ClaimVerdict) -> str:
    return f"{verdict.reason}: " if verdict.reason else ""


def _where(verdict: ClaimVerdict, run: RunResult, environ: Mapping[str, str]) -> str:
    """Return the file and line as GitHub knows them: those of a file in its workspace, on this machine."""
    workspace = environ.get("GITHUB_WORKSPACE")
    target = next((one for one in run.targets if one.name == verdict.target), None)
    if not workspace or target is None or target.spec != "local://":
        return ""
    for place in places_in(verdict.why, target.files, area=run.claims[verdict.claim].area):
        path = PurePosixPath(place.file)
        if path.is_relative_to(workspace):
            line = f",line={place.line}" if place.line else ""
            return f"file={_property(str(path.relative_to(workspace)))}{line},"
    return ""


def _annotation(kind: str, title: str, text: str, where: str) -> str:
    return f"::{kind} {where}title={_property(title)}::{_data(_cut(text))}"


def _limited(kind: str, told: list[str]) -> list[str]:
    if len(told) <= _MOST:
        return told
    more = f"and {len(told) - _MOST + 1} more; the summary of the step has all"
    return [*told[: _MOST - 1], f"::{kind} title=pytest --wslgo::{more}"]


def _cut(text: str) -> str:
    """Return the beginning of a text in one line; masked first, since a half of a secret looks like none."""
    return shorten(mask(text)[: 2 * _WHY], _WHY)


def _data(text: str) -> str:
    return plain(mask(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Return text that is one cell of a Markdown table, whatever a command wrote."""
    shown = _cut(text)
    for sign in "\\`*_[]<>|":
        shown = shown.replace(sign, f"\\{sign}" if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign])
    return shown
