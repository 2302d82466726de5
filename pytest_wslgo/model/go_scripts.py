"""What became of Go's own scripts, from what its test binary prints with ``-test.v`` (src/cmd/go/script_test.go)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_TURN: Final = re.compile(r"=== (?:RUN|CONT|NAME|PAUSE) +(\S+)")
_END: Final = re.compile(r" *--- (PASS|SKIP|FAIL): TestScript/(\S+) \(")
# "    script_test.go:165: SKIP: runs go run", and of Go 1.19 "        FAIL: testdata/script/env_write.txt:7: …"
_SAID: Final = re.compile(r" +(?:script_test\.go:\d+: )?(?:SKIP|FAIL)(?:: (.+))?$")
_STOP: Final = re.compile(r" +> (.*\bskip\b.*)")


@dataclass(frozen=True, slots=True)
class Scripts:
    """Scripts by what became of them, the skipped and the failed ones with their reasons, as pairs."""

    passed: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()

    def of(self, names: tuple[str, ...]) -> Scripts:
        """Return what became of these; one that is not among them is absent."""
        passed = tuple(name for name in self.passed if name in names)
        skipped, failed = (tuple(pair for pair in of if pair[0] in names) for of in (self.skipped, self.failed))
        ran = {*passed, *dict(skipped), *dict(failed)}
        return Scripts(passed, skipped, failed, tuple(name for name in names if name not in ran))

    def __str__(self) -> str:
        told = [f"{len(self.passed)} passed"]
        for word, pairs in (("failed", self.failed), ("skipped", self.skipped)):
            if pairs:
                told.append(f"{len(pairs)} {word}: " + ", ".join(f"{name} ({why})" for name, why in pairs))
        return "; ".join(told)


@dataclass(slots=True)
class _Reading:
    turn: str = ""
    stops: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)


def read_scripts(log: str) -> Scripts:
    """Read the results; a skip without a word of its own has the line of the script that made it, ``[short] skip``."""
    reading = _Reading()
    for line in log.splitlines():
        _take(line, reading)
    why = {name: reading.said.get(name) or reading.stops.get(name) or "no reason given" for name in reading.ends}
    by = {end: tuple(name for name in reading.ends if reading.ends[name] == end) for end in ("PASS", "SKIP", "FAIL")}
    skipped, failed = (tuple((name, why[name]) for name in by[end]) for end in ("SKIP", "FAIL"))
    return Scripts(by["PASS"], skipped, failed)


def _take(line: str, reading: _Reading) -> None:
    if turn := _TURN.match(line):
        reading.turn = turn[1].rpartition("/")[2]
    elif end := _END.match(line):
        reading.ends[end[2]] = end[1]
        reading.turn = end[2]
    elif said := _SAID.match(line):
        reading.said[reading.turn] = said[1] or ""
    elif stop := _STOP.match(line):
        reading.stops[reading.turn] = stop[1]
