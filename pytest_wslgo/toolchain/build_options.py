"""The words in which a check says how to build."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.toolchain.compilers import Compiler


class BuildOptions(TypedDict, total=False):
    """How to build; what is left out is Go's own choice.

    ``cgo`` sets CGO_ENABLED, ``cc`` is a compiler or the name of one (it asks for cgo), ``flags`` are further flags of
    ``go build``, ``env`` changes the hermetic environment (None removes a variable), ``vcs`` asks for version control
    stamps, ``package`` is relative to the module, ``deadline`` is in seconds.
    """

    package: str
    cgo: bool | None
    cc: Compiler | str | None
    tags: tuple[str, ...]
    buildmode: str | None
    ldflags: str | None
    flags: tuple[str, ...]
    env: Mapping[str, str | None]
    vcs: bool
    deadline: float
