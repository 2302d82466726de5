"""The tools beside Go in a snapshot: the C compiler of cgo and its flags, git, Delve, the editor's files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import DeadlineExceeded, DeclaredAbsent, MissingTool, Waits
from pytest_wslgo.model.facts import Answer, TextFile
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.mounts import Mount
from pytest_wslgo.model.setup.cgo_flags import foreign_paths, unparsable, windows_paths
from pytest_wslgo.model.setup.compilers import cgo_compilers, foreign_compilers, missing_compilers
from pytest_wslgo.model.setup.debugger import debugger_of
from pytest_wslgo.model.setup.editor import cgo_contradictions, config_files, unreadable, windows_entries
from pytest_wslgo.model.setup.subject import git_of, repository_of, subject_of
from pytest_wslgo.model.setup.telling import tell
from pytest_wslgo.model.setup.triple import parse_triple, triples_in
from tests.unit.test_setup_settings import ALPINE, SESSION, box, shell_with

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

DRIVE = Mount("C:\\", "/mnt/c", "9p", "rw,noatime,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,trans=fd")
APP = "/home/dev/app"
GLIBC = replace(ALPINE, platform=replace(ALPINE.platform, libc="glibc 2.36"))


# ---- the C compiler --------------------------------------------------------------------------------------------------


def with_cc(cc: str, says: Answer | None, *, base: Snapshot = GLIBC, **variables: str) -> Snapshot:
    """Return a machine where cgo is on and CC is asked for its target."""
    shell = shell_with(environ=variables, CC=cc, CGO_ENABLED=variables.get("CGO_ENABLED", "1"))
    return replace(base, shells=(shell,), answers=((f"cc {cc}", says),) if says else ())


@pytest.mark.parametrize(
    ("text", "system", "arch", "libc"),
    [
        ("x86_64-linux-gnu", "linux", "amd64", Libc.GLIBC),
        ("x86_64-alpine-linux-musl", "linux", "amd64", Libc.MUSL),
        ("x86_64-pc-linux-gnu", "linux", "amd64", Libc.GLIBC),
        ("aarch64-linux-gnu", "linux", "arm64", Libc.GLIBC),
        ("powerpc64le-linux-gnu", "linux", "ppc64le", Libc.GLIBC),
        ("arm-linux-gnueabihf", "linux", "arm", Libc.GLIBC),
        ("x86_64-w64-mingw32", "windows", "amd64", None),
        ("x86_64-pc-windows-msvc", "windows", "amd64", None),
        ("x86_64-pc-cygwin", "windows", "amd64", None),
        ("arm64-apple-darwin23.1.0", "darwin", "arm64", None),
        ("arm-none-eabi", "no system", "arm", None),
    ],
)
def test_triples_are_read(text: str, system: str, arch: str, libc: Libc | None) -> None:
    triple = parse_triple(text)
    assert (triple.system, triple.arch, triple.libc) == (system, arch, libc)


@pytest.mark.parametrize("path", ["/usr/lib/x86_64-linux-gnu", "-I/opt/gcc/x86_64-pc-linux-gnu/include"])
def test_a_path_holds_the_triple_of_its_machine(path: str) -> None:
    assert [(triple.system, triple.arch) for triple in triples_in(path)] == [("linux", "amd64")]


def test_a_fitting_compiler_has_no_problem() -> None:
    (compiler,) = cgo_compilers(with_cc("gcc", Answer(0, "x86_64-linux-gnu\n")))
    assert (compiler.problem, compiler.libc, compiler.asked_for) == ("", Libc.GLIBC, ())


@pytest.mark.parametrize(
    ("cc", "says", "told"),
    [
        (
            "x86_64-w64-mingw32-gcc",
            "x86_64-w64-mingw32",
            "it compiles for x86_64-w64-mingw32, and this machine is linux/amd64 with glibc 2.36",
        ),
        (
            "aarch64-linux-gnu-gcc",
            "aarch64-linux-gnu",
            "it compiles for aarch64-linux-gnu, and this machine is linux/amd64 with glibc 2.36",
        ),
        (
            "/usr/bin/musl-gcc",
            "x86_64-linux-gnu",
            "it links to musl (-dumpmachine says x86_64-linux-gnu), and this machine is linux/amd64 with glibc 2.36",
        ),
    ],
)
def test_a_foreign_compiler_is_told(cc: str, says: str, told: str) -> None:
    snapshot = with_cc(cc, Answer(0, f"{says}\n"), CC=cc)
    assert tell(foreign_compilers(snapshot)) == f"CC is {cc} in the login shell {SESSION}: {told}"


@pytest.mark.parametrize("cc", ["zig cc -target x86_64-linux-musl", "python3 -m ziglang cc"])
def test_zig_names_its_own_libc_and_not_its_targets(cc: str) -> None:
    assert not foreign_compilers(with_cc(cc, Answer(0, "x86_64-unknown-linux-musl\n"), CC=cc))


def test_a_compiler_that_was_asked_for_and_is_missing_is_told() -> None:
    snapshot = with_cc("nosuch", Answer(127, "", "not found"), CC="nosuch", CGO_ENABLED="1")
    assert tell(missing_compilers(snapshot)) == (
        f"CC is nosuch in the login shell {SESSION}, CGO_ENABLED is 1 in the login shell {SESSION}: there is no such"
        " compiler on the login shell's PATH"
    )


def test_without_compiler_cgo_may_be_on_by_default_as_before_go_1_20() -> None:
    assert not missing_compilers(with_cc("gcc", Answer(127, "", "not found")))


def test_where_cgo_is_off_no_compiler_is_judged() -> None:
    assert not cgo_compilers(with_cc("x86_64-w64-mingw32-gcc", Answer(0, "x86_64-w64-mingw32"), CGO_ENABLED="0"))


def test_a_compiler_that_hangs_is_not_judged() -> None:
    with pytest.raises(DeadlineExceeded, match=r"CC is gcc .*: gcc -dumpmachine did not end within 5 s"):
        cgo_compilers(with_cc("gcc", Answer(137)))


def test_a_compiler_that_does_not_tell_is_not_judged() -> None:
    with pytest.raises(MissingTool, match=r"does not say what it compiles for \(unknown option -dumpmachine\)"):
        cgo_compilers(with_cc("occ", Answer(1, "", "unknown option -dumpmachine"), CC="occ"))


# ---- flags of cgo ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", [r"-IC:\mingw\include", "-LC:/mingw/lib", r"-I\\server\share", "-Wl,-rpath,D:/x"])
def test_paths_of_windows_in_cgo_flags_are_told(flag: str) -> None:
    told = tell(windows_paths(box(CGO_CFLAGS=f"-O2 {flag}")))
    assert told == f"CGO_CFLAGS is -O2 {flag} in the login shell {SESSION}: {flag} holds a path of Windows"


def test_paths_on_a_drive_in_cgo_flags_are_told() -> None:
    snapshot = box(CGO_LDFLAGS="-L/mnt/c/lib")
    drive = replace(snapshot, evidence=replace(snapshot.evidence, mounts=(*snapshot.mounts, DRIVE)))
    assert tell(windows_paths(drive)).endswith("-L/mnt/c/lib lies on a Windows drive (/mnt/c is 9p)")


@pytest.mark.parametrize(
    ("flag", "machine"),
    [("-L/usr/x86_64-w64-mingw32/lib", "windows/amd64"), ("-I/usr/aarch64-linux-gnu/include", "linux/arm64")],
)
def test_paths_of_other_machines_in_cgo_flags_are_told(flag: str, machine: str) -> None:
    told = tell(foreign_paths(box(CGO_LDFLAGS=flag)))
    assert told.endswith(f"{flag} belongs to {machine}, and this machine is linux/amd64")


@pytest.mark.parametrize(
    "flags", ["-O2 -g", "-static-libgcc -lc", "-L/usr/lib/x86_64-linux-gnu", "'-DURL=https://x/y'"]
)
def test_usual_cgo_flags_are_left_alone(flags: str) -> None:
    snapshot = box(CGO_LDFLAGS=flags, CGO_CFLAGS=flags)
    assert not any(judge(snapshot) for judge in (windows_paths, foreign_paths, unparsable))


def test_cgo_flags_that_cannot_be_split_are_told() -> None:
    assert tell(unparsable(box(CGO_CFLAGS="-O2 '-Dx"))).endswith("has an unterminated ' string")


# ---- Delve -----------------------------------------------------------------------------------------------------------


def with_delve(version: str, go: str) -> Snapshot:
    says = Answer(0, f"Delve Debugger\nVersion: {version}\nBuild: $Id: abc $\n")
    return replace(box(shell_with(GOVERSION=go)), answers=(("dlv-version", says),), tools=(("dlv", "/go/bin/dlv"),))


@pytest.mark.parametrize(
    ("version", "go", "problem"),
    [
        ("1.20.2", "go1.26.8", "this Delve is too old for it (maximum supported version 1.20)"),
        ("1.9.1", "go1.20", "this Delve is too old for it (maximum supported version 1.19)"),
        ("1.27.2", "go1.24.11", "it is too old for this Delve (minimum supported version 1.25)"),
        ("1.26.2", "go1.26.8", None),
        ("1.26.2", "go1.24.11", None),
        ("1.25.2", "devel go1.28-abcdef", None),
        ("1.99.0", "go1.24.11", None),
    ],
)
def test_delve_has_a_window_of_gos(version: str, go: str, problem: str | None) -> None:
    assert debugger_of(with_delve(version, go)).problem == problem


def test_delve_is_told_with_both_versions() -> None:
    told = debugger_of(with_delve("1.20.2", "go1.26.8")).told
    assert told.startswith("/go/bin/dlv is Delve 1.20.2, and Go is go1.26.8: this Delve is too old for it")


def test_without_delve_nothing_is_judged() -> None:
    with pytest.raises(MissingTool, match="dlv is not on the login shell's PATH"):
        debugger_of(ALPINE)


def test_a_delve_that_does_not_tell_its_version_is_not_judged() -> None:
    silent = replace(box(), answers=(("dlv-version", Answer(1, "", "exec format error")),))
    with pytest.raises(MissingTool, match="dlv does not tell its version: exec format error"):
        debugger_of(silent)


def test_delve_waits_for_a_go_that_tells_its_version() -> None:
    with pytest.raises(Waits, match=r"waits for setup\.go-runs: go does not tell its version"):
        debugger_of(with_delve("1.26.2", ""))


# ---- git -------------------------------------------------------------------------------------------------------------


def with_git(answer: Answer | None) -> Snapshot:
    answers = (("subject-git", answer),) if answer else ()
    return replace(ALPINE, subject=APP, tools=(("git", "/usr/bin/git"),), answers=answers)


def test_a_repository_of_another_is_told() -> None:
    says = (
        f"fatal: detected dubious ownership in repository at '{APP}'\nTo add an exception for this directory, call:\n"
    )
    told = repository_of(with_git(Answer(128, "", says))).told
    assert told == f"git refuses to answer in {APP}: detected dubious ownership in repository at '{APP}'"


def test_a_repository_that_git_reads_is_told() -> None:
    repository = repository_of(with_git(Answer(0, f"{APP}\n")))
    assert (repository.problem, repository.told) == (None, f"{APP} lies in the git repository {APP}")


def test_a_module_outside_of_repositories_is_not_judged() -> None:
    says = "fatal: not a git repository (or any of the parent directories): .git\n"
    with pytest.raises(DeclaredAbsent, match=f"{APP} lies in no git repository"):
        repository_of(with_git(Answer(128, "", says)))


def test_a_git_that_hangs_is_not_judged() -> None:
    with pytest.raises(DeadlineExceeded, match=f"/usr/bin/git did not say within 5 s which repository {APP} lies in"):
        repository_of(with_git(Answer(137)))


def test_without_git_nothing_is_judged() -> None:
    with pytest.raises(MissingTool, match="git is not on the login shell's PATH: builds carry no commit"):
        git_of(ALPINE)


def test_without_a_subject_nothing_is_judged() -> None:
    with pytest.raises(DeclaredAbsent, match="no Go module of yours was read here; name one with --wslgo-subject DIR"):
        subject_of(ALPINE)


# ---- the editor's files ----------------------------------------------------------------------------------------------


def with_file(name: str, text: str | None) -> Snapshot:
    return replace(ALPINE, subject=APP, files=(*ALPINE.files, TextFile(f"{APP}/{name}", text)))


def launch(configuration: str) -> Snapshot:
    return with_file(".vscode/launch.json", f'{{ // comment\n"configurations": [{{ {configuration}, }}],\n}}')


def container(text: str) -> Snapshot:
    return with_file(".devcontainer/devcontainer.json", f'{{ "image": "golang:1.22-alpine3.19", {text} }}')


@pytest.mark.parametrize(
    "value",
    ["${env:USERPROFILE}/app", r"C:\\app", "c:/app", r"\\\\wsl$\\x", r".\\cmd\\app", "%APPDATA%/x", "--dir=D:/x"],
)
def test_paths_of_windows_are_told_with_their_place(value: str) -> None:
    told = tell(windows_entries(launch(f'"type": "go", "cwd": "{value}"')))
    assert told.startswith(f"{APP}/.vscode/launch.json: configurations[0].cwd is '")
    assert told.endswith("which means nothing on Linux")


@pytest.mark.parametrize(
    "configuration",
    [
        '"type": "go", "cwd": "${workspaceFolder}", "program": "${fileDirname}", "url": "http://x:80/y"',
        r'"type": "go", "windows": {"program": "C:\\x"}',
        r'"type": "go", "substitutePath": [{"from": "C:\\src", "to": "/src"}]',
        r'"type": "cppvsdbg", "program": "C:\\x.exe"',
        r'"type": "go", "args": ["-run", "^Test\\d+$"]',
    ],
)
def test_what_is_for_linux_or_for_windows_alone_is_left_alone(configuration: str) -> None:
    snapshot = launch(configuration)
    assert not windows_entries(snapshot)
    assert not unreadable(snapshot)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n "cwd": "C:\\Users"\n}', r"is no JSON with comments: Invalid \escape in '"),
        ("{", "is no JSON with comments: Expecting property name enclosed in double quotes at its end"),
        ("[" * 100_000, "is no JSON with comments that an editor reads: it is nested too deeply"),
        (None, "cannot be opened"),
    ],
)
def test_files_that_cannot_be_read_are_told(text: str | None, told: str) -> None:
    assert tell(unreadable(with_file(".vscode/launch.json", text))).startswith(f"{APP}/.vscode/launch.json {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '"containerEnv": {"CGO_ENABLED": "1"}',
            "containerEnv.CGO_ENABLED is '1', and golang:1.22-alpine3.19 has no C",
        ),
        ('"runArgs": ["-e", "CGO_ENABLED=1"]', "runArgs[1] is 'CGO_ENABLED=1', and golang:1.22-alpine3.19 has no C"),
        ('"remoteEnv": {"CC": "x86_64-linux-gnu-gcc"}', "a compiler for glibc, and golang:1.22-alpine3.19 has musl"),
        ('"postCreateCommand": "sudo apt-get -y install gcc"', "and golang:1.22-alpine3.19 has apk, not apt"),
    ],
)
def test_what_musl_contradicts_is_told(text: str, told: str) -> None:
    assert told in tell(cgo_contradictions(container(text)))


@pytest.mark.parametrize(
    "text",
    [
        '"containerEnv": {"CGO_ENABLED": "0"}',
        '"containerEnv": {"CGO_ENABLED": "1"}, "postCreateCommand": "apk add --no-cache gcc musl-dev"',
        '"name": "alpine"',
    ],
)
def test_what_fits_musl_is_left_alone(text: str) -> None:
    assert not cgo_contradictions(container(text))


def test_another_image_may_have_cgo() -> None:
    text = '{ "image": "golang:1.26-bookworm", "containerEnv": {"CGO_ENABLED": "1"} }'
    assert not cgo_contradictions(with_file(".devcontainer.json", text))


def test_a_subject_without_such_files_has_none() -> None:
    assert config_files(replace(ALPINE, subject=APP)) == ()


# ---- the option ------------------------------------------------------------------------------------------------------
