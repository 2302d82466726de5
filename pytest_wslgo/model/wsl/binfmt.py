"""The entry of binfmt_misc that starts Windows programs, as ``/proc/sys/fs/binfmt_misc/WSLInterop`` shows it.

Its flags are PF when the virtual machine made it and P on WSL1, or where systemd-binfmt made it again (WSL 2.5 to 2.8);
until 2.6.1 it is then called WSLInterop-late. Source: microsoft/WSL, ``src/linux/init/binfmt.h`` and ``binfmt.cpp``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

INTEROP_NAMES: Final = ("WSLInterop", "WSLInterop-late")
_MZ: Final = "4d5a"


@dataclass(frozen=True, slots=True)
class BinfmtEntry:
    """An entry; what it does not show is None."""

    enabled: bool
    interpreter: str | None = None
    flags: str | None = None
    offset: str | None = None
    magic: str | None = None

    @property
    def starts_windows_programs(self) -> bool:
        """Tell whether files that begin with ``MZ`` go to WSL's init."""
        return self.enabled and self.interpreter == "/init" and self.magic == _MZ


def parse_binfmt(text: str) -> BinfmtEntry:
    """Read an entry, ``enabled`` or ``disabled`` first (kernel documentation, admin-guide/binfmt-misc)."""
    first, *rest = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    values = {name.strip(":"): value.strip() for name, _, value in (line.partition(" ") for line in rest)}
    return BinfmtEntry(
        enabled=first == "enabled",
        interpreter=values.get("interpreter"),
        flags=values.get("flags"),
        offset=values.get("offset"),
        magic=values.get("magic"),
    )


def interop_registered(names: Iterable[str]) -> bool:
    """Tell whether the entry is among the names in ``/proc/sys/fs/binfmt_misc``."""
    return any(name in INTEROP_NAMES for name in names)
