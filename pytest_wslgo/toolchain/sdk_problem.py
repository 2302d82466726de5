"""What is wrong with an SDK, in one sentence that says what to do.

What a go command needs of its tree was tried by taking parts away: src, pkg/tool and pkg/include are needed, and
``go version`` succeeds without any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.program_head import ProgramFormat, arch_of_uname, parse_head

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.sdk import SdkFacts

# A 64-bit kernel may serve a 32-bit userland.
_ALSO_RUNS: Final = {"amd64": "386", "arm64": "arm"}

_NEEDED: Final = (
    ("bin/go", "bin/go"),
    ("src/runtime", "src (the standard library)"),
    ("pkg/include/textflag.h", "pkg/include"),
    ("/compile", "pkg/tool/*/compile"),
    ("/asm", "pkg/tool/*/asm"),
    ("/link", "pkg/tool/*/link"),
    ("/cgo", "pkg/tool/*/cgo"),
)


def problem_of(facts: SdkFacts) -> str | None:
    """Say in one sentence what keeps the SDK from being used, and what to do; None when nothing does."""
    return _problem_of_path(facts) or _problem_of_binary(facts) or _problem_of_answer(facts) or _problem_of_tree(facts)


def _problem_of_path(facts: SdkFacts) -> str | None:
    match facts.kind:
        case "absent":
            return f"{facts.path} does not exist; give a GOROOT or the path of a go command"
        case "dangling":
            return f"{facts.path} is a link to {facts.link}, which was removed; link it to a go command that is there"
        case "directory" if facts.meant:
            return f"{facts.path} is a directory without bin/go; did you mean {facts.meant}?"
        case "directory":
            return f"{facts.path} is a directory without bin/go, hence no GOROOT; give one, or the path of a go command"
        case "not-executable":
            return f"{facts.command} is not executable; run `chmod +x {facts.command}`, or give another go"
    return None


def _problem_of_binary(facts: SdkFacts) -> str | None:
    head = parse_head(bytes.fromhex(facts.head))
    if head.format is ProgramFormat.PE:
        return f"{facts.command} is {head.kind}, a program for Windows; install Go for Linux from https://go.dev/dl/"
    return _problem_of_arch(facts, head.arch)


def _problem_of_arch(facts: SdkFacts, goarch: str | None) -> str | None:
    native = arch_of_uname(facts.machine)
    if not goarch or goarch in (native, _ALSO_RUNS.get(native)):
        return None
    install = f"install Go for linux/{native} from https://go.dev/dl/"
    return f"{facts.command} is for {goarch}, but this machine is {facts.machine}; {install}"


def _problem_of_answer(facts: SdkFacts) -> str | None:
    said = facts.error.strip() or "it prints nothing"
    if "binary is trimmed" in said and "src/runtime" not in facts.parts:
        return (
            f"{facts.command} was copied out of its SDK ({said}); link it instead: "
            f"`ln -sf /usr/local/go/bin/go {facts.command}`, or put the SDK's own bin directory on PATH"
        )
    if facts.status != "0":
        # Without pkg/tool go does not know its own tree; the tree's own sentence says more.
        failed = f"{facts.command} exits {facts.status} when asked for `go env GOROOT` ({said}); give a go that works"
        return _problem_of_tree(facts) or failed
    try:
        GoVersion.parse(facts.version)
    except WslgoError:
        answer = f"{facts.goroot!r} and {facts.version!r}"
        return f"{facts.command} is no go command: `go env GOROOT GOVERSION` prints {answer}, not a path and a version"
    return _problem_of_arch(facts, facts.goarch)


def _problem_of_tree(facts: SdkFacts) -> str | None:
    missing = [name for end, name in _NEEDED if not any(part.endswith(end) for part in facts.parts)]
    if not missing or not facts.parts:
        return None
    return f"the SDK {facts.tree} is not whole: {', '.join(missing)} missing; {facts.origin.reinstall}"
