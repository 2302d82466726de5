"""Handlers of binfmt_misc: what the kernel hands a file to that is no program of its own (Wine, qemu, WSL's interop).

Source: Documentation/admin-guide/binfmt-misc.rst and fs/binfmt_misc.c of Linux.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD: Final = 256  # BINPRM_BUF_SIZE: what the kernel looks at
_PRIVATE_SINCE: Final = (6, 7)  # "binfmt_misc: enable sandboxed mounts"


@dataclass(frozen=True, slots=True)
class Handler:
    """One entry of the table. It takes a file by ``magic`` at ``offset``, under ``mask``, or by ``extension``."""

    name: str
    enabled: bool
    interpreter: str
    flags: str = ""
    offset: int = 0
    magic: bytes = b""
    mask: bytes = b""
    extension: str = ""

    def takes(self, data: bytes, path: str) -> bool:
        """Tell whether the kernel hands this file to it."""
        if not self.enabled:
            return False
        if not self.magic:
            return bool(self.extension) and path.rpartition(".")[2] == self.extension
        part = data[:_HEAD].ljust(_HEAD, b"\0")[self.offset : self.offset + len(self.magic)]
        mask = self.mask or b"\xff" * len(self.magic)
        return len(part) == len(self.magic) == len(mask) and all(
            not (ours ^ theirs) & bits for ours, theirs, bits in zip(self.magic, part, mask, strict=True)
        )


def parse_handler(name: str, text: str) -> Handler | None:
    """Read an entry as the kernel prints it; None for what is none.

    Sample, a line each: ``enabled`` ``interpreter /init`` ``flags: PF`` ``offset 0`` ``magic 4d5a``; or, for the last
    two, ``extension .jar``.
    """
    state, *lines = text.splitlines() or [""]
    values = dict(line.replace(":", "", 1).split(" ", 1) for line in lines if " " in line)
    if state not in ("enabled", "disabled") or "interpreter" not in values:
        return None
    try:
        return Handler(
            name=name,
            enabled=state == "enabled",
            interpreter=values["interpreter"],
            flags=values.get("flags", ""),
            offset=int(values.get("offset", "0")),
            magic=bytes.fromhex(values.get("magic", "")),
            mask=bytes.fromhex(values.get("mask", "")),
            extension=values.get("extension", "").removeprefix("."),
        )
    except ValueError:
        return None


def handler_for(data: bytes, path: str, handlers: Iterable[Handler]) -> Handler | None:
    """Return the handler that takes a file, or None: then the kernel refuses it if it is none of its own."""
    return next((handler for handler in handlers if handler.takes(data, path)), None)


def registration(name: str, magic: bytes, interpreter: str) -> str:
    r"""Return the line that registers an interpreter, opened at once (flag F), for files that begin with ``magic``.

    >>> registration("x", b"MZ", "/init")
    ':x:M::\\x4d\\x5a::/init:F'
    """
    escaped = "".join(f"\\x{byte:02x}" for byte in magic)
    return f":{name}:M::{escaped}::{interpreter}:F"


def has_private_tables(kernel: str) -> bool:
    """Tell whether this release of Linux gives each user namespace a table of its own; older ones have one for all.

    >>> has_private_tables("6.6.87.2-microsoft-standard-WSL2"), has_private_tables("6.18.44")
    (False, True)
    """
    found = re.match(r"(\d+)\.(\d+)", kernel)
    return found is not None and (int(found[1]), int(found[2])) >= _PRIVATE_SINCE
