"""``python -m pytest_wslgo``: exit statuses, one sentence for what cannot be meant, and help for each command."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.commands import main
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report import stored
from pytest_wslgo.report.allure import ALLURERC
from pytest_wslgo.report.ledger import write_ledger
from tests.unit.making import a_gate, a_run, a_verdict

if TYPE_CHECKING:
    from pathlib import Path

CLAIM = "linking.cgo-off-is-static"
V, R, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_CHECKED


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose profile asks for one claim, with a good and a bad ledger."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wslgo.toml").write_text(f'profile = "mine"\n[profiles.mine]\nrequire = ["{CLAIM}"]\n')
    (tmp_path / "ledgers").mkdir()
    for name, verdict in {"good": V, "bad": R, "part": C}.items():
        write_ledger(a_run(a_gate([a_verdict(verdict, CLAIM)])), tmp_path / "ledgers" / f"{name}.json")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "status", "told"),
    [
        pytest.param(["good.json"], 0, "The gate of profile mine is met.", id="good"),
        pytest.param(["bad.json"], 1, f"REFUTED      {CLAIM} on bad", id="bad"),
        pytest.param(["part.json"], 10, "NOT CHECKED", id="part"),
        pytest.param(["."], 1, "3 ledgers of 3 machines", id="folder"),
        pytest.param(["good.json", "good.json", "./good.json"], 0, "1 ledger of 1 machine", id="once-each"),
        pytest.param(["good.json", "--expect=good"], 0, "is met", id="expected"),
        pytest.param(["good.json", "--expect=tower"], 10, "NO REPORT    tower", id="missing"),
        pytest.param(["good.json", "--expect-file=../hosts"], 10, "1 machine did not report", id="expected-in-a-file"),
        pytest.param(["good.json", "--max-age=1"], 10, "older than 1 hours", id="old"),
        pytest.param(["good.json", "--profile=devbox"], 10, "no check of this claim", id="profile"),
        pytest.param(["good.json", "--waivers=../waivers.toml"], 11, "WAIVER", id="stale-waiver"),
        pytest.param(["bad.json", "--waivers=../waivers.toml"], 0, "1 waived", id="waived"),
        pytest.param(["../empty"], 5, "There is no ledger to judge.", id="nothing"),
        pytest.param(["../empty", "--expect=tower"], 10, "NO REPORT    tower", id="nothing-but-expected"),
    ],
)
def test_the_gate_has_the_exit_statuses_of_a_run(
    project: Path, capsys: pytest.CaptureFixture[str], args: list[str], status: int, told: str
) -> None:
    soon = datetime.now(UTC) + timedelta(days=9)
    (project / "empty").mkdir()
    (project / "hosts").write_text("# the fleet\ngood\ntower  # new\n\n")
    (project / "waivers.toml").write_text(
        f'[[waiver]]\nclaim = "{CLAIM}"\nowner = "jo"\nreason = "soon"\nexpires = {soon.isoformat()}\n'
    )
    ledger = [arg if arg.startswith("--") else str(project / "ledgers" / arg) for arg in args]
    ledger = [arg.replace("=../", f"={project}/") for arg in ledger]

    assert main(["gate", *ledger]) == status
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(["gate", "gone.json"], "cannot read the ledger gone.json: No such file or directory", id="gone"),
        pytest.param(["gate", "wslgo.toml"], "wslgo.toml is not a ledger: it is no JSON", id="no-json"),
        pytest.param(
            ["gate", "ledgers", "--profile=mne"], "unknown profile 'mne' (did you mean 'mine'?)", id="profile"
        ),
        pytest.param(["gate", "ledgers", "--waivers=gone"], "cannot read waivers file gone", id="waivers"),
        pytest.param(["gate", "ledgers", "--expect-file=gone"], "cannot read the expected machines gone", id="hosts"),
        pytest.param(["gate", "ledgers", "--expect-file=blank"], "blank names no machine", id="blank"),
        pytest.param(["diff", "ledgers/good.json", "blank"], "blank is not a ledger: it is empty", id="diff"),
    ],
)
def test_what_cannot_be_meant_gets_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], args: list[str], told: str
) -> None:
    (project / "blank").touch()
    assert main(args) == 4
    error = capsys.readouterr().err
    assert error.startswith(f"python -m pytest_wslgo {args[0]}: error: {told}")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param([], "the following arguments are required: COMMAND", id="no-command"),
        pytest.param(["gte"], "invalid choice: 'gte'", id="command"),
        pytest.param(["gate"], "the following arguments are required: LEDGER", id="no-ledger"),
        pytest.param(["diff", "one"], "the following arguments are required: NEW", id="one-ledger"),
        pytest.param(["gate", "x", "--max-age=soon"], "invalid number of hours value: 'soon'", id="hours"),
        pytest.param(["gate", "x", "--max-age=0"], "invalid number of hours value: '0'", id="no-hours"),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], args: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(args)
    assert raised.value.code == 4
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", ["gate", "diff", "schema", "allure-config"])
def test_each_command_has_help_with_its_exit_statuses(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as raised:
        main([command, "--help"])
    assert raised.value.code == 0
    assert "usage: python -m pytest_wslgo" in capsys.readouterr().out


def test_one_broken_ledger_hides_no_others_verdicts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "ledgers" / "cut.json").write_text('{"ledger": 1,')
    assert main(["gate", "ledgers"]) == 4
    shown = capsys.readouterr()
    assert f"REFUTED      {CLAIM} on bad" in shown.out
    assert "ledgers/cut.json is cut: its JSON ends too early." in shown.err


def test_the_answer_is_told_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "--json", "ledgers"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["status"], len(told["machines"])) == ("mine", 1, 3)


def test_two_ledgers_are_compared(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "ledgers/good.json", "ledgers/bad.json"]) == 1
    assert f"NEW       {CLAIM} on local (normal): verified -> refuted" in capsys.readouterr().out
    assert main(["diff", "--json", "ledgers/bad.json", "ledgers/good.json"]) == 0
    assert json.loads(capsys.readouterr().out)["fixed"][0]["claim"] == CLAIM


def test_the_schema_is_printed_as_it_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == stored.SCHEMA.read_text()


def test_the_configuration_of_allure_is_printed_as_it_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allure-config"]) == 0
    assert capsys.readouterr().out == ALLURERC.read_text(encoding="utf-8")


def test_what_nobody_foresaw_is_not_called_refuted(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(stored, "read_ledger", broken)
    assert main(["gate", "ledgers"]) == 3
    assert "RuntimeError: boom" in capsys.readouterr().err


def test_the_module_runs_without_pytest(project: Path) -> None:
    code = "import runpy, sys; sys.modules['pytest'] = None; sys.argv[1:] = ['gate', 'ledgers/good.json']; "
    code += "runpy.run_module('pytest_wslgo', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_changes_no_status(project: Path) -> None:
    argv = [sys.executable, "-m", "pytest_wslgo", "schema"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
    assert (process.returncode, error) == (0, "")
