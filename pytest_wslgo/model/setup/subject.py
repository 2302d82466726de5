"""The user's own Go module, named with ``--wslgo-subject``: does git answer for the repository that it lies in?

Every ``go build`` of a main package asks git for the commit, and stops when git refuses (cmd/go/internal/load,
setBuildInfo).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import DeadlineExceeded, DeclaredAbsent, MissingTool
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Repository:
    """What git says of the module's repository; ``problem`` is None where it answers."""

    module: str
    top: str
    problem: str | None

    @property
    def told(self) -> str:
        """State the module, its repository, and why git refuses."""
        if self.problem:
            return f"git refuses to answer in {self.module}: {self.problem}"
        return f"{self.module} lies in the git repository {self.top}"


def subject_of(snapshot: Snapshot) -> str:
    """Return the directory of the user's module.

    Raises DeclaredAbsent when the caller named none, or the snapshot is of a machine that does not have it.
    """
    if snapshot.subject is None:
        raise DeclaredAbsent(
            "no Go module of yours was read here; name one with --wslgo-subject DIR (on the local machine)"
        )
    return snapshot.subject


def git_of(snapshot: Snapshot) -> str:
    """Return the path of git; raises MissingTool where the login shell finds none."""
    found = snapshot.tool("git")
    if found is None:
        raise MissingTool(
            "git is not on the login shell's PATH: builds carry no commit, and modules come from proxies alone"
        )
    return found


def repository_of(snapshot: Snapshot) -> Repository:
    """Return what git says of the module's repository.

    Raises MissingTool without git, DeclaredAbsent without a module or when it lies in no repository, DeadlineExceeded
    when git never answered.
    """
    git, module = git_of(snapshot), subject_of(snapshot)
    answer = snapshot.answer("subject-git")
    if answer is None or answer.hung:
        raise DeadlineExceeded(f"{git} did not say within 5 s which repository {module} lies in")
    if "not a git repository (or any" in answer.err:
        raise DeclaredAbsent(f"{module} lies in no git repository: nothing whose owner git could doubt")
    problem = None if answer.ok else short(answer.err.split("\n")[0].removeprefix("fatal: "), 200)
    return Repository(module, answer.out.strip("\n"), problem)
