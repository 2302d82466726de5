"""The SDK that the user's go uses: is it the one that go belongs to, whole, of one version, and where is it from?"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, Waits
from pytest_wslgo.model import sdk_origin
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.setup.go_command import SHELLS, go_in
from pytest_wslgo.model.setup.origin import origin_of
from pytest_wslgo.model.setup.running import running_go

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_wslgo.model.facts import Goroot
    from pytest_wslgo.model.snapshot import Snapshot

_SWITCHED: Final = "/golang.org/toolchain@"
_TREE: Final = ("src/runtime/extern.go", "pkg/include/textflag.h")
_TOOLS: Final = ("compile", "asm", "link", "cgo")
_FIRST_WITH_GO_ENV: Final = (1, 21)
_ARCHIVE: Final = re.compile(r"/go(-?(go)?1\.\d+(\.\d+|rc\d+)?)?$")
_SNAP: Final = "/usr/bin/snap"


@dataclass(frozen=True, slots=True)
class Sdk:
    """The SDK in use in the login shell. ``path`` is GOROOT as go says it, ``real`` where its links lead."""

    path: str
    real: str
    version: GoVersion
    facts: Goroot

    @property
    def told(self) -> str:
        """Name the SDK."""
        return f"GOROOT {self.path} ({self.version})"


def sdk_of(snapshot: Snapshot) -> Sdk:
    """Return the SDK in use; raise Waits when go does not run, or its GOROOT could not be read."""
    running = running_go(snapshot)
    goroot = snapshot.login.go("GOROOT")
    facts = snapshot.goroot(goroot) if goroot else None
    if goroot is None or facts is None or running.version is None:
        raise Waits(f"waits for setup.go-runs: GOROOT {goroot or '(go env does not say)'} could not be read")
    return Sdk(goroot, _real(snapshot, goroot), running.version, facts)


def consistent_sdk_of(snapshot: Snapshot) -> Sdk:
    """Return the SDK in use; raise Waits also when it is not the one that the go belongs to."""
    sdk = sdk_of(snapshot)
    if wrong := (*goroots_of_another_go(snapshot), *versions_that_differ(snapshot)):
        raise Waits(f"waits for setup.goroot-consistent: {wrong[0]}")
    return sdk


def goroots_of_another_go(snapshot: Snapshot) -> tuple[str, ...]:
    """Tell of each shell whose GOROOT is not the SDK that its go lies in; raise Waits when go does not run.

    A go that lies in no SDK (a snap's link, a shim, a copy) says nothing, nor does a toolchain that go switched to.
    """
    running_go(snapshot)
    shells: dict[str, list[str]] = {}
    for shell, wrong in _goroots_of_another_go(snapshot):
        shells.setdefault(wrong, []).append(shell)
    return tuple(f"{wrong} ({', '.join(names)} shell)" for wrong, names in shells.items())


def versions_that_differ(snapshot: Snapshot) -> tuple[str, ...]:
    """Tell which of ``go version``, the compiler and the file VERSION name another version than go itself."""
    sdk = sdk_of(snapshot)
    compiler = sdk.facts.compile.out.removeprefix("compile version ").strip() if sdk.facts.compile else ""
    said = (("the file VERSION", sdk.facts.version or ""), ("`go tool compile -V`", compiler))
    goroot = origin_of(snapshot, "GOROOT")
    where = f", {goroot.told.rstrip('.')}" if goroot.value else ""
    return tuple(
        f"`go version` says {sdk.version}, {name} in {sdk.path} says {read}{where}"
        for name, text in said
        if (read := _version(text)) and read != sdk.version
    )


def missing_parts(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what a build needs and the SDK lacks, as paths in it; ``src/runtime/extern.go`` stands for src."""
    sdk = consistent_sdk_of(snapshot)
    arch = snapshot.login.go("GOHOSTARCH") or snapshot.platform.arch
    needed = (*_TREE, *(f"pkg/tool/linux_{arch}/{tool}" for tool in _TOOLS))
    return tuple(part for part in needed if part not in sdk.facts.parts)


def leftovers(snapshot: Snapshot, gone: Iterable[tuple[str, GoVersion]]) -> tuple[str, ...]:
    """Tell of the files of other versions that are recorded in the SDK.

    ``gone`` says of files from which Go on they are no longer part of an SDK; ``go.env`` is the other way round: it is
    part of one since Go 1.21.
    """
    sdk = consistent_sdk_of(snapshot)
    old = (
        f"{sdk.told} holds {path}, which {since} and later do not have"
        for path, since in gone
        if path in sdk.facts.parts and sdk.version.minor >= since.minor
    )
    new = sdk.facts.go_env_file is not None and sdk.version.minor < _FIRST_WITH_GO_ENV
    return (*old, *((f"{sdk.told} holds go.env, which no Go before 1.21 has",) if new else ()))


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the SDK in use came from."""

    origin: sdk_origin.Origin
    told: str

    @property
    def known(self) -> bool:
        """Tell whether its place gives it away."""
        return self.origin is not sdk_origin.Origin.UNKNOWN


def installed(snapshot: Snapshot) -> Installed:
    """Tell where the SDK in use came from; raise Waits when go does not run, or GOROOT is another go's.

    A directory named ``go`` or ``go1.26.4`` with a file VERSION is what the official archive leaves behind.
    """
    sdk = consistent_sdk_of(snapshot)
    mount = snapshot.mount_of(sdk.path)
    distro = " ".join(_distro_words(snapshot))
    origin = sdk_origin.origin_of(sdk.real, distro, sdk.facts.parts, on_windows=bool(mount and mount.on_windows))
    if origin is sdk_origin.Origin.UNKNOWN and _ARCHIVE.search(sdk.real) and sdk.facts.version:
        origin = sdk_origin.Origin.TARBALL
    link = f", a link to {sdk.real}" if sdk.real != sdk.path else ""
    known = (
        f"came by way of {origin}" if origin is not sdk_origin.Origin.UNKNOWN else "lies where no installer puts one"
    )
    return Installed(origin, f"{sdk.told}{link} {known}")


def snap_problem(snapshot: Snapshot) -> str | None:
    """Say what is wrong with a Go from a snap: not in classic confinement. None where it is, or Go is from no snap."""
    sdk = sdk_of(snapshot)
    go = running_go(snapshot).go
    if go.same != _SNAP and not sdk.real.startswith(("/snap/", "/var/lib/snapd/snap/")):
        return None
    answer = snapshot.answer("snap-list")
    if answer is None or not answer.ok:
        raise Waits(f"waits for `snap list go`, which did not answer: {go.told}")
    rows = [line.split() for line in answer.out.splitlines() if line.startswith("go ")]
    notes = rows[0][-1] if rows else "nothing of go"
    return None if "classic" in notes.split(",") else f"{go.told}, a snap; `snap list go` notes {notes!r}, not classic"


def _goroots_of_another_go(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for name in SHELLS:
        shell = snapshot.shell(name)
        goroot = shell.go("GOROOT")
        own = _own_sdk(snapshot, name) if shell.started else None
        if goroot and own and _SWITCHED not in goroot and _real(snapshot, goroot) != own:
            origin = origin_of(snapshot, "GOROOT", name)
            yield name, f"{origin.told.rstrip('.')}, but {go_in(snapshot, name).path} belongs to {own}"


def _own_sdk(snapshot: Snapshot, shell: str) -> str | None:
    """Return the SDK that a shell's go lies in, or None when there is none above it."""
    real = go_in(snapshot, shell).same or ""
    root = real.removesuffix("/bin/go")
    facts = snapshot.goroot(root)
    return root if real.endswith("/bin/go") and facts and facts.parts and "pkg/tool" in facts.parts else None


def _real(snapshot: Snapshot, path: str) -> str:
    folder = snapshot.folder(path)
    return posixpath.normpath(folder.real if folder else path)


def _version(text: str) -> GoVersion | None:
    try:
        return GoVersion.parse(text)
    except BadInput:
        return None


def _distro_words(snapshot: Snapshot) -> Iterator[str]:
    for line in snapshot.evidence.os_release.splitlines():
        name, _, value = line.partition("=")
        if name in ("ID", "ID_LIKE"):
            yield from value.strip("\"'").split()
