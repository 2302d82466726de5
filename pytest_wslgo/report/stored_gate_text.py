"""The answer of the gate over stored ledgers, as lines for a terminal and as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.report.masking import masked
from pytest_wslgo.report.prose import fold, plain, shorten
from pytest_wslgo.report.sentences import count_sentence, waiver_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_wslgo.model.gate import Unmet
    from pytest_wslgo.report.stored_gate import StoredGate

_NAMES: Final = 10
_LABEL: Final = 13
_WHY: Final = 400


def stored_gate_lines(stored: StoredGate, *, width: int = 100) -> Iterator[str]:
    """Yield what is unmet, one entry for each claim and cause with the machines it is met on, then the answer."""
    for (claim, why), names in _grouped(stored.gate.unmet).items():
        kind, _, fact = why.partition(": ")
        head, cause = ("REFUTED", fact) if kind == "refuted" else ("NOT CHECKED", why)
        yield from _entry(head, f"{claim} on {_several(names)}", cause, width)
    for silent in stored.silent:
        yield from _entry("NO REPORT", silent.name, silent.why, width)
    for bad in stored.gate.bad_waivers:
        yield from _entry("WAIVER", waiver_sentence(bad), "", width)
    yield _counts(stored)
    yield mask(stored_sentence(stored))


def stored_sentence(stored: StoredGate) -> str:
    """Return whether the gate is met, by how many claims and machines it is not, and the exit status."""
    return count_sentence(stored.gate, stored.status, silent=len(stored.silent))


def _counts(stored: StoredGate) -> str:
    counts = ", ".join(f"{count} {str(word).replace('-', ' ')}" for word, count in stored.counts().items())
    files = len({machine.path for machine in stored.machines})
    ledgers, machines = _number(files, "ledger"), _number(len(stored.machines), "machine")
    return f"{ledgers} of {machines}, {_number(len(stored.gate.verdicts), 'verdict')}: {counts}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _grouped(unmet: Iterable[Unmet]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in unmet:
        found[one.claim, one.why].append(one.target)
    return found


def _several(names: list[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _entry(head: str, title: str, text: str, width: int) -> Iterator[str]:
    room = max(width - _LABEL, 40)
    first, *rest = fold(mask(title), room)
    yield f"{head:<{_LABEL}}{first}"
    for line in (*rest, *fold(shorten(mask(plain(text)), _WHY), room)):
        yield f"{'':<{_LABEL}}{line}"


def stored_gate_json(stored: StoredGate) -> dict[str, Any]:
    """Return the whole answer as JSON-like values, secrets masked; the machine's names are those of the lines."""
    told: dict[str, Any] = masked(
        {
            "profile": stored.gate.profile,
            "passed": not stored.status,
            "status": int(stored.status),
            "sentence": stored_sentence(stored),
            "machines": [{"name": one.name, "ledger": str(one.path)} for one in stored.machines],
            "summary": {str(word): count for word, count in stored.counts().items()},
            "unmet": [{"claim": one.claim, "target": one.target, "why": one.why} for one in stored.gate.unmet],
            "silent": [{"machine": one.name, "why": one.why} for one in stored.silent],
            "waivers": [
                {"claim": bad.waiver.claim, "target": bad.target, "state": bad.state, "owner": bad.waiver.owner}
                for bad in stored.gate.bad_waivers
            ],
        }
    )
    return told
