"""What GitHub Actions shows: annotations in its limits, and a summary that no output can break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Severity
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.github import summary, workflow_commands, write_summary
from tests.unit.making import a_claim, a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.verdicts import ClaimVerdict
    from pytest_wslgo.report.result import RunResult

V, R, C = Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_CHECKED
HERE = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/home/runner/work/app"}


def run_of(*verdicts: ClaimVerdict, minor: tuple[str, ...] = (), require: tuple[str, ...] = ()) -> RunResult:
    claims = {
        one.claim: a_claim(one.claim, severity=Severity.MINOR if one.claim in minor else Severity.NORMAL)
        for one in verdicts
    }
    waivers = [a_waiver("a.stale")]
    return a_run(a_gate(verdicts, claims=claims, require=require, waivers=waivers), claims=claims)


def test_what_is_unmet_is_an_error_and_advice_a_warning() -> None:
    run = run_of(
        a_verdict(R, "a.refuted", why="50% of\n it"),
        a_verdict(C, "a.unchecked", why="no gcc"),
        a_verdict(C, "a.free", why="no dlv"),
        a_verdict(R, "a.minor", why="untidy"),
        a_verdict(V, "a.stale"),
        minor=("a.minor",),
        require=("a.unchecked", "a.gone"),
    )
    assert list(workflow_commands(run, HERE)) == [
        "::error title=a.refuted on local%3A refuted::50%25 of it",
        "::error title=a.unchecked on local%3A not-checked::no gcc",
        "::error title=a.gone on local::no check of this claim was selected in this run",
        "::warning title=a.minor on local%3A refuted::untidy",
        (
            "::warning title=waiver::a.stale on local: the waiver of jane is stale, its claim is verified now: "
            "delete it."
        ),
    ]


@pytest.mark.parametrize(
    ("why", "where"),
    [
        ("x (exported in /home/runner/work/app/a,b.sh line 3)", "file=a%2Cb.sh,line=3,"),
        ("x (exported in /etc/profile line 3)", ""),
        ("x", ""),
    ],
)
def test_an_annotation_lies_in_a_file_of_the_workspace(why: str, where: str) -> None:
    (told,) = workflow_commands(run_of(a_verdict(R, why=why)), HERE)
    assert told.startswith(f"::error {where}title=linking.static")


def test_no_more_annotations_than_github_shows() -> None:
    told = list(workflow_commands(run_of(*(a_verdict(R, f"a.c{n}") for n in range(12))), HERE))
    assert len(told) == 10
    assert told[-1] == "::error title=pytest --wslgo::and 3 more; the summary of the step has all"


def test_an_output_cannot_write_a_command_of_its_own() -> None:
    (told,) = workflow_commands(run_of(a_verdict(R, why="x\n::set-env name=PATH::/evil")), HERE)
    assert "\n" not in told


def test_the_summary_has_the_answer_the_counts_and_what_is_open() -> None:
    run = run_of(
        a_verdict(C, "a.unchecked", why="no gcc"),
        a_verdict(R, "a.refuted", why="GOBIN is a|b\n<b>*x*</b> `y`"),
        a_verdict(V, "a.stale"),
        require=("a.unchecked", "a.gone"),
    )
    assert summary(run).splitlines() == [
        "## pytest --wslgo",
        "",
        (
            "**The gate of profile devbox is not met: 1 claim is refuted, 2 required claims were not checked, "
            "1 waiver expired or is stale (exit status 1).**"
        ),
        "",
        "1 verified, 1 refuted, 0 not applicable, 1 not checked, 0 waived",
        "",
        "| verdict | claim | target | observed |",
        "| --- | --- | --- | --- |",
        r"| refuted | `a.refuted` | local | GOBIN is a\|b &lt;b&gt;\*x\*&lt;/b&gt; \`y\` |",
        "| not-checked | `a.unchecked` | local | missing-tool: no gcc |",
        "| not selected | `a.gone` | local | no check of this claim was selected in this run |",
        "",
        "- a.stale on local: the waiver of jane is stale, its claim is verified now: delete it.",
        "",
    ]


def test_the_summary_stays_below_what_github_takes() -> None:
    run = run_of(*(a_verdict(R, f"a.c{n}", why="<" * 1000) for n in range(520)))
    assert len(summary(run).encode()) < 1024**2
    assert "the rest is in the ledger" in summary(run)


def test_the_summary_is_added_to_that_of_the_step(tmp_path: Path) -> None:
    path = tmp_path / "step.md"
    path.write_text("before\n")
    run = run_of(a_verdict(V))
    write_summary(run, {"GITHUB_STEP_SUMMARY": str(path)})
    write_summary(run, {})
    assert path.read_text() == "before\n" + summary(run)
    with pytest.raises(BadInput, match=r"cannot write GITHUB_STEP_SUMMARY .*: Is a directory"):
        write_summary(run, {"GITHUB_STEP_SUMMARY": str(tmp_path)})
