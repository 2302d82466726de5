"""Allure results of whole runs: labels, statuses, identity, crashed workers, and nothing where nobody asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugin.conftest import CLAIM, OPTIONAL_CLAIM, RunWslgo, WriteCheck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "ghp_" + "a1B2" * 9


@dataclass(frozen=True)
class Results:
    """The results that a run left."""

    folder: Path

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*-result.json"))]

    @property
    def one(self) -> dict[str, Any]:
        (result,) = self.all
        return result

    def labels(self, name: str) -> list[str]:
        return [label["value"] for label in self.one["labels"] if label["name"] == name]

    def attached(self, name: str) -> str:
        (found,) = [each for each in self.one.get("attachments", ()) if each["name"] == name]
        return (self.folder / str(found["source"])).read_text()


@pytest.fixture
def results(pytester: pytest.Pytester) -> Results:
    return Results(pytester.path / "results")


@pytest.fixture
def run_allure(run_wslgo: RunWslgo, results: Results) -> Callable[..., Any]:
    return lambda *args: run_wslgo(f"--alluredir={results.folder}", *args)


RAISE = "from pytest_wslgo import errors\nraise errors.{}"
ENDS = [
    ("assert target.is_local", "passed", "", "verified"),
    ("assert not target, 'the loader is /lib/x'", "failed", "the loader is /lib/x", "refuted"),
    (RAISE.format("MissingTool('no gcc')"), "skipped", "not checked (missing-tool): no gcc", "not-checked"),
    (RAISE.format("TargetLost('gone')"), "broken", "not checked (target-lost): gone", "not-checked"),
    ("raise RuntimeError('boom')", "broken", "not checked (error): the check broke: RuntimeError: boom", "not-checked"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "message", "verdict"), ENDS, ids=[f"{end[3]}-{end[1]}" for end in ENDS])
def test_each_end_of_a_check_has_its_status(
    run_allure: Callable[..., Any],
    write_check: WriteCheck,
    results: Results,
    body: str,
    status: str,
    message: str,
    verdict: str,
) -> None:
    write_check(body)
    run_allure("test_own.py")
    assert results.one["status"] == status
    assert results.one.get("statusDetails", {}).get("message", "") == message
    assert results.labels("verdict") == [verdict]


def test_a_result_tells_chapter_claim_severity_and_machine(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    write_check("assert target")
    run_allure("test_own.py")
    assert results.labels("feature") == ["linking"]
    assert results.labels("story") == [CLAIM]
    assert results.labels("severity") == ["critical"]
    assert results.labels("required") == ["true"]
    assert results.labels("host") == ["local"]
    assert results.one["name"] == "own"
    assert "With CGO_ENABLED=0 a Linux executable" in results.one["description"]
    assert {"name": "target", "value": "local"} in results.one["parameters"]


def test_a_claim_that_the_profile_does_not_ask_for_is_not_required(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    write_check("assert target", claim=OPTIONAL_CLAIM)
    run_allure("test_own.py")
    assert results.labels("required") == ["false"]


def test_the_same_check_on_two_machines_is_two_results(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results, pytester: pytest.Pytester
) -> None:
    write_check("assert snapshot", fixtures="snapshot")
    run_allure("test_own.py", "--wslgo-save-facts=one.json")
    for path in results.folder.iterdir():
        path.unlink()
    (pytester.path / "two.json").write_bytes((pytester.path / "one.json").read_bytes())
    run_allure("test_own.py", "--wslgo-facts=one.json", "--wslgo-facts=two.json")
    assert sorted(result["name"] for result in results.all) == ["own on one.json", "own on two.json"]
    assert len({result["historyId"] for result in results.all}) == 2


def test_commands_and_cells_are_attached(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    cell: dict[str, object] = {
        "program": "net",
        "build": "CC=gcc",
        "distro": "musl",
        "userland": "musl 1.2.3",
        "predicted": "starts",
    }
    cell |= {"happened": "starts", "why": "", "agrees": True}
    body = f"evidence = request.node.stash[CHECK].evidence\nevidence['cells'] = [{cell}]\n"
    body += "evidence['commands'] = [{'command': 'cd / && env -i A=1 /sdk/bin/go env CC', 'status': 0}] * 2"
    write_check(f"from pytest_wslgo.plugin.verdicts import CHECK\n{body}", fixtures="request, target")
    run_allure("test_own.py")
    assert [step["name"] for step in results.one["steps"]] == ["go env CC", "go env CC"]
    assert "env -i A=1 /sdk/bin/go env CC" in results.attached("commands")
    kinds = {each["type"] for each in results.one["attachments"]}
    assert {"image/svg+xml", "text/csv"} <= kinds


def test_the_run_is_described_beside_the_results(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    write_check("assert target")
    run_allure("test_own.py")
    assert "profile=devbox" in (results.folder / "environment.properties").read_text()
    assert json.loads((results.folder / "executor.json").read_text())["name"] == "pytest --wslgo"
    required = json.loads((results.folder / "wslgo-required.json").read_text())
    assert required["required"] == [{"claim": CLAIM, "host": "local"}]
    globals_ = [json.loads(path.read_text()) for path in results.folder.glob("*-globals.json")]
    assert "snapshot of local" in {each["name"] for one in globals_ for each in one["attachments"]}


def test_a_fixture_leaves_no_phantom_stage(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    write_check("assert target")
    run_allure("test_own.py")
    stages = [json.loads(path.read_text()).get("afters", []) for path in results.folder.glob("*-container.json")]
    assert [stage for each in stages for stage in each if not stage.get("status")] == []


def test_a_check_whose_worker_died_is_broken(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    write_check("import os\nos._exit(9)")
    run_allure("test_own.py", "-n2", "--clean-alluredir")
    assert results.one["status"] == "broken"
    assert results.labels("claim") == [CLAIM]


def test_a_module_that_cannot_be_collected_is_broken(
    run_allure: Callable[..., Any], results: Results, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(test_own="import nothing_of_this_name")
    run_allure("test_own.py")
    assert results.one["status"] == "broken"
    assert "nothing_of_this_name" in results.one["statusDetails"]["message"]


def test_no_secret_gets_into_the_results(
    run_allure: Callable[..., Any], write_check: WriteCheck, results: Results
) -> None:
    decorators = f"@pytest.mark.parametrize('word', [{SECRET!r}], ids=['x'])"
    write_check(f"print('{SECRET}')\nassert not word, 'token {SECRET}'", fixtures="target, word", decorators=decorators)
    run_allure("test_own.py")
    holding = [path.name for path in results.folder.iterdir() if SECRET in path.read_text(errors="replace")]
    assert holding == []
    assert "***" in results.attached("Captured stdout call")


def test_ordinary_tests_stay_as_allure_writes_them(
    run_allure: Callable[..., Any], results: Results, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(test_own="def test_other():\n    assert True")
    run_allure("test_own.py")
    assert (results.one["name"], results.one["status"]) == ("test_other", "passed")


@pytest.mark.parametrize("options", [(), ("-p", "no:allure_pytest"), ("-n2",)], ids=["none", "switched-off", "xdist"])
def test_nothing_is_written_or_missed_where_nobody_asks(
    run_wslgo: RunWslgo, write_check: WriteCheck, results: Results, options: tuple[str, ...]
) -> None:
    write_check("assert target")
    run = run_wslgo("test_own.py", *options)
    assert run.status == 0, run.output
    assert not results.folder.exists()
