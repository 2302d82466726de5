"""What a run writes beside its ledger: every output from one model, wherever it is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import pytest

from tests.plugin.conftest import CLAIM, OPTIONAL_CLAIM, RunWslgo, WriteCheck

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = {"html": "<!doctype html>", "sarif": '"version": "2.1.0"', "prometheus": "wslgo_gate_passed"}
REFUTED = "assert not target, 'GOBIN is bin (exported in /etc/profile line 3)'"
MISSING = "from pytest_wslgo.errors import MissingTool\nraise MissingTool('podman is not there')"


def test_every_output_is_written_from_one_run(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    run = run_wslgo(str(write_check(REFUTED)), *(f"--wslgo-{name}={name}" for name in OUTPUTS))

    assert run.status == 1, run.output
    written = {name: (pytester.path / name).read_text() for name in OUTPUTS}
    assert {name for name, sign in OUTPUTS.items() if sign not in written[name]} == set()
    (result,) = json.loads(written["sarif"])["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert f'wslgo_claim_open{{claim="{CLAIM}"' in written["prometheus"]
    assert CLAIM in written["html"]


def test_outputs_may_stand_in_the_settings(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    (pytester.path / "wslgo.toml").write_text("".join(f'{name} = "out/{name}"\n' for name in OUTPUTS))
    (pytester.path / "out").mkdir()

    run = run_wslgo(str(write_check("pass")))

    assert run.status == 0, run.output
    assert {path.name for path in (pytester.path / "out").iterdir()} == set(OUTPUTS)


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_without_a_place_is_told_before_the_run(
    run_wslgo: RunWslgo, write_check: WriteCheck, name: str
) -> None:
    run = run_wslgo(str(write_check("pass")), f"--wslgo-{name}=nosuch/file")

    assert run.status == 4
    assert f"--wslgo-{name}" in run.output
    assert "give a file in an existing directory" in run.output


def test_one_output_that_fails_keeps_no_other_from_being_written(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/nosuch/step.md")

    run = run_wslgo(str(write_check("pass")), "--wslgo-html=page.html")

    assert run.status == 4, run.output
    assert "cannot write GITHUB_STEP_SUMMARY /nosuch/step.md: No such file or directory" in run.output
    assert run.ledger is not None
    assert (pytester.path / "page.html").exists()


@pytest.mark.parametrize("here", ["true", ""])
def test_github_is_told_where_it_runs_us(
    run_wslgo: RunWslgo, write_check: WriteCheck, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", here)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))

    run = run_wslgo(str(write_check(REFUTED)))

    annotated = f"::error title={CLAIM} on local%3A refuted::GOBIN is bin" in run.output
    assert (annotated, (tmp_path / "step.md").exists()) == (bool(here), bool(here)), run.output


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_junit_says_what_the_run_came_to(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    run_wslgo(str(write_check(MISSING)), "--junitxml=junit.xml", *workers)

    root = Xml.parse(pytester.path / "junit.xml").getroot()
    suite, case = ([(one.get("name"), one.get("value")) for one in root.iterfind(path)] for path in
                   (".//testsuite/properties/property", ".//testcase/properties/property"))  # fmt: skip
    assert ("wslgo.status", "10") in suite
    assert ("wslgo.gate", f"{CLAIM} on local: not checked (missing-tool): podman is not there.") in suite
    assert case == [
        ("claim", CLAIM),
        ("target", "local"),
        ("verdict", "not-checked"),
        ("reason", "missing-tool"),
        ("why", "podman is not there"),
    ]


@pytest.mark.parametrize(
    ("file", "head"),
    [("wslgo.toml", "[declares]"), ("pyproject.toml", "[tool.wslgo.declares]")],
    ids=["own", "project"],
)
def test_what_the_owner_declares_absent_does_not_fail_devbox(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester, file: str, head: str
) -> None:
    (pytester.path / file).write_text(f'{head}\n"linking.cgo-off-*" = "no container engine here"\n')

    run = run_wslgo(str(write_check(MISSING)))

    assert run.status == 0, run.output
    assert run.verdict()["reason"] == "declared-absent"
    assert run.verdict()["why"] == "declared absent: no container engine here (podman is not there)"
    assert "NOT CHECKED on local: declared-absent" in run.output


def test_a_declaration_does_not_hide_a_refuted_claim(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    (pytester.path / "wslgo.toml").write_text('[declares]\n"*" = "nothing is here"\n')

    assert run_wslgo(str(write_check(REFUTED))).status == 1


def test_a_profile_of_the_project_may_build_on_the_books(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    check = str(write_check(MISSING, claim=OPTIONAL_CLAIM))
    (pytester.path / "wslgo.toml").write_text(
        f'profile = "box"\n[profiles.box]\nextends = "devbox"\nrequire = ["{OPTIONAL_CLAIM}"]\n'
    )
    assert run_wslgo(check, "--wslgo-profile=devbox").status == 0
    assert run_wslgo(check).status == 10


def test_a_waiver_that_reaches_too_far_is_a_usage_error(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    waiver = f'[[waiver]]\nclaim = "{CLAIM}"\nowner = "jo"\nreason = "soon"\nexpires = 2999-01-01T00:00:00Z\n'
    (pytester.path / "waivers.toml").write_text(waiver)
    run = run_wslgo(str(write_check(REFUTED)), "--wslgo-waivers=waivers.toml")

    assert run.status == 4
    assert "a waiver may reach 366 days (waiver-days of the settings)" in run.output
    (pytester.path / "wslgo.toml").write_text("waiver-days = 400000\n")
    assert run_wslgo(str(write_check(REFUTED)), "--wslgo-waivers=waivers.toml").status == 0


def test_a_check_whose_fixture_breaks_afterwards_is_not_verified(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(
        str(write_check("request.addfinalizer(lambda: 1 / 0)", fixtures="target, request", claim=OPTIONAL_CLAIM))
    )

    told = run.verdict(OPTIONAL_CLAIM)
    assert (told["verdict"], told["reason"], run.status) == ("not-checked", "error", 10), run.output
    assert "ZeroDivisionError" in told["why"]
