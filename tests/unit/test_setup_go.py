"""Which go the shells find, what kind of program it is, and what it says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.facts import Answer, PathStat, Shell
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.program_head import parse_head
from pytest_wslgo.model.setup import go_command, rivals, running, versions
from pytest_wslgo.resources import SUITES
from tests.unit.boxes import ALPINE, GO, PATH, a_box, a_go, a_shell, failed, said, with_drive

DATA = versions.load_go_data(SUITES / "go.toml")
HERE = "(PATH: the environment of the session)"
NEWEST = GoVersion.parse("1.27")


def script(text: str) -> dict[str, Any]:
    return {"head": parse_head(text.encode()), "version": None}


# ---- which go a shell finds


def test_a_healthy_machine_has_one_go_everywhere() -> None:
    box = a_box()
    assert go_command.go_in(box, "login").told.startswith(f"the login shell finds {GO} (PATH: ")
    assert go_command.shells_that_differ(box) is None
    assert all(go_command.foreign(box, go_command.go_in(box, shell)) is None for shell in go_command.SHELLS)
    assert running.running_go(box).told.endswith(": go1.27.3 linux/amd64")
    assert rivals.gos_on_path(box).told == f"the login shell's PATH has one Go: {GO} (go1.27.3)"


def test_the_login_shell_of_the_recorded_container_lost_go() -> None:
    go = go_command.go_in(ALPINE, "login")
    assert go.path is None
    assert go.told.startswith("the login shell finds no go on its PATH, /usr/local/sbin:/usr/local/bin:")
    assert go.told.endswith("; /usr/local/go/bin/go is there, but /usr/local/go/bin is not on that PATH")
    differing = go_command.shells_that_differ(ALPINE)
    assert differing is not None
    assert differing.startswith("the interactive shell finds /usr/local/go/bin/go (PATH: ")
    assert "; the login shell finds no go on its PATH" in differing
    with pytest.raises(Waits, match=r"^waits for setup\.go-on-path: the login shell finds no go$"):
        running.running_go(ALPINE)


@pytest.mark.parametrize(
    ("go", "told"),
    [
        (a_go(real=None, link="/opt/go/bin/go", stat=None), f"; {GO} is a link to /opt/go/bin/go, which is not there"),
        (a_go(stat=PathStat(GO, 0o100644, 0, 0)), f"; {GO} is there, but not executable (mode 0644)"),
        (a_go(stat=PathStat(GO, 0o40755, 0, 0)), ""),
    ],
    ids=["dangling", "not-executable", "a-directory"],
)
def test_what_stands_where_go_should_be_is_told(go: object, told: str) -> None:
    box = a_box(login=a_shell("login", None), gos=(go,))
    assert go_command.go_in(box, "login").told == f"the login shell finds no go on its PATH, {PATH}{told}"


def test_a_path_of_500_entries_is_cut() -> None:
    path = ":".join(f"/opt/tools/{n}/bin" for n in range(500))
    told = go_command.go_in(a_box(login=a_shell("login", None, path=path), gos=()), "login").told
    assert told.endswith("… (500 entries)")
    assert len(told) < 250


def test_no_shell_finds_a_go() -> None:
    with pytest.raises(Waits, match=r"^waits for setup\.go-on-path: no shell of the user finds a go$"):
        go_command.any_go(a_box(login=a_shell("login", None), gos=()))


@pytest.mark.parametrize(
    ("status", "why"), [(137, "was stopped at its time limit"), (1, "left, or could not be started")]
)
def test_a_shell_that_never_handed_over_is_waited_for(status: int, why: str) -> None:
    box = a_box(login=Shell("login", started=False, status=status), plain=a_shell("plain"))
    with pytest.raises(Waits) as waits:
        go_command.go_in(box, "login")
    told = f"the login shell {why} before its start-up files came to their end"
    assert str(waits.value) == f"waits for setup.shells-start: {told}"
    assert go_command.unfinished_shells(box)[0] == told


def test_the_last_words_of_a_shell_that_hangs_are_told() -> None:
    login = Shell("login", started=False, status=137, noise="Welcome\nYour name? ")
    box = a_box(login=login, plain=a_shell("plain"), interactive=a_shell("interactive"))
    (told,) = go_command.unfinished_shells(box)
    assert told.endswith("; the last that it printed: 'Your name?'")
    assert go_command.unfinished_shells(a_box()) == ()


def test_two_names_of_one_file_and_a_shim_of_one_sdk_are_the_same_go() -> None:
    shim = a_go("/home/dev/.local/share/mise/shims/go", real="/usr/bin/mise")
    linked = a_go("/bin/go", real=GO, link=GO)
    for go in (shim, linked):
        assert go_command.shells_that_differ(a_box(plain=a_shell("plain", go.path), gos=(a_go(), go))) is None


def test_another_go_in_the_plain_shell_is_told() -> None:
    plain = a_shell("plain", "/usr/bin/go", answer=said("go1.19.8"), values={"GOROOT": "/usr/lib/go-1.19"})
    other = a_go("/usr/bin/go", "go1.19.8", real="/usr/lib/go-1.19/bin/go", link="../lib/go-1.19/bin/go")
    told = go_command.shells_that_differ(a_box(plain=plain, gos=(a_go(), other)))
    assert told is not None
    assert f"the login shell finds {GO}" in told
    assert "; the plain shell finds /usr/bin/go, a link to /usr/lib/go-1.19/bin/go (PATH: " in told


@pytest.mark.parametrize(
    ("word", "hidden"),
    [
        ("alias go='grc go'", None),
        ("alias go='/opt/tip/bin/gotip'", "an alias, go='/opt/tip/bin/gotip'"),
        ("go", "a function named go"),
    ],
)
def test_an_alias_hides_go_unless_it_passes_on_to_it(word: str, hidden: str | None) -> None:
    go = go_command.go_in(a_box(interactive=a_shell("interactive", word)), "interactive")
    assert (go.path, go.hidden) == (GO, hidden)
    assert hidden is None or go.told == f"the interactive shell calls {hidden}, not {GO}"


# ---- what kind of program it is


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"link": "/mnt/c/Go/bin/go.exe"}, "/mnt/c/Go/bin/go.exe is a program for Windows"),
        ({"head": parse_head(b"MZ" + bytes(60))}, "a program for Windows"),
        (script('#!/bin/sh\n# go.exe\nexec go.exe "$@"\n'), "it is a script that calls a program for Windows: "),
        (
            {"head": parse_head(bytes.fromhex("7f454c460201010000000000000000000200b70001000000"))},
            "it is an ELF file for arm64, this machine is amd64",
        ),
        (
            {"head": parse_head(bytes.fromhex("7f454c4602010100000000000000000002002b0001000000"))},
            "it is an ELF file for an unknown machine, this machine is amd64",
        ),
    ],
    ids=["link", "pe", "script", "arm64", "unknown-machine"],
)
def test_a_go_of_another_system_is_told(changes: dict[str, Any], told: str) -> None:
    box = a_box(gos=(a_go(**changes),))
    problem = go_command.foreign(box, go_command.go_in(box, "login"))
    assert problem is not None
    assert told in problem
    with pytest.raises(Waits, match=r"^waits for setup\.go-is-native: "):
        running.asked_go(box)


def test_a_go_on_a_drive_is_told_by_the_mount_table() -> None:
    path = "/windrive/sdk/bin/go"
    box = with_drive(a_box(login=a_shell("login", path, path="/windrive/sdk/bin"), gos=(a_go(path),)))
    problem = go_command.foreign(box, go_command.go_in(box, "login"))
    assert problem is not None
    assert problem.endswith("it lies with Windows: /windrive is C:\\ (9p)")


def test_a_go_below_mnt_that_is_no_drive_is_native() -> None:
    path = "/mnt/c/bin/go"
    box = a_box(login=a_shell("login", path, path="/mnt/c/bin"), gos=(a_go(path),))
    assert go_command.foreign(box, go_command.go_in(box, "login")) is None


@pytest.mark.parametrize(
    "changes", [script("#!/usr/bin/env bash\nexec goenv exec go\n"), {"head": None}], ids=["shim", "unreadable"]
)
def test_a_shim_of_a_version_manager_is_native(changes: dict[str, Any]) -> None:
    box = a_box(gos=(a_go(**changes),))
    assert go_command.foreign(box, go_command.go_in(box, "login")) is None
    assert running.running_go(box).version == GoVersion.parse("go1.27.3")


def test_a_script_and_an_alias_that_end_on_windows_are_told() -> None:
    login = a_shell("login", answer=said("go1.26.4", "windows/amd64"))
    box = a_box(login=login, gos=(a_go(**script("#!/bin/sh\nexec wingo\n")),))
    problem = go_command.foreign(box, go_command.go_in(box, "login"))
    assert problem is not None
    assert problem.endswith("it ends in a Go for Windows: it says 'go version go1.26.4 windows/amd64'")
    box = a_box(interactive=a_shell("interactive", "alias go=go.exe"))
    problem = go_command.foreign(box, go_command.go_in(box, "interactive"))
    assert problem == f"the interactive shell calls an alias, go=go.exe, not {GO}: a program for Windows"
    assert go_command.foreign_gos(box) == (problem,)


def test_one_go_of_three_shells_is_told_once() -> None:
    box = a_box(gos=(a_go(link="/windrive/Go/bin/go.exe"),))
    (told,) = go_command.foreign_gos(box)
    assert told.startswith("the login shell finds ")
    assert go_command.foreign_gos(a_box()) == ()


# ---- what it says


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (failed("go: cannot find GOROOT"), "`go version` ends with status 2: go: cannot find GOROOT"),
        (failed("sh: go: Permission denied", 126), "`go version` ends with status 126: sh: go: Permission denied"),
        (Answer(137), "; `go version` gave no answer in time and was stopped"),
        (Answer(0, "hello\n"), "'hello\\n' is not the output of 'go version': expected"),
        (said("go1.27.3", "linux/arm64"), "`go version` says linux/arm64, this machine is linux/amd64"),
    ],
    ids=["goroot", "permission", "hangs", "other-text", "arch"],
)  # fmt: skip
def test_a_go_that_does_not_run_is_told(answer: Answer, told: str) -> None:
    box = a_box(login=a_shell("login", answer=answer))
    problem = running.asked_go(box).problem
    assert problem is not None
    assert told in problem
    with pytest.raises(Waits, match=r"^waits for setup\.go-runs: the login shell finds "):
        running.running_go(box)


def test_the_goroot_that_go_does_not_find_is_told_with_its_origin() -> None:
    answer = failed("go: cannot find GOROOT directory: /gone")
    problem = running.asked_go(a_box(login=a_shell("login", answer=answer, GOROOT="/gone"))).problem
    assert problem is not None
    assert "; GOROOT is /gone (" in problem


@pytest.mark.parametrize(
    ("error", "claim"),
    [
        ('go: invalid GOTOOLCHAIN "go9.9.9"', "setup.toolchain-policy"),
        ("go: unknown GOEXPERIMENT such", "setup.experiments-off"),
        ("go: invalid GOAMD64: must be v1, v2, v3, v4", "setup.cpu-level"),
        ("go: parsing $GOFLAGS: unknown flag -nosuch", "setup.goflags-sane"),
        (
            "go: GOPATH entry is relative; must be absolute path: \"go\".\nFor more details see: 'go help gopath'",
            "setup.gopath-sane",
        ),
        ("go: go.mod requires go >= 1.99 (running go 1.27.3; GOTOOLCHAIN=local)", "setup.modules-on"),
    ],
)
def test_a_setting_that_stops_go_is_waited_for(error: str, claim: str) -> None:
    with pytest.raises(Waits) as waits:
        running.asked_go(a_box(login=a_shell("login", answer=failed(error))))
    assert str(waits.value) == f"waits for {claim}: go stops with {error.splitlines()[0]!r}"


@pytest.mark.parametrize(
    "error",
    [
        "go: download go1.26.4 for linux/amd64: toolchain not available",
        "go: go: could not create module cache: stat /dev/null/none: not a directory",
    ],
)
def test_a_toolchain_that_a_snapshot_does_not_fetch_is_no_fault(error: str) -> None:
    running_go = running.running_go(a_box(login=a_shell("login", answer=failed(error, 1))))
    assert running_go.version == GoVersion.parse("go1.27.3")


def test_the_age_of_go() -> None:
    assert versions.age_of(a_box(), DATA.supported).supported
    old = a_box(login=a_shell("login", answer=said("go1.19.8")))
    age = versions.age_of(old, DATA.supported)
    assert not age.supported
    assert age.told.endswith(f": go1.19.8 linux/amd64; the oldest that is supported is {DATA.supported}")
    assert versions.age_of(a_box(login=a_shell("login", answer=said("devel go1.99-abc"))), DATA.supported).supported
