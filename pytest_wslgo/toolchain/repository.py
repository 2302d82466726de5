"""A git repository of a check's own, with a program that go stamps with its state (``go help build``, -buildvcs)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, NoPrivilege, WslgoError
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.toolchain.workbench import Workbench

# A user id that nobody has.
_STRANGER: Final = "48123"
# /etc/gitconfig may trust every directory, as those of many containers do.
_ENV: Final = {"GIT_CONFIG_NOSYSTEM": "1"}
_TRUST: Final = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
_MAKE: Final = """
command -v git >/dev/null || exit 127
mkdir -p "${2%/*}" && cp -R "$1" "$2" && cd "$2" && git init -q && git add . &&
    git -c user.name=nobody -c user.email=nobody@example.org commit -q -m First
"""


@dataclass(frozen=True, slots=True)
class Repository:
    """``path`` on the workbench's target."""

    bench: Workbench
    path: str

    def build(self, *flags: str, trusted: bool = False) -> CommandResult:
        """Build its program; ``trusted`` puts every directory into git's safe.directory."""
        argv = ("build", "-buildvcs=true", *flags, "-o", f"{self.path}.out", "./...")
        return self.bench.go(*argv, cwd=self.path, env=_ENV | (_TRUST if trusted else {}), check=False)

    def given_away(self) -> Repository:
        """Give it to another user; raises NoPrivilege where that needs more rights than ours."""
        given = self.bench.target.run(["chown", "-R", _STRANGER, self.path], check=False)
        if given.status != 0:
            name = self.bench.target.name
            raise NoPrivilege(f"target {name}: only root can give a repository to another user: run as root.")
        return self


def make_repository(bench: Workbench, program: str) -> Repository:
    """Make a repository of a module's files, committed. Raises MissingTool (no git)."""
    path = f"{bench.places.run}/private/{uuid.uuid4().hex}/{program}"
    argv = ["/bin/sh", "-c", _MAKE, "sh", bench.place(program), path]
    made = bench.target.run(argv, env={**bench.environment, **_ENV}, check=False)
    if made.status == 127:
        raise MissingTool(f"target {bench.target.name} has no git: install the package git.")
    if made.status != 0:
        raise WslgoError(f"target {bench.target.name}: no repository could be made: {last_lines(made.stderr)}")
    return Repository(bench, path)
