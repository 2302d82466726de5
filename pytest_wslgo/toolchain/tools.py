"""Programs of the target that a check needs beside Go and the compilers; each is found, or its package is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, nearest

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target

# The package of Debian and Ubuntu, of Fedora, of Alpine.
_PACKAGES: Final = {
    "bash": ("bash", "bash", "bash"),
    "pkg-config": ("pkg-config", "pkgconf-pkg-config", "pkgconf"),
    "python3": ("python3", "python3", "python3"),
    "qemu-aarch64-static": ("qemu-user-static", "qemu-user-static", "qemu-aarch64"),
    "qemu-x86_64-static": ("qemu-user-static", "qemu-user-static", "qemu-x86_64"),
    "readelf": ("binutils", "binutils", "binutils"),
    "setarch": ("util-linux", "util-linux", "setarch"),
    "unshare": ("util-linux", "util-linux", "util-linux"),
    "xdg-user-dirs-update": ("xdg-user-dirs", "xdg-user-dirs", "xdg-user-dirs"),
}
# Alpine leaves the ending out
_ALSO_CALLED: Final = {"qemu-aarch64-static": "qemu-aarch64", "qemu-x86_64-static": "qemu-x86_64"}


def find_tool(name: str, target: Target, path: str) -> str:
    """Return where a program lies on the target, searched for in ``path``, a value of PATH.

    Raises BadInput for a name that is none of ours, MissingTool (with the package to install) when it is not there.
    """
    if name not in _PACKAGES:
        known = ", ".join(_PACKAGES)
        raise BadInput(f"{name!r} is no tool of ours{nearest(name, _PACKAGES)}: expected one of {known}.")
    search = 'command -v "$1" || command -v "$2"'
    words = ["/bin/sh", "-c", search, "sh", name, _ALSO_CALLED.get(name, name)]
    found = target.run(words, env={"PATH": path}, check=False)
    where = found.text.strip()
    if found.status != 0 or not where.startswith("/"):
        debian, fedora, alpine = _PACKAGES[name]
        raise MissingTool(
            f"Target {target.name} has no {name}. Debian, Ubuntu: `sudo apt-get install {debian}`; "
            f"Fedora: `sudo dnf install {fedora}`; Alpine: `sudo apk add {alpine}`."
        )
    return where
