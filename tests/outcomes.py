"""Every combination of what can come of one claim, with the exit status that DESIGN section 5 gives it, in plain words.

``python -m tests.outcomes`` prints them as a table, those that differ in nothing that matters folded into one row.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDS = (
    *((verdict, None) for verdict in (Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE)),
    *((Verdict.NOT_CHECKED, reason) for reason in Reason),
    (None, None),
)
"""What a check can say of its claim; no verdict: no check of it was selected."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One claim: its verdict, its severity, whether the profile requires it, the profile's keys, and its waiver."""

    verdict: Verdict | None
    reason: Reason | None
    severity: Severity
    required: bool
    partial: bool
    fail_on: Severity
    waiver: str

    @property
    def status(self) -> int:
        """The exit status, from the sentences of the contract and from no code of ours."""
        fails = self.severity is not Severity.MINOR or self.fail_on is Severity.MINOR
        if self.verdict is Verdict.REFUTED and self.waiver != "valid" and fails:
            return 1
        spared = self.partial and (self.verdict is None or self.reason is Reason.DECLARED_ABSENT)
        unchecked = self.verdict in (Verdict.NOT_CHECKED, None)
        if self.reason is Reason.ERROR or (unchecked and self.required and not spared):
            return 10
        stale = self.waiver == "valid" and self.verdict is Verdict.VERIFIED
        return 11 if stale or self.waiver == "expired" else 0


def outcomes() -> Iterator[Outcome]:
    """Yield all of them."""
    switches = (True, False)
    rest = (Severity, switches, switches, (Severity.NORMAL, Severity.MINOR), ("none", "valid", "expired"))
    for end, *others in itertools.product(ENDS, *rest):
        yield Outcome(*end, *others)  # type: ignore[arg-type]  # product forgets the types


def main() -> None:
    rows: dict[tuple[str, ...], int] = {}
    for one in outcomes():
        verdict = f"{one.verdict or 'not selected'}{f' ({one.reason})' if one.reason else ''}"
        advice = one.severity is Severity.MINOR and one.fail_on is Severity.NORMAL
        severity = ("advice" if advice else "fails the run") if one.verdict is Verdict.REFUTED else "any"
        asked = "any" if one.verdict in (Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE) else (
            ("required" if one.required else "not required") + (", a part allowed" if one.partial else ""))  # fmt: skip
        rows[verdict, severity, asked, one.waiver] = one.status
    print(f"{'verdict':<30}{'severity':<16}{'profile':<30}{'waiver':<10}exit status")
    for (verdict, severity, asked, waiver), status in rows.items():
        print(f"{verdict:<30}{severity:<16}{asked:<30}{waiver:<10}{status}")
    print(f"{len(rows)} rows of {sum(1 for _ in outcomes())} combinations")


if __name__ == "__main__":
    main()
