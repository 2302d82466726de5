"""The snapshot of real machines of every kind, and what users' start-up files and toolchains can do to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.snapshot import dump, load
from pytest_wslgo.target.collector import SCRIPT, collect
from pytest_wslgo.target.spec import open_target
from tests.integration.lab.processes import alive_with, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.target.target import Target

NONCE = "wslgo-test"
SHELLS = {"dash": ["dash"], "bash": ["bash"], "bash-posix": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
SHARED = Path(os.environ.get("WSLGO_SHARED") or Path(__file__).parents[3] / "shared")
ALPINE = SHARED / "data/alpine-minirootfs-3.20.3-x86_64.tar.gz"
SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run_script(env: Mapping[str, str], *, shell: list[str] = SHELLS["dash"], tracer: tuple[str, ...] = ()) -> Snapshot:
    """Run the script as another process would, with exactly this environment."""
    if shutil.which(shell[0]) is None:
        pytest.skip(f"install {shell[0]} to run the script in it")
    run = ["-c", 'export WSLGO_SCRIPT="$0"; eval "$0"', SCRIPT.decode(), "collect", NONCE, "/bin/sh", "4"]
    done = subprocess.run(
        [*tracer, *shell, *run], env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=90, check=True
    )
    return parse_collected(done.stdout, NONCE)


@pytest.fixture(scope="session")
def go() -> str:
    """The folder of a real go command."""
    for place in ("/usr/local/go/bin", "/usr/lib/go/bin"):
        if Path(place, "go").exists():
            return place
    return str(Path(shutil.which("go") or pytest.skip("install Go to see what it says")).resolve().parent)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home of a user whose passwd entry has another; HOME decides."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def bash_user(tmp_path: Path) -> tuple[str, ...]:
    """A wrapper in whose mount namespace the user's shell is bash."""
    if os.geteuid() != 0 or not Path("/bin/bash").exists():
        pytest.skip("run as root, with bash, to give the user another shell")
    passwd = tmp_path / "passwd"
    passwd.write_text("root:x:0:0:root:/root:/bin/bash\n")
    return ("unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/passwd && exec "$@"', str(passwd))


def environ(home: Path, go: str, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": f"{go}:{SYSTEM}", **more}


def test_every_kind_of_machine_gives_a_whole_snapshot(machine: Target) -> None:
    snapshot = collect(machine)

    assert load(dump(snapshot), "facts.json") == snapshot
    assert [shell.started for shell in snapshot.shells] == [True] * 4
    assert [shell.status for shell in snapshot.shells] == [0] * 4
    assert snapshot.platform.kernel == machine.run(["uname", "-r"]).text.strip()
    assert snapshot.platform.arch in ("amd64", "arm64")
    assert snapshot.user.uid == int(machine.run(["id", "-u"]).text)
    assert snapshot.plain.path == tuple(
        machine.run(["/bin/sh", "-c", 'echo "$PATH"'], session=True).text.strip().split(":")
    )
    home = snapshot.plain.get("HOME")
    assert home is None or snapshot.folder(home) is not None


def test_a_container_is_told_and_says_why(podman: object, box: str) -> None:
    with open_target(f"podman://{box}") as target:
        snapshot = collect(target)
    assert snapshot.platform.kind is PlatformKind.CONTAINER
    assert "There is /run/.containerenv, which podman makes." in snapshot.platform.evidence
    limit = snapshot.plain.limit("Max open files")
    assert limit is not None
    assert limit.soft == 1024


def test_what_start_up_files_print_is_told_apart(sshd: object, request: pytest.FixtureRequest) -> None:
    with open_target(request.getfixturevalue("sshd").spec(), name="noisy") as target:
        snapshot = collect(target)
    assert snapshot.interactive.noise.splitlines() == ["welcome, wslgo-", "a warning"]
    assert snapshot.interactive.get("FROM_BASHRC") == "yes"
    assert snapshot.bare.get("FROM_BASHRC") is None


def test_a_root_with_busybox_alone_has_no_libc_and_no_distribution(busybox_root: Path) -> None:
    with open_target(f"chroot://{busybox_root}") as target:
        platform = collect(target).platform
    assert (platform.distro, platform.release, platform.libc) == (None, None, None)
    assert "/bin/sh is static, and no loader of a C library is there." in platform.evidence


def test_alpine_is_musl(tmp_path: Path) -> None:
    if not ALPINE.exists():
        pytest.skip(f"no {ALPINE.name}: set WSLGO_SHARED to the folder that has it in data/")
    if os.geteuid() != 0:
        pytest.skip("run as root to enter a root file system")
    with tarfile.open(ALPINE) as archive:
        archive.extractall(tmp_path / "root", filter="fully_trusted")
    with open_target(f"chroot://{tmp_path / 'root'}") as target:
        platform = collect(target).platform
    assert (platform.distro, platform.release, platform.libc) == ("alpine", "3.20.3", "musl 1.2.5")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_says_the_same_in_every_shell(home: Path, go: str, shell: str) -> None:
    env = environ(home, go)
    one, other = run_script(env), run_script(env, shell=SHELLS[shell])
    for name in ("platform", "user", "gos", "goroots", "tools", "path_folders", "stats", "links"):
        assert getattr(one, name) == getattr(other, name), name
    assert [(seen.word, seen.go_version, seen.go_values) for seen in one.shells] == [
        (seen.word, seen.go_version, seen.go_values) for seen in other.shells
    ]


CASES: dict[str, dict[str, str]] = {
    "as it is": {},
    "another toolchain": {"GOTOOLCHAIN": "go1.25.1"},
    "another toolchain or a newer": {"GOTOOLCHAIN": "go1.25.1+auto"},
    "a cache of its own": {"XDG_CACHE_HOME": "{home}/c", "XDG_CONFIG_HOME": "{home}/x"},
    "a workspace": {"GOWORK": "{home}/go.work"},
}  # fmt: skip


class TestReadOnly:
    """What the script, and the go commands that it runs, leave behind: nothing."""

    @pytest.mark.parametrize("case", CASES)
    def test_no_file_of_the_user_is_made_or_changed(self, home: Path, go: str, case: str) -> None:
        (home / ".profile").write_text("export FROM_PROFILE=yes\n")
        (home / "go.work").write_text("go 1.99.0\n")
        before = _tree(home)
        more = {name: value.format(home=home) for name, value in CASES[case].items()}

        snapshot = run_script(environ(home, go, TMPDIR=str(home), **more))

        assert _tree(home) == before
        assert snapshot.plain.go("GOMODCACHE") == f"{home}/go/pkg/mod"
        assert snapshot.plain.go("GOPROXY") != "off"

    def test_no_process_writes_a_file_anywhere(self, home: Path, go: str, tmp_path: Path) -> None:
        if shutil.which("strace") is None:
            pytest.skip("install strace to see every system call")
        trace = tmp_path / "trace"
        calls = "trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,linkat,symlinkat"
        run_script(environ(home, go), tracer=("strace", "-f", "-qq", "-o", str(trace), "-e", calls))
        written = [
            line
            for line in trace.read_text(errors="replace").splitlines()
            if ("openat" not in line or "O_CREAT" in line or "O_WRONLY" in line or "O_RDWR" in line)
            and not any(place in line for place in ('"/dev/null', '"/dev/tty"', "resumed>", "+++", "---"))
        ]
        assert written == []


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in [folder, *folder.rglob("*")]}


def test_the_goenv_file_decides_and_is_kept(home: Path, go: str) -> None:
    goenv = home / ".config/go/env"
    goenv.parent.mkdir(parents=True)
    goenv.write_text("GOPROXY=https://ann:s3cret@proxy.example\nGOFLAGS=-mod=mod\n")
    snapshot = run_script(environ(home, go))
    assert snapshot.plain.go("GOFLAGS") == "-mod=mod"
    assert snapshot.plain.go("GOPROXY") == "https://ann:***@proxy.example"
    assert snapshot.text(str(goenv)) == "GOPROXY=https://ann:***@proxy.example\nGOFLAGS=-mod=mod\n"


def test_a_go_that_fails_keeps_its_words(home: Path, go: str) -> None:
    snapshot = run_script(environ(home, go, GOPATH="relative"))
    answer = snapshot.plain.go_version
    assert answer is not None
    assert not answer.ok
    assert "GOPATH entry is relative" in answer.err
    assert snapshot.plain.go_values == ()
    assert snapshot.plain.get("GOPATH") == "relative"


def test_a_go_mod_where_we_are_called_changes_no_answer(home: Path, go: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "go.mod").write_text("module x\n\ngo 1.99.0\n")
    monkeypatch.chdir(home)
    snapshot = run_script(environ(home, go))
    assert snapshot.plain.go_version is not None
    assert snapshot.plain.go_version.ok
    assert (snapshot.cwd, snapshot.stat(f"{home}/go.mod") is not None) == (str(home), True)


def test_every_go_on_the_path_is_told(home: Path, go: str, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for folder in (first, second, third):
        folder.mkdir()
    (first / "go").symlink_to("/nowhere/bin/go")
    (second / "go").write_text('#!/bin/sh\nexec /mnt/c/Go/bin/go.exe "$@"\n')
    (second / "go").chmod(0o755)
    (third / "go").write_bytes(b"MZ" + bytes(100))
    snapshot = run_script({"HOME": str(home), "PATH": f"{first}:{second}:{third}:{go}:{SYSTEM}"})

    dangling, script, windows = (snapshot.go_file(f"{folder}/go") for folder in (first, second, third))
    assert dangling is not None
    assert (dangling.stat, dangling.link, dangling.head) == (None, "/nowhere/bin/go", None)
    assert script is not None
    assert script.head is not None
    assert script.head.kind == "a script for /bin/sh"
    assert "go.exe" in (script.head.text or "")
    assert script.version is None
    assert windows is not None
    assert windows.head is not None
    assert (windows.head.format.value, windows.stat and oct(windows.stat.mode & 0o777)) == ("pe", "0o644")
    assert snapshot.plain.go_path == f"{second}/go"
    assert snapshot.plain.path[:3] == (str(first), str(second), str(third))


def test_an_alias_is_seen_in_the_interactive_shell_alone(home: Path, go: str, bash_user: tuple[str, ...]) -> None:
    (home / ".bashrc").write_text("alias go='nice go'\n")
    snapshot = run_script(environ(home, go), tracer=bash_user)
    assert (snapshot.interactive.word, snapshot.interactive.go_path) == ("alias go='nice go'", None)
    assert snapshot.plain.go_path == f"{go}/go"
    assert snapshot.interactive.go_version is not None


def test_a_path_line_in_bashrc_is_seen_in_the_interactive_shell_alone(
    home: Path, go: str, bash_user: tuple[str, ...]
) -> None:
    (home / ".bashrc").write_text(f"case $- in *i*) ;; *) return ;; esac\nexport PATH={home}/tools:$PATH\n")
    (home / "tools").mkdir()
    (home / "tools/go").symlink_to(f"{go}/go")
    (home / ".profile").write_text(". ~/.bashrc\n")
    shells = run_script({"HOME": str(home), "PATH": SYSTEM}, tracer=bash_user).shells
    found = {shell.name: shell.go_path == f"{home}/tools/go" for shell in shells}
    assert found == {"plain": False, "bare": False, "login": False, "interactive": True}


def test_start_up_files_that_hang_or_leave_or_set_traps(home: Path, go: str, bash_user: tuple[str, ...]) -> None:
    (home / ".bashrc").write_text("echo waiting\nsleep 86397\n")
    (home / ".bash_profile").write_text("echo leaving; exit 3\n")
    started = time.monotonic()
    snapshot = run_script(environ(home, go), tracer=bash_user)

    assert time.monotonic() - started < 15
    interactive, login = snapshot.interactive, snapshot.login
    assert (interactive.started, interactive.status, interactive.noise) == (False, 137, "waiting")
    assert (login.started, login.status, login.noise) == (False, 3, "leaving")
    assert snapshot.plain.go_version is not None
    assert snapshot.plain.go_version.ok
    wait_until(lambda: not alive_with("86397"), what="the sleep of .bashrc is gone")


def test_a_process_that_start_up_files_leave_behind_holds_nothing_up(
    home: Path, go: str, bash_user: tuple[str, ...]
) -> None:
    (home / ".bashrc").write_text("setsid sleep 86396 &\nset -e\n")
    started = time.monotonic()
    try:
        snapshot = run_script(environ(home, go), tracer=bash_user)
        assert time.monotonic() - started < 20
        assert snapshot.interactive.started
    finally:
        for line in alive_with("86396"):
            os.kill(int(line.partition(":")[0]), 9)


def test_a_go_that_hangs_holds_one_shell_up_and_is_told(home: Path, tmp_path: Path) -> None:
    shim = tmp_path / "go"
    shim.write_text("#!/bin/sh\nsleep 86395\n")
    shim.chmod(0o755)
    snapshot = run_script({"HOME": str(home), "PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert snapshot.plain.started
    assert snapshot.plain.go_version is not None
    assert snapshot.plain.go_version.hung
    assert snapshot.plain.get("HOME") == str(home)
    wait_until(lambda: not alive_with("86395"), what="the sleep of the shim is gone")


def test_an_empty_path_and_no_home_are_facts_not_errors(go: str) -> None:
    snapshot = run_script({"PATH": ""}, shell=[shutil.which("dash") or "/bin/sh"])
    assert snapshot.plain.get("HOME") is None
    assert (snapshot.plain.path, snapshot.plain.go_path) == ((), None)
    assert snapshot.platform.kernel


def test_a_target_without_a_shell_is_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("run as root to enter a root file system")
    (tmp_path / "bin").mkdir()
    with pytest.raises(WslgoError, match=r"/bin/sh"), open_target(f"chroot://{tmp_path}") as target:
        collect(target)


def test_a_script_cut_short_names_the_target() -> None:
    class Mute:
        name = "mute"

        def run(self, *_: object, **__: object) -> object:
            return subprocess.CompletedProcess([], 0, b"", b"")

    with pytest.raises(
        WslgoError, match=r"^target mute: the snapshot's script did not come to its end: there is no section"
    ):
        collect(Mute())  # type: ignore[arg-type]
