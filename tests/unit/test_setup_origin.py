"""From a trace and the lines of files to assignments, and from these to the place that a value comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.facts import Assignment, Shell, TextFile, fits
from pytest_wslgo.model.setup.origin import Origin, origin_of, origin_of_path_entry
from pytest_wslgo.model.snapshot import dump, load
from pytest_wslgo.model.traces import read_assignments
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Pairs
    from pytest_wslgo.model.snapshot import Snapshot

ALPINE = parse_collected((RECORDINGS / "collected_alpine.txt").read_bytes(), "wslgo-recorded")
PROFILE = "/home/dev/.profile"


def a_row(
    text: str, *, file: str = PROFILE, line: int | str = 3, function: str = "", calls: tuple[str, ...] = ()
) -> str:
    """Write a row of a trace; ``calls`` are caller, its file, line of the call, the file and line above that."""
    return "\x1e".join(("0", function, file, str(line), *(*calls, "", "", "", "", "")[:5], text))


def read(*rows: str, lines: str = "", before: str = "/usr/bin", after: dict[str, str] | None = None) -> list[str]:
    """Return what was read, a line each."""
    found = read_assignments("\n".join(rows), lines, before={"PATH": before}, after=after or {})
    return [f"{one.name}={one.value} {one.file}:{one.line}{'' if one.traced else ' probably'}" for one in found]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("GOROOT=/opt/go", "GOROOT=/opt/go"),
        ("export GOROOT=/opt/go", "GOROOT=/opt/go"),
        ("declare -x 'GOFLAGS=-mod=mod -v'", "GOFLAGS=-mod=mod -v"),
        ("PATH='/a b:/usr/bin'", "PATH=/a b:/usr/bin"),
        ("PATH+=:/late ", "PATH=/usr/bin:/late"),
        ("path=( /q/bin '/a b' /usr/bin ) ", "PATH=/q/bin:/a b:/usr/bin"),
        ("path+=( /q/bin )", "PATH=/usr/bin:/q/bin"),
        ("export GOPROXY=https://ann:s3cret@proxy.example", "GOPROXY=https://ann:***@proxy.example"),
    ],
)
def test_what_bash_and_zsh_trace(text: str, read_as: str) -> None:
    assert read(a_row(text)) == [f"{read_as} {PROFILE}:3"]


@pytest.mark.parametrize("text", ["export GOROOT", "GOVCS='a", "echo GOROOT=/x", "EDITOR=vi", "GOOGLE_API_KEY=x", ""])
def test_what_is_no_assignment_of_interest(text: str) -> None:
    assert read(a_row(text)) == []


def test_an_assignment_that_is_traced_twice_is_one() -> None:
    assert read(a_row("export GOROOT=/x"), a_row("GOROOT=/x")) == [f"GOROOT=/x {PROFILE}:3"]


@pytest.mark.parametrize(
    ("calls", "place"),
    [
        (("", "/etc/bashrc", "9"), "/etc/bashrc:9"),
        (("source", "/etc/bashrc", "9", PROFILE, "4"), "/etc/bashrc:9"),
        (("outer", "/lib.sh", "9", PROFILE, "4"), f"{PROFILE}:4"),
        ((), "/lib.sh:7"),
    ],
)
def test_the_line_of_a_function_is_that_of_its_call(calls: tuple[str, ...], place: str) -> None:
    row = a_row("GOROOT=/x", file="/lib.sh", line=7, function="prepend", calls=calls)
    assert read(row) == [f"GOROOT=/x {place}"]


def test_a_trace_without_files_is_joined_with_the_lines_that_were_read() -> None:
    rows = [a_row(text, file="", line="") for text in ("GOBIN=/home/dev/bin", "export GOFLAGS=-mod=mod -v GOROOT=/opt")]
    lines = f"{PROFILE}:1:GOBIN=$HOME/bin\n{PROFILE}:2:GOBIN=/x\n{PROFILE}:3:export GOFLAGS='-mod=mod -v' GOROOT=/opt"
    after = {"GOBIN": "/home/dev/bin", "GOFLAGS": "-mod=mod -v", "GOROOT": "/opt"}
    assert read(*rows, lines=lines, after=after) == [
        f"GOBIN=/home/dev/bin {PROFILE}:1 probably",
        f"GOFLAGS=-mod=mod -v {PROFILE}:3 probably",
        f"GOROOT=/opt {PROFILE}:3 probably",
    ]


def test_a_line_number_without_a_file_is_certain_when_one_file_alone_has_it() -> None:
    row = a_row("export 'GOROOT=/opt'", file="", line=3)
    assert read(row, lines=f"{PROFILE}:3:export GOROOT=/opt", after={"GOROOT": "/opt"}) == [f"GOROOT=/opt {PROFILE}:3"]
    both = f"{PROFILE}:3:export GOROOT=/opt\n/etc/profile:3:GOROOT=/opt"
    assert read(row, lines=both, after={"GOROOT": "/opt"})[0] == f"GOROOT=/opt {PROFILE}:3 probably"


def test_the_text_of_files_counts_where_the_trace_does_not_end_with_what_the_shell_has() -> None:
    lines = f"{PROFILE}:5:export GOROOT=/new"
    assert read(a_row("GOROOT=/old"), lines=lines, after={"GOROOT": "/old"}) == [f"GOROOT=/old {PROFILE}:3"]
    assert read(a_row("GOROOT=/old"), lines=lines, after={"GOROOT": "/new"}) == [
        f"GOROOT=/old {PROFILE}:3",
        f"GOROOT=/new {PROFILE}:5 probably",
    ]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ('  PATH="/usr/local/bin:/usr/bin"', "PATH=/usr/local/bin:/usr/bin"),
        ("GOROOT=/opt/go; export GOROOT", "GOROOT=/opt/go"),
        (': "${GOPATH:=$HOME/go}"', "GOPATH=$HOME/go"),
        ("GOROOT DEFAULT=/opt/go", "GOROOT=/opt/go"),
        ("SetEnv GOFLAGS=-v", "GOFLAGS=-v"),
        ('DefaultEnvironment="GOROOT=/opt/go" A=b', "GOROOT=/opt/go"),
        ("set -gx PATH /usr/local/go/bin $PATH", "PATH=/usr/local/go/bin:$PATH"),
        ("setenv GOROOT /opt/go", "GOROOT=/opt/go"),
        ("fish_add_path -g $HOME/go/bin", "PATH=$HOME/go/bin"),
        ("path=(/opt/go/bin $path)", "PATH=/opt/go/bin"),
    ],
)
def test_what_a_line_of_a_file_may_assign(text: str, read_as: str) -> None:
    assert read(lines=f"/a file:7:{text}") == [f"{read_as} /a file:7 probably"]


@given(st.text(), st.text())
def test_no_trace_breaks_the_reader(trace: str, lines: str) -> None:
    read_assignments(a_row(trace) + "\n" + trace, f"/x:1:{lines}\n{lines}", before={}, after={})


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("$HOME/go/bin", "/home/dev/go/bin", True),
        ("~/go", "/root/go", True),
        ("$(go env GOPATH)/bin", "/root/go/bin", True),
        ("${GOPATH%/}/bin", "/g/bin", True),
        ("@{HOME}/go", "/home/dev/go", True),
        ("/opt/go", "/opt/go1", False),
        ("$HOME/a.b", "/root/axb", False),
    ],
)
def test_a_word_fits_what_it_can_expand_to(written: str, value: str, expected: bool) -> None:
    assert fits(written, value) is expected


def a_snapshot(
    *,
    plain: Pairs = (("PATH", "/usr/bin"),),
    login: Pairs = (("PATH", "/usr/bin"),),
    assigned: tuple[Assignment, ...] = (),
    session: tuple[Assignment, ...] = (),
    go: Pairs = (("GOENV", "/home/dev/.config/go/env"), ("GOROOT", "/usr/local/go"), ("GOPROXY", "off")),
    goenv: str = "",
) -> Snapshot:
    shells = (
        Shell("plain", started=True, status=0, environ=plain, go_values=go, assignments=session),
        Shell("bare", started=True, status=0, environ=(("PATH", "/bin"),), go_values=go),
        Shell("login", started=True, status=0, environ=login, go_values=go, assignments=assigned),
    )
    return replace(ALPINE, shells=shells, files=(TextFile("/home/dev/.config/go/env", goenv),))


def set_at(name: str, value: str, line: int = 3, *, file: str = PROFILE, traced: bool = True) -> Assignment:
    return Assignment(name, value, file, line, traced)


def test_a_setting_of_the_environment_wins_and_names_its_line() -> None:
    snapshot = a_snapshot(
        login=(("GOROOT", "/opt/go"),), assigned=(set_at("GOROOT", "/opt/go"),), goenv="GOROOT=/elsewhere\n"
    )
    where = "exported in /home/dev/.profile line 3"
    assert origin_of(snapshot, "GOROOT") == Origin("GOROOT", "/opt/go", where, f"GOROOT is /opt/go ({where}).")


@pytest.mark.parametrize(
    ("goenv", "value", "where"),
    [
        ("GOPROXY=direct\n", "direct", "the go env file /home/dev/.config/go/env"),
        ("# GOPROXY=x\nGOSUMDB=off\n", "https://proxy.example,direct", "$GOROOT/go.env"),
    ],
)
def test_then_the_goenv_file_and_the_sdk_decide(goenv: str, value: str, where: str) -> None:
    assert origin_of(a_snapshot(goenv=goenv), "GOPROXY") == Origin(
        "GOPROXY", value, where, f"GOPROXY is {value} ({where})."
    )


def test_then_go_itself() -> None:
    assert origin_of(a_snapshot(), "GOROOT").told == "GOROOT is /usr/local/go (go's default)."
    assert origin_of(a_snapshot(), "GOBIN").told == "GOBIN is not set in the login shell."
    assert origin_of(a_snapshot(login=(("GOBIN", ""),)), "GOBIN").told.startswith("GOBIN is empty (")


def test_the_last_line_that_gave_the_value_is_named() -> None:
    lines = (
        set_at("GOROOT", "/opt", 1),
        set_at("GOROOT", "/x", 2),
        set_at("GOROOT", "/opt", 5),
        set_at("GOBIN", "/opt", 6),
    )
    snapshot = a_snapshot(login=(("GOROOT", "/opt"),), assigned=lines)
    assert origin_of(snapshot, "GOROOT").where == "exported in /home/dev/.profile line 5"


@pytest.mark.parametrize(
    ("more", "where"),
    [
        (
            {"session": (set_at("GOROOT", "/opt", 2, file="/etc/environment", traced=False),)},
            "(/etc/environment line 2)",
        ),
        ({"plain": (("GOROOT", "/opt"), ("WSLENV", "A/u:GOROOT/p"))}, "(by Windows: WSLENV names it)"),
    ],
)
def test_what_was_there_before_the_shell(more: dict[str, object], where: str) -> None:
    snapshot = a_snapshot(**{"plain": (("GOROOT", "/opt"),), "login": (("GOROOT", "/opt"),), **more})  # type: ignore[arg-type]
    for shell in ("plain", "login"):
        assert origin_of(snapshot, "GOROOT", shell).where == f"inherited: set before the shell started {where}"


def test_a_value_that_nothing_shows_is_of_the_session() -> None:
    snapshot = a_snapshot(plain=(("GOROOT", "/opt"),), login=(("GOROOT", "/opt"),))
    assert origin_of(snapshot, "GOROOT").where == "the environment of the session"
    changed = a_snapshot(login=(("GOROOT", "/opt"),))
    assert origin_of(changed, "GOROOT").where == "set while the shell started"


def test_a_container_gives_what_its_first_process_has() -> None:
    evidence = replace(ALPINE.evidence, pid1_environ=(("GOROOT", "/opt"),))
    snapshot = replace(a_snapshot(plain=(("GOROOT", "/opt"),)), evidence=evidence)
    told = "inherited: set before the shell started (by the container: its PID 1 has the same)"
    assert origin_of(snapshot, "GOROOT", "plain").where == told


def test_every_place_that_adds_an_entry_of_path_is_named() -> None:
    lines = (
        set_at("PATH", "/go/bin:/usr/bin", 1),
        set_at("PATH", "/x:/go/bin:/usr/bin", 2),
        set_at("PATH", "/go/bin:/x:/go/bin:/usr/bin", 4),
    )
    snapshot = a_snapshot(login=(("PATH", "/go/bin:/x:/go/bin:/usr/bin"),), assigned=lines)
    where = "exported in /home/dev/.profile line 1 and exported in /home/dev/.profile line 4"
    assert origin_of_path_entry(snapshot, "/go/bin") == Origin(
        "PATH", "/go/bin", where, f"/go/bin is on the PATH ({where})."
    )
    assert origin_of_path_entry(snapshot, "/usr/bin").where == "the environment of the session"
    assert origin_of_path_entry(snapshot, "/bin", "bare").where == "the PATH of a system without a session"
    assert origin_of_path_entry(snapshot, "/gone").told == "/gone is not on the PATH of the login shell."


def test_an_entry_that_was_dropped_and_came_back_is_of_the_last_place() -> None:
    lines = (set_at("PATH", "/bin", 1), set_at("PATH", "/usr/bin:/bin", 2))
    snapshot = a_snapshot(login=(("PATH", "/usr/bin:/bin"),), assigned=lines)
    assert origin_of_path_entry(snapshot, "/usr/bin").where == "exported in /home/dev/.profile line 2"


def test_an_empty_entry_has_a_name() -> None:
    snapshot = a_snapshot(login=(("PATH", ":/usr/bin"),), assigned=(set_at("PATH", ":/usr/bin"),))
    assert origin_of_path_entry(snapshot, "").told == (
        "an empty entry is on the PATH (exported in /home/dev/.profile line 3)."
    )


def test_the_words_of_a_file_are_probably_the_origin_of_an_entry() -> None:
    written = set_at("PATH", "$HOME/go/bin:$PATH", traced=False)
    snapshot = a_snapshot(login=(("PATH", "/home/dev/go/bin:/usr/bin"),), assigned=(written,))
    told = "probably exported in /home/dev/.profile line 3"
    assert origin_of_path_entry(snapshot, "/home/dev/go/bin").where == told
    assert origin_of(snapshot, "PATH").where == told


def test_assignments_are_stored_and_facts_without_them_still_load() -> None:
    snapshot = a_snapshot(assigned=(set_at("GOROOT", "/opt"),))
    assert load(dump(snapshot), "facts.json") == snapshot
    assert ALPINE.login.assignments == ()
