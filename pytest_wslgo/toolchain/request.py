"""What shall be built, as a value: the same request is the same build."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.toolchain.compilers import Compiler
    from pytest_wslgo.toolchain.modules import Module
    from pytest_wslgo.toolchain.sdk import Toolchain

_NAMES: Final = {"c-archive": "lib{}.a", "c-shared": "lib{}.so", "plugin": "{}.so"}


class BuildFlags(TypedDict, total=False):
    """How to build; what is left out is Go's own choice.

    ``cgo`` sets CGO_ENABLED, ``flags`` are further flags of ``go build``, ``package`` is relative to the module, and
    ``vcs`` asks for version control stamps, which a build has not otherwise. ``output`` is the name of the file to
    make, where it shall not be the usual one of its kind.
    """

    package: str
    cgo: bool | None
    tags: tuple[str, ...]
    buildmode: str | None
    ldflags: str | None
    flags: tuple[str, ...]
    vcs: bool
    output: str | None


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One ``go build``: the BuildFlags, and ``env``, changes to the hermetic environment (None removes a variable)."""

    module: Module
    compiler: Compiler | None = None
    env: tuple[tuple[str, str | None], ...] = ()
    package: str = "."
    cgo: bool | None = None
    tags: tuple[str, ...] = ()
    buildmode: str | None = None
    ldflags: str | None = None
    flags: tuple[str, ...] = ()
    vcs: bool = False
    output: str | None = None

    @property
    def variables(self) -> dict[str, str | None]:
        """The changes to the hermetic environment; naming a compiler asks for cgo."""
        cgo = True if self.cgo is None and self.compiler else self.cgo
        chosen: dict[str, str | None] = {}
        if cgo is not None:
            chosen["CGO_ENABLED"] = "1" if cgo else "0"
        if self.compiler:
            chosen["CC"] = self.compiler.cc
        return {**chosen, **dict(self.env)}

    @property
    def arguments(self) -> tuple[str, ...]:
        """The flags of ``go build``, without -o and the package."""
        vcs = f"-buildvcs={str(self.vcs).lower()}"
        tags = (f"-tags={','.join(self.tags)}",) if self.tags else ()
        mode = (f"-buildmode={self.buildmode}",) if self.buildmode else ()
        ldflags = (f"-ldflags={self.ldflags}",) if self.ldflags is not None else ()
        return (vcs, *tags, *mode, *ldflags, *self.flags)

    @property
    def file_name(self) -> str:
        """The name of the file to make: the one asked for, else the usual one of its kind."""
        if self.output:
            return self.output
        suffix = {"windows": ".exe", "js": ".wasm", "wasip1": ".wasm"}.get(self.variables.get("GOOS") or "", "")
        pattern = _NAMES.get(self.buildmode or "")
        return pattern.format(self.module.name) if pattern else f"{self.module.name}{suffix}"

    def key(self, toolchain: Toolchain) -> str:
        """Return the text that is the same for the same build by the same toolchain; the module's name is first."""
        content = [self.module.digest, self.package, self.output, self.arguments, sorted(self.variables.items())]
        return f"{self.module.name} {json.dumps([*content, toolchain.goroot, str(toolchain.version)])}"

    def describe(self, toolchain: Toolchain) -> str:
        """Say what is built in a few words: ``net, built by go1.26.4 with CGO_ENABLED=1 CC=gcc``."""
        name = self.module.name if self.package == "." else f"{self.module.name} {self.package}"
        named = {**self.variables, "CC": self.compiler.name} if self.compiler else self.variables
        variables = [f"{key}={shlex.quote(value)}" for key, value in named.items() if value is not None]
        removed = [f"no {key}" for key, value in self.variables.items() if value is None]
        flags = [shlex.quote(argument) for argument in self.arguments if argument != "-buildvcs=false"]
        flags += ["-o", shlex.quote(self.output)] if self.output else []
        chosen = " ".join(variables + removed + flags)
        return f"{name}, built by {toolchain.version}" + (f" with {chosen}" if chosen else "")


def command_text(argv: tuple[str, ...], environment: Mapping[str, str], directory: str) -> str:
    """Write the command as a line that a shell on the target runs, also when the run's directory is gone.

    >>> command_text(("go", "build"), {"CC": "zig cc", "GOTMPDIR": "/tmp/run"}, "/src/net")
    "mkdir -p /tmp/run && cd /src/net && env -i CC='zig cc' GOTMPDIR=/tmp/run go build"
    """
    variables = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
    temporary = shlex.quote(environment["GOTMPDIR"])
    return f"mkdir -p {temporary} && cd {shlex.quote(directory)} && env -i {variables} {shlex.join(argv)}"
