"""Each setting of /etc/wsl.conf against what a snapshot shows: a healthy WSL2, of which a test changes what matters."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.facts import Account, Answer, Assignment, Clock, Folder, PathStat, TextFile, User
from pytest_wslgo.model.mounts import parse_mounts
from pytest_wslgo.model.platform import detect_platform
from pytest_wslgo.model.wsl.effects import boot, drives, machine, session, start_up
from tests.recordings import recorded
from tests.unit.boxes import PATH, a_box, a_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_wslgo.model.snapshot import Snapshot

    Judge = Callable[[Snapshot], tuple[str, ...]]

MACHINES = tomllib.loads((Path(__file__).parent / "data" / "wsl-effects.toml").read_text(encoding="utf-8"))["machine"]
GENERATED = recorded("resolv_current.txt")
INTEROP = "enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n"
DRIVE = r"C:\134 /mnt/c 9p rw,noatime,aname=drvfs;path=C:\;uid=1000;gid=1000;{}symlinkroot=/mnt/,trans=fd 0 0"
EXT4 = "/dev/sdc / ext4 rw 0 0\n"
BOOTED = 1_794_000_000
SESSION = {
    "WSL_DISTRO_NAME": "Debian", "WSL_INTEROP": "/run/WSL/9_interop", "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0",
    "PULSE_SERVER": "unix:/mnt/wslg/PulseServer", "XDG_RUNTIME_DIR": "/mnt/wslg/runtime-dir", "WSLENV": "",
}  # fmt: skip
THERE = (
    "/etc/wsl.conf", "/mnt/wslg", "/tmp/.X11-unix/X0", "/mnt/wslg/runtime-dir/wayland-0", "/mnt/wslg/PulseServer",
    "/run/systemd/system",
)  # fmt: skip


def a_wsl(
    conf: str | None = "[boot]\nsystemd=true\n",
    *,
    table: str = EXT4 + DRIVE.format(""),
    path: str = f"{PATH}:/mnt/c/Windows:/snap/bin",
    kernel: str = "6.6.87.2-microsoft-standard-WSL2",
    comm: str = "systemd",
    without: tuple[str, ...] = (),
    texts: dict[str, str] | None = None,
    answers: dict[str, Answer] | None = None,
    **changes: Any,  # noqa: ANN401 - any field of a snapshot
) -> Snapshot:
    """A WSL2 with systemd; ``without`` are variables and paths that it lacks."""
    known = {"/etc/resolv.conf": GENERATED, "/etc/hosts": GENERATED, "/proc/sys/fs/binfmt_misc/WSLInterop": INTEROP}
    files = {**known, "/proc/sys/kernel/hostname": "box\n", "/etc/wsl.conf": conf, **(texts or {})}
    said = {"systemd-state": Answer(0, "running\n"), "wsl-version": Answer(0, "2.6.1.0\n"), **(answers or {})}
    variables: dict[str, Any] = {name: value for name, value in SESSION.items() if name not in without}
    shell = a_shell("plain", path=path, **variables)
    box = a_box(
        plain=shell,
        login=replace(shell, name="login"),
        files=tuple(TextFile(name, text) for name, text in files.items() if name not in without and text is not None),
        answers=tuple(said.items()),
        links=(("/etc/resolv.conf", "/mnt/wsl/resolv.conf"),),
        stats=tuple(PathStat(name, 0o100644, 0, 0, BOOTED - 9) for name in THERE if name not in without),
        accounts=(Account("root", 0, "/root", "/bin/sh"), Account("dev", 1000, "/home/dev", "/bin/bash")),
        user=User(1000, 1000, "dev", (), "/bin/bash"),
    )
    evidence = replace(box.evidence, kernel=kernel, mounts=parse_mounts(table), pid1_comm=comm, run_wsl=("9_interop",))
    evidence = replace(evidence, wslpath="/init", dockerenv=False, containerenv=False, cgroup="", pid1_environ=())
    return replace(box, evidence=evidence, platform=detect_platform(evidence), **changes)


def wsl1(conf: str | None = None, **changes: Any) -> Snapshot:  # noqa: ANN401 - any argument of a_wsl
    table = recorded("mount_wsl1_full.txt")
    return a_wsl(
        conf, table=table, kernel="4.4.0-19041-Microsoft", comm="init", without=("WSL_INTEROP", "/mnt/wslg"), **changes
    )


JUDGES: dict[str, Judge] = {
    "conf": machine.conf_problems,
    "version": machine.package_too_old,
    "automount": drives.automount_differs,
    "options": drives.automount_options_differ,
    "build": drives.build_on_windows,
    "systemd": boot.systemd_differs,
    "resolv": boot.resolv_conf_differs,
    "hosts": boot.hosts_differ,
    "hostname": boot.hostname_differs,
    "interop": session.interop_differs,
    "path": session.windows_path_differs,
    "user": session.default_user_differs,
    "wslg": session.wslg_differs,
    "crossed": session.crossed_over,
}


@pytest.mark.parametrize("name", JUDGES)
def test_a_healthy_wsl2_differs_in_nothing(name: str) -> None:
    assert JUDGES[name](a_wsl()) == ()


@pytest.mark.parametrize("name", JUDGES)
def test_a_healthy_wsl1_differs_in_nothing(name: str) -> None:
    assert JUDGES[name](wsl1()) == ()


def changes_of(row: dict[str, Any]) -> dict[str, Any]:
    changes = {key: value for key, value in row.items() if key not in ("judge", "seen", "answers")}
    answers = {name: Answer(status, out) for name, (status, out) in row.get("answers", {}).items()}
    return {"conf": None, **changes, "answers": answers}


@pytest.mark.parametrize("row", MACHINES, ids=[f"{row['judge']}-{place}" for place, row in enumerate(MACHINES)])
def test_what_each_judge_says_of_a_machine(row: dict[str, Any]) -> None:
    assert JUDGES[row["judge"]](a_wsl(**changes_of(row))) == ((row["seen"],) if "seen" in row else ())


def test_every_judge_has_said_yes_and_no() -> None:
    said_no = {row["judge"] for row in MACHINES if "seen" in row}
    assert said_no == set(JUDGES) - {"build", "crossed"}, "those two are judged by tests of their own below"


def with_variables(**variables: str) -> Snapshot:
    box = a_wsl()
    shells = [replace(shell, environ=tuple({**dict(shell.environ), **variables}.items())) for shell in box.shells]
    return replace(box, shells=tuple(shells))


def test_old_recipes_for_windows_are_told() -> None:
    assert session.wslg_differs(with_variables(DISPLAY="172.24.16.1:0", LIBGL_ALWAYS_INDIRECT="1")) == (
        "DISPLAY is 172.24.16.1:0, of a recipe that is older than WSLg",
        "LIBGL_ALWAYS_INDIRECT is 1, which keeps WSLg from the GPU",
    )


def test_a_variable_of_windows_crosses_over_only_when_wslenv_lists_it() -> None:
    told = session.crossed_over(with_variables(GOPATH="C:\\Users\\u\\go", GOROOT="/mnt/c/Go", GOBIN="/home/dev/bin"))
    assert told == ("GOPATH is C:\\Users\\u\\go, a path of Windows", "GOROOT is /mnt/c/Go, a path of Windows")
    assert session.crossed_over(with_variables(GOPATH="/mnt/c/go", WSLENV="A:GOPATH/p")) == ()


def test_directories_of_a_build_on_a_drive_are_told() -> None:
    box = a_wsl()
    login = replace(box.login, go_values=(("GOCACHE", "/mnt/c/cache"), ("GOPATH", "/home/dev/go:/home/dev/link")))
    folder = Folder("/home/dev/link", "/home/dev/link", "/mnt/c/link", writable=True)
    box = replace(box, shells=(box.plain, login), folders=(folder,), subject="/mnt/c/app")
    assert drives.build_on_windows(box) == (
        "GOCACHE /mnt/c/cache lies on /mnt/c (9p)", "GOPATH /home/dev/link lies on /mnt/c (9p)",
        "the module /mnt/c/app lies on /mnt/c (9p)",
    )  # fmt: skip


def test_leftovers_of_namespace_hacks_are_told() -> None:
    box = a_wsl()
    stats = (*box.stats, PathStat("/usr/bin/genie", 0o100755, 0, 0))
    assert boot.systemd_differs(replace(box, stats=stats)) == (
        "/usr/bin/genie is left of a recipe that is older than boot.systemd",
    )


def test_wsl1_has_no_systemd_and_its_own_interop() -> None:
    assert boot.systemd_differs(wsl1("[boot]\nsystemd=1\n")) == (
        "boot.systemd is true, but boot.systemd has no effect on WSL1",
    )
    assert session.interop_differs(wsl1("[interop]\nenabled=false\n")) == (
        "interop.enabled is false, but WSLInterop is registered",
    )


class TestChangedSince:
    LATE = "/etc/wsl.conf was changed 3600 seconds after the distribution had started, and waits for wsl.exe --shutdown"

    def changed(self, mtime: int | None) -> Snapshot:
        return a_wsl("[automount]\nenabled=false\n", stats=(PathStat("/etc/wsl.conf", 0o100644, 0, 0, mtime),))

    def test_a_file_that_is_older_than_pid_1_is_applied(self) -> None:
        assert machine.conf_not_applied(self.changed(BOOTED - 1)) is None
        assert machine.conf_not_applied(a_wsl(None)) is None

    def test_a_file_that_was_changed_since_waits_for_a_shutdown(self) -> None:
        assert machine.conf_not_applied(self.changed(BOOTED + 3600)) == self.LATE

    def test_its_effects_wait_for_that(self) -> None:
        with pytest.raises(Waits) as waits:
            drives.automount_differs(self.changed(BOOTED + 3600))
        assert str(waits.value) == f"waits for wsl.conf-applied: {self.LATE}"

    def test_an_age_that_is_not_shown_is_no_verdict_but_the_effects_are_judged(self) -> None:
        box = self.changed(None)
        with pytest.raises(MissingTool) as missing:
            machine.conf_not_applied(box)
        assert str(missing.value) == "the target does not show when /etc/wsl.conf was changed, or when PID 1 started"
        assert drives.automount_differs(box)

    def test_neither_is_a_start_of_pid_1_that_is_not_shown(self) -> None:
        with pytest.raises(MissingTool):
            machine.conf_not_applied(replace(self.changed(1), clock=Clock(1, 1, 1, None)))


def test_the_version_of_wsl_is_told_by_whoever_knows_it() -> None:
    silent = a_wsl(answers={"wsl-version": Answer(127)})
    inside = replace(silent, evidence=replace(silent.evidence, pid1_environ=(("container_host_version_id", "2.5.10"),)))
    outside = a_wsl(answers={"wsl-version": Answer(127), "wsl-exe-version": Answer(0, "WSL version: 2.4.1.0\n")})
    told = [machine.wsl_version(box) for box in (a_wsl(), inside, outside, silent)]
    assert told == ["2.6.1.0", "2.5.10", "2.4.1.0", None]
    with pytest.raises(MissingTool) as missing:
        machine.package_too_old(silent)
    assert str(missing.value) == "neither wslinfo nor wsl.exe says which WSL this is"


def test_in_safe_mode_interop_is_off_whatever_the_file_says() -> None:
    box = a_wsl(without=("WSL_INTEROP",))
    safe = replace(box, evidence=replace(box.evidence, pid1_environ=(("WSL2_SAFE_MODE", "1"),)))
    assert session.interop_differs(safe) == ()


def test_start_up_files_that_set_what_init_sets_are_told_once() -> None:
    box = a_wsl()
    seen = Assignment("DISPLAY", ":0", "/home/dev/.bashrc", 7)
    guess = Assignment("PULSE_SERVER", "tcp:1", "/home/dev/.profile", 3, traced=False)
    other = Assignment("XDG_RUNTIME_DIR", "/run/user/1000", "/home/dev/.profile", 4)
    login = replace(box.login, assignments=(seen, guess, other))
    shells = (box.plain, login, replace(login, name="interactive"))
    stats = (*box.stats, PathStat("/etc/profile.d/wslg.sh", 0o100644, 0, 0))
    assert start_up.wslg_set_by_files(box) == ()
    assert start_up.wslg_set_by_files(replace(box, shells=shells, stats=stats)) == (
        "/etc/profile.d/wslg.sh is there, which is no part of WSL",
        "/home/dev/.bashrc line 7 sets DISPLAY to :0",
    )


@pytest.mark.parametrize(
    ("kernel", "told"),
    [
        ("4.19.128-microsoft-standard", None),
        ("6.6.87.2-microsoft-standard-WSL2", None),
        ("6.6.87-mykernel", "the kernel is 6.6.87-mykernel; one of WSL2 ends in -microsoft-standard"),
    ],
)
def test_a_kernel_of_ones_own_is_told(kernel: str, told: str | None) -> None:
    box = a_wsl()
    named = replace(box, platform=replace(box.platform, kernel=kernel))
    assert machine.kernel_goes_by_another_name(named) == told
    assert machine.kernel_goes_by_another_name(wsl1()) is None
