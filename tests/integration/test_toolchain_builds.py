"""Builds with real SDKs and real compilers: once per run, in our own environment, in time, and told in words."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import uuid
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.errors import BadInput, DeadlineExceeded, MissingTool
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.attempt import BuildFailed
from pytest_wslgo.toolchain.compilers import find_compiler
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.workbench import Workbench
from tests.sdks import sdk_at, sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from pytest_wslgo.target.target import Target

RUN_ID = f"builds{os.getpid()}"
PATIENCE = 300.0


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """This machine."""
    with open_target("local://", run_id=RUN_ID) as opened:
        yield opened


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that the processes of a run share."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def started() -> list[str]:
    """What the workbench of the test really built."""
    return []


@pytest.fixture
def bench(target: Target, run_dir: Path, started: list[str]) -> Workbench:
    """The embedded Go at work."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    return Workbench(target, find_toolchain("embedded", target), run_dir, noting(started))


def noting(started: list[str]) -> Callable[[str], AbstractContextManager[object]]:
    """What the workbench calls when a build starts: it notes the description."""

    def building(what: str) -> AbstractContextManager[object]:
        started.append(what)
        return nullcontext()

    return building


def unseen(bench: Workbench) -> dict[str, str | None]:
    """A change to the environment that no build of this run had, and that changes nothing."""
    return {"WSLGO_UNSEEN": uuid.uuid4().hex}


