"""Go's own answer: scripts of its test of the go command, run offline against the toolchain (cmd/go, TestScript).

The test binary is built by the toolchain from the sources in its own tree, poses as the go command, and gives each
script a directory, a proxy and a server of version control of its own; nothing is written into the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, WslgoError
from pytest_wslgo.model.go_scripts import Scripts, read_scripts
from pytest_wslgo.model.tables import read_toml
from pytest_wslgo.resources import UPSTREAM
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.workbench import Workbench

# On two idle cores: a minute to build the binary from nothing, ten seconds for the scripts.
BUILDING: Final = 900.0
RUNNING: Final = 600.0


def topics() -> dict[str, tuple[str, ...]]:
    """Return the scripts of each topic (suites/upstream.toml)."""
    tables = read_toml(UPSTREAM, what="list of Go's own scripts")
    return {topic: tuple(table["scripts"]) for topic, table in tables.items()}


def run_scripts(bench: Workbench) -> bytes:
    """Build the test binary, run the scripts of all topics, and return what it printed.

    Raises MissingTool where this Go has no scripts, WslgoError where the binary cannot be built or does not start.
    """
    goroot, name = bench.toolchain.goroot, bench.target.name
    folder = f"{goroot}/src/cmd/go"
    if bench.target.run(["test", "-d", f"{folder}/testdata/script"], check=False).status != 0:
        raise MissingTool(
            f"{goroot} on target {name} has no src/cmd/go/testdata/script, as packages of some distributions: install"
            " the package of Go's sources, or an SDK of https://go.dev/dl/."
        )
    binary = f"{bench.places.run}/cmd-go.test"
    built = bench.go("test", "-c", "-o", binary, "cmd/go", cwd=folder, deadline=BUILDING, check=False)
    if built.status != 0:
        raise WslgoError(f"{goroot} does not build the test of its own go command: {last_lines(built.stderr)}")
    wanted = "|".join(script for scripts in topics().values() for script in scripts)
    argv = [binary, f"-test.run=^TestScript$/^({wanted})$", "-test.v", "-test.short"]
    ran = bench.target.run(argv, cwd=folder, env=bench.environment, deadline=RUNNING, check=False)
    if "--- " not in ran.text:
        raise WslgoError(
            f"the test of the go command of {goroot} ran no script: {last_lines(ran.stderr or ran.stdout)}"
        )
    return ran.text.encode()


def scripts_of(topic: str, log: bytes, goroot: str) -> Scripts:
    """Return what became of a topic's scripts; raise MissingTool where every one of them skipped itself."""
    told = read_scripts(log.decode("utf-8", "replace")).of(topics()[topic])
    if not told.passed and not told.failed:
        raise MissingTool(f"of Go's own scripts on {topic}, {goroot} ran none: {told}")
    return told
