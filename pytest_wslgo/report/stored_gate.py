"""The gate over stored ledgers: many runs, often of many machines, judged against one profile without running anything.

Verdicts are judged anew, by the rules of the run: a stored "passed" counts for nothing. A machine that was expected and
sent no ledger, an old one, an empty one, or one that says that it could not be read, is red.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pytest_wslgo.errors import nearest
from pytest_wslgo.model.gate import ExitStatus, Gate, judge
from pytest_wslgo.model.verdicts import Acceptance, ClaimVerdict, Verdict, unwaive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_wslgo.model.contract import Contract
    from pytest_wslgo.model.gate import Graded
    from pytest_wslgo.report.stored import StoredLedger, StoredTarget, StoredVerdict

_LOCAL = "local://"


@dataclass(frozen=True, slots=True)
class Machine:
    """One target of one ledger, with a ``name`` of its own among all: see ``machines_of``."""

    name: str
    path: Path
    started: datetime
    target: StoredTarget
    deselected: bool
    verdicts: tuple[StoredVerdict, ...]

    @property
    def called(self) -> frozenset[str]:
        """Every name under which this machine may be expected; the folder's where it is a part of ``name``."""
        own = () if self.target.spec == _LOCAL else (self.target.name, self.target.spec)
        return frozenset({self.name, self.path.stem, *self.name.split("/")[:-1], *own})


@dataclass(frozen=True, slots=True)
class Silent:
    """A machine of which nothing is known, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class StoredGate:
    """The answer over all ledgers; ``silent`` machines are red whatever the others show."""

    gate: Gate
    machines: tuple[Machine, ...]
    silent: tuple[Silent, ...]

    @property
    def status(self) -> ExitStatus:
        """Return the exit status: a machine that did not report is one that was not checked."""
        if self.silent and self.gate.status is not ExitStatus.REFUTED:
            return ExitStatus.NOT_CHECKED
        return self.gate.status

    def counts(self) -> dict[Verdict, int]:
        """Return how many verdicts there are of each kind, every kind named."""
        found = Counter(verdict.verdict for verdict in self.gate.verdicts)
        return {verdict: found[verdict] for verdict in Verdict}


def machines_of(ledgers: Sequence[tuple[Path, StoredLedger]]) -> tuple[Machine, ...]:
    """Return the machines of some ledgers.

    A machine has the name of its target; a local one, which is called ``local`` everywhere, that of the ledger's file
    (``box-7`` of ``ledgers/box-7.json``). Where that is no name of its own, folders are put before it.
    """
    found = [(path, ledger, target) for path, ledger in ledgers for target in ledger.targets]
    names = [path.stem if target.spec == _LOCAL else target.name for path, _, target in found]
    for depth in range(1, max((len(path.parts) for path, _, _ in found), default=0) + 1):
        count = Counter(names)
        names = [
            name if count[name] == 1 else f"{'/'.join(path.parts[-1 - depth : -1])}/{path.stem}{_target(target)}"
            for name, (path, _, target) in zip(names, found, strict=True)
        ]
    grouped = {id(ledger): _by_target(ledger) for _, ledger in ledgers}
    return tuple(
        Machine(name, path, ledger.started, target, ledger.gate.deselected, tuple(grouped[id(ledger)][target.name]))
        for name, (path, ledger, target) in zip(names, found, strict=True)
    )


def _target(target: StoredTarget) -> str:
    return "" if target.spec == _LOCAL else f":{target.name}"


def _by_target(ledger: StoredLedger) -> dict[str, list[StoredVerdict]]:
    grouped: dict[str, list[StoredVerdict]] = defaultdict(list)
    for verdict in ledger.verdicts:
        grouped[verdict.target].append(verdict)
    return grouped


def judge_stored(
    machines: Iterable[Machine],
    contract: Contract,
    *,
    severities: Mapping[str, Graded],
    now: datetime,
    expected: Iterable[str] = (),
    oldest: timedelta | None = None,
    whole: bool = False,
) -> StoredGate:
    """Judge what machines have reported against the profile of ``contract``, at ``now`` (aware).

    ``severities`` holds the claims of the book; a claim that it lacks is as severe as its ledger says. A ledger older
    than ``oldest`` counts as none. ``whole`` asks for every claim of the profile, also where the caller of a run chose
    a part of the book.
    """
    given = tuple(machines)
    silent = [Silent(one.name, why) for one in given if (why := _silence(one, now, oldest))]
    mute = {one.name for one in silent}
    heard = tuple(machine for machine in given if machine.name not in mute)
    gate = judge(
        (_verdict(one, machine.name, contract, now) for machine in heard for one in machine.verdicts),
        claims={one.claim: one for machine in heard for one in machine.verdicts} | dict(severities),
        profile=contract.profile,
        waivers=contract.waivers or (),
        targets={machine.name: machine.target.spec for machine in heard},
        parts=[machine.name for machine in heard if machine.deselected and not whole],
        now=now,
        platforms={machine.name: machine.target.platform.kind for machine in heard if machine.target.platform},
        aliases={machine.name: machine.target.name for machine in heard},
    )
    return StoredGate(gate, given, (*_missing(given, expected), *silent))


def _missing(machines: tuple[Machine, ...], expected: Iterable[str]) -> Iterator[Silent]:
    called = {name for machine in machines for name in machine.called}
    for name in dict.fromkeys(expected):
        if name not in called:
            yield Silent(name, f"no ledger of it was given{nearest(name, called)}")


def _silence(machine: Machine, now: datetime, oldest: timedelta | None) -> str:
    """Say why nothing is known of a machine that is in a ledger; empty when something is."""
    if oldest is not None and now - machine.started > oldest:
        at = machine.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"its ledger {machine.path} is of {at}, older than {oldest.total_seconds() / 3600:g} hours"
    if machine.target.lost is not None:
        return f"it could not be read: {machine.target.lost.rstrip().removesuffix('.')}"
    return "" if machine.verdicts else f"its ledger {machine.path} holds no verdict on it"


def _verdict(stored: StoredVerdict, target: str, contract: Contract, now: datetime) -> ClaimVerdict:
    """Return a verdict as the gate reads it; what the run waived is refuted again unless that waiver still holds.

    Where the caller of the gate has waivers of his own, those count, and no others.
    """
    verdict = ClaimVerdict(stored.claim, target, stored.verdict, stored.nodeids, stored.reason, stored.why)
    if stored.verdict is not Verdict.WAIVED:
        return verdict
    given = stored.waiver
    if given is None:
        return unwaive(verdict)
    until = given.expires.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    waived = replace(verdict, waiver=Acceptance(given.owner, given.reason, until, given.link))
    return waived if now < given.expires and contract.waivers is None else unwaive(waived)
