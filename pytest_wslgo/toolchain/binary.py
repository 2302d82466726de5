"""A file that a build made on a target: its facts, what lies beside it, and its runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.toolchain.environment import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_wslgo.model.buildinfo import GoBuildInfo
    from pytest_wslgo.model.elf import Elf
    from pytest_wslgo.model.executable import Executable
    from pytest_wslgo.target.result import CommandResult
    from pytest_wslgo.target.target import Target


@dataclass(frozen=True)
class Binary:
    """``path`` on ``target``; ``what`` says how it was built, ``environment`` is what it runs in.

    ``note`` is where the facts of the file are kept once they are read, for the evidence of a check.
    """

    target: Target
    path: str
    what: str
    environment: Mapping[str, str]
    note: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def data(self) -> bytes:
        """The whole file."""
        return self.target.read(self.path)

    @cached_property
    def elf(self) -> Elf:
        """What its ELF headers say; raises NotElf for another kind of file."""
        from pytest_wslgo.model.elf import read_elf

        elf = read_elf(self.data, self.path)
        self.note["elf"] = elf.explain()
        return elf

    @cached_property
    def executable(self) -> Executable:
        """What it is, whatever its format; raises NotExecutable, and MissingTool for PE and Mach-O without lief."""
        from pytest_wslgo.model.executable import read_executable

        return read_executable(self.data, self.path)

    @cached_property
    def build_info(self) -> GoBuildInfo | None:
        """What Go recorded in it (``go version -m``); None when it has no record."""
        from pytest_wslgo.model.buildinfo import read_build_info

        return read_build_info(self.data)

    @property
    def folder(self) -> str:
        """The directory that it lies in, where the build alone wrote."""
        return self.path.rpartition("/")[0]

    @property
    def header(self) -> str:
        """The C header that stands beside ``libX.a`` or ``libX.so`` as ``libX.h``; "" when there is none."""
        shown = self.target.run(["cat", f"{self.path.rpartition('.')[0]}.h"], env=self.environment, check=False)
        return shown.text

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        cwd: str | None = None,
        env: Mapping[str, str | None] | None = None,
        deadline: float = 30.0,
        check: bool = True,
        through: Sequence[str] = (),
    ) -> CommandResult:
        """Run it in an environment of ours, without Go's variables; ``env`` changes that one, None removes a variable.

        ``through`` are words before it, such as those of ``Workbench.inside``.
        Raises CommandFailed (``check`` and a status other than 0), DeadlineExceeded (seconds), TargetLost.
        """
        environment = changed(self.environment, env or {})
        argv = [*through, self.path, *arguments]
        return self.target.run(argv, stdin=stdin, cwd=cwd, env=environment, deadline=deadline, check=check)

    def on(self, target: Target) -> Binary:
        """Copy it to another target, to be run there."""
        name = self.path.rpartition("/")[2]
        path = f"{target.workdir}/binaries/{uuid.uuid4().hex}/{name}"
        target.write(path, self.data, mode=0o755)
        environment = {**self.environment, "HOME": target.workdir, "TMPDIR": target.workdir}
        return replace(self, target=target, path=path, environment=environment)

    def altered(self, old: bytes, new: bytes) -> Binary:
        """Write a copy on the target in which ``new``, as long, stands wherever ``old`` does, to be refused for it."""
        if len(old) != len(new):
            raise WslgoError(f"{self.what}: {new!r} is not as long as {old!r}, and would shift what stands behind it.")
        folder, _, name = self.path.rpartition("/")
        path = f"{folder}/{uuid.uuid4().hex}/{name}"
        self.target.write(path, self.data.replace(old, new), mode=0o755)
        return replace(self, path=path, what=f"{self.what}, altered")

    def describe(self) -> str:
        """Say in one sentence how it was built and what it is."""
        try:
            facts = self.elf if self.data.startswith(b"\x7fELF") else self.executable
            return f"{self.what}: {facts.explain()}"
        except WslgoError as other:
            return f"{self.what}: {other}"
