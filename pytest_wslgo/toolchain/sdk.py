"""One Go SDK on a target: what a probe of one round trip finds behind a path, and the Toolchain that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.sdk_origin import Origin, origin_of

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Go SDK that works: ``go`` is the command inside ``goroot``, both paths of the target."""

    goroot: str
    go: str
    version: GoVersion
    origin: Origin
    goos: str
    goarch: str

    def __str__(self) -> str:
        return f"{self.version} {self.goos}/{self.goarch} ({self.origin}, {self.goroot})"


@dataclass(frozen=True, slots=True)
class SdkFacts:
    """What the probe prints about a path; absent is an empty string. ``kind`` is file, directory, absent, …"""

    path: str = ""
    machine: str = ""
    distro: str = ""
    kind: str = ""
    meant: str = ""
    link: str = ""
    command: str = ""
    resolved: str = ""
    head: str = ""
    status: str = ""
    error: str = ""
    goroot: str = ""
    version: str = ""
    goos: str = ""
    goarch: str = ""
    tree: str = ""
    files: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def origin(self) -> Origin:
        """Where the SDK came from."""
        return origin_of(self.tree, self.distro, self.files)


_SINGLE: Final = frozenset(SdkFacts.__slots__) - {"files", "parts"}


def probe_sdk(target: Target, path: str) -> SdkFacts:
    """Read the SDK behind a GOROOT or a go command of the target, in one round trip that runs go once."""
    from importlib.resources import files

    script = files("pytest_wslgo.toolchain").joinpath("sdk_probe.sh").read_bytes()
    # In the working directory of the run, so that nothing is left and no go.mod stands above.
    room = f"{target.workdir}/sdk-probe"
    argv = ["/bin/sh", "-c", 'mkdir -p "$2" && exec sh -s -- "$1" "$2"', "sh", path, room]
    return parse_sdk_probe(target.run(argv, stdin=script, deadline=60).text)


def parse_sdk_probe(text: str) -> SdkFacts:
    """Read the probe's ``key=value`` lines; repeated ``file=`` and ``part=`` become tuples, unknown keys are ignored.

    Sample, a line each: ``kind=file`` ``goroot=/usr/local/go`` ``version=go1.26.4`` ``part=bin/go`` ``part=src``.
    """
    pairs = [tuple(line.split("=", 1)) for line in text.splitlines() if "=" in line]
    single = {key: value for key, value in pairs if key in _SINGLE}
    several = {key: tuple(value for name, value in pairs if name == key) for key in ("file", "part")}
    return SdkFacts(**single, files=several["file"], parts=several["part"])


def toolchain_of(facts: SdkFacts) -> Toolchain:
    """Make the Toolchain of facts that have no problem."""
    version = GoVersion.parse(facts.version)
    return Toolchain(facts.goroot, f"{facts.goroot}/bin/go", version, facts.origin, facts.goos, facts.goarch)
