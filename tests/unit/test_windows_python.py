"""Python on Windows: every module can be imported there, and what only POSIX has is never touched.

A process hides the modules and functions that Python has on POSIX alone, which is as near to Windows as Linux comes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_wslgo.errors import BadInput, MissingTool
from pytest_wslgo.target import kernel, wslexe
from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.transport import Local
from pytest_wslgo.target.workdir import Lease
from pytest_wslgo.target.wslexe import find_wsl_exe

CHECKOUT = Path(__file__).resolve().parents[2]

HIDE = """\
import ctypes, importlib, os, pkgutil, select, signal, sys
import pytest, subprocess, tempfile, testinfra.host, msgspec, filelock  # they have their own ways around
HIDDEN = {"fcntl", "pwd", "grp", "resource", "termios", "pty", "tty", "syslog", "posix"}
class Windows:
    def find_spec(self, name, path=None, target=None):
        if name in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
for name in HIDDEN:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Windows())
GONE = "getuid geteuid getgid getegid setuid setgid getgroups fork uname statvfs chown mknod getpgid killpg setsid"
for name in [*GONE.split(), *(one for one in dir(os) if one.startswith("ST_"))]:
    delattr(os, name)
for name in [one for one in dir(signal) if one.startswith("SIG") and one not in
             ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN")]:
    delattr(signal, name)
del select.poll
ctypes.CDLL = None
import pytest_wslgo
names = [one.name for one in pkgutil.walk_packages(pytest_wslgo.__path__, "pytest_wslgo.")]
for name in names:
    importlib.import_module(name)
for name in [*(f"suites.{one.name}" for one in pkgutil.iter_modules(["suites"])), *sys.argv[1:]]:
    importlib.import_module(name)
print(len(names))
"""


def run_hidden(*modules: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", HIDE, *modules]
    return subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60)


def test_every_module_can_be_imported_without_what_only_posix_has() -> None:
    done = run_hidden()

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == sum(1 for _ in (CHECKOUT / "pytest_wslgo").rglob("*.py")) - 1


@pytest.mark.parametrize("module", ["fcntl", "termios", "pty"])
def test_a_module_that_needs_posix_would_be_noticed(module: str) -> None:
    assert f"No module named '{module}'" in run_hidden(module).stderr


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "ON_WINDOWS", True)
    monkeypatch.delattr("os.geteuid")


@pytest.mark.usefixtures("on_windows")
def test_windows_is_nobodys_root_and_has_no_boot_id() -> None:
    lease = Lease.ours()

    assert not kernel.is_root()
    assert (lease.boot, lease.space) == ("none", "none")
    assert Lease.parse(str(lease)) == lease
    assert not lease.is_dead()


@pytest.mark.usefixtures("on_windows")
def test_windows_itself_is_no_target() -> None:
    with pytest.raises(BadInput, match=r"'local://' is this machine, which is Windows.*name a WSL distribution, such"):
        open_target("local://")


@pytest.mark.usefixtures("on_windows")
def test_windows_has_no_terminal_for_a_console() -> None:
    target = Target("deb", "wsl://Debian", Local, "")

    with pytest.raises(MissingTool, match="target deb: Windows has no terminal for a console: run pytest inside WSL"):
        target.console(["sh"])


@pytest.mark.usefixtures("on_windows")
def test_a_deadline_on_windows_needs_no_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_wslgo.target.process.REAP", "exit 1 # not here")
    told: list[bytes] = []

    outcome = run_process(["sleep", "100"], deadline=0.3, before_kill=told.append)

    assert outcome.overran
    assert outcome.status == 137
    assert told == [b""]


@pytest.mark.usefixtures("on_windows")
def test_wsl_exe_is_looked_for_where_windows_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    with pytest.raises(
        MissingTool, match=r"looked on PATH, .*/System32/wsl\.exe, .*/Sysnative/wsl\.exe\)\. Install WSL"
    ):
        find_wsl_exe("wsl://Debian")
    place = tmp_path / "System32" / wslexe.NAME
    place.parent.mkdir()
    place.touch()
    assert find_wsl_exe("wsl://Debian") == str(place)
