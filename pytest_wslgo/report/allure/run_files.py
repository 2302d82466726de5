"""The files about a whole run that Allure reads beside the results, and the one that our quality gate reads.

environment.properties, executor.json and categories.json are Allure's (https://allurereport.org/docs/how-it-works/);
wslgo-required.json names what must be there, which no rule of Allure's own knows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.report.allure import Attachment, picture_of
from pytest_wslgo.report.matrix import matrices_of
from pytest_wslgo.report.terminal import describe_platform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_wslgo.model.profiles import Profile
    from pytest_wslgo.report.result import RunResult, TargetResult

REQUIRED = "wslgo-required.json"

_CATEGORIES = (
    ("Refuted: does not hold on this machine", "failed", ".*"),
    ("Broken: the check could not do its work", "broken", ".*"),
    ("Not checked: a program is missing", "skipped", r"not checked \(missing-tool\).*"),
    ("Not checked: a right is missing", "skipped", r"not checked \(no-privilege\).*"),
    ("Not checked: not asked for", "skipped", r"not checked \((no-network|declared-absent)\).*"),
    ("Not applicable here", "skipped", "not applicable.*"),
)


def run_files(run: RunResult, profile: Profile, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file; ``profile`` says what is required, ``environ`` which CI runs us."""
    yield "environment.properties", "".join(f"{_key(name)}={_value(value)}\n" for name, value in _environment(run))
    yield "executor.json", json.dumps(_executor(environ), indent=1)
    categories = [
        {"name": name, "matchedStatuses": [status], "messageRegex": f"(?s){pattern}"}
        for name, status, pattern in _CATEGORIES
    ]
    yield "categories.json", json.dumps(categories, indent=1)
    asked = sorted(
        {(claim, target.name) for target in run.targets for claim in _required(profile, target) & judged(run)}
    )
    manifest = {"profile": run.gate.profile, "required": [{"claim": claim, "host": host} for claim, host in asked]}
    yield REQUIRED, json.dumps(manifest, indent=1)


def _required(profile: Profile, target: TargetResult) -> frozenset[str]:
    return frozenset(profile.required_on(target.platform.kind if target.platform else None))


def judged(run: RunResult) -> frozenset[str]:
    """Return the claims that this run asked for: those with a verdict, and those that the gate misses."""
    return frozenset({one.claim for one in run.gate.verdicts} | {one.claim for one in run.gate.unmet})


def pictures(run: RunResult) -> Iterator[Attachment]:
    """Yield the compatibility matrix of every target."""
    for matrix in matrices_of(run):
        yield from picture_of(matrix.cells, matrix.target)


def _environment(run: RunResult) -> Iterator[tuple[str, str]]:
    yield "pytest-wslgo", run.plugin
    yield "profile", f"{run.gate.profile}, {'met' if run.gate.passed else 'not met'}"
    for target in run.targets:
        yield target.name, describe_platform(target.platform) if target.platform else target.lost or "not read"
        for number, go in enumerate(target.toolchains, 1):
            yield f"{target.name} go {number}", f"{go.version} ({go.origin}) at {go.goroot}"


def _key(text: str) -> str:
    """Return a key of a Java properties file: blanks, = and : end one."""
    return "".join("_" if sign in " =:\t" else sign for sign in _value(text))


def _value(text: str) -> str:
    return " ".join(mask(text).split()).replace("\\", "\\\\")


def _executor(environ: Mapping[str, str]) -> dict[str, str]:
    """Return who ran it: a CI service by the variables that it documents, else this command."""
    if environ.get("GITHUB_ACTIONS") == "true":
        server, repository, run = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
        url = f"{server}/{repository}/actions/runs/{run}"
        return {"name": "GitHub Actions", "type": "github", "buildName": f"#{run}", "buildUrl": url}
    if environ.get("GITLAB_CI") == "true":
        names = {"buildName": "CI_JOB_NAME", "buildUrl": "CI_JOB_URL"}
        return {"name": "GitLab CI", "type": "gitlab", **{key: environ.get(name, "") for key, name in names.items()}}
    if jenkins := environ.get("JENKINS_URL"):
        name = environ.get("BUILD_TAG", "")
        return {
            "name": "Jenkins",
            "type": "jenkins",
            "url": jenkins,
            "buildName": name,
            "buildUrl": environ.get("BUILD_URL", ""),
        }
    return {"name": "pytest --wslgo", "type": "local"}
