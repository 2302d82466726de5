"""C compilers for cgo: found on the target, with the libc that they link to and the value of CC that calls them.

CC is quoted as cmd/go reads it since Go 1.18 (cmd/internal/quoted), so that a path with a space works and no wrapper
script is needed: its path would be another in each run, CC is a key of the build cache, and every run would be cold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, nearest
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.toolchain.environment import SYSTEM_PATH

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler: the value for CC, the libc that its programs link to (None: neither), the triple of its target."""

    name: str
    cc: str
    libc: Libc | None
    triple: str


NAMES: Final = ("gcc", "musl-gcc", "zig-gnu", "zig-musl", "mingw", "gcc-amd64", "gcc-arm64")

# The programs that may be it, and how the triple of such a one begins: on its own machine gcc-arm64 is the usual gcc.
_PROGRAMS: Final = {
    "gcc": ("", "gcc"),
    "musl-gcc": ("", "musl-gcc"),
    "mingw": ("", "x86_64-w64-mingw32-gcc"),
    "gcc-amd64": ("x86_64-", "x86_64-linux-gnu-gcc", "gcc"),
    "gcc-arm64": ("aarch64-", "aarch64-linux-gnu-gcc", "gcc"),
}
_ZIG: Final = re.compile(r"zig-(?P<libc>gnu|musl)(?P<floor>\.\d+\.\d+)?")
_WHEEL: Final = "`pip install 'pytest-wslgo[embedded]'`"
_INSTALL: Final = {
    "gcc": "Debian, Ubuntu: `sudo apt-get install gcc libc6-dev`; Fedora: `sudo dnf install gcc glibc-devel`; "
    "Alpine: `sudo apk add gcc musl-dev`",
    "musl-gcc": "Debian, Ubuntu: `sudo apt-get install musl-tools`; Fedora: `sudo dnf install musl-gcc`; "
    "Alpine's own gcc targets musl: `sudo apk add gcc musl-dev`",
    "mingw": "Debian, Ubuntu: `sudo apt-get install gcc-mingw-w64-x86-64`; Fedora: `sudo dnf install mingw64-gcc`; "
    "Alpine: `sudo apk add mingw-w64-gcc`",
    "gcc-amd64": "On another machine than amd64, Debian, Ubuntu: `sudo apt-get install gcc-x86-64-linux-gnu "
    "libc6-dev-amd64-cross`; Fedora and Alpine have none that comes with a C library",
    "gcc-arm64": "On another machine than arm64, Debian, Ubuntu: `sudo apt-get install gcc-aarch64-linux-gnu "
    "libc6-dev-arm64-cross`; Fedora and Alpine have none that comes with a C library",
    "zig": f"{_WHEEL} (on the machine that runs pytest); Fedora: `sudo dnf install zig`; Alpine: `sudo apk add zig`; "
    "or https://ziglang.org/download/",
}

# zig's architecture and the ABI after gnu/musl, by GOARCH
_ZIG_TARGETS: Final = {
    "amd64": ("x86_64", ""),
    "386": ("x86", ""),
    "arm64": ("aarch64", ""),
    "arm": ("arm", "eabihf"),
    "riscv64": ("riscv64", ""),
    "ppc64le": ("powerpc64le", ""),
    "s390x": ("s390x", ""),
    "loong64": ("loongarch64", ""),
}

# Prints the first program for the wanted machine and its triple, and tells by its status whether the headers of a libc
# are there: Debian's gcc alone has none.
_ASK: Final = """
wanted=$1
shift
for program; do
    command -v "$program" >/dev/null || continue
    triple=$("$program" -dumpmachine) || exit 4
    case $triple in "$wanted"*) ;; *) continue ;; esac
    printf '%s\\n%s\\n' "$program" "$triple"
    printf '#include <stdlib.h>\\n' | "$program" -E - >/dev/null || exit 5
    exit 0
done
exit 3
"""


