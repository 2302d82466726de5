"""Profiles: which claims they require, which patterns they may use, and the sentences of their errors."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Severity, load_claims
from pytest_wslgo.model.platform import PlatformKind
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
            "unknown key 'requires' (did you mean 'require'?); valid keys are container, extends, fail_on, linux, "
            "partial, require, without, wsl1, wsl2",
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


WSL2, LINUX = PlatformKind.WSL2, PlatformKind.LINUX
STATIC, PIE, VERSION = CLAIM_IDS


def require(text: str, known: dict[str, Profile] | None = None) -> dict[str, Profile]:
    """The profiles of a TOML text."""
    return profiles_of(tomllib.loads(text), CLAIM_IDS, where="p.toml", known=known)


def test_a_profile_may_ask_for_more_or_less_on_a_platform() -> None:
    (profile,) = require(
        f"[mine]\nrequire = ['{PIE}']\n[mine.wsl2]\nrequire = ['buildinfo.*']\nwithout = ['{PIE}']\n"
    ).values()
    assert profile.require == (PIE,)
    assert profile.on == {WSL2: (VERSION,)}
    assert [profile.required_on(kind) for kind in (WSL2, LINUX, None)] == [(VERSION,), (PIE,), (PIE,)]


def test_a_profile_says_what_the_one_that_it_extends_says_unless_it_says_so_itself() -> None:
    base = f"[base]\nrequire = ['{STATIC}', '{PIE}']\npartial = true\nfail_on = 'minor'\n"
    heirs = require(
        base + "[same]\nextends = 'base'\n"
        f"[more]\nextends = 'base'\nrequire = ['{VERSION}']\npartial = false\nfail_on = 'normal'\n"
        f"[less]\nextends = 'more'\nwithout = ['linking.s*']\n"
    )
    assert heirs["same"] == Profile("same", (STATIC, PIE), partial=True, fail_on=Severity.MINOR)
    assert heirs["more"] == Profile("more", (STATIC, PIE, VERSION), partial=False, fail_on=Severity.NORMAL)
    assert heirs["less"].require == (PIE, VERSION)


def test_what_is_asked_for_on_a_platform_is_inherited_too() -> None:
    heirs = require(
        f"[base]\nrequire = ['{STATIC}']\n[base.wsl2]\nrequire = ['{VERSION}']\n"
        f"[heir]\nextends = 'base'\nrequire = ['{PIE}']\nwithout = ['{STATIC}']\n[heir.linux]\nwithout = ['{PIE}']\n"
    )
    assert heirs["heir"].require == (PIE,)
    assert heirs["heir"].on == {WSL2: (VERSION, PIE), LINUX: ()}


def test_an_own_profile_may_extend_the_books_one_of_the_same_name() -> None:
    book = require(f"[devbox]\nrequire = ['{STATIC}']\n")
    assert require(f"[devbox]\nextends = 'devbox'\nrequire = ['{PIE}']\n", book)["devbox"].require == (STATIC, PIE)
    replaced = require(f"[devbox]\nrequire = ['{PIE}']\n[heir]\nextends = 'devbox'\n", book)
    assert replaced["heir"].require == (PIE,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "[mine]\nextends = 'devbx'\n",
            "[mine]: extends = 'devbx' is no profile (did you mean 'devbox'?); profiles are devbox, mine",
            id="unknown",
        ),
        pytest.param("[a]\nextends = 'a'\n", "[a]: extends = 'a' leads back to itself: a -> a", id="itself"),
        pytest.param(
            "[a]\nextends = 'b'\n[b]\nextends = 'c'\n[c]\nextends = 'b'\n",
            "[c]: extends = 'b' leads back to itself: b -> c -> b",
            id="circle",
        ),
        pytest.param(
            "[a]\nextend = 'devbox'\n",
            "[a]: unknown key 'extend' (did you mean 'extends'?); valid keys are container, extends, fail_on, linux, "
            "partial, require, without, wsl1, wsl2",
            id="key",
        ),
        pytest.param(
            "[a]\nrequire = []\nwithout = ['linking.pie']\n",
            "[a]: without = 'linking.pie' takes nothing away: it is not required",
            id="nothing-taken-away",
        ),
        pytest.param(
            "[a]\nextends = 'devbox'\nwithout = ['linking.pi']\n",
            "[a]: unknown claim 'linking.pi' (did you mean 'linking.pie'?); `pytest --wslgo-list` shows all claims",
            id="unknown-taken-away",
        ),
        pytest.param(
            "[a]\nrequire = []\n[a.wsl3]\nrequire = []\n",
            "[a]: unknown key 'wsl3' (did you mean 'wsl2'?); valid keys are container, extends, fail_on, linux, "
            "partial, require, without, wsl1, wsl2",
            id="platform",
        ),
        pytest.param(
            "[a]\nrequire = []\n[a.wsl2]\nrequires = []\n",
            "[a] [wsl2]: unknown key 'requires' (did you mean 'require'?); valid keys are require, without",
            id="platform-key",
        ),
        pytest.param(
            "[a]\nrequire = []\n[a.wsl2]\nrequire = ['linkin.*']\n",
            "[a] [wsl2]: no claim matches 'linkin.*' (did you mean 'linking.pie'?)",
            id="platform-pattern",
        ),
        pytest.param("[a]\nrequire = []\nwsl2 = 3\n", "[a]: key 'wsl2' expects a table, got an integer", id="no-table"),
    ],
)
def test_a_mistake_in_what_a_profile_builds_on_is_a_sentence(text: str, sentence: str) -> None:
    devbox = {"devbox": Profile("devbox", (STATIC,), True, Severity.NORMAL)}
    with pytest.raises(BadInput) as raised:
        require(text, devbox)
    assert str(raised.value) == f"p.toml {sentence}"


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
