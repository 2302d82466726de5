"""The programs of the user's own module, built by the toolchain under test, or the one binary that he names.

The module is built where it lies, as it is: nothing is written there (-mod is readonly or vendor by itself, the module
cache is ours), and what the user's own module cache holds is read through a file: proxy, so that nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pytest_wslgo.errors import DeclaredAbsent, NoNetwork
from pytest_wslgo.model.compatibility_subject import SubjectProgram
from pytest_wslgo.model.elf import Elf, read_elf
from pytest_wslgo.toolchain.attempt import Attempt, BuildFailed
from pytest_wslgo.toolchain.environment import SYSTEM_PATH
from pytest_wslgo.toolchain.request import command_text
from pytest_wslgo.toolchain.workbench import BUILD_DEADLINE

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Shell
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench

_CGO: Final = ("CGO_ENABLED", "CC", "CXX", "PKG_CONFIG")
_CGO_VARIABLES: Final = ("CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS", "PKG_CONFIG_PATH")
_NOT_CACHED: Final = "module lookup disabled by GOPROXY=off"


def read_program(target: Target, path: str) -> SubjectProgram:
    """Read a binary of the user; raises NotElf or MalformedElf, in one sentence, for what is none."""
    elf = read_elf(target.read(path), path)
    return SubjectProgram(path, elf, _beside(target, elf, path))


def build_programs(go: Workbench, folder: str, user: Shell) -> tuple[SubjectProgram, ...]:
    """Build every main package of the module in ``folder`` and return the programs; ``user`` decides about cgo.

    Raises DeclaredAbsent (no main package), NoNetwork (a module is not in the user's cache), BuildFailed.
    """
    environment = _environment(go, folder, user)
    listed = _run(go, folder, environment, "list", "-find", "-f", "{{.Name}} {{.ImportPath}}", "./...")
    packages = [line.removeprefix("main ") for line in listed.text.splitlines() if line.startswith("main ")]
    if not packages:
        raise DeclaredAbsent(f"{folder} has no main package: there is nothing that could be started")
    return tuple(_build(go, folder, environment, package, number) for number, package in enumerate(packages))


def _build(go: Workbench, folder: str, environment: dict[str, str], package: str, number: int) -> SubjectProgram:
    path = f"{_room(go, folder)}/{number}/{package.rpartition('/')[2]}"
    _run(go, folder, environment, "build", "-buildvcs=false", "-o", path, package)
    return SubjectProgram(package, read_elf(go.target.read(path), package))


def _run(go: Workbench, folder: str, environment: dict[str, str], *words: str) -> CommandResult:
    result = go.go(*words, env=environment, cwd=folder, deadline=BUILD_DEADLINE, check=False)
    if _NOT_CACHED in result.err:
        absent = re.search(r"downloading (\S+ v\S+)|(\S+@v[^\s:]+)", result.err)
        which = next(filter(None, absent.groups())) if absent else "a module"
        raise NoNetwork(f"{folder} does not build here: {which} is not in your module cache; `go mod download` there")
    if result.status != 0:
        command = command_text((go.toolchain.go, *words), {**go.environment, **environment}, folder)
        raise BuildFailed(Attempt(folder, command, result.status, result.text, result.err, result.seconds))
    return result


def _room(go: Workbench, folder: str) -> str:
    return f"{go.places.run}/subject/{hashlib.sha256(folder.encode()).hexdigest()[:12]}"


def _environment(go: Workbench, folder: str, user: Shell) -> dict[str, str]:
    values = dict(user.go_values)
    cache = values.get("GOMODCACHE") or f"{user.get('HOME') or '/root'}/go/pkg/mod"
    return {
        "PATH": f"{go.environment['PATH']}:{user.get('PATH') or SYSTEM_PATH}",
        "GOMODCACHE": f"{_room(go, folder)}/modules",
        "GOPROXY": f"file://{quote(cache)}/cache/download,off",
        "GOSUMDB": "off",
        "GOFLAGS": "-modcacherw",
        **{name: values[name] for name in _CGO if values.get(name)},
        **{name: value for name in _CGO_VARIABLES if (value := user.get(name))},
    }


def _beside(target: Target, elf: Elf, path: str) -> tuple[str, ...]:
    """Return the names in the folders of its run path, of which ``$ORIGIN`` is its own."""
    own = path.rpartition("/")[0] or "/"
    folders = [folder.replace("${ORIGIN}", "$ORIGIN") for folder in (elf.runpath or "").split(":") if folder]
    names: list[str] = []
    for folder in folders:
        listed = target.run(["ls", "-A", "--", folder.replace("$ORIGIN", own)], check=False)
        names += listed.text.splitlines() if listed.status == 0 else []
    return tuple(dict.fromkeys(names))
