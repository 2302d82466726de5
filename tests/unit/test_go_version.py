"""Go's versions in its own order, constraints on them, and the two texts in which the go command states them."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import BadInput, WslgoError
from pytest_wslgo.model.go import GoVersion, Stage, parse_go_env_json, parse_go_version_line, satisfies
from tests.unit.binaries import go_command

ASCENDING = """
    go1 go1.9 go1.9.7 go1.19rc1 go1.19 go1.19.8 1.21 go1.21rc2 go1.21.0 go1.22.2 go1.22.10 go1.24beta1 go1.24rc1
    go1.24.0 go1.27rc1 go1.27rc2 go1.27.3 go1.28-devel_3f2a1bc go1.28beta1 go1.28rc1 go1.28.0
"""


def test_order_is_that_of_go() -> None:
    versions = [GoVersion.parse(text) for text in ASCENDING.split()]
    assert sorted([*versions[1:], versions[0]]) == versions
    assert len(set(versions)) == len(versions)


@pytest.mark.parametrize(
    ("text", "shown", "minor"),
    [
        ("go1.9", "go1.9", (1, 9)),
        ("go1", "go1.0", (1, 0)),
        ("go1.22.10", "go1.22.10", (1, 22)),
        ("1.22", "go1.22", (1, 22)),
        ("1.21.0\n", "go1.21.0", (1, 21)),
        ("go1.20", "go1.20", (1, 20)),
        ("go1.27rc1", "go1.27rc1", (1, 27)),
        ("go1.24beta1", "go1.24beta1", (1, 24)),
        ("devel go1.28-abcdef Mon Nov 2 10:00:00 2026 +0000", "go1.28-devel", (1, 28)),
        ("go1.28-devel_3f2a1bc", "go1.28-devel", (1, 28)),
        ("go1.26.4 X:nodwarf5", "go1.26.4", (1, 26)),
        ("go1.26.4-X:nodwarf5", "go1.26.4", (1, 26)),
        ("go1.25.3-custom", "go1.25.3", (1, 25)),
        ("go1.25.3 (Red Hat 1.25.3-1.el9)", "go1.25.3", (1, 25)),
        ("go1.18 gccgo (Debian 12.2.0-14+deb12u1) 12.2.0", "go1.18", (1, 18)),
        ("go1.23-20240626-RC01 cl/646990413 +5a18e79687 X:fieldtrack", "go1.23", (1, 23)),
    ],
)
def test_forms(text: str, shown: str, minor: tuple[int, int]) -> None:
    version = GoVersion.parse(text)
    assert (str(version), version.minor, version.text) == (shown, minor, text.strip())
    assert GoVersion.parse(str(version)) == version


def test_additions_take_no_part_in_comparisons() -> None:
    assert GoVersion.parse("go1.26.4 X:nodwarf5,jsonv2") == GoVersion.parse("go1.26.4")
    assert GoVersion.parse("go1.26.4 X:nodwarf5,jsonv2").experiments == ("nodwarf5", "jsonv2")
    assert GoVersion.parse("go1.26.4-X:nodwarf5").experiments == ("nodwarf5",)
    assert GoVersion.parse("go1.26.4").experiments == ()
    assert GoVersion.parse("go1.26").stage is Stage.LANGUAGE


@pytest.mark.parametrize(
    "text",
    ["", "go", "gopher", "go1.", "go01.2", "go1.26.4.1", "go1.26.4rc1", "v1.26.4", "devel +3f2a1bc Mon", "go1.26.4\nx"],
)
def test_other_texts_are_errors(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        GoVersion.parse(text)
    assert str(caught.value) == (
        f"{text!r} is not a Go version: expected a form such as go1.26.4, 1.22, go1.27rc1 or 'devel go1.28-abcdef'"
    )


def test_a_long_text_is_shortened_in_the_error() -> None:
    with pytest.raises(BadInput, match=r"^'x{80}…' is not a Go version"):
        GoVersion.parse("x" * 9_000)


@given(st.text(alphabet="go0123456789.rcbetadvl-+ X:()", max_size=30))
def test_any_text_is_a_version_or_an_error(text: str) -> None:
    try:
        version = GoVersion.parse(text)
    except BadInput:
        return
    assert GoVersion.parse(str(version)) == version
    assert satisfies(version, "")


@pytest.mark.parametrize(
    ("version", "constraint", "answer"),
    [
        ("go1.21.0", ">=1.21", True),
        ("go1.20.14", ">=1.21", False),
        ("go1.22.10", ">=1.22.9,<1.23", True),
        ("go1.23.0", ">=1.22, <1.23", False),
        ("go1.26.4 X:nodwarf5", "==1.26.*", True),
        ("go1.9", "<1.19", True),
        ("go1.25rc1", ">=1.25", True),
        ("go1.25rc1", "<1.25", False),
        ("go1.25rc1", ">=1.25.0", False),
        ("go1.25rc1", ">=1.25rc2", False),
        ("devel go1.28-abc", ">=1.28", True),
        ("devel go1.28-abc", "<1.28", False),
        ("go1.26.4", "", True),
        ("1.21", ">=1.21", True),
        ("go1.26.4", "!=1.26.4", False),
    ],
)
def test_constraints(version: str, constraint: str, answer: bool) -> None:
    assert satisfies(GoVersion.parse(version), constraint) is answer


@pytest.mark.parametrize("constraint", [">=go1.21", ">>1.21", "1.21", "latest", ">=1.21;", "*"])
def test_constraint_errors(constraint: str) -> None:
    with pytest.raises(BadInput) as caught:
        satisfies(GoVersion.parse("go1.26.4"), constraint)
    assert str(caught.value) == (
        f"{constraint!r} is not a constraint on Go versions: write bounds without 'go', such as >=1.21 or >=1.21,<1.26"
    )


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("go version go1.26.4 linux/amd64\n", ("go1.26.4", "linux", "amd64")),
        ("go version go1.26.4 windows/amd64\r\n", ("go1.26.4", "windows", "amd64")),
        (
            "go version devel go1.28-3f2a1bc Mon Nov 2 10:00:00 2026 +0000 linux/arm64",
            ("go1.28-devel", "linux", "arm64"),
        ),
        ("go version go1.25.3 (Red Hat 1.25.3-1.el9) linux/amd64", ("go1.25.3", "linux", "amd64")),
        ("go version go1.26.4 X:nodwarf5 linux/amd64", ("go1.26.4", "linux", "amd64")),
        ("go version go1.18 gccgo (Debian 12.2.0-14) 12.2.0 linux/amd64", ("go1.18", "linux", "amd64")),
        ("go: downloading go1.27.3 (linux/amd64)\ngo version go1.27.3 linux/amd64\n", ("go1.27.3", "linux", "amd64")),
    ],
)
def test_version_line(line: str, answer: tuple[str, str, str]) -> None:
    version, goos, goarch = parse_go_version_line(line)
    assert (str(version), goos, goarch) == answer


@pytest.mark.parametrize("text", ["", "go1.26.4", "bash: go: command not found", "go version go1.26.4"])
def test_other_lines_are_errors(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_go_version_line(text)
    assert str(caught.value) == (
        f"{text!r} is not the output of 'go version': expected 'go version go1.26.4 linux/amd64'"
    )


def test_real_go_is_understood() -> None:
    argv = [go_command(), "version"]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout
    version, goos, goarch = parse_go_version_line(said)
    assert f"go version {version}" in said
    assert f"{goos}/{goarch}" in said


def test_env_json() -> None:
    env = parse_go_env_json('{\n\t"CGO_ENABLED": "1",\n\t"GOFLAGS": "",\n\t"GOROOT": "/usr/local/go"\n}\n')
    assert (env["CGO_ENABLED"], env["GOFLAGS"], env.get("GOBIN")) == ("1", "", None)


@pytest.mark.parametrize("text", ["", "[]", '{"A": 1}', "GOROOT='/usr/local/go'", '{"A": "b"', '{"A": "\udc80"}'])
def test_env_json_errors(text: str) -> None:
    with pytest.raises(WslgoError) as caught:
        parse_go_env_json(text)
    assert str(caught.value).startswith(f"{text!r} is not the output of 'go env -json', an object of strings: ")
