"""Settings that choose a toolchain, experiments or a CPU; and the book's data on Go's releases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, Waits
from pytest_wslgo.model.facts import Answer, TextFile
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.setup import policy, versions
from tests.unit.boxes import a_box, a_go, a_shell, failed, said

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.snapshot import Snapshot

DATA = versions.go_data()
NEWEST = GoVersion.parse("1.27")


def setting(box_value: dict[str, str], **answer: Answer) -> Snapshot:
    return a_box(login=a_shell("login", **answer, **box_value))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["", "local", "auto", "path", "local+auto", "go1.26.4", "go1.26.4+path", "go1.20", "go1.25.3-custom", "go1.27rc1"],
)
def test_gotoolchain_that_go_takes(value: str) -> None:
    assert policy.toolchain_policy(setting({"GOTOOLCHAIN": value})).problem is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("go9.9.9", "go knows local, auto, path and names such as go1.26.4, with or without +auto or +path"),
        ("1.26.4", "go knows local, auto, path and names such as go1.26.4, with or without +auto or +path"),
        ("latest", "go knows local, auto, path and names such as go1.26.4, with or without +auto or +path"),
        ("go1.26.4+local", "after + go takes auto or path, not 'local'"),
        ("go1.22", "go1.22 names a language, not a toolchain; the first of it is go1.22.0"),
    ],
)
def test_gotoolchain_that_go_refuses(value: str, problem: str) -> None:
    found = policy.toolchain_policy(setting({"GOTOOLCHAIN": value}))
    assert found.problem == problem
    assert found.told.startswith(f"GOTOOLCHAIN is {value} (")


def test_a_go_before_toolchains_ignores_gotoolchain() -> None:
    login = a_shell("login", answer=said("go1.19.8"), GOTOOLCHAIN="go9.9.9")
    assert policy.toolchain_policy(a_box(login=login, gos=(a_go(version="go1.19.8"),))).problem is None


def test_goexperiment_is_judged_by_go_itself() -> None:
    unknown = setting({"GOEXPERIMENT": "nosuch"}, answer=failed("go: unknown GOEXPERIMENT such"))
    assert policy.experiments(unknown).problem == "go stops with 'unknown GOEXPERIMENT such'"
    assert policy.experiments(setting({"GOEXPERIMENT": "jsonv2"})).problem is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", None),
        ("gctrace=1,netdns=go+2,cpu.avx2=off,#goindex=0", None),
        ("gctrase=1,x=2", "no Go up to go1.27 knows gctrase, x; it is ignored"),
        ("gctrace", "'gctrace' is no name=value, and is ignored"),
    ],
)
def test_godebug(value: str, problem: str | None) -> None:
    assert policy.debug_settings(setting({"GODEBUG": value}), DATA.godebug, NEWEST).problem == problem


def test_godebug_is_read_from_no_file() -> None:
    box = a_box(files=(TextFile("/home/dev/.config/go/env", "GODEBUG=gctrase=1\n"),))
    assert policy.debug_settings(box, DATA.godebug, NEWEST).problem is None


def test_a_newer_go_may_know_more_of_godebug() -> None:
    login = a_shell("login", answer=said("go1.28.0"), GODEBUG="future=1")
    box = a_box(login=login, gos=(a_go(version="go1.28.0"),))
    assert policy.debug_settings(box, DATA.godebug, NEWEST).problem is None


V2 = ("cx16", "lahf_lm", "pni", "popcnt", "sse4_1", "sse4_2", "ssse3")


@pytest.mark.parametrize(
    ("level", "problem"),
    [
        ("v1", None),
        ("v2", None),
        ("v3", "this CPU lacks abm, avx, avx2, bmi1, bmi2, f16c, fma, movbe"),
        ("v9", "go has no such level"),
    ],
)
def test_the_level_of_an_amd64_cpu(level: str, problem: str | None) -> None:
    box = replace(setting({"GOAMD64": level}), cpu_flags=V2)
    assert policy.cpu_level(box).problem == problem


@pytest.mark.parametrize(
    ("level", "problem"),
    [
        ("v8.0", None),
        ("v8.0,crypto", "this CPU lacks sha2"),
        ("v8.1", "this CPU lacks atomics"),
        ("v8.0,lse", "this CPU lacks atomics"),
        ("v8", "go has no such level"),
    ],
)
def test_the_level_of_an_arm64_cpu(level: str, problem: str | None) -> None:
    box = setting({"GOARM64": level})
    box = replace(box, cpu_flags=("aes", "pmull", "sha1"), platform=replace(box.platform, arch="arm64"))
    assert policy.cpu_level(box).problem == problem


def test_a_cpu_that_tells_nothing_is_waited_for_only_when_it_matters() -> None:
    assert policy.cpu_level(replace(setting({"GOAMD64": "v1"}), cpu_flags=())).problem is None
    with pytest.raises(
        Waits, match=r"^waits for /proc/cpuinfo, which says nothing of the CPU's abilities; GOAMD64 is v3"
    ):
        policy.cpu_level(replace(setting({"GOAMD64": "v3"}), cpu_flags=()))


def test_the_books_data_on_go_is_of_one_age() -> None:
    assert DATA.supported.minor[1] == DATA.newest.minor[1] - 1
    assert all(since.minor <= DATA.newest.minor for _, since in DATA.gone)
    assert {"gctrace", "netdns", "memprofilerate"} <= DATA.godebug


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[relases]\n", "go.toml: unknown table [relases]; there are [releases], [godebug] and [gone]"),
        ("[releases]\nnewest = '1.27'\n", "go.toml [releases]: key 'supported' is missing"),
        ("[releases]\nnewest = 'x'\nsupported = '1.26'\n", "'x' is not a Go version"),
    ],
)
def test_a_mistake_in_the_data_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "go.toml").write_text(text)
    with pytest.raises(BadInput) as error:
        versions.load_go_data(tmp_path / "go.toml")
    assert message in str(error.value)
