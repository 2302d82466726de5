"""Read a whole target in one process round trip: ``probe.sh``, ``trace.sh`` and ``snapshot.sh`` run there as one."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.collected import parse_collected

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.target.target import Target

SCRIPT = b"\n".join(Path(__file__).with_name(name).read_bytes() for name in ("probe.sh", "trace.sh", "snapshot.sh"))
# Four shells and a few tools, each with a limit of its own of 5 to 10 s (see there); healthy ones take half a second.
DEADLINE = 120.0
# The script comes by standard input: the command line of wsl.exe holds 32 KiB, and no file is made on the target.
_START = 'WSLGO_SCRIPT=$(cat) && export WSLGO_SCRIPT && exec /bin/sh -c "$WSLGO_SCRIPT" wslgo collect "$0" "" "" "$1"'


def collect(target: Target, *, subject: str = "", deadline: float = DEADLINE) -> Snapshot:
    """Return all facts of ``target``, and of the Go module ``subject`` on it, with secrets masked; nothing is changed.

    The commands run with what the machine gives its own processes (limits, environment). Raises DeadlineExceeded,
    TargetLost, CommandFailed (no /bin/sh), and WslgoError when the script was cut short.
    """
    nonce = f"wslgo-{secrets.token_hex(8)}"
    argv = ["/bin/sh", "-c", _START, nonce, subject]
    result = target.run(argv, stdin=SCRIPT, deadline=deadline, session=True)
    try:
        return parse_collected(result.stdout, nonce)
    except WslgoError as problem:
        raise WslgoError(f"target {target.name}: {problem}") from None