def find_compiler(name: str, target: Target, goarch: str) -> Compiler:
    """Return the compiler of that name on the target, for programs of ``goarch``.

    Names: gcc, musl-gcc, zig-gnu, zig-gnu.2.17 (the oldest glibc that its programs shall run on), zig-musl, mingw, and
    gcc-amd64 and gcc-arm64, whose programs are for that machine, whatever ``goarch``.
    zig is that of the target's PATH, or of the ziglang wheel where the target is the machine that runs pytest.
    Raises BadInput for another name, MissingTool (with the package to install) when it is absent or does not work.
    """
    if zig := _ZIG.fullmatch(name):
        return _zig(name, zig["libc"], zig["floor"] or "", target, goarch)
    if name not in _PROGRAMS:
        raise BadInput(f"{name!r} is no C compiler of ours{nearest(name, NAMES)}: expected one of {', '.join(NAMES)}.")
    machine, *programs = _PROGRAMS[name]
    argv = ["/bin/sh", "-c", _ASK, "sh", machine, *programs]
    answer = target.run(argv, env={"PATH": SYSTEM_PATH, "LC_ALL": "C"}, check=False)
    if answer.status != 0:
        first = programs[0]
        why = {3: f"has no {first}", 5: f"has {first}, but not the headers of a C library (stdlib.h)"}
        wrong = why.get(answer.status, f"has a {first} that does not work: {answer.err.strip()[-200:]}")
        raise MissingTool(f"Target {target.name} {wrong}. {_INSTALL[name]}{_or_wheel(name, target)}.")
    program, triple = answer.text.splitlines()[:2]
    return Compiler(name, program, _libc_of(name, triple), triple)


def _or_wheel(name: str, target: Target) -> str:
    zig = {"gcc": "zig-gnu", "musl-gcc": "zig-musl"}.get(name)
    return f"; or without root, as {zig}: {_WHEEL}" if zig and target.is_local else ""


def _libc_of(name: str, triple: str) -> Libc | None:
    # musl-gcc is gcc with other specs: -dumpmachine says gnu. Fedora's triple, x86_64-redhat-linux, names no libc.
    if name == "musl-gcc" or "musl" in triple:
        return Libc.MUSL
    return Libc.GLIBC if "linux" in triple else None


def _zig(name: str, libc: str, floor: str, target: Target, goarch: str) -> Compiler:
    if goarch not in _ZIG_TARGETS:
        raise BadInput(f"{name} has no target for GOARCH={goarch}: expected one of {', '.join(_ZIG_TARGETS)}.")
    arch, abi = _ZIG_TARGETS[goarch]
    triple = f"{arch}-linux-{libc}{abi}{floor}"
    cc = f"{_quoted(_zig_program(target))} cc -target {triple}"
    return Compiler(name, cc, _libc_of(name, triple), triple)


def _zig_program(target: Target) -> str:
    found = target.run(["/bin/sh", "-c", f'PATH="$PATH:{SYSTEM_PATH}:/snap/bin"; command -v zig'], check=False)
    if found.status == 0 and found.text.startswith("/"):
        return found.text.strip()
    wheel = _zig_of_wheel() if target.is_local else None
    if wheel is None:
        raise MissingTool(f"Target {target.name} has no zig. {_INSTALL['zig']}.")
    return wheel


def _zig_of_wheel() -> str | None:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        program = distribution("ziglang").locate_file("ziglang/zig")
    except PackageNotFoundError:
        return None
    return str(program)


def _quoted(path: str) -> str:
    """Quote a word as cmd/go's own splitting of CC reads it: quotes around the whole word, no escapes inside.

    >>> _quoted("/opt/my zig/zig")
    "'/opt/my zig/zig'"
    """
    if not re.search(r"[\s'\"]", path):
        return path
    quote = '"' if "'" in path else "'"
    return f"{quote}{path}{quote}"
