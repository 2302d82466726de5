"""The output of Go's own test of its go command, recorded from three versions, with a script of ours that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.go_scripts import Scripts, read_scripts
from pytest_wslgo.toolchain.upstream import scripts_of, topics

DATA = Path(__file__).parent / "data" / "go_scripts"
WRONG = "testdata/script/wrong_version.txt:3: "


def recorded(version: str) -> Scripts:
    return read_scripts((DATA / f"go{version}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", ["1.22.10", "1.27.3"])
def test_every_end_is_told_with_its_reason(version: str) -> None:
    assert recorded(version) == Scripts(
        passed=("env_unset",),
        skipped=(
            ("goroot_executable", "builds and links another cmd/go"),
            ("cgo_undef", "[short] skip"),
            ("build_nocache", "[root] skip # Can write to unwritable directories."),
        ),
        failed=(("wrong_version", f"{WRONG}stdout 'go version go0': no match for `(?m)go version go0` in stdout"),),
    )


def test_the_older_engine_of_go_1_19_is_read_too() -> None:
    told = recorded("1.19.8")
    assert told.passed == ("env_unset", "goroot_executable")
    assert dict(told.skipped)["cgo_undef"] == "[short] skip"
    assert told.failed == (("wrong_version", f"{WRONG}no match for `(?m)go version go0` found in stdout"),)


def test_some_of_the_scripts() -> None:
    told = recorded("1.27.3").of(("env_unset", "cgo_undef", "of_a_newer_go"))
    assert told == Scripts(("env_unset",), (("cgo_undef", "[short] skip"),), (), ("of_a_newer_go",))
    assert str(told) == "1 passed; 1 skipped: cgo_undef ([short] skip)"


def test_a_topic_of_which_nothing_ran_is_not_checked() -> None:
    log = (
        b"=== CONT  TestScript/work\n    script_test.go:165: SKIP: runs go run\n    --- SKIP: TestScript/work (0.00s)\n"
    )
    with pytest.raises(MissingTool) as caught:
        scripts_of("work", log, "/usr/local/go")
    assert str(caught.value) == (
        "of Go's own scripts on work, /usr/local/go ran none: 0 passed; 1 skipped: work (runs go run)"
    )


def test_no_script_stands_under_two_topics() -> None:
    scripts = [script for of in topics().values() for script in of]
    assert sorted(set(scripts)) == sorted(scripts)
