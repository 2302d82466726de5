"""What the owner of a machine declares absent there (``[declares]`` of the settings file).

    [declares]
    "matrix.*" = "no container engine here, and none wanted"   # a claim id or a shell pattern, and the reason

A declaration excuses a claim that could not be checked because a tool, a right or the network is missing; it is then
not-checked: declared-absent. It never hides a refuted claim, a timeout, a lost target or a check that broke.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from pytest_wslgo.errors import BadInput, Reason, nearest
from pytest_wslgo.model.verdicts import ClaimVerdict, Verdict

_EXCUSED = frozenset({Reason.MISSING_TOOL, Reason.NO_PRIVILEGE, Reason.NO_NETWORK})


@dataclass(frozen=True, slots=True)
class Declaration:
    """Claims (an id or a shell pattern) that need what is absent, and the owner's sentence on it."""

    claims: str
    why: str


def declarations_of(table: Mapping[str, object], claims: Iterable[str], *, where: str) -> tuple[Declaration, ...]:
    """Return the declarations of a table; ``where`` opens the sentence of an error.

    Raises:
        BadInput: a claim or pattern that fits no claim (with the nearest one), or a value that is no sentence.
    """
    known = tuple(claims)
    return tuple(_declaration(name, why, known, where) for name, why in _flat(table))


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield names and values; TOML reads a bare ``linking.pie`` as a table in a table."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _declaration(name: str, why: object, known: tuple[str, ...], where: str) -> Declaration:
    if not any(fnmatchcase(claim, name) for claim in known):
        raise BadInput(
            f"{where}: no claim matches '{name}'{nearest(name, known)}; `pytest --wslgo-list` shows all claims"
        )
    if not isinstance(why, str) or not why.strip():
        raise BadInput(f"{where}: key '{name}' expects a sentence that says what is absent and why")
    return Declaration(name, why.strip())


def declare(verdicts: Iterable[ClaimVerdict], declarations: Iterable[Declaration]) -> tuple[ClaimVerdict, ...]:
    """Return the verdicts with those turned to declared-absent that a declaration excuses."""
    given = tuple(declarations)
    return tuple(_declared(verdict, given) for verdict in verdicts)


def _declared(verdict: ClaimVerdict, declarations: tuple[Declaration, ...]) -> ClaimVerdict:
    if verdict.verdict is not Verdict.NOT_CHECKED or verdict.reason not in _EXCUSED:
        return verdict
    for declaration in declarations:
        if fnmatchcase(verdict.claim, declaration.claims):
            why = f"declared absent: {declaration.why} ({verdict.why})"
            return replace(verdict, reason=Reason.DECLARED_ABSENT, why=why)
    return verdict
