"""A build request as flags, variables, key and text."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.sdk_origin import Origin
from pytest_wslgo.toolchain.compilers import Compiler
from pytest_wslgo.toolchain.environment import Places, changed, hermetic, program_environment
from pytest_wslgo.toolchain.modules import Module
from pytest_wslgo.toolchain.request import BuildRequest, command_text
from pytest_wslgo.toolchain.sdk import Toolchain

NET = Module("net", Path("net"), ("0" * 64 + "  go.mod",))
GO = Toolchain("/usr/local/go", "/usr/local/go/bin/go", GoVersion.parse("go1.26.4"), Origin.TARBALL, "linux", "amd64")
ZIG = Compiler("zig-musl", "'/my zig/zig' cc -target x86_64-linux-musl", Libc.MUSL, "x86_64-linux-musl")
PLACES = Places("/tmp/run/go", "/home/u/.cache/pytest-wslgo/go", "a1")


def test_a_plain_request_leaves_the_choices_to_go() -> None:
    request = BuildRequest(NET)
    assert (request.variables, request.arguments, request.file_name) == ({}, ("-buildvcs=false",), "net")
    assert request.describe(GO) == "net, built by go1.26.4"


def test_every_choice_becomes_a_flag_or_a_variable() -> None:
    request = BuildRequest(
        NET,
        ZIG,
        env=(("GOAMD64", "v1"), ("HOME", None)),
        package="./cmd",
        tags=("netgo", "osusergo"),
        buildmode="pie",
        ldflags="-s -w",
        flags=("-trimpath",),
        vcs=True,
    )
    assert request.variables == {"CGO_ENABLED": "1", "CC": ZIG.cc, "GOAMD64": "v1", "HOME": None}
    assert request.arguments == (
        "-buildvcs=true",
        "-tags=netgo,osusergo",
        "-buildmode=pie",
        "-ldflags=-s -w",
        "-trimpath",
    )
    assert request.describe(GO) == (
        "net ./cmd, built by go1.26.4 with CGO_ENABLED=1 CC=zig-musl GOAMD64=v1 no HOME "
        "-buildvcs=true -tags=netgo,osusergo -buildmode=pie '-ldflags=-s -w' -trimpath"
    )


def test_another_name_for_the_file_is_told() -> None:
    assert BuildRequest(NET, output="my net.a").describe(GO) == "net, built by go1.26.4 with -o 'my net.a'"


@pytest.mark.parametrize(("cgo", "variable"), [(True, "1"), (False, "0")])
def test_cgo_is_what_the_caller_says_even_with_a_compiler(cgo: bool, variable: str) -> None:
    assert BuildRequest(NET, ZIG, cgo=cgo).variables["CGO_ENABLED"] == variable


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (BuildRequest(NET, buildmode="c-shared"), "libnet.so"),
        (BuildRequest(NET, buildmode="c-archive"), "libnet.a"),
        (BuildRequest(NET, buildmode="plugin"), "net.so"),
        (BuildRequest(NET, env=(("GOOS", "windows"),)), "net.exe"),
        (BuildRequest(NET, env=(("GOOS", "wasip1"),)), "net.wasm"),
        (BuildRequest(NET, buildmode="c-shared", output="net.dll"), "net.dll"),
    ],
)
def test_the_file_is_named_as_its_kind_asks(request_: BuildRequest, name: str) -> None:
    assert request_.file_name == name


@pytest.mark.parametrize(
    "other",
    [
        BuildRequest(replace(NET, checksums=("1" * 64 + "  go.mod",))),
        BuildRequest(NET, cgo=False),
        BuildRequest(NET, ZIG),
        BuildRequest(NET, tags=("netgo",)),
        BuildRequest(NET, flags=("netgo",)),
        BuildRequest(NET, env=(("GOOS", "windows"),)),
        BuildRequest(NET, package="./cmd"),
        BuildRequest(NET, output="net.a"),
    ],
)
def test_another_request_has_another_key(other: BuildRequest) -> None:
    assert other.key(GO) != BuildRequest(NET).key(GO)


def test_another_sdk_has_another_key() -> None:
    assert BuildRequest(NET).key(replace(GO, goroot="/opt/go")) != BuildRequest(NET).key(GO)


def test_the_command_text_is_safe_for_a_shell() -> None:
    environment = {"CC": ZIG.cc, "GOFLAGS": "", "GOTMPDIR": "/tmp/run"}
    text = command_text(("go", "build", "-ldflags=-s -w"), environment, "/my src/net")
    assert shlex.split(text) == [
        *("mkdir", "-p", "/tmp/run", "&&", "cd", "/my src/net", "&&"),
        *("env", "-i", f"CC={ZIG.cc}", "GOFLAGS=", "GOTMPDIR=/tmp/run"),
        *("go", "build", "-ldflags=-s -w"),
    ]


def test_the_environment_is_whole_and_our_own() -> None:
    environment = hermetic(GO, PLACES)
    assert environment["PATH"].startswith("/usr/local/go/bin:")
    assert environment["GOCACHE"] == "/home/u/.cache/pytest-wslgo/go/build/go1.26.4-linux-amd64"
    ours = {name: environment[name] for name in ("GOTOOLCHAIN", "GOPROXY", "GOFLAGS", "GOWORK", "GOENV", "LC_ALL")}
    assert ours == {
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOFLAGS": "",
        "GOWORK": "off",
        "GOENV": "off",
        "LC_ALL": "C",
    }
    inside = ("HOME", "GOPATH", "GOTMPDIR", "TMPDIR")
    assert all(environment[name].startswith("/tmp/run/go/") for name in inside)


def test_a_program_sees_nothing_of_go() -> None:
    assert not [name for name in program_environment(PLACES) if name.startswith(("GO", "CGO", "ZIG"))]


def test_a_change_of_none_removes_a_variable() -> None:
    assert changed({"HOME": "/root", "A": "1"}, {"HOME": None, "B": "2"}) == {"A": "1", "B": "2"}
