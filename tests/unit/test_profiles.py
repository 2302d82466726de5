"""Profiles: which claims they require, which patterns they may use, and the sentences of their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Severity, load_claims
from pytest_wslgo.model.profiles import Profile, find_profile, load_profiles, profiles_of
from pytest_wslgo.resources import CLAIMS, PROFILES

if TYPE_CHECKING:
    from pathlib import Path

CLAIM_IDS = ("linking.static", "linking.pie", "buildinfo.version")


def write(folder: Path, text: str) -> Path:
    path = folder / "profiles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_is_read_with_all_its_keys(tmp_path: Path) -> None:
    path = write(tmp_path, '[mine]\nrequire = ["linking.static"]\npartial = true\nfail_on = "minor"\n')
    assert load_profiles(path, CLAIM_IDS) == {"mine": Profile("mine", ("linking.static",), True, Severity.MINOR)}


def test_what_a_profile_leaves_out_is_the_strict_choice(tmp_path: Path) -> None:
    path = write(tmp_path, "[mine]\nrequire = []\n")
    assert load_profiles(path, CLAIM_IDS) == {"mine": Profile("mine", (), partial=False, fail_on=Severity.NORMAL)}


@pytest.mark.parametrize(
    ("wanted", "required"),
    [
        pytest.param(("linking.pie", "linking.static"), ("linking.pie", "linking.static"), id="ids"),
        pytest.param(("linking.*",), ("linking.static", "linking.pie"), id="area"),
        pytest.param(("*",), CLAIM_IDS, id="all"),
        pytest.param(("*.p?e",), ("linking.pie",), id="question-mark"),
        pytest.param(("*.[vp]*",), ("linking.pie", "buildinfo.version"), id="set"),
        pytest.param(("linking.pie", "linking.*"), ("linking.pie", "linking.static"), id="once-each"),
    ],
)
def test_patterns_stand_for_the_claims_that_they_match(wanted: tuple[str, ...], required: tuple[str, ...]) -> None:
    profiles = profiles_of({"mine": {"require": list(wanted)}}, CLAIM_IDS, where="p.toml")
    assert profiles["mine"].require == required


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        pytest.param({}, "key 'require' is missing", id="no-require"),
        pytest.param(
            {"requires": []},
            "unknown key 'requires' (did you mean 'require'?); valid keys are fail_on, partial, require",
            id="key",
        ),
        pytest.param({"require": "linking.pie"}, "key 'require' expects an array, got a string", id="not-an-array"),
        pytest.param({"require": [1]}, "key 'require' expects a string, got an integer (element 1)", id="element"),
        pytest.param(
            {"require": ["linking.pi"]},
            "unknown claim 'linking.pi' (did you mean 'linking.pie'?); `pytest --wslgo-list` shows all claims",
            id="unknown-claim",
        ),
        pytest.param(
            {"require": ["likning.*"]}, "no claim matches 'likning.*' (did you mean 'linking.pie'?)", id="pattern"
        ),
        pytest.param({"require": ["zzz*"]}, "no claim matches 'zzz*'", id="pattern-nothing-near"),
        pytest.param(
            {"require": [], "fail_on": "minro"},
            "fail_on = 'minro' is not one of normal, minor (did you mean 'minor'?)",
            id="fail-on",
        ),
        pytest.param(
            {"require": [], "fail_on": "critical"},
            "fail_on = 'critical' is not one of normal, minor",
            id="fail-on-critical",
        ),
        pytest.param({"require": [], "partial": "yes"}, "key 'partial' expects a boolean, got a string", id="partial"),
        pytest.param(3, "expected a table, got an integer", id="not-a-table"),
    ],
)
def test_a_mistake_is_a_sentence_with_file_profile_and_key(table: object, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        profiles_of({"mine": table}, CLAIM_IDS, where="p.toml")
    assert str(raised.value) == f"p.toml [mine]: {sentence}"


@pytest.mark.parametrize(
    ("fail_on", "severity", "fails"),
    [
        pytest.param(Severity.NORMAL, Severity.CRITICAL, True, id="normal-critical"),
        pytest.param(Severity.NORMAL, Severity.NORMAL, True, id="normal-normal"),
        pytest.param(Severity.NORMAL, Severity.MINOR, False, id="normal-minor"),
        pytest.param(Severity.MINOR, Severity.CRITICAL, True, id="minor-critical"),
        pytest.param(Severity.MINOR, Severity.NORMAL, True, id="minor-normal"),
        pytest.param(Severity.MINOR, Severity.MINOR, True, id="minor-minor"),
    ],
)
def test_which_refutations_fail_the_run(fail_on: Severity, severity: Severity, fails: bool) -> None:
    assert Profile("mine", (), False, fail_on).fails_the_run(severity) is fails


def test_a_profile_is_found_by_its_name() -> None:
    profile = Profile("devbox", (), True, Severity.NORMAL)
    assert find_profile("devbox", {"devbox": profile}) is profile


@pytest.mark.parametrize(
    ("given", "near"),
    [pytest.param("devbx", " (did you mean 'devbox'?)", id="typo"), pytest.param("zzz", "", id="nothing-near")],
)
def test_an_unknown_profile_is_named_with_the_nearest_and_all(given: str, near: str) -> None:
    profiles = {name: Profile(name, (), True, Severity.NORMAL) for name in ("devbox", "nightly")}
    with pytest.raises(BadInput) as raised:
        find_profile(given, profiles)
    assert str(raised.value) == f"unknown profile '{given}'{near}; profiles are devbox, nightly"


def test_the_book_has_the_three_profiles_and_a_release_asks_for_most() -> None:
    profiles = load_profiles(PROFILES, load_claims(CLAIMS))
    assert set(profiles) >= {"devbox", "nightly", "release"}
    assert profiles["devbox"].partial
    assert not profiles["release"].partial
    assert set(profiles["devbox"].require) <= set(profiles["release"].require)
