"""Trees, mounts, guests and several SDKs on a real machine: each behaves as the real thing, and leaves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, NoPrivilege
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import find_toolchain
from pytest_wslgo.toolchain.several import side_by_side
from pytest_wslgo.toolchain.workbench import Workbench
from tests.sdks import sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.target.target import Target

RUN_ID = f"places{os.getpid()}"


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """This machine."""
    with open_target("local://", run_id=RUN_ID) as opened:
        yield opened


@pytest.fixture(scope="module")
def bench(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Go 1.22 at work."""
    return Workbench(target, find_toolchain(str(sdk_of_wheel("1.22.10")), target), tmp_path_factory.mktemp("run"))


def build(bench: Workbench, goroot: str, output: Path) -> tuple[str, bytes]:
    """Return what a tree's own go says of itself, and the program that it builds."""
    command = f"{goroot}/bin/go"
    told = bench.go("env", "GOROOT", "GOVERSION", "GOTOOLDIR", command=command).text.replace(goroot, "TREE")
    bench.go("build", "-trimpath", "-o", str(output), ".", command=command, cwd=bench.place("hello"))
    return told, output.read_bytes()


def test_a_tree_of_links_is_as_good_as_a_copy(bench: Workbench, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bench.toolchain.goroot, copy, symlinks=True)
    of_copy = build(bench, str(copy), tmp_path / "a")
    of_tree = build(bench, bench.tree(), tmp_path / "b")
    assert of_tree == of_copy
    assert of_tree[0].splitlines() == ["TREE", "go1.22.10", "TREE/pkg/tool/linux_amd64"]


def test_a_tree_leaves_the_sdk_as_it_was(bench: Workbench) -> None:
    goroot = Path(bench.toolchain.goroot)
    before = sorted(str(path) for path in goroot.rglob("*"))
    tree = Path(bench.tree(without=("src", "pkg/tool", "VERSION")))
    assert not any((tree / part).exists() for part in ("src", "pkg/tool", "VERSION"))
    assert (tree / "pkg/include/textflag.h").exists()
    assert sorted(str(path) for path in goroot.rglob("*")) == before


def test_where_two_sdks_meet_the_files_of_both_are_there(bench: Workbench) -> None:
    older = Path(bench.toolchain.goroot)
    newer = find_toolchain(str(sdk_of_wheel("1.24.11")), bench.target)
    tree = Path(bench.tree(over=[newer]))
    names = {path.name for sdk in (older, Path(newer.goroot)) for path in (sdk / "src/runtime").glob("*.go")}
    assert {path.name for path in (tree / "src/runtime").glob("*.go")} == names
    assert (tree / "src/runtime/proc.go").resolve() == older / "src/runtime/proc.go"


def mounts() -> str:
    return Path("/proc/mounts").read_text(encoding="utf-8")


def own_root(*argv: str) -> list[str]:
    """The words that run a command as an ordinary user who may make user namespaces, or as the one we are."""
    return [*(("setpriv", "--reuid=48200", "--regid=48200", "--clear-groups") if os.geteuid() == 0 else ()), *argv]