def need(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: install {package}")


SDKS = [
    pytest.param(lambda: sdk_of_wheel("1.22.10"), id="go1.22.10"),
    pytest.param(lambda: sdk_at("/usr/lib/go-1.19", "golang-1.19-go"), id="debian"),
    pytest.param(lambda: sdk_at("/usr/local/go", "the archive of https://go.dev/dl/"), id="tarball"),
    pytest.param(lambda: Path(embedded_goroot() or pytest.skip("install 'pytest-wslgo[embedded]'")), id="embedded"),
]


@pytest.mark.parametrize("sdk", SDKS)
def test_every_sdk_builds_what_it_says(sdk: Callable[[], Path], target: Target, run_dir: Path) -> None:
    bench = Workbench(target, find_toolchain(str(sdk()), target), run_dir)
    hello = bench.build("hello", cgo=False)
    assert hello.elf.is_static
    assert hello.build_info is not None
    assert hello.build_info.go_version == str(bench.toolchain.version)
    assert hello.run().text == "hello from go\n"
    what = f"hello, built by {bench.toolchain.version} with CGO_ENABLED=0"
    assert hello.describe() == f"{what}: {hello.elf.explain()}"


def test_the_same_build_happens_once(bench: Workbench, started: list[str], target: Target, run_dir: Path) -> None:
    env = unseen(bench)
    first, again = bench.build("hello", env=env), bench.build("hello", env=env)
    elsewhere = Workbench(target, bench.toolchain, run_dir, noting(started)).build("hello", env=env)
    assert first.path == again.path == elsewhere.path
    assert len(started) == 1
    assert started[0].startswith(f"hello, built by {bench.toolchain.version} with WSLGO_UNSEEN=")


def test_another_build_has_a_path_of_its_own(bench: Workbench) -> None:
    assert bench.build("hello", cgo=False).path != bench.build("hello", cgo=False, ldflags="-s").path


def test_a_failed_build_is_remembered_too(bench: Workbench, started: list[str]) -> None:
    env = unseen(bench)
    attempts = [bench.attempt("cgo", cgo=False, env=env) for _ in range(2)]
    assert [(attempt.status, attempt.ok, attempt.binary) for attempt in attempts] == [(1, False, None)] * 2
    assert "build constraints exclude all Go files" in attempts[1].stderr
    assert len(started) == 1


def test_processes_that_build_at_once_build_once(bench: Workbench, run_dir: Path) -> None:
    env = unseen(bench)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = [pool.submit(_build_in_a_worker, RUN_ID, run_dir, env) for _ in range(2)]
        outcomes = [future.result(PATIENCE) for future in running]
    assert sorted(count for count, _ in outcomes) == [0, 1]
    assert len({path for _, path in outcomes}) == 1


def _build_in_a_worker(run_id: str, run_dir: Path, env: dict[str, str | None]) -> tuple[int, str]:
    started: list[str] = []
    with open_target("local://", run_id=run_id) as target:
        bench = Workbench(target, find_toolchain("embedded", target), run_dir, noting(started))
        path = bench.build("hello", env=env).path
        return len(started), path


def test_what_was_built_in_a_directory_that_is_gone_is_built_again(tmp_path: Path) -> None:
    started: list[str] = []
    for _ in range(2):
        with open_target("local://", run_id=f"gone{os.getpid()}") as target:
            bench = Workbench(target, find_toolchain("embedded", target), tmp_path, noting(started))
            assert bench.build("hello", cgo=False).run().status == 0
    assert len(started) == 2


def test_a_build_that_failed_says_what_to_type(bench: Workbench) -> None:
    with pytest.raises(BuildFailed) as caught:
        bench.build("cgo", cgo=False)
    text = str(caught.value)
    what = f"cgo, built by {bench.toolchain.version} with CGO_ENABLED=0"
    assert text.startswith(f"go build failed: {what}: ended with status 1:\npackage ")
    assert "build constraints exclude all Go files" in text
    command = text.rpartition("To see it again: ")[2]
    repeated = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (repeated.returncode, repeated.stderr) == (1, caught.value.attempt.stderr)


def test_a_link_without_the_cgo_runtime_is_a_failure_though_go_exits_0(target: Target, run_dir: Path) -> None:
    sdk = sdk_at("/usr/lib/go-1.19", "golang-1.19-go")
    need("gcc", "gcc")
    bench = Workbench(target, find_toolchain(str(sdk), target), run_dir)
    attempt = bench.attempt("hello", cgo=True, cc="gcc", ldflags="-linkmode=external")
    assert (attempt.status, attempt.ok) == (0, False)
    with pytest.raises(BuildFailed, match=r"ended with status 0:\n.*\nloadinternal: cannot find runtime/cgo"):
        bench.build("hello", cgo=True, cc="gcc", ldflags="-linkmode=external")


def test_a_check_keeps_what_it_ran(bench: Workbench) -> None:
    evidence: dict[str, Any] = {}
    recording = bench.recording(evidence)
    recording.go("env", "GOOS")
    bench.go("env", "GOARCH")
    hello = recording.build("hello", cgo=False)
    env_goos, build = evidence["commands"]
    assert env_goos["command"].endswith(f"{bench.toolchain.go} env GOOS")
    assert (env_goos["status"], env_goos["said"]) == (0, bench.toolchain.goos)
    assert (build["build"], build["status"]) == (hello.what, 0)
    assert "elf" not in build
    assert hello.elf.explain() == build["elf"]


def test_a_file_that_is_no_elf_is_described_too(bench: Workbench) -> None:
    program = bench.build("hello", cgo=False, env={"GOOS": "windows"})
    assert program.path.endswith("/hello.exe")
    assert "A 64-bit PE executable" in program.describe()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Target]:
    """Another machine: a root of BusyBox."""
    busybox = shutil.which("busybox")
    if os.geteuid() != 0 or busybox is None:
        pytest.skip("another machine needs root (chroot) and busybox: install busybox-static")
    for folder in ("bin", "proc", "dev", "tmp"):
        (tmp_path / folder).mkdir()
    shutil.copy(busybox, tmp_path / "bin")
    subprocess.run([tmp_path / "bin" / "busybox", "--install", tmp_path / "bin"], check=True, timeout=30)
    with open_target(f"chroot://{tmp_path}", run_id=RUN_ID) as opened:
        yield opened


