"""Settings of Go in a snapshot: values by shell, the go env file, GOFLAGS, GOPROXY, module mode, the build target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.facts import Answer, PathStat, TextFile
from pytest_wslgo.model.setup import goflags
from pytest_wslgo.model.setup.build_target import foreign_architectures, foreign_systems
from pytest_wslgo.model.setup.goenv_file import goenv_files_of, parse_goenv
from pytest_wslgo.model.setup.goproxy import bad_proxies, relic_variables
from pytest_wslgo.model.setup.modules import dangling_workspaces, modes_off, stray_files
from pytest_wslgo.model.setup.origin import origin_of
from pytest_wslgo.model.setup.setting import settings_of
from pytest_wslgo.model.setup.telling import tell
from pytest_wslgo.model.setup.words import Words, split_words
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Shell
    from pytest_wslgo.model.snapshot import Snapshot

ALPINE = parse_collected((RECORDINGS / "collected_alpine.txt").read_bytes(), "wslgo-recorded")


def shell_with(name: str = "login", *, environ: dict[str, str] | None = None, **go: str) -> Shell:
    """Return a shell that finds go; what ``go`` env says follows the variables unless it is given."""
    given = environ or {}
    known = dict(ALPINE.plain.go_values)
    told = {name: value for name, value in given.items() if name in known}
    variables = {name: value for name, value in ALPINE.plain.environ if name in ("HOME", "PATH")} | given
    return replace(
        ALPINE.plain,
        name=name,
        environ=tuple(variables.items()),
        go_values=tuple((known | {"GOPROXY": "https://proxy.example,direct"} | told | go).items()),
    )


def box(*shells: Shell, **variables: str) -> Snapshot:
    """Return the recorded machine with these shells, or with a login shell that has these variables."""
    return replace(ALPINE, shells=shells or (shell_with(environ=variables),))


def with_goenv(text: str | None, **variables: str) -> Snapshot:
    path = "/root/.config/go/env"
    lines = dict(line.split("=", 1) for line in (text or "").split("\n") if "=" in line)
    shell = shell_with(environ=variables, **({name: lines[name] for name in lines} | variables))
    return replace(box(shell), files=(*ALPINE.files, TextFile(path, text)))


def broken(error: str, **variables: str) -> Snapshot:
    shell = replace(shell_with(environ=variables), go_values=(), go_env=Answer(1, "", error))
    return box(shell)


SESSION = f"({origin_of(box(GOFLAGS='-v'), 'GOFLAGS').where})"


# ---- words and values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", Words(())),
        (" \t\n", Words(())),
        ("-v  -x\n", Words(("-v", "-x"))),
        ("'-ldflags=-s -w' \"-a b\"", Words(("-ldflags=-s -w", "-a b"))),
        ("-a='b c'", Words(("-a='b", "c'"))),
        ("''", Words(("",))),
        ("-v '-x", Words(("-v",), "unterminated ' string")),
        ('"', Words((), 'unterminated " string')),
    ],
)
def test_words_are_split_as_go_does(text: str, words: Words) -> None:
    assert split_words(text) == words


def test_a_value_is_told_with_its_shells_and_its_origin() -> None:
    exported = {"GOFLAGS": "-v"}
    shells = (shell_with("bare"), *(shell_with(name, environ=exported) for name in ("login", "interactive")))
    assert [setting.told for setting in settings_of(box(*shells), "GOFLAGS")] == [
        "GOFLAGS is empty in the bare shell (go's default)",
        f"GOFLAGS is -v in the login and interactive shells {SESSION}",
    ]


def test_a_value_of_all_shells_is_told_once() -> None:
    (setting,) = settings_of(box(shell_with("plain"), shell_with("login")), "CC")
    assert (setting.told, setting.explicit) == ("CC is gcc in every shell (go's default)", False)


def test_without_a_go_settings_wait() -> None:
    without = box(replace(shell_with(), word=None))
    with pytest.raises(Waits, match=r"^waits for setup\.go-on-path: no shell of the user finds a go$"):
        settings_of(without, "GOFLAGS")


def test_with_a_broken_go_settings_wait() -> None:
    with pytest.raises(Waits, match=r"^waits for setup\.go-runs: /usr/local/go/bin/go does not tell .*: cannot find"):
        settings_of(broken("go: cannot find GOROOT directory"), "GOFLAGS")


# ---- the go env file -------------------------------------------------------------------------------------------------


def test_the_go_env_file_is_read_as_go_does() -> None:
    goenv = parse_goenv("# comment\n\nGOPROXY=a=b\nGOFLAGS=-v\nGOPROXY=direct\n", "/e")
    assert [(line.number, line.name, line.value) for line in goenv.assignments] == [
        (4, "GOFLAGS", "-v"),
        (5, "GOPROXY", "direct"),
    ]
    assert tell(goenv.malformed) == "/e line 3 'GOPROXY=a=b' is undone by line 5"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "export GOPROXY=direct",
            "does not begin with the name of a variable ('export GOPROXY'), so that go ignores it",
        ),
        ("GOPROXY direct", "is no NAME=VALUE, so that go ignores it"),
        (" GOPROXY=direct", "does not begin with the name of a variable (' GOPROXY'), so that go ignores it"),
        ("GOPROXY =direct", "does not begin with the name of a variable ('GOPROXY '), so that go ignores it"),
        ("\ufeffGOPROXY=direct", "begins with a byte order mark, so that go ignores it"),
        ("GOPROXY=direct\r", "gives GOPROXY a value with a carriage return at its end or start, which go keeps"),
        ("GOPROXY=direct ", "gives GOPROXY a value with blanks at its end or start, which go keeps"),
        ("NOTAVAR=1", "sets NOTAVAR, which go does not read from a file"),
        ("GODEBUG=x=1", "sets GODEBUG, which go does not read from a file"),
    ],
)
def test_a_line_that_is_not_what_it_seems_is_told(line: str, told: str) -> None:
    (malformed,) = parse_goenv(f"{line}\n", "/e").malformed
    assert malformed.told.startswith("/e line 1 ")
    assert malformed.told.endswith(told)


@pytest.mark.parametrize(
    "line",
    ["GOOS=windows", "GOARCH=arm64", "GOROOT=/opt", "CC=clang", "CXX=x", "AR=x", "GOBIN=bin", "GOFLAGS=-mod=vendor"],
)
def test_pins_are_told_with_their_line(line: str) -> None:
    (goenv,) = goenv_files_of(with_goenv(f"GOSUMDB=off\n{line}\n"))
    assert tell(goenv.pins) == f"/root/.config/go/env line 2 sets {line}"


@pytest.mark.parametrize("line", ["GOPROXY=direct", "GOBIN=/root/bin", "GOOS=", "GOFLAGS=-buildvcs=false -modcacherw"])
def test_settings_of_taste_are_no_pins(line: str) -> None:
    (goenv,) = goenv_files_of(with_goenv(line))
    assert not goenv.pins
    assert not goenv.malformed


def test_a_pin_without_effect_names_what_wins() -> None:
    (goenv,) = goenv_files_of(with_goenv("CC=clang\n", CC="gcc-12"))
    assert tell(goenv.pins) == (
        "/root/.config/go/env line 1 sets CC=clang, but the environment wins: gcc-12 in the login shell " + SESSION
    )


def test_a_go_env_file_that_cannot_be_read_is_told() -> None:
    (goenv,) = goenv_files_of(with_goenv(None))
    assert tell(goenv.malformed) == "/root/.config/go/env cannot be read, so that go ignores it"


def test_a_go_env_file_that_is_switched_off_is_none() -> None:
    assert not goenv_files_of(with_goenv("CC=clang\n", GOENV=""))


# ---- GOFLAGS ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("-buildmode=pie", "-buildmode=pie sets the build mode of every build"),
        ("-v --race", "--race builds everything with the race detector, which needs cgo"),
        ("'-ldflags=-linkmode=external -X a.b=c'", "-linkmode=external sets the link mode of every build"),
    ],
)
def test_goflags_that_change_the_mode_are_told(value: str, told: str) -> None:
    assert tell(goflags.changed_modes(box(GOFLAGS=value))) == f"GOFLAGS is {value} in the login shell {SESSION}: {told}"


@pytest.mark.parametrize("value", ["-ldflags=-s", "--ldflags=-w", "'-ldflags=all=-X a.b=c -w=true'", "-ldflags=x=-s"])
def test_goflags_that_strip_are_told(value: str) -> None:
    assert tell(goflags.stripped_debug(box(GOFLAGS=value))).endswith("drops the debug information of every build")


@pytest.mark.parametrize(
    "value", ["", "-ldflags=-w=0", "-ldflags=-s -ldflags=", "'-ldflags=-X main.s=-s'", "-gcflags=-w"]
)
def test_other_goflags_do_not_strip(value: str) -> None:
    assert not goflags.stripped_debug(box(GOFLAGS=value)) or "-X main.s" in value


@pytest.mark.parametrize("value", ["-mod=vendor", "-mod=mod", "-modfile=/x.mod", "-overlay=/o.json"])
def test_goflags_that_pin_modules_are_told(value: str) -> None:
    assert value in tell(goflags.pinned_modules(box(GOFLAGS=value)))


@pytest.mark.parametrize(
    "value", ["-buildvcs=false", "-modcacherw -trimpath", "-tags=netgo", "-race=false", "'-ldflags=-X a.b=c'"]
)
def test_harmless_goflags_are_left_alone(value: str) -> None:
    snapshot = box(GOFLAGS=value)
    judged = (goflags.unparsable, goflags.changed_modes, goflags.pinned_modules, goflags.stripped_debug, goflags.relics)
    assert not any(judge(snapshot) for judge in judged)
    assert not goflags.changes_builds(value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("'-ldflags=-s -w", "it has an unterminated ' string"),
        ("vendor", "vendor is no flag; a flag with a value is -name=value, quoted as a whole for blanks"),
        ("---x", "---x is no flag; a flag with a value is -name=value, quoted as a whole for blanks"),
        (
            "-ldflags=-s -w",
            "-w is no flag of a build; a value with blanks needs quotes around the flag: '-ldflags=-s -w'",
        ),
    ],
)
def test_goflags_that_do_not_parse_are_told(value: str, told: str) -> None:
    assert tell(goflags.unparsable(box(GOFLAGS=value))).endswith(told)


def test_what_go_says_of_goflags_counts() -> None:
    refused = Answer(2, "", "go: parsing $GOFLAGS: unknown flag -nosuch\n")
    snapshot = box(replace(shell_with(environ={"GOFLAGS": "-nosuch"}), go_version=refused))
    assert tell(goflags.unparsable(snapshot)).endswith("go refuses it (unknown flag -nosuch)")


def test_goflags_are_judged_although_they_break_go_env() -> None:
    snapshot = broken("go: cannot use -json with -w", GOFLAGS="-ldflags=-s -w")
    assert "-w is no flag of a build" in tell(goflags.unparsable(snapshot))


# ---- GOPROXY ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("nonsense", "the entry 'nonsense' has no scheme such as https://, and is neither direct nor off"),
        (",", "it is not empty, but has no entry"),
        ("ftp://x|direct", "the entry 'ftp://x' has the scheme ftp; go knows https, http and file"),
        ("file://host/x", "the entry 'file://host/x' is more than a path; file:///directory has no host"),
        ("/srv/proxy", "the entry '/srv/proxy' has no scheme such as https://, and is neither direct nor off"),
        ("https://[::1", "the entry 'https://[::1' is no URL (Invalid IPv6 URL)"),
    ],
)
def test_a_goproxy_that_go_refuses_is_told(value: str, problem: str) -> None:
    assert tell(bad_proxies(box(GOPROXY=value))) == f"GOPROXY is {value} in the login shell {SESSION}: {problem}"


@pytest.mark.parametrize(
    "value",
    [
        "off",
        "direct",
        "https://a|https://b,direct",
        "proxy.example",
        "file:///srv",
        "direct,nonsense",
        "http://x:80/y,,off",
    ],
)
def test_a_goproxy_that_go_reads_is_fine(value: str) -> None:
    assert not bad_proxies(box(GOPROXY=value))


def test_credentials_in_goproxy_stay_masked() -> None:
    told = tell(bad_proxies(box(GOPROXY="https://ann:s3cret@proxy.example,bad")))
    assert "https://ann:***@proxy.example" in told
    assert "s3cret" not in told


def test_relics_are_told_whether_there_is_a_go_or_not() -> None:
    snapshot = box(replace(shell_with(environ={"GONOSUMCHECK": "1"}), word=None))
    assert tell(relic_variables(snapshot)) == f"GONOSUMCHECK is 1 in the login shell {SESSION}"
    assert "refused by go get" in tell(goflags.relics(box(GOFLAGS="-insecure")))


# ---- modules and target ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["off", "zz"])
def test_module_mode_that_is_not_on_is_told(mode: str) -> None:
    assert tell(modes_off(box(GO111MODULE=mode))) == f"GO111MODULE is {mode} in the login shell {SESSION}"
    assert not modes_off(box(GO111MODULE="auto"))


def test_a_module_mode_that_breaks_go_env_is_told() -> None:
    assert modes_off(broken("go: unknown environment setting GO111MODULE=zz", GO111MODULE="zz"))


def test_a_workspace_is_empty_off_or_a_file() -> None:
    there = replace(box(GOWORK="/w/go.work"), stats=(PathStat("/w/go.work", 0o100644, 0, 0),))
    assert not dangling_workspaces(there)
    assert not dangling_workspaces(box(GOWORK="off"))
    assert tell(dangling_workspaces(box(GOWORK="/gone"))) == f"GOWORK is /gone in the login shell {SESSION}"


@pytest.mark.parametrize("path", ["/go.mod", "/tmp/go.work", "/home/go.mod", "/home/dev/go.work"])
def test_a_module_above_all_projects_is_told(path: str) -> None:
    snapshot = replace(box(HOME="/home/dev"), stats=(PathStat(path, 0o100644, 0, 0),))
    below = path.rpartition("/")[0] or "/"
    told = f"{path} is there: go commands anywhere below {below} find it when nothing nearer is found"
    assert tell(stray_files(snapshot)) == told


def test_a_foreign_target_is_told() -> None:
    assert tell(foreign_systems(box(GOOS="windows"))) == f"GOOS is windows in the login shell {SESSION}"
    assert tell(foreign_architectures(box(GOARCH="s390x"))) == f"GOARCH is s390x in the login shell {SESSION}"


def test_the_recorded_machine_has_sane_settings() -> None:
    judged = (
        goflags.unparsable,
        goflags.changed_modes,
        goflags.stripped_debug,
        goflags.pinned_modules,
        bad_proxies,
        relic_variables,
        modes_off,
        dangling_workspaces,
        stray_files,
        foreign_systems,
        foreign_architectures,
        goenv_files_of,
    )
    assert [judge.__name__ for judge in judged if judge(ALPINE)] == []


def test_many_facts_are_told_by_the_first_few() -> None:
    goenv = parse_goenv("".join(f"line {number}\n" for number in range(9)), "/e")
    assert tell(goenv.malformed).endswith("; and 4 more")
