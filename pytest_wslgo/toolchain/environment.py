"""The environment of our own in which Go runs on a target: written whole, nothing inherited.

Go's settings live in variables, in the GOENV file and in HOME; a GOFLAGS or CC of the user would change what a check
sees. Only the build cache outlives a run: cold, a build of ``net`` takes 18 s, warm half a second.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


# $1 is the run's directory, $2 a word of chance, the others are directories to make. The first process that comes names
# the directory; `ln` makes that name whole or not at all.
_MAKE: Final = """
run=$1 word=$2
shift 2
mkdir -p "$@" && printf %s "$word" >"$run/$word" && { ln "$run/$word" "$run/name" 2>/dev/null || :; } &&
    rm "$run/$word" && cat "$run/name"
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where Go may write on a target: under the run's directory, and the caches that stay.

    ``name`` is another one when the run's directory was removed and made again: what was built there is gone with it.
    """

    run: str
    cache: str
    name: str

    @property
    def home(self) -> str:
        """HOME; telemetry and whatever else Go or a compiler leaves there goes with the run."""
        return f"{self.run}/home"

    @property
    def temporary(self) -> str:
        """GOTMPDIR and TMPDIR."""
        return f"{self.run}/tmp"

    @property
    def empty(self) -> str:
        """The directory of commands that need no module: no go.mod or go.work stands above it."""
        return f"{self.run}/empty"

    @classmethod
    def on(cls, target: Target) -> Places:
        """Return the places of this run on the target, and make those that Go does not make itself."""
        places = cls(f"{target.workdir}/go", f"{target.cache_dir}/go", uuid.uuid4().hex)
        folders = [places.home, places.temporary, places.empty]
        named = target.run(["/bin/sh", "-c", _MAKE, "sh", places.run, places.name, *folders])
        return replace(places, name=named.text)


def hermetic(toolchain: Toolchain, places: Places) -> dict[str, str]:
    """Return the full environment of a go command of this toolchain.

    GOENV is off rather than a file of ours, for a check that runs ``go env -w`` must not change the builds of another.
    One GOCACHE per Go version and target serves all compilers, since CC is part of its keys.
    """
    version = re.sub(r"[^\w.+-]+", "-", str(toolchain.version))
    return {
        "HOME": places.home,
        "PATH": f"{toolchain.goroot}/bin:{SYSTEM_PATH}",
        "LC_ALL": "C",
        "TMPDIR": places.temporary,
        "GOPATH": f"{places.run}/gopath",
        "GOENV": "off",
        "GOTMPDIR": places.temporary,
        "GOCACHE": f"{places.cache}/build/{version}-{toolchain.goos}-{toolchain.goarch}",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOFLAGS": "",
        "GOWORK": "off",
        # zig's local cache would otherwise be made in the module's directory
        "ZIG_GLOBAL_CACHE_DIR": f"{places.cache}/zig",
        "ZIG_LOCAL_CACHE_DIR": f"{places.cache}/zig",
    }


def program_environment(places: Places) -> dict[str, str]:
    """Return the full environment of a program that was built: no Go in it."""
    return {"HOME": places.home, "PATH": SYSTEM_PATH, "LC_ALL": "C", "TMPDIR": places.temporary}


def changed(environment: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return the environment with the changes made; None removes a variable.

    >>> changed({"HOME": "/root", "LC_ALL": "C"}, {"HOME": None, "GOOS": "windows"})
    {'LC_ALL': 'C', 'GOOS': 'windows'}
    """
    merged = {**environment, **changes}
    return {name: value for name, value in merged.items() if value is not None}
