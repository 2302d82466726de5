"""Programs of the target that a check asks beside Go and the compilers, and the packages that bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target

_PACKAGES: Final = {
    "pkg-config": ("pkg-config", "pkgconf-pkg-config", "pkgconf"),
    "python3": ("python3", "python3", "python3"),
    "readelf": ("binutils", "binutils", "binutils"),
}


def find_tool(name: str, target: Target, environment: Mapping[str, str]) -> str:
    """Return the path of a program that is on the PATH of ``environment``.

    Raises BadInput for a name that is none of ours, MissingTool (with the package to install) when it is absent.
    """
    if name not in _PACKAGES:
        known = ", ".join(_PACKAGES)
        raise BadInput(f"{name!r} is no tool of ours{nearest(name, _PACKAGES)}: expected one of {known}.")
    found = target.run(["/bin/sh", "-c", 'command -v "$1"', "sh", name], env=environment, check=False)
    if found.status != 0:
        debian, fedora, alpine = _PACKAGES[name]
        raise MissingTool(
            f"Target {target.name} has no {name}. Debian, Ubuntu: `sudo apt-get install {debian}`; "
            f"Fedora: `sudo dnf install {fedora}`; Alpine: `sudo apk add {alpine}`."
        )
    return found.text.strip()
