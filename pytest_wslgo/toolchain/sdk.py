"""One Go SDK on a target: what the probe found behind a path, what is wrong with it, and the Toolchain it makes.

What a go command needs of its tree was tried by taking parts away: src and pkg/tool and pkg/include are needed, and
``go version`` succeeds without any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.file_kind import kind_of_file
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.toolchain.origin import Origin, origin_of

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

# The GOARCHs whose programs a machine of `uname -m` runs; a 64-bit kernel may serve a 32-bit userland.
_RUNS: Final = {
    "x86_64": ("amd64", "386"),
    "aarch64": ("arm64", "arm"),
    "arm64": ("arm64", "arm"),
    "armv7l": ("arm",),
    "armv6l": ("arm",),
    "i686": ("386",),
    "i386": ("386",),
    "riscv64": ("riscv64",),
    "ppc64le": ("ppc64le",),
    "s390x": ("s390x",),
    "loongarch64": ("loong64",),
}
# e_machine of the ELF header (gabi, "Machine Information")
_GOARCH_OF_ELF: Final = {3: "386", 21: "ppc64le", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64"}

_NEEDED: Final = (
    ("bin/go", "bin/go"),
    ("src/runtime", "src (the standard library)"),
    ("pkg/include/textflag.h", "pkg/include"),
    ("/compile", "pkg/tool/*/compile"),
    ("/asm", "pkg/tool/*/asm"),
    ("/link", "pkg/tool/*/link"),
    ("/cgo", "pkg/tool/*/cgo"),
)


def probe_sdk(target: Target, path: str) -> SdkFacts:
    """Read the SDK behind a GOROOT or a go command of the target, in one round trip that runs go once."""
    from importlib.resources import files

    script = files("pytest_wslgo.toolchain").joinpath("sdk_probe.sh").read_bytes()
    # In the working directory of the run, so that nothing is left and no go.mod stands above.
    room = f"{target.workdir}/sdk-probe"
    argv = ["sh", "-c", 'mkdir -p "$2" && exec sh -s -- "$1" "$2"', "sh", path, room]
    return parse_sdk_probe(target.run(argv, stdin=script, deadline=60).text)


def parse_sdk_probe(text: str) -> SdkFacts:
    """Read the probe's ``key=value`` lines; repeated ``file=`` and ``part=`` become tuples, unknown keys are ignored.

    Sample: ``path=/usr/local/go`` ``kind=file`` ``goroot=/usr/local/go`` ``version=go1.26.4`` ``part=bin/go``, a line each.
    """
    pairs = [tuple(line.split("=", 1)) for line in text.splitlines() if "=" in line]
    single = {key: value for key, value in pairs if key in _SINGLE}
    several = {key: tuple(value for name, value in pairs if name == key) for key in ("file", "part")}
    return SdkFacts(**single, files=several["file"], parts=several["part"])


def problem_of(facts: SdkFacts) -> str | None:
    """Say in one sentence what keeps the SDK from being used, and what to do; None when nothing does."""
    return _problem_of_path(facts) or _problem_of_binary(facts) or _problem_of_answer(facts) or _problem_of_tree(facts)


def toolchain_of(facts: SdkFacts) -> Toolchain:
    """Make the Toolchain of facts that have no problem."""
    version = GoVersion.parse(facts.version)
    return Toolchain(facts.goroot, f"{facts.goroot}/bin/go", version, facts.origin, facts.goos, facts.goarch)


def _problem_of_path(facts: SdkFacts) -> str | None:
    match facts.kind:
        case "absent":
            return f"{facts.path} does not exist; give a GOROOT or the path of a go command"
        case "dangling":
            return f"{facts.path} is a link to {facts.link}, which does not exist: the SDK behind it was removed; link it to a present one"
        case "directory" if facts.meant:
            return f"{facts.path} is a directory without bin/go; did you mean {facts.meant}?"
        case "directory":
            return f"{facts.path} is a directory without bin/go, hence no GOROOT; give a GOROOT or the path of a go command"
        case "not-executable":
            return f"{facts.command} is not executable; run `chmod +x {facts.command}`, or give another go"
    return None


def _problem_of_binary(facts: SdkFacts) -> str | None:
    head = bytes.fromhex(facts.head)
    if head.startswith(b"MZ"):
        return f"{facts.command} is {kind_of_file(head)}, a program for Windows; install Go for Linux from https://go.dev/dl/"
    if not head.startswith(b"\x7fELF"):
        return None
    goarch = _GOARCH_OF_ELF.get(int.from_bytes(head[18:20], "big" if head[5] == 2 else "little"), "")
    return _problem_of_arch(facts, goarch)


def _problem_of_arch(facts: SdkFacts, goarch: str) -> str | None:
    runs = _RUNS.get(facts.machine)
    if not goarch or not runs or goarch in runs:
        return None
    return f"{facts.command} is for {goarch}, but this machine is {facts.machine}; install Go for linux/{runs[0]} from https://go.dev/dl/"


def _problem_of_answer(facts: SdkFacts) -> str | None:
    if "cannot find GOROOT" in facts.error and "src/runtime" not in facts.parts:
        return (
            f"{facts.command} was copied out of its SDK ({facts.error.strip()}); link it instead: "
            f"`ln -sf /usr/local/go/bin/go {facts.command}`, or put the SDK's own bin directory on PATH"
        )
    if facts.status != "0":
        # Without pkg/tool go does not know its own tree; the tree's own sentence says more.
        return _problem_of_tree(facts) or (
            f"{facts.command} exits {facts.status} when asked for `go env GOROOT`: {facts.error.strip() or 'it prints nothing'}"
        )
    try:
        GoVersion.parse(facts.version)
    except WslgoError:
        answer = facts.version or facts.goroot or "nothing"
        return f"{facts.command} is no go command: `go env GOROOT GOVERSION` should print a path and a version, and prints {answer!r}"
    return _problem_of_arch(facts, facts.goarch)


def _problem_of_tree(facts: SdkFacts) -> str | None:
    missing = [name for end, name in _NEEDED if not any(part.endswith(end) for part in facts.parts)]
    if not missing or not facts.parts:
        return None
    return f"the SDK {facts.tree} is not whole: {', '.join(missing)} missing; {facts.origin.reinstall}"
