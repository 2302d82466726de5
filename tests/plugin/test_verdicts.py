"""From a check's end to the ledger and the exit status: DESIGN section 5, through real runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.ledgers import stored_ledger
from tests.plugin.conftest import CLAIM, OPTIONAL_CLAIM, RunWslgo, WriteCheck

SOON = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
RAISE = "from pytest_wslgo import errors\nraise errors.{error}"
MISSING = RAISE.format(error="MissingTool('gcc is not there')")

ENDS = [
    pytest.param("assert target.is_local", CLAIM, "verified", None, "", 0, id="holds"),
    pytest.param(
        "assert not target, 'the loader is /lib/x'", CLAIM, "refuted", None, "the loader is /lib/x", 1, id="refuted"
    ),
    pytest.param("pytest.fail('no such thing')", CLAIM, "refuted", None, "no such thing", 1, id="pytest-fail"),
    pytest.param(MISSING, CLAIM, "not-checked", "missing-tool", "gcc is not there", 10, id="missing-tool-required"),
    pytest.param(
        MISSING, OPTIONAL_CLAIM, "not-checked", "missing-tool", "gcc is not there", 0, id="missing-tool-optional"
    ),
    pytest.param(
        RAISE.format(error="DeadlineExceeded('too slow')"),
        CLAIM,
        "not-checked",
        "timeout",
        "too slow",
        10,
        id="timeout",
    ),
    pytest.param(
        "raise RuntimeError('boom')",
        OPTIONAL_CLAIM,
        "not-checked",
        "error",
        "RuntimeError: boom",
        10,
        id="broken-check",
    ),
    pytest.param(
        "pytest.skip('not today')",
        CLAIM,
        "not-checked",
        "error",
        "the check skipped itself: not today",
        10,
        id="skipped",
    ),
]


@pytest.mark.parametrize(("body", "claim", "verdict", "reason", "why", "status"), ENDS)
def test_each_end_of_a_check_has_its_verdict_and_exit_status(
    run_wslgo: RunWslgo,
    write_check: WriteCheck,
    body: str,
    claim: str,
    verdict: str,
    reason: str | None,
    why: str,
    status: int,
) -> None:
    run = run_wslgo(str(write_check(body, claim=claim)))

    told = run.verdict(claim)
    assert (told["verdict"], told["reason"], run.status) == (verdict, reason, status), run.output
    assert why in told["why"]
    assert told["target"] == "local"
    assert "INTERNALERROR" not in run.output


def test_a_refuted_claim_is_told_on_the_terminal_with_its_remedy(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(str(write_check("assert not target, 'net has interpreter /lib/ld-x.so'")))

    assert f"REFUTED   {CLAIM} on local (critical)" in run.output
    assert "observed  net has interpreter /lib/ld-x.so" in run.output
    assert "remedy" in run.output
    assert "1 refuted" in run.output
    assert "Traceback" not in run.output


def test_xfail_cannot_hide_a_refuted_claim(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(str(write_check("assert not target, 'seen'", decorators="@pytest.mark.xfail")))

    assert (run.status, run.verdict()["verdict"]) == (1, "refuted")


def test_a_claim_is_as_bad_as_the_worst_of_its_checks(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_two=f"""
        import pytest
        from pytest_wslgo.errors import MissingTool

        @pytest.mark.claim({CLAIM!r})
        @pytest.mark.parametrize("cell", ["fine", "missing"])
        def test_cell(target, cell):
            if cell == "missing":
                raise MissingTool("no musl-gcc")
        """
    )
    run = run_wslgo("test_two.py")

    assert run.verdict()["verdict"] == "not-checked"
    assert len(run.verdict()["nodeids"]) == 2


def test_an_ordinary_failure_fails_the_run(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_plain="def test_plain(): assert False")

    run = run_wslgo("test_plain.py")

    assert run.status == 1
    assert run.ledger is not None
    assert run.ledger["verdicts"] == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_an_unknown_claim_is_a_usage_error(
    run_wslgo: RunWslgo, write_check: WriteCheck, workers: tuple[str, ...]
) -> None:
    run = run_wslgo(str(write_check("pass", claim="linking.cgo-off-is-statik")), *workers)

    assert run.status == 4, run.output
    assert f"unknown claim 'linking.cgo-off-is-statik' (did you mean '{CLAIM}'?)" in run.output
    assert "INTERNALERROR" not in run.output


def test_a_claim_marker_without_ids_is_a_usage_error(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_own="import pytest\n@pytest.mark.claim\ndef test_own(): pass")

    run = run_wslgo("test_own.py")

    assert run.status == 4
    assert 'write @pytest.mark.claim("area.what-holds")' in run.output


def test_nothing_collected_is_an_error(run_wslgo: RunWslgo, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_none="")

    assert run_wslgo("test_none.py").status == 5


def test_a_collection_error_still_leaves_a_ledger(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    write_check("pass")
    pytester.makepyfile(test_broken="import nosuchmodule")

    run = run_wslgo("test_own.py", "test_broken.py")

    assert run.status == 2
    assert run.ledger is not None


def test_a_crashed_worker_makes_its_check_not_checked(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(str(write_check("import os\nos._exit(7)")), "-n", "2")

    told = run.verdict()
    assert (told["verdict"], told["reason"], run.status) == ("not-checked", "error", 10), run.output
    assert "crashed" in told["why"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_ctrl_c_leaves_a_whole_ledger(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makepyfile(
        test_slow=f"""
        import pathlib, time
        import pytest

        @pytest.mark.claim({CLAIM!r})
        def test_first(target):
            assert target.is_local

        @pytest.mark.claim({OPTIONAL_CLAIM!r})
        def test_second(target):
            pathlib.Path("started").touch()
            time.sleep(60)
        """
    )
    argv = (sys.executable, "-m", "pytest", "--wslgo", "--wslgo-ledger=ledger.json", "test_slow.py", *workers)
    process = subprocess.Popen(argv, cwd=pytester.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + 60
    while not (pytester.path / "started").exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 2, output
    ledger = (pytester.path / "ledger.json").read_text()
    stored_ledger(pytester.path / "ledger.json")
    assert '"the run ended before this check ran"' in ledger, output
    assert OPTIONAL_CLAIM in ledger
    assert '"passed": false' in ledger


def test_waivers_decide_between_waived_expired_and_stale(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    def waive(expires: str) -> str:
        path = pytester.path / "waivers.toml"
        path.write_text(f'[[waiver]]\nclaim = "{CLAIM}"\nowner = "jo"\nreason = "soon"\nexpires = {expires}\n')
        return f"--wslgo-waivers={path}"

    refuted = str(write_check("assert not target, 'seen'"))
    covered = run_wslgo(refuted, waive(SOON))
    expired = run_wslgo(refuted, waive("2001-01-01T00:00:00Z"))
    stale = run_wslgo(str(write_check("pass")), waive(SOON))

    assert (covered.status, covered.verdict()["verdict"]) == (0, "waived"), covered.output
    assert (expired.status, expired.verdict()["verdict"]) == (1, "refuted"), expired.output
    assert stale.status == 11, stale.output
    assert "is stale, its claim is verified now: delete it" in stale.output


def test_a_profile_that_allows_no_part_asks_for_the_whole_book(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    run = run_wslgo(str(write_check("pass")), "--wslgo-profile=nightly")

    assert run.status == 10
    assert run.ledger is not None
    assert any(one["why"] == "no check of this claim was selected in this run" for one in run.ledger["gate"]["unmet"])


def test_junit_and_reports_carry_claim_and_verdict(
    run_wslgo: RunWslgo, write_check: WriteCheck, pytester: pytest.Pytester
) -> None:
    run_wslgo(str(write_check("pass")), "--junitxml=junit.xml", "-n", "2")

    junit = (pytester.path / "junit.xml").read_text()
    assert f'<property name="claim" value="{CLAIM}"' in junit
    assert '<property name="verdict" value="verified"' in junit


LANE_CLAIM = "upstream.env-scripts-pass"


@pytest.mark.parametrize("options", [(), ("-m", "behaviour"), ("-m", "not upstreams")])
def test_a_lane_that_was_not_asked_for_is_told(
    run_wslgo: RunWslgo, write_check: WriteCheck, options: tuple[str]
) -> None:
    write_check("assert False", claim=LANE_CLAIM)
    run = run_wslgo("test_own.py", *options)
    verdict = run.verdict(LANE_CLAIM)
    assert (verdict["verdict"], verdict["reason"]) == ("not-checked", "declared-absent")
    assert verdict["why"] == "this was not asked for: give -m upstream, or name upstream in your -m"


@pytest.mark.parametrize("options", [("-m", "upstream"), ("-m", "setup or upstream")])
def test_a_lane_runs_where_it_is_asked_for(run_wslgo: RunWslgo, write_check: WriteCheck, options: tuple[str]) -> None:
    write_check("assert target.is_local", claim=LANE_CLAIM)
    assert run_wslgo("test_own.py", *options).verdict(LANE_CLAIM)["verdict"] == "verified"
