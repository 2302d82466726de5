"""Options and settings files: what they select, and the one sentence that bad input gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.plugin.conftest import CLAIM, RunWslgo, WriteCheck

if TYPE_CHECKING:
    from pathlib import Path

BAD_INPUT = [
    pytest.param(["--wslgo-profile=devbx"], "unknown profile 'devbx' (did you mean 'devbox'?)", id="profile"),
    pytest.param(["--wslgo-target=podmann://deb"], "did you mean 'podman", id="target-scheme"),
    pytest.param(["--wslgo-go=/nosuch/go"], "/nosuch/go", id="goroot-missing"),
    pytest.param(["--wslgo-go=/etc/passwd"], "/etc/passwd", id="go-not-a-program"),
    pytest.param(["--wslgo-waivers=nosuch.toml"], "cannot read waivers file", id="waivers-missing"),
    pytest.param(["--wslgo-facts=nosuch.json"], "cannot read the facts file", id="facts-missing"),
    pytest.param(["--wslgo-facts=f", "--wslgo-target=local://"], "give one of the two", id="facts-and-target"),
    pytest.param(["--wslgo-facts=f", "--wslgo-subject=."], "give one of the two", id="facts-and-subject"),
    pytest.param(["--wslgo-subject=nosuch"], "nosuch is not there; give the directory of a Go", id="subject-missing"),
    pytest.param(["--wslgo-subject=/etc/passwd"], "passwd is text that begins with", id="subject-no-program"),
    pytest.param(["--wslgo-subject=."], "holds no go.mod", id="subject-without-module"),
    pytest.param(["--wslgo-ledger=nosuch/ledger.json"], "give a file in an existing directory", id="ledger-place"),
]


@pytest.mark.parametrize(("args", "told"), BAD_INPUT)
def test_bad_input_gets_one_sentence(run_wslgo: RunWslgo, write_check: WriteCheck, args: list[str], told: str) -> None:
    run = run_wslgo(str(write_check("pass")), *args)

    assert run.status == 4, run.output
    errors = [line for line in run.output.splitlines() if line.startswith("ERROR: ")]
    assert len(errors) == 1, run.output
    assert told in errors[0]
    assert "Traceback" not in run.output


SETTINGS = [
    pytest.param("wslgo.toml", "profil = 'devbox'", "unknown key 'profil' (did you mean 'profile'?)", id="key"),
    pytest.param(
        "wslgo.toml", "ships = ['debain 12']", "key 'ships': no distribution 'debain 12' is known", id="ships"
    ),
    pytest.param("wslgo.toml", "go = 3", "key 'go' expects an array, got an integer", id="type"),
    pytest.param("wslgo.toml", "go = [", "is not valid TOML", id="syntax"),
    pytest.param(
        "pyproject.toml",
        "[tool.wslgo]\nnetwrk = true",
        "unknown key 'netwrk' (did you mean 'network'?)",
        id="pyproject",
    ),
    pytest.param("wslgo.toml", "go-floor = 'newest'", "key 'go-floor': 'newest' is not a Go version", id="go-floor"),
    pytest.param(
        "wslgo.toml",
        "[profiles.mine]\nrequire = ['linking.cgo-of-is-static']",
        f"unknown claim 'linking.cgo-of-is-static' (did you mean '{CLAIM}'?)",
        id="profile-claim",
    ),
]


@pytest.mark.parametrize(("file", "text", "told"), SETTINGS)
def test_a_typo_in_the_settings_names_the_key_and_the_file(
    run_wslgo: RunWslgo, pytester: pytest.Pytester, file: str, text: str, told: str
) -> None:
    (pytester.path / file).write_text(text)

    run = run_wslgo()

    assert run.status == 4, run.output
    assert told in run.output
    assert file in run.output


def test_an_own_profile_is_used(run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester) -> None:
    (pytester.path / "wslgo.toml").write_text(
        f"profile = 'mine'\n[profiles.mine]\nrequire = ['{CLAIM}']\npartial = true\n"
    )

    run = run_wslgo(str(write_check("pass")))

    assert run.status == 0, run.output
    assert run.ledger is not None
    assert run.ledger["profile"] == "mine"


def test_a_facts_file_is_written_and_judged_again_without_the_machine(
    run_wslgo: RunWslgo, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(
        test_own=f"""
        import pytest

        @pytest.mark.claim({CLAIM!r})
        def test_facts(snapshot):
            assert snapshot.platform.arch

        @pytest.mark.claim("linking.pie-is-not-static")
        def test_machine(target):
            assert target.is_local
        """
    )
    live = run_wslgo("test_own.py", "--wslgo-save-facts=facts.json")
    replay = run_wslgo("test_own.py", "--wslgo-facts=facts.json")

    assert live.status == 0, live.output
    assert replay.verdict()["verdict"] == "verified", replay.output
    assert replay.verdict("linking.pie-is-not-static")["reason"] == "declared-absent"
    assert json.loads((pytester.path / "facts.json").read_text())["snapshot"] == 1


def test_several_stored_snapshots_are_judged_as_one_target_each(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_own=f"""
        import pytest

        @pytest.mark.claim({CLAIM!r})
        def test_facts(snapshot):
            assert snapshot.platform.arch
        """
    )
    run_wslgo("test_own.py", "--wslgo-save-facts=one.json")
    (pytester.path / "two.json").write_bytes((pytester.path / "one.json").read_bytes())

    replay = run_wslgo("test_own.py", "--wslgo-facts=one.json", "--wslgo-facts=two.json")

    assert replay.ledger is not None, replay.output
    assert [verdict["target"] for verdict in replay.ledger["verdicts"]] == ["one.json", "two.json"], replay.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "facts.json", id="empty"),
        pytest.param('{"snapshot": 99}', "99", id="other-version"),
        pytest.param("[1, 2", "facts.json", id="garbage"),
    ],
)
def test_a_facts_file_that_is_none_gets_one_sentence(
    run_wslgo: RunWslgo, pytester: pytest.Pytester, text: str, told: str
) -> None:
    (pytester.path / "facts.json").write_text(text)

    run = run_wslgo("--wslgo-facts=facts.json")

    assert run.status == 4, run.output
    assert told in run.output
    assert "Traceback" not in run.output


def test_testinfra_hosts_are_the_targets_when_no_target_is_given(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(str(write_check("assert target.spec == 'local://', target.spec")), "--hosts=local://")

    assert run.status == 0, run.output


def test_list_and_explain_run_nothing(run_wslgo: RunWslgo) -> None:
    table = run_wslgo("--wslgo-list", wslgo=False)
    listed = run_wslgo("--wslgo-list=json", wslgo=False)
    told = run_wslgo("--wslgo-explain", CLAIM, wslgo=False)
    unknown = run_wslgo("--wslgo-explain", "linking.cgo-off-is-statik", wslgo=False)

    assert (table.status, listed.status, told.status, unknown.status) == (0, 0, 0, 4)
    assert CLAIM in table.output
    assert json.loads(listed.output)["claims"][0]["statement"]
    assert len(json.loads(listed.output)["catalogue"]) == 224
    assert "The article" in told.output
    assert f"did you mean '{CLAIM}'?" in unknown.output


def test_an_option_and_its_path_as_two_words_leave_the_rootdir_alone(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester, tmp_path: Path
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text("")

    run = run_wslgo(str(write_check("pass").name), "--wslgo-waivers", str(waivers), "-p", "no:cacheprovider")

    assert run.status == 0, run.output
    assert run.output.count("rootdir: ") == 1
    assert f"rootdir: {pytester.path}" in run.output


def test_a_claim_about_other_toolchains_is_not_applicable(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.claim("linking.distribution-has-its-libc", "linking.cgo-off-is-static")
        def test_two_claims(platform):
            assert platform
        """
    )
    run_wslgo("test_own.py", "--wslgo-save-facts=facts.json")
    stored = pytester.path / "facts.json"
    facts = json.loads(stored.read_text())
    facts["platform"]["distro"] = "plan9"
    stored.write_text(json.dumps(facts))

    run = run_wslgo("test_own.py", "--wslgo-facts=facts.json")

    told = run.verdict("linking.distribution-has-its-libc")
    assert told["verdict"] == "not-applicable"
    assert "this target is plan9" in told["why"]
    assert run.verdict()["verdict"] == "verified"


def test_a_machine_without_go_whose_caller_names_the_embedded_one_is_good(
    run_wslgo: RunWslgo, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.claim("setup.go-on-path")
        def test_own_go(snapshot):
            assert snapshot.login.word, "no go"
        """
    )
    run_wslgo("test_own.py", "--wslgo-save-facts=facts.json")
    stored = pytester.path / "facts.json"
    facts = json.loads(stored.read_text())
    for shell in facts["shells"]:
        shell["word"] = None
    stored.write_text(json.dumps(facts))

    auto = run_wslgo("test_own.py", "--wslgo-facts=facts.json")
    embedded = run_wslgo("test_own.py", "--wslgo-facts=facts.json", "--wslgo-go=embedded")

    assert (auto.status, auto.verdict("setup.go-on-path")["verdict"]) == (1, "refuted"), auto.output
    assert embedded.status == 0, embedded.output
    assert embedded.verdict("setup.go-on-path")["reason"] == "declared-absent"
    assert "names another to judge" in embedded.verdict("setup.go-on-path")["why"]