def test_a_binary_runs_on_another_target(bench: Workbench, other: Target) -> None:
    assert bench.build("hello", cgo=False).on(other).run().text == "hello from go\n"


def test_the_embedded_go_is_of_this_machine_alone(other: Target) -> None:
    with pytest.raises(MissingTool, match=r"^The embedded Go lies on the machine that runs pytest, and"):
        find_toolchain("embedded", other)


def test_a_path_of_another_machine_is_absolute(other: Target) -> None:
    with pytest.raises(BadInput, match="a path there must be absolute; expected 'auto', 'embedded'"):
        find_toolchain("sdk/go", other)


def test_an_sdk_of_another_machine_is_looked_for_there(other: Target) -> None:
    with pytest.raises(BadInput, match="/usr/local/go does not exist; give a GOROOT or the path of a go command"):
        find_toolchain("/usr/local/go", other)


def test_a_compiler_of_another_machine_is_looked_for_there(other: Target) -> None:
    with pytest.raises(MissingTool, match=r"has no zig\. `pip install 'pytest-wslgo\[embedded\]'` \(on the machine"):
        find_compiler("zig-musl", other, "amd64")


def test_a_deadline_ends_a_build_and_is_remembered(bench: Workbench, started: list[str]) -> None:
    env = unseen(bench)
    for _ in range(2):
        with pytest.raises(DeadlineExceeded, match=r"^The build of hello, .* passed its deadline: target local: `"):
            bench.build("hello", env=env, deadline=0.01)
    assert len(started) == 1


def test_nothing_of_the_caller_leaks_in(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOFLAGS", "CC", "CGO_CFLAGS", "GOOS", "GOROOT"):
        monkeypatch.setenv(name, "-nosuch")
    seen = bench.go("env", "GOFLAGS", "CC", "CGO_CFLAGS", "GOOS", "GOROOT").text.splitlines()
    assert seen == ["", "gcc", "-O2 -g", "linux", bench.toolchain.goroot]
    assert bench.build("hello", env=unseen(bench)).run().status == 0


def test_commands_run_where_no_module_is(bench: Workbench) -> None:
    assert bench.go("env", "GOMOD").text.strip() == os.devnull
    assert bench.go("env", "GOPATH").text.startswith(bench.target.workdir)


def test_settings_are_written_only_in_a_private_room(bench: Workbench) -> None:
    room = bench.private()
    bench.go("env", "-w", "GOFLAGS=-tags=written", env=room)
    assert bench.go("env", "GOFLAGS", env={**room, "GOFLAGS": None}).text == "-tags=written\n"
    bench.go("env", "-w", "GOFLAGS=-nosuch")
    assert bench.go("env", "GOFLAGS", env={"GOFLAGS": None}).text == "\n"


def test_version_stamps_come_only_when_asked_for(bench: Workbench, tmp_path: Path) -> None:
    need("git", "git")
    shutil.copytree(Path(bench.place("hello")), tmp_path / "m")
    for words in (("init", "-q"), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "m")):
        subprocess.run(["git", *words], cwd=tmp_path / "m", check=True, timeout=30)
    stamped, plain = bench.build(tmp_path / "m", vcs=True), bench.build(tmp_path / "m")
    revision = [binary.build_info.setting("vcs.revision") for binary in (stamped, plain) if binary.build_info]
    assert revision[0] is not None
    assert revision[1] is None


def test_the_copy_of_a_module_is_whole_again_when_someone_changed_it(
    bench: Workbench, target: Target, tmp_path: Path
) -> None:
    def placed(run: str) -> Path:
        return Path(Workbench(target, bench.toolchain, tmp_path / run).place("hello"))

    copy = placed("one")
    assert placed("two") == copy
    stray = copy / "stray.go"
    stray.write_text("package other\n")
    try:
        elsewhere = placed("three")
    finally:
        stray.unlink()
    assert elsewhere != copy
    assert {path.name for path in elsewhere.iterdir()} == {"go.mod", "main.go"}


