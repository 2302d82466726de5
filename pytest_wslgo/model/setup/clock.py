"""The machine's clock against the dates in its SDK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.setup.sdk import sdk_of

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Goroot
    from pytest_wslgo.model.snapshot import Snapshot

_BUILT: Final = re.compile(r"^time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """``behind``: before the newest date of the SDK; ``jumped``: it went back while the snapshot was made."""

    behind: bool
    jumped: bool
    told: str


def clock_of(snapshot: Snapshot) -> ClockFacts:
    """Compare the clock with the SDK in use; raise Waits when there is no SDK, or the machine tells no time."""
    sdk = sdk_of(snapshot)
    start, end = snapshot.clock.start, snapshot.clock.end
    if start is None or end is None:
        raise Waits("waits for `date`, which did not tell the machine's time")
    newest = max(_dates(sdk.facts), default=None)
    told = f"the clock went from {_shown(start)} to {_shown(end)}"
    dated = "no file of the SDK has a date" if newest is None else f"{sdk.told} has a file of {_shown(newest)}"
    return ClockFacts(newest is not None and start < newest, end < start, f"{told}; {dated}")


def _dates(goroot: Goroot) -> tuple[int, ...]:
    """Return the times of the SDK's recorded files, and of its release as the file VERSION has it since Go 1.21."""
    built = _BUILT.findall(goroot.version_file or "")
    released = (int(datetime.fromisoformat(text).timestamp()) for text in built)
    return (*(stat.mtime for stat in goroot.stats if stat.mtime is not None), *released)


def _shown(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
