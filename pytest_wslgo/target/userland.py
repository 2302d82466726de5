"""Read what decides which programs start on a target, in one process round trip: ``probe.sh`` and ``userland.sh``."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.userland import parse_userland

if TYPE_CHECKING:
    from pytest_wslgo.model.userland import Userland
    from pytest_wslgo.target.target import Target

SCRIPT: Final = b"\n".join(Path(__file__).with_name(name).read_bytes() for name in ("probe.sh", "userland.sh"))
DEADLINE: Final = 60.0
# The script comes by standard input, as that of the snapshot does.
_START: Final = 'script=$(cat) && exec /bin/sh -c "$script" wslgo "$0"'


def read_userland(target: Target, name: str, *, deadline: float = DEADLINE) -> Userland:
    """Return the userland of ``target``, called ``name``: its C libraries, loaders and libraries; nothing is changed.

    Raises DeadlineExceeded, TargetLost, CommandFailed (no /bin/sh), and WslgoError when the script was cut short.
    """
    nonce = f"wslgo-{secrets.token_hex(8)}"
    answer = target.run(["/bin/sh", "-c", _START, nonce], stdin=SCRIPT, deadline=deadline)
    try:
        return parse_userland(answer.stdout, nonce, name)
    except WslgoError as problem:
        raise WslgoError(f"target {target.name}: {problem}") from None