LINKED = [
    pytest.param("gcc", "gcc", "gcc", id="gcc"),
    pytest.param("musl-gcc", "musl-gcc", "musl-tools", id="musl-gcc"),
    pytest.param("zig-gnu.2.17", "", "", id="zig-gnu"),
]


@pytest.mark.parametrize(("name", "program", "package"), LINKED)
def test_a_program_links_to_the_libc_that_its_compiler_tells(
    name: str, program: str, package: str, bench: Workbench
) -> None:
    if program:
        need(program, package)
    compiler = bench.compiler(name)
    assert bench.build("cgo", cc=name).elf.libc is compiler.libc


def test_zig_for_musl_links_statically(bench: Workbench) -> None:
    compiler = bench.compiler("zig-musl")
    assert (compiler.libc, compiler.triple) == (Libc.MUSL, f"{os.uname().machine}-linux-musl")
    program = bench.build("cgo", cc=compiler)
    assert program.elf.is_static
    assert program.run().status == 0


def test_zig_keeps_the_floor_that_its_name_says(bench: Workbench) -> None:
    floor = bench.build("cgo", cc="zig-gnu.2.17").elf.floor("GLIBC")
    assert floor is not None
    assert str(floor) == "2.3.2"


def test_a_compiler_in_a_folder_with_spaces_works(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = bench.compiler("zig-gnu").cc.split(" cc ")
    folder = tmp_path / "my compilers"
    folder.mkdir()
    (folder / "zig").symlink_to(words[0])
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    fresh = Workbench(bench.target, bench.toolchain, tmp_path)
    compiler = fresh.compiler("zig-gnu")
    assert compiler.cc == f"'{folder}/zig' cc -target {compiler.triple}"
    assert fresh.build("cgo", cc=compiler).elf.libc is Libc.GLIBC


def test_mingw_builds_for_windows(bench: Workbench) -> None:
    need("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")
    compiler = bench.compiler("mingw")
    assert (compiler.libc, compiler.triple) == (None, "x86_64-w64-mingw32")


def test_a_mistyped_compiler_names_the_nearest(bench: Workbench) -> None:
    expected = r"'zig-mus' is no C compiler of ours \(did you mean 'zig-musl'\?\): expected one of gcc, musl-gcc, "
    with pytest.raises(BadInput, match=expected):
        bench.compiler("zig-mus")


def test_zig_says_which_machines_it_builds_for(bench: Workbench) -> None:
    with pytest.raises(BadInput, match="zig-musl has no target for GOARCH=mips: expected one of amd64, 386, arm64"):
        bench.compiler("zig-musl", "mips")


def test_a_missing_compiler_names_the_packages(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_wslgo.toolchain.compilers.SYSTEM_PATH", "/nonexistent")
    with pytest.raises(MissingTool, match=r"^Target local has no gcc\. Debian, Ubuntu: `sudo apt-get install gcc "):
        bench.compiler("gcc")


def test_a_compiler_without_the_headers_of_a_libc_says_so(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("gcc", "gcc")
    (tmp_path / "gcc").write_text('#!/bin/sh\nexec /usr/bin/gcc -nostdinc "$@"\n')
    (tmp_path / "gcc").chmod(0o755)
    monkeypatch.setattr("pytest_wslgo.toolchain.compilers.SYSTEM_PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(MissingTool, match=r"^Target local has gcc, but not the headers of a C library \(stdlib\.h\)"):
        bench.compiler("gcc")


def test_a_folder_of_the_caller_is_copied_for_the_run_alone(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(bench.place("hello"), tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    copy = bench.place(Path())
    assert copy.startswith(bench.target.workdir)
    assert copy.endswith("/mine")
    assert bench.place("hello").startswith(bench.target.cache_dir)
