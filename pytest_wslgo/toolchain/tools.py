"""Programs of the target that a check needs beside Go; each is found, or its package is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target

_QEMU: Final = "Debian, Ubuntu: `sudo apt-get install qemu-user-static`; Fedora: `sudo dnf install qemu-user-static`"
_UTIL_LINUX: Final = "Debian, Ubuntu: `sudo apt-get install util-linux`; Alpine: `sudo apk add util-linux`"
INSTALL: Final = {
    "bash": "Debian, Ubuntu: `sudo apt-get install bash`; Alpine: `sudo apk add bash`",
    "qemu-aarch64-static": f"{_QEMU}; Alpine: `sudo apk add qemu-aarch64`",
    "qemu-x86_64-static": f"{_QEMU}; Alpine: `sudo apk add qemu-x86_64`",
    "setarch": _UTIL_LINUX,
    "unshare": _UTIL_LINUX,
}
# Alpine leaves the ending out
_ALSO_CALLED: Final = {"qemu-aarch64-static": "qemu-aarch64", "qemu-x86_64-static": "qemu-x86_64"}


def find_tool(name: str, target: Target, path: str) -> str:
    """Return where a program lies on the target, searched for in ``path``, a value of PATH.

    Raises MissingTool, with the package to install, when it is not there.
    """
    search = 'command -v "$1" || command -v "$2"'
    words = ["/bin/sh", "-c", search, "sh", name, _ALSO_CALLED.get(name, name)]
    found = target.run(words, env={"PATH": path}, check=False)
    where = found.text.strip()
    if found.status != 0 or not where.startswith("/"):
        raise MissingTool(f"Target {target.name} has no {name}. {INSTALL[name]}.")
    return where
