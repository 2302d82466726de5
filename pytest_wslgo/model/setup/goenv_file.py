"""The file that ``go env -w`` writes, as Go reads it (cmd/go/internal/cfg, readEnvFile).

A line counts when it begins with a capital letter and has ``=``; everything behind ``=`` is the value, blanks and a
carriage return included. Other lines are ignored without a word, as are names that are no setting of Go's. The last
line of a name wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.setup.goflags import changes_builds
from pytest_wslgo.model.setup.origin import origin_of
from pytest_wslgo.model.setup.setting import settings_of
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.snapshot import Snapshot

# What decides which program is built, with what, and where it goes: a line that nobody remembers changes every build.
PINNING: Final = ("GOOS", "GOARCH", "GOROOT", "CC", "CXX", "AR")
# internal/cfg, KnownEnv, of Go 1.27 with what older ones had; GOENV and GODEBUG count in the environment alone.
KNOWN: Final = frozenset(
    re.findall(
        r"\w+",
        """AR CC CGO_CFLAGS CGO_CFLAGS_ALLOW CGO_CFLAGS_DISALLOW CGO_CPPFLAGS CGO_CPPFLAGS_ALLOW CGO_CPPFLAGS_DISALLOW
    CGO_CXXFLAGS CGO_CXXFLAGS_ALLOW CGO_CXXFLAGS_DISALLOW CGO_ENABLED CGO_FFLAGS CGO_FFLAGS_ALLOW CGO_FFLAGS_DISALLOW
    CGO_LDFLAGS CGO_LDFLAGS_ALLOW CGO_LDFLAGS_DISALLOW CXX FC GCCGO GO111MODULE GO386 GOAMD64 GOARCH GOARM GOARM64
    GOAUTH GOBIN GOCACHE GOCACHEPROG GOEXPERIMENT GOFIPS140 GOFLAGS GOINSECURE GOMIPS GOMIPS64 GOMODCACHE GONOPROXY
    GONOSUMDB GOOS GOPATH GOPPC64 GOPRIVATE GOPROXY GORISCV64 GOROOT GOSUMDB GOTMPDIR GOTOOLCHAIN GOVCS GOWASM GOWORK
    GO_EXTLINK_ENABLED PKG_CONFIG""",
    )
)
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file that has a fault; ``why`` is it."""

    path: str
    number: int
    text: str
    why: str

    @property
    def told(self) -> str:
        """State the place, the line and the fault."""
        shown = f" {short(self.text, 60)!r}" if self.text else ""
        return f"{self.path} line {self.number}{shown} {self.why}" if self.number else f"{self.path} {self.why}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A line that counts. ``overridden`` says what the environment has instead, where it has something else."""

    path: str
    number: int
    name: str
    value: str
    overridden: str | None = None

    @property
    def told(self) -> str:
        """State the place, the assignment, and whether it has an effect."""
        beaten = f", but the environment wins: {self.overridden}" if self.overridden else ""
        return f"{self.path} line {self.number} sets {self.name}={short(self.value)}{beaten}"


@dataclass(frozen=True, slots=True)
class GoEnvFile:
    """A go env file: the lines that count (the last of each name), and those that are not what they seem."""

    path: str
    assignments: tuple[Assignment, ...] = ()
    malformed: tuple[Line, ...] = ()

    @property
    def pins(self) -> tuple[Assignment, ...]:
        """Return what is set behind the user's back: target, SDK, compilers, flags of weight, a relative GOBIN."""
        return tuple(line for line in self.assignments if line.value and _pins(line))


def _pins(line: Assignment) -> bool:
    match line.name:
        case "GOFLAGS":
            return changes_builds(line.value)
        case "GOBIN":
            return not line.value.startswith("/")
    return line.name in PINNING


def parse_goenv(text: str, path: str) -> GoEnvFile:
    """Read the text of a go env file.

    Sample: ``GOPROXY=https://goproxy.cn,direct``; comments and blank lines are no fault.
    """
    counting: dict[str, Assignment] = {}
    malformed: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        name, equals, value = line.partition("=")
        if equals and "A" <= name[:1] <= "Z":
            if name in counting:
                earlier = counting.pop(name)
                malformed.append(Line(path, earlier.number, f"{name}={earlier.value}", f"is undone by line {number}"))
            counting[name] = Assignment(path, number, name, value)
        if why := _fault(line):
            malformed.append(Line(path, number, line, why))
    return GoEnvFile(path, tuple(counting.values()), tuple(malformed))


def _fault(line: str) -> str | None:
    name, equals, value = line.partition("=")
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    if line.startswith("\ufeff"):
        return "begins with a byte order mark, so that go ignores it"
    if not equals:
        return "is no NAME=VALUE, so that go ignores it"
    if not _NAME.fullmatch(name):
        return f"does not begin with the name of a variable ({name!r}), so that go ignores it"
    if name not in KNOWN:
        return f"sets {name}, which go does not read from a file"
    if value != value.strip():
        ending = "a carriage return" if value.endswith("\r") else "blanks"
        return f"gives {name} a value with {ending} at its end or start, which go keeps"
    return None


def goenv_files_of(snapshot: Snapshot) -> tuple[GoEnvFile, ...]:
    """Return the go env files that the user's shells read; a file that is not there or switched off is none.

    Raises Waits when there is no go to read them.
    """
    paths = dict.fromkeys(setting.value for setting in settings_of(snapshot, "GOENV"))
    return tuple(_read(snapshot, path) for path in paths if any(file.path == path for file in snapshot.files))


def _read(snapshot: Snapshot, path: str) -> GoEnvFile:
    text = snapshot.text(path)
    if text is None:
        return GoEnvFile(path, malformed=(Line(path, 0, "", "cannot be read, so that go ignores it"),))
    parsed = parse_goenv(text, path)
    told = tuple(_with_winner(snapshot, line) if line.name in KNOWN else line for line in parsed.assignments)
    return GoEnvFile(path, told, parsed.malformed)


def _with_winner(snapshot: Snapshot, line: Assignment) -> Assignment:
    winner = next(_winners(snapshot, line), None)
    return Assignment(line.path, line.number, line.name, line.value, winner)


def _winners(snapshot: Snapshot, line: Assignment) -> Iterator[str]:
    for shell in snapshot.shells:
        exported = shell.get(line.name)
        if exported and exported != line.value:
            yield f"{short(exported)} in the {shell.name} shell ({origin_of(snapshot, line.name, shell.name).where})"
