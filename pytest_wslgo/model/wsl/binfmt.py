"""The entry of binfmt_misc that starts Windows programs, as ``/proc/sys/fs/binfmt_misc/WSLInterop`` shows it.

Its flags are PF when the virtual machine made it and P on WSL1, or where systemd-binfmt made it again (WSL 2.5 to 2.8);
until 2.6.1 it is then called WSLInterop-late. Source: microsoft/WSL, ``src/linux/init/binfmt.h`` and ``binfmt.cpp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.binfmt import Handler

INTEROP_NAMES: Final = ("WSLInterop", "WSLInterop-late")
_INIT: Final = "/init"
_MZ: Final = b"MZ"


def starts_windows_programs(handler: Handler | None) -> bool:
    """Tell whether files that begin with ``MZ`` go to WSL's init by this handler."""
    return handler is not None and handler.enabled and (handler.interpreter, handler.magic) == (_INIT, _MZ)


def interop_registered(names: Iterable[str]) -> bool:
    """Tell whether the entry is among the names in ``/proc/sys/fs/binfmt_misc``."""
    return any(name in INTEROP_NAMES for name in names)
