"""What Allure shows of a check: its status, and commands as they can be typed again."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_wslgo.errors import Reason
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.profiles import Profile
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.allure import status_of, story_of
from pytest_wslgo.report.allure.run_files import run_files
from tests.unit.making import PLATFORM, a_claim, a_gate, a_run, a_verdict

TOLD: dict[str, Any] = {
    "verdict": "verified",
    "reason": None,
    "why": "",
    "target": "box",
    "evidence": {},
    "inapplicable": {},
}


@pytest.mark.parametrize(
    ("verdict", "reason", "status"),
    [
        (Verdict.VERIFIED, None, "passed"),
        (Verdict.REFUTED, None, "failed"),
        (Verdict.NOT_APPLICABLE, None, "skipped"),
        (Verdict.NOT_CHECKED, Reason.MISSING_TOOL, "skipped"),
        (Verdict.NOT_CHECKED, Reason.NO_PRIVILEGE, "skipped"),
        (Verdict.NOT_CHECKED, Reason.NO_NETWORK, "skipped"),
        (Verdict.NOT_CHECKED, Reason.DECLARED_ABSENT, "skipped"),
        (Verdict.NOT_CHECKED, Reason.ERROR, "broken"),
        (Verdict.NOT_CHECKED, Reason.TIMEOUT, "broken"),
        (Verdict.NOT_CHECKED, Reason.TARGET_LOST, "broken"),
    ],
)
def test_refuted_fails_and_what_broke_is_broken(verdict: Verdict, reason: Reason | None, status: str) -> None:
    assert status_of(verdict, reason) == status


def test_a_check_that_is_not_about_this_machine_says_so() -> None:
    told = {**TOLD, "verdict": "not-applicable", "inapplicable": {"linking.static": "about wsl2"}}
    story = story_of(told, [a_claim()], says="it is static", platform=PLATFORM, required=frozenset(), several=True)
    assert (story.title, story.status, story.message) == (
        "it is static on box",
        "skipped",
        "not applicable: about wsl2",
    )


def test_a_build_is_told_with_its_status_and_what_it_made() -> None:
    build = {"build": "net, built by go1.26", "command": "cd /m && env -i A=1 go build", "status": 1, "elf": "static"}
    told = {**TOLD, "evidence": {"commands": [build, {"command": "env -i A=b=c 'C D=1' /sdk/go env CC"}], "n": {1, 2}}}
    story = story_of(told, [a_claim()], says="x", platform=None, required=frozenset(), several=False)
    assert story.steps == ("net, built by go1.26 (status 1)", "go env CC")
    assert [one.name for one in story.attachments] == ["commands", "evidence"]
    assert b"# ended with status 1\n# static" in story.attachments[0].body


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "pytest --wslgo"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "7"}, "GitHub Actions"),
        ({"GITLAB_CI": "true"}, "GitLab CI"),
        ({"JENKINS_URL": "http://ci"}, "Jenkins"),
    ],
)
def test_the_executor_is_told_by_the_variables_of_the_ci(environ: dict[str, str], name: str) -> None:
    files = dict(
        run_files(a_run(a_gate([a_verdict(Verdict.VERIFIED)])), Profile("mine", (), False, Severity.NORMAL), environ)
    )
    assert f'"name": "{name}"' in files["executor.json"]
    assert "local=debian 12, amd64, glibc 2.36, kernel 6.1.0 (linux)" in files["environment.properties"]
