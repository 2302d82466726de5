"""Where a value comes from, told by real shells that start in a home of ours."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Protocol

import pytest

from pytest_wslgo.model.setup.origin import origin_of, origin_of_path_entry
from tests.integration.lab.processes import alive_with, wait_until
from tests.integration.test_snapshot_targets import SYSTEM, run_script

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.snapshot import Snapshot

FIRST_FILES = {"bash": ".bash_profile", "zsh": ".zprofile", "dash": ".profile", "ash": ".profile"}
TELLS_LINES = ("bash", "zsh", "ash")


class Started(Protocol):
    """Take a snapshot where the user's shell is this one; the other words are environment variables."""

    def __call__(self, shell: str, /, **environ: str) -> Snapshot: ...


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a blank in its name, of a user whose start-up files a test writes."""
    folder = tmp_path / "the home"
    folder.mkdir()
    return folder


@pytest.fixture
def started(home: Path, tmp_path: Path) -> Started:
    """Snapshots of a user with the shell of choice, in a mount namespace where passwd and /etc/environment are ours."""
    if os.geteuid() != 0:
        pytest.skip("run as root to give the user another shell")

    def start(shell: str, /, **environ: str) -> Snapshot:
        found = shutil.which("busybox" if shell == "ash" else shell) or pytest.skip(f"install {shell} to start it")
        path = tmp_path / shell
        path.symlink_to(found)
        (tmp_path / "passwd").write_text(f"root:x:0:0:root:/root:{path}\n")
        (tmp_path / "environment").write_text("# of PAM\nGOSUMDB=off\nGOPRIVATE=other\n")
        mounts = ("passwd", "/etc/passwd", "environment", "/etc/environment")
        enter = 'mount --bind "$1" "$2" && mount --bind "$3" "$4" && shift 4 && exec "$@"'
        sources = [str(tmp_path / name) if index % 2 == 0 else name for index, name in enumerate(mounts)]
        return run_script(
            {"HOME": str(home), "PATH": SYSTEM, **environ}, tracer=("unshare", "-m", "sh", "-c", enter, "sh", *sources)
        )

    return start


@pytest.mark.parametrize("shell", FIRST_FILES)
def test_a_login_shell_tells_file_and_line(home: Path, started: Started, shell: str) -> None:
    first = home / FIRST_FILES[shell]
    first.write_text(
        'GOBIN=$HOME/bin\nexport GOBIN\n\nexport GOROOT=/opt/go GOFLAGS="-mod=mod -v"\n. "$HOME/more go.sh"\n'
    )
    (home / "more go.sh").write_text(
        '# more\nexport PATH="$HOME/go/bin:$PATH"\nexport GOPROXY=https://a:s3cret@b.example\n'
    )

    snapshot = started(shell)

    probably = "" if shell in TELLS_LINES else "probably "
    told = {name: origin_of(snapshot, name).where for name in ("GOBIN", "GOROOT", "GOFLAGS", "GOPROXY")}
    assert told == {
        "GOBIN": f"{probably}exported in {first} line 1",
        "GOROOT": f"{probably}exported in {first} line 4",
        "GOFLAGS": f"{probably}exported in {first} line 4",
        "GOPROXY": f"{probably}exported in {home}/more go.sh line 3",
    }
    entry = origin_of_path_entry(snapshot, f"{home}/go/bin")
    assert entry.where == f"{probably}exported in {home}/more go.sh line 2"
    assert "s3cret" not in repr(snapshot)


def test_what_was_set_before_the_shell_names_its_file(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text("true\n")
    snapshot = started("bash", GOSUMDB="off", GOPRIVATE="mine", GOROOT="/opt/go")
    assert origin_of(snapshot, "GOSUMDB").where == "inherited: set before the shell started (/etc/environment line 2)"
    assert origin_of(snapshot, "GOPRIVATE").where == "the environment of the session"
    assert origin_of(snapshot, "GOROOT", "plain").where == "the environment of the session"


def test_a_session_that_a_shell_of_the_user_started_says_so(home: Path, started: Started) -> None:
    (home / ".bashrc").write_text("export GOROOT=/opt/go\n")
    snapshot = started("bash", GOROOT="/opt/go")
    told = f"inherited: set before the shell started (probably by {home}/.bashrc line 1)"
    assert origin_of(snapshot, "GOROOT", "plain").where == told
    assert origin_of(snapshot, "GOROOT", "login").where == told
    assert origin_of(snapshot, "GOROOT", "interactive").where == f"exported in {home}/.bashrc line 1"


def test_a_line_that_calls_a_function_is_named_and_not_the_function(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text(
        "prepend() {\n  PATH=$1:$PATH\n}\nfirst() {\n  prepend $1\n}\nprepend /one\nfirst /two\nprepend /one\n"
    )
    snapshot = started("bash")
    file = home / ".bash_profile"
    assert origin_of_path_entry(snapshot, "/two").where == f"exported in {file} line 8"
    assert origin_of_path_entry(snapshot, "/one").where == f"exported in {file} line 7 and exported in {file} line 9"


def test_what_does_not_run_or_last_is_not_named(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text(
        "export GOROOT=/old\nif false; then export GOROOT=/new; fi\nX=$(export GOROOT=/new; echo)\n"
        "GOROOT=/new true\nexport GOROOT=/new\n# export GOROOT=/new\n"
    )
    assert origin_of(started("bash"), "GOROOT").where == f"exported in {home}/.bash_profile line 5"


ODD = {
    "it redirects stderr": "exec 2>/dev/null",
    "it prints to stderr": "echo noise >&2; printf 'no newline' >&2",
    "it traces itself": "set -x",
    "it leaves a process": "sleep 86394 &",
    "it waits for input": "read answer; cat",
    "it is strict": "set -eu",
    "it changes IFS": "IFS=/",
    "its values have newlines": "export GOVCS='a\nb'",
}  # fmt: skip


@pytest.mark.parametrize("shell", FIRST_FILES)
@pytest.mark.parametrize("odd", ODD)
def test_odd_start_up_files_are_traced_too(home: Path, started: Started, shell: str, odd: str) -> None:
    first = home / FIRST_FILES[shell]
    first.write_text(f"{ODD[odd]}\nexport GOROOT=/opt/go\n")
    snapshot = started(shell)
    assert origin_of(snapshot, "GOROOT").where.endswith(f"exported in {first} line {2 + ODD[odd].count(chr(10))}")
    assert snapshot.login.get("PS4") is None
    assert snapshot.login.get("BASH_XTRACEFD") is None
    wait_until(lambda: not alive_with("86394"), what="nothing that a start-up file left is alive")


@pytest.mark.parametrize("stops", ["set +x", "unset PS4", "PS4='+ '", "BASH_XTRACEFD=; unset BASH_XTRACEFD; set +x"])
def test_a_file_that_stops_the_trace_is_read(home: Path, started: Started, stops: str) -> None:
    (home / ".bash_profile").write_text(f"export GOROOT=/old\n{stops}\nexport GOROOT=/opt/go PATH=$HOME/go/bin:$PATH\n")
    snapshot = started("bash")
    told = f"probably exported in {home}/.bash_profile line 3"
    assert origin_of(snapshot, "GOROOT").where == told
    assert origin_of_path_entry(snapshot, f"{home}/go/bin").where == told


def test_a_shell_that_hands_over_to_another_has_no_origin(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text("export GOROOT=/opt/go\nexec true\n")
    snapshot = started("bash")
    assert not snapshot.login.started
    assert origin_of(snapshot, "GOROOT").value is None


def test_start_up_files_that_hang_cost_no_more_than_their_limit(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text("export GOROOT=/opt/go\nsleep 86393\n")
    begin = time.monotonic()
    snapshot = started("bash")
    assert time.monotonic() - begin < 12
    assert not snapshot.login.started
    wait_until(lambda: not alive_with("86393"), what="the sleep of .bash_profile is gone")


def test_an_agent_that_start_up_files_leave_behind_is_ended(home: Path, started: Started) -> None:
    (home / ".bash_profile").write_text("setsid sleep 86392 >/dev/null 2>&1 </dev/null &\n")
    assert started("bash").login.started
    wait_until(lambda: not alive_with("86392"), what="the agent is gone")
