"""The settings that choose a toolchain, switch on experiments, or ask for a CPU: the value, and what go makes of it.

Sources: go.dev/doc/toolchain, go.dev/doc/godebug, go.dev/wiki/MinimumRequirements (GOAMD64, GOARM64).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, Waits
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.setup.go_command import login_go
from pytest_wslgo.model.setup.origin import origin_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_wslgo.model.setup.origin import Origin
    from pytest_wslgo.model.snapshot import Snapshot

_FIRST_WITH_TOOLCHAINS: Final = (1, 21)
_WITHOUT_PATCH: Final = re.compile(r"go1\.(\d+)")
# The flags of /proc/cpuinfo; abm is LZCNT and pni SSE3, lahf_lm LAHF in 64-bit mode.
_AMD64_LEVELS: Final = {
    "v1": (),
    "v2": ("cx16", "lahf_lm", "pni", "popcnt", "sse4_1", "sse4_2", "ssse3"),
    "v3": ("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"),
    "v4": ("avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"),
}
_ARM64: Final = re.compile(r"v(?P<level>8\.[0-9]|9\.[0-5])(?P<options>(,lse|,crypto)*)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of Go's and what is wrong with it: ``problem`` is a sentence, or None."""

    origin: Origin
    problem: str | None

    @property
    def told(self) -> str:
        """Say the value, where it comes from, and what is wrong with it."""
        return f"{self.origin.told.rstrip('.')}: {self.problem}" if self.problem else self.origin.told


def toolchain_policy(snapshot: Snapshot) -> Setting:
    """Judge GOTOOLCHAIN by its grammar: local, auto, path, or a toolchain's name, the last two with +auto or +path.

    Go before 1.21 has no such setting. A toolchain that is not here yet is no mistake: go fetches it when it may.
    """
    setting = _setting(snapshot, "GOTOOLCHAIN")
    version = _version_of_file(snapshot)
    if not setting.value or (version and version.minor < _FIRST_WITH_TOOLCHAINS):
        return Setting(setting, None)
    name, plus, mode = setting.value.partition("+")
    if plus and mode not in ("auto", "path"):
        return Setting(setting, f"after + go takes auto or path, not {mode!r}")
    if name == "local" or (name in ("auto", "path") and not plus):
        return Setting(setting, None)
    return Setting(setting, _problem_of_name(name))


def experiments(snapshot: Snapshot) -> Setting:
    """Judge GOEXPERIMENT by go's own word: each command stops at a name that this Go does not know."""
    setting = _setting(snapshot, "GOEXPERIMENT")
    answer = snapshot.login.go_version
    found = re.search(r"unknown GOEXPERIMENT \S+", answer.err) if answer else None
    return Setting(setting, f"go stops with '{found[0]}'" if found else None)


def debug_settings(snapshot: Snapshot, known: Collection[str], newest: GoVersion) -> Setting:
    """Judge GODEBUG, whose unknown names Go ignores without a word.

    ``known`` are the names of every Go up to ``newest``; a newer Go may know more, so that nothing is said of it.
    """
    setting = _setting(snapshot, "GODEBUG")
    version = _version_of_file(snapshot)
    exported = snapshot.login.get("GODEBUG")  # go reads it from no file
    if exported is None or version is None or version.minor > newest.minor:
        return Setting(setting, None)
    words = [word.partition("=") for word in exported.split(",") if word]
    if bare := next((name for name, equals, _ in words if not equals), None):
        return Setting(setting, f"{bare!r} is no name=value, and is ignored")
    unknown = [name for name, _, _ in words if name.lstrip("#") not in known and not name.startswith("cpu.")]
    return Setting(setting, f"no Go up to {newest} knows {', '.join(unknown)}; it is ignored" if unknown else None)


def cpu_level(snapshot: Snapshot) -> Setting:
    """Judge GOAMD64 or GOARM64, whichever is for this machine, by what its CPU can do.

    Raises Waits when the level needs more than every CPU has, and the machine does not say what its CPU can do.
    """
    name = {"amd64": "GOAMD64", "arm64": "GOARM64"}.get(snapshot.platform.arch, "GOARM")
    setting = _setting(snapshot, name)
    if not setting.value or name == "GOARM":
        return Setting(setting, None)
    needed = _amd64_flags(setting.value) if name == "GOAMD64" else _arm64_flags(setting.value)
    if needed is None:
        return Setting(setting, "go has no such level")
    if needed and not snapshot.cpu_flags:
        raise Waits(f"waits for /proc/cpuinfo, which says nothing of the CPU's abilities; {setting.told}")
    lacking = [flag for flag in needed if flag not in snapshot.cpu_flags]
    return Setting(setting, f"this CPU lacks {', '.join(lacking)}" if lacking else None)


def _setting(snapshot: Snapshot, name: str) -> Origin:
    login_go(snapshot)
    return origin_of(snapshot, name)


def _version_of_file(snapshot: Snapshot) -> GoVersion | None:
    """Return the version of the go that reads the settings, before it switches to another."""
    go = login_go(snapshot)
    answers = [file.version for file in snapshot.gos if file.version and file.real == go.same]
    for answer in (*answers, snapshot.login.go_version):
        words = answer.out.split() if answer and answer.ok else []
        try:
            return GoVersion.parse(words[2])
        except (BadInput, IndexError):
            continue
    return None


def _problem_of_name(name: str) -> str | None:
    """Say why go refuses a toolchain's name, as ``go1.22.10`` or ``go1.25.3-custom``."""
    try:
        version = GoVersion.parse(name)
    except BadInput:
        version = None
    if version is None or not name.startswith("go1") or "/" in name or " " in name:
        return "go knows local, auto, path and names such as go1.26.4, with or without +auto or +path"
    if _WITHOUT_PATCH.fullmatch(name) and version.minor >= _FIRST_WITH_TOOLCHAINS:
        return f"{name} names a language, not a toolchain; the first of it is {name}.0"
    return None


def _amd64_flags(level: str) -> tuple[str, ...] | None:
    if level not in _AMD64_LEVELS:
        return None
    levels = tuple(_AMD64_LEVELS)
    return tuple(flag for one in levels[: levels.index(level) + 1] for flag in _AMD64_LEVELS[one])


def _arm64_flags(level: str) -> tuple[str, ...] | None:
    """Return the abilities that show in Features: LSE is mandatory from v8.1 on, the rest of a level does not show."""
    if not (found := _ARM64.fullmatch(level)):
        return None
    lse = ("atomics",) if found["level"] != "8.0" or ",lse" in found["options"] else ()
    return (*lse, *(("aes", "pmull", "sha1", "sha2") if ",crypto" in found["options"] else ()))