def test_a_mount_is_seen_by_its_command_alone(bench: Workbench, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho started\n")
    program.chmod(0o755)
    before = mounts()
    noexec, only = bench.inside({str(tmp_path): "bind,noexec"}), bench.inside({str(tmp_path): "bind,ro"})
    assert bench.target.run([*noexec, str(program)], check=False).status == 126
    assert bench.target.run([*noexec, "touch", str(tmp_path / "a")]).status == 0
    refused = bench.target.run([*only, "touch", str(tmp_path / "b")], check=False)
    assert "Read-only file system" in refused.err
    assert bench.target.run([*only, str(program)]).text == "started\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "program"]
    assert mounts() == before


def test_an_ordinary_user_makes_a_mount_in_a_namespace_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    if subprocess.run(own_root("unshare", "-m", "-U", "-r", "true"), check=False).returncode != 0:
        pytest.skip("this machine lets no ordinary user make user namespaces")
    script = (
        "from pytest_wslgo.target.spec import open_target\n"
        "from pytest_wslgo.toolchain.inside import open_inside\n"
        "with open_target('local://') as target:\n"
        "    words = open_inside(target, {target.workdir: 'bind,ro'})\n"
        "    print(words[:4], target.run([*words, 'touch', target.workdir + '/a'], check=False).err)\n"
    )
    run = subprocess.run(
        own_root(sys.executable, "-c", script),
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "('unshare', '-U', '-r', '-m')" in run.stdout, run.stderr
    assert "Read-only file system" in run.stdout


def need_root() -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("run as root, with setpriv (util-linux), to become another user")


def embedded(target: Target, run_dir: Path) -> Workbench:
    """A Go that other users of this machine reach."""
    if not Path("/usr/local/go/bin/go").exists():
        pytest.skip("no Go in /usr/local/go: unpack the archive of https://go.dev/dl/")
    return Workbench(target, find_toolchain("/usr/local/go", target), run_dir)


def test_a_guest_is_another_user_with_a_warm_cache(target: Target, tmp_path: Path) -> None:
    need_root()
    guest = embedded(target, tmp_path).guest()
    installed = guest.install(f"{guest.room}/bin")
    made = Path(guest.room, "bin", "hello")
    assert (installed.status, made.stat().st_uid, made.stat().st_gid) == (0, guest.number, guest.group), installed.err
    assert target.run([*guest.words, "touch", "/root/wslgo-guest"], check=False).status != 0
    assert (guest.mode(str(made)), guest.mode(f"{guest.room}/nothing")) == ("755", "")


def test_a_neighbour_is_of_the_same_group_and_another_user(target: Target, tmp_path: Path) -> None:
    need_root()
    guest = embedded(target, tmp_path).guest()
    other = guest.neighbour()
    assert (other.group, other.number == guest.number, other.room == guest.room) == (guest.group, False, False)


def test_a_guest_who_cannot_reach_go_says_so(bench: Workbench, tmp_path: Path, target: Target) -> None:
    need_root()
    hidden = find_toolchain(bench.tree(), target)
    locked = Path(hidden.goroot)
    locked.chmod(0o700)
    with pytest.raises(NoPrivilege, match=f"An ordinary user of target local cannot run {hidden.go} .*chmod o\\+x"):
        Workbench(target, hidden, tmp_path).guest()


def test_a_room_that_cannot_be_made_says_so(bench: Workbench) -> None:
    from pytest_wslgo.toolchain.guest import Guest, furnish

    with pytest.raises(NoPrivilege) as raised:
        furnish(Guest(bench, "/proc/wslgo-room", None, None))
    told = str(raised.value)
    assert told.startswith("Target local does not let us make a room for an ordinary user: mkdir: cannot create"), told
    assert told.endswith(" Run as root there, with the right to give files away (CAP_CHOWN).")


def test_an_ordinary_user_is_its_own_guest_and_gives_nothing_to_root(bench: Workbench) -> None:
    from pytest_wslgo.toolchain.guest import Guest

    guest = Guest(bench, f"{bench.places.run}/guests/own", None, None)
    assert guest.words == ()
    for what, action in {
        "give a folder to root": lambda: guest.folder("bin", "0755", of_root=True),
        "give a file to root": lambda: guest.file_of_root("/x"),
        "work as another user": guest.neighbour,
    }.items():
        with pytest.raises(NoPrivilege) as raised:
            action()
        assert str(raised.value) == (f"Only root can {what}, and on target local we are an ordinary user: run as root.")


def test_a_program_that_is_missing_is_named_with_its_package(bench: Workbench) -> None:
    assert bench.tool("bash").startswith("/")
    with pytest.raises(BadInput, match=r"^'no-such-program' is no tool of ours: expected one of bash, "):
        bench.tool("no-such-program")


def test_named_sdks_stand_first_and_one_version_is_helped_out(bench: Workbench, target: Target) -> None:
    other = find_toolchain(str(sdk_of_wheel("1.24.11")), target)
    assert side_by_side(target, (bench.toolchain, other)).all == (bench.toolchain, other)
    alone = side_by_side(target, (bench.toolchain,)).all
    assert alone[0] == bench.toolchain
    assert len({str(one.version) for one in alone}) == len(alone)
