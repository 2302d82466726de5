"""``--wslgo-html``: one self-contained page of a run, readable on a phone, in print and without JavaScript.

Jinja2 lays it out; whatever an expression yields is masked and freed of control characters on its way into the page.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.consequences import consequences, unjudged
from pytest_wslgo.report.heat_map import heat_map
from pytest_wslgo.report.matrix import matrices_of
from pytest_wslgo.report.messages import messages_in
from pytest_wslgo.report.output import write_report
from pytest_wslgo.report.prose import plain
from pytest_wslgo.report.terminal import describe_platform
from pytest_wslgo.report.truth import truth_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.model.catalogue import Entry
    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult

_FOLDER = Path(__file__).parent


def page_of(run: RunResult, catalogue: Iterable[Entry], *, language: Language = Language.EN) -> str:
    """Return the page of ``run`` as HTML text, secrets masked."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return plain(mask(value)) if isinstance(value, str) and not isinstance(value, Markup) else value

    messages = messages_in(language)
    layout = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=shown,
    )
    layout.globals.update(say=messages.say, messages=messages, describe_platform=describe_platform, Verdict=Verdict)
    verdicts = run.gate.verdicts
    waiting = consequences(verdicts)
    return layout.get_template("page.html").render(
        run=run,
        gate=run.gate,
        lang=str(language),
        refuted=sorted(_of(verdicts, Verdict.REFUTED), key=lambda one: _rank(one, run)),
        waived=_of(verdicts, Verdict.WAIVED),
        unjudged=unjudged(verdicts, waiting),
        waiting=waiting,
        chapters=_chapters(verdicts, run.claims),
        matrices=[(matrix, Markup(heat_map(matrix))) for matrix in matrices_of(run)],
        truths=truth_ledger(catalogue, run.claims, verdicts),
    )


def write_page(run: RunResult, catalogue: Iterable[Entry], path: Path, language: Language) -> None:
    """Write the page of ``run`` to ``path``; raise BadInput when the file cannot be written."""
    write_report(path, page_of(run, catalogue, language=language), "the page")


def _of(verdicts: Iterable[ClaimVerdict], word: Verdict) -> list[ClaimVerdict]:
    return [verdict for verdict in verdicts if verdict.verdict is word]


def _rank(verdict: ClaimVerdict, run: RunResult) -> tuple[bool, int]:
    asked = any((unmet.claim, unmet.target) == (verdict.claim, verdict.target) for unmet in run.gate.unmet)
    return not asked, list(Severity).index(run.claims[verdict.claim].severity)


def _chapters(
    verdicts: Iterable[ClaimVerdict], claims: Mapping[str, Claim]
) -> list[tuple[str, list[tuple[Claim, list[ClaimVerdict]]]]]:
    """Return, by the area of the claims, each claim with its verdicts, in the order of the book."""
    found: dict[str, list[ClaimVerdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.claim, []).append(verdict)
    judged = [(claim, found[claim.id]) for claim in claims.values() if claim.id in found]
    return [(area, list(rows)) for area, rows in groupby(judged, key=lambda row: row[0].area)]
