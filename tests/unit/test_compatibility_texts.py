"""What happened, told from what real shells, loaders and env said: see data/starts.json for who said it where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.compatibility import Mechanism, Prediction
from pytest_wslgo.model.compatibility_texts import Happening, what_happened

STARTS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "starts.json").read_text())


@pytest.mark.parametrize("said", STARTS, ids=lambda said: f"{said['where']}, {said['starter']}, {said['program']}")
def test_recorded_starts_tell_their_mechanism(said: dict[str, Any]) -> None:
    assert what_happened(said["status"], said["stderr"], said["program"]).mechanism == said["mechanism"]


@pytest.mark.parametrize(
    ("status", "stderr", "mechanism"),
    [
        (127, "bash: line 1: /x: No such file or directory", "interpreter-missing"),  # bash 5.1 of Ubuntu 22.04
        (1, 'OCI runtime: exec "/x": no such file or directory', "interpreter-missing"),
        (127, "exec /x: no such file or directory", "interpreter-missing"),
        (127, "/x: error while loading shared libraries: libz.so.1: file too short", "library-unusable"),
        (127, "Error loading shared library libz.so.1: Exec format error (needed by /x)", "library-unusable"),
        (139, "", "killed"),
        (132, "Illegal instruction", "killed"),
    ],
)
def test_texts_of_other_machines(status: int, stderr: str, mechanism: str) -> None:
    assert what_happened(status, stderr, "/x").mechanism == mechanism


@pytest.mark.parametrize(
    ("status", "stderr"),
    [
        (127, "bash: line 1: /y: No such file or directory"),  # another program than ours
        (127, "/x: line 3: helper: not found"),  # a script that did start
        (127, "open /etc/passwd: No such file or directory"),
        (1, "bash: line 1: /x: No such file or directory"),  # the status is another mechanism's
        (127, "/x: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /x)"),
        (1, "/x: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file"),
        (1, "user: unknown userid 0"),
        (127, ""),
    ],
)
def test_what_is_not_exact_is_unknown(status: int, stderr: str) -> None:
    happened = what_happened(status, stderr, "/x")
    assert happened.mechanism is Mechanism.UNKNOWN
    assert not happened.agrees_with(Prediction(Mechanism.UNKNOWN))


def test_a_happening_agrees_in_mechanism_and_in_what_is_missing() -> None:
    library = Happening(Mechanism.NO_LIBRARY, ("libfoo.so.1",))
    assert library.agrees_with(Prediction(Mechanism.NO_LIBRARY, "", ("libfoo.so.1", "libbar.so.2")))
    assert not library.agrees_with(Prediction(Mechanism.NO_LIBRARY, "", ("libbar.so.2",)))
    assert not library.agrees_with(Prediction(Mechanism.NO_INTERPRETER))
    assert Happening(Mechanism.STARTS).agrees_with(Prediction(Mechanism.STARTS))


def test_of_several_versions_the_highest_is_the_floor() -> None:
    said = "/x: /lib/libc.so.6: version `{}' not found (required by /x)"
    marks = ("GLIBC_2.9", "GLIBC_2.38", "GLIBC_ABI_DT_RELR")
    happened = what_happened(1, "\n".join(map(said.format, marks)), "/x")
    assert happened.missing == marks
    assert happened.agrees_with(Prediction(Mechanism.OLD_GLIBC, "", ("GLIBC_2.38",)))
    assert not happened.agrees_with(Prediction(Mechanism.OLD_GLIBC, "", ("GLIBC_2.36",)))
    relr = what_happened(1, said.format("GLIBC_ABI_DT_RELR"), "/x")
    assert relr.agrees_with(Prediction(Mechanism.OLD_GLIBC, "", ("GLIBC_2.36",)))


WORDS = st.sampled_from(["/x", ": ", "not found", "version `GLIBC_", "' not found (required by ", "\n", "(", "[a"])
TEXTS = st.lists(WORDS | st.text(max_size=5), max_size=12).map("".join)


@given(st.integers(-1, 300), TEXTS, TEXTS)
def test_nothing_that_is_said_is_too_odd(status: int, stderr: str, program: str) -> None:
    happened = what_happened(status, stderr, program)
    for mechanism in Mechanism:
        happened.agrees_with(Prediction(mechanism, "", ("GLIBC_2.34",)))
