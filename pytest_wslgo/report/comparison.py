"""Two ledgers compared: what is new, fixed, still there, and vanished.

A claim is *open* when it is refuted, waived or not checked. What vanished was open or verified before and is not judged
any more, or was open and is not applicable now: that a finding is gone because nobody looked is no good news.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.gate import ExitStatus
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.masking import masked
from pytest_wslgo.report.prose import fold, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.report.stored import StoredLedger, StoredVerdict

_OPEN: Final = frozenset({Verdict.REFUTED, Verdict.WAIVED, Verdict.NOT_CHECKED})
_LABEL: Final = 10
_WHY: Final = 300


class Change(StrEnum):
    """What became of a claim on a target between two runs."""

    NEW = "new"
    VANISHED = "vanished"
    STILL = "still"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim on one target that is open in either run, or was verified in the old one alone."""

    change: Change
    claim: str
    target: str
    severity: Severity
    old: StoredVerdict | None
    new: StoredVerdict | None

    @property
    def told(self) -> str:
        """The verdicts before and after, as ``verified -> refuted``."""
        return f"{_word(self.old)} -> {_word(self.new)}"

    @property
    def why(self) -> str:
        """The observed fact of the newer verdict that is open."""
        return next((one.why for one in (self.new, self.old) if one and one.verdict in _OPEN), "")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, the differences between their verdicts, and in ``circumstances`` what else changed, in words."""

    differences: tuple[Difference, ...]
    circumstances: tuple[str, ...]

    def of(self, change: Change) -> tuple[Difference, ...]:
        """Return the differences of one kind."""
        return tuple(one for one in self.differences if one.change is change)

    @property
    def status(self) -> ExitStatus:
        """Return 1 when a claim is newly refuted (advice apart), 10 when one is not checked any more, else 0."""
        new = self.of(Change.NEW)
        if any(_refuted(one.new) and one.severity is not Severity.MINOR for one in new):
            return ExitStatus.REFUTED
        unchecked = any(one.new and one.new.verdict is Verdict.NOT_CHECKED for one in new)
        return ExitStatus.NOT_CHECKED if unchecked or self.of(Change.VANISHED) else ExitStatus.GOOD


def compare(old: StoredLedger, new: StoredLedger) -> Comparison:
    """Compare the verdicts of two ledgers by claim and target.

    Where each has one target, those are compared, whatever they are called.
    """
    single = len(old.targets) == len(new.targets) == 1
    here = {old.targets[0].name: new.targets[0].name} if single else {}
    before = {(one.claim, here.get(one.target, one.target)): one for one in old.verdicts}
    after = {(one.claim, one.target): one for one in new.verdicts}
    latest = {**before, **after}
    pairs = ((place, before.get(place), after.get(place)) for place in dict.fromkeys((*after, *before)))
    found = [
        Difference(change, *place, latest[place].severity, then, now)
        for place, then, now in pairs
        if (change := _change(then, now))
    ]
    order = list(Change)
    found.sort(key=lambda one: (order.index(one.change), list(Severity).index(one.severity)))
    return Comparison(tuple(found), tuple(_circumstances(old, new, here)))


def _change(old: StoredVerdict | None, new: StoredVerdict | None) -> Change | None:
    was, is_now = old is not None and old.verdict in _OPEN, new is not None and new.verdict in _OPEN
    if is_now:
        worse = _refuted(new) and not _refuted(old)
        return Change.STILL if was and not worse else Change.NEW
    if new is not None and new.verdict is Verdict.VERIFIED:
        return Change.FIXED if was else None
    gone = was or (new is None and old is not None and old.verdict is Verdict.VERIFIED)
    return Change.VANISHED if gone else None


def _refuted(verdict: StoredVerdict | None) -> bool:
    return verdict is not None and verdict.verdict is Verdict.REFUTED


def _word(verdict: StoredVerdict | None) -> str:
    if verdict is None:
        return "not judged"
    return f"{verdict.verdict} ({verdict.reason})" if verdict.reason else str(verdict.verdict)


def _circumstances(old: StoredLedger, new: StoredLedger, here: dict[str, str]) -> Iterator[str]:
    """Yield what else differs: the plugin, the profile, the targets, their systems and their Go."""
    for what, then, now in (("pytest-wslgo", old.plugin, new.plugin), ("profile", old.profile, new.profile)):
        if then != now:
            yield f"{what}: {then} -> {now}"
    before = {here.get(one.name, one.name): one for one in old.targets}
    after = {one.name: one for one in new.targets}
    for name in dict.fromkeys((*before, *after)):
        if name not in after or name not in before:
            yield f"{name}: only in the {'old' if name in before else 'new'} ledger"
            continue
        facts = zip(_facts(before[name]), _facts(after[name]), strict=True)
        yield from (f"{name}: {then or 'nothing'} -> {now or 'nothing'}" for then, now in facts if then != now)


def _facts(target: Any) -> tuple[str, ...]:  # noqa: ANN401 - a StoredTarget; its parts are read as text only
    platform = target.platform
    names = ("distro", "release", "libc", "kernel")
    system = " ".join(getattr(platform, name) or "" for name in names) if platform else "not read"
    return system, ", ".join(f"{go.version} at {go.goroot}" for go in target.toolchains)


def comparison_lines(comparison: Comparison, *, width: int = 100) -> Iterator[str]:
    """Yield the differences, worst first, then one line of counts."""
    room = max(width - _LABEL, 40)
    for told in comparison.circumstances:
        yield from fold(mask(told), width)
    for one in comparison.differences:
        first, *rest = fold(mask(f"{one.claim} on {one.target} ({one.severity}): {one.told}"), room)
        yield f"{one.change.upper():<{_LABEL}}{first}"
        why = () if one.change is Change.FIXED else fold(shorten(mask(one.why), _WHY), room)
        yield from (f"{'':<{_LABEL}}{line}" for line in (*rest, *why))
    counts = ", ".join(f"{len(comparison.of(change))} {change}" for change in Change)
    yield f"{counts} (exit status {int(comparison.status)})"


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON-like values, secrets masked."""
    told: dict[str, Any] = masked(
        {
            "status": int(comparison.status),
            "circumstances": comparison.circumstances,
            **{str(change): [_json(one) for one in comparison.of(change)] for change in Change},
        }
    )
    return told


def _json(one: Difference) -> dict[str, Any]:
    return {
        "claim": one.claim,
        "target": one.target,
        "severity": str(one.severity),
        "old": str(one.old.verdict) if one.old else None,
        "new": str(one.new.verdict) if one.new else None,
        "why": one.why,
    }
