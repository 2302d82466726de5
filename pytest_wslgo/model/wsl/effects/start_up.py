"""Variables of WSLg that start-up files set. WSL's init gives them to every process, before any shell reads a file.

There is no /etc/profile.d/wslg.sh in WSL or WSLg; a file of that name is somebody's own. A recipe that sets DISPLAY
only where it is unset does nothing on a healthy WSLg, and hides a broken one: it is traced only where it ran. Source:
microsoft/WSL, ``src/linux/init/config.cpp`` (ConfigGetWslgEnvironmentVariables).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.effects.session import WSLG_VARIABLES

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

_NAMES: Final = (*(name for name in WSLG_VARIABLES if name != "XDG_RUNTIME_DIR"), "LIBGL_ALWAYS_INDIRECT")
_SCRIPT: Final = "/etc/profile.d/wslg.sh"


def wslg_set_by_files(snapshot: Snapshot) -> tuple[str, ...]:
    """Return each line that was seen to set such a variable in a login or an interactive shell, and a wslg.sh.

    Only what a trace shows counts (bash, zsh): in other shells nobody knows whether a line below an ``if`` ran.
    """
    lines = [one for shell in (snapshot.login, snapshot.interactive) for one in shell.assignments if one.traced]
    told = [f"{one.file} line {one.line} sets {one.name} to {one.value}" for one in lines if one.name in _NAMES]
    made = [f"{_SCRIPT} is there, which is no part of WSL"] if snapshot.stat(_SCRIPT) else []
    return tuple(dict.fromkeys((*made, *told)))
