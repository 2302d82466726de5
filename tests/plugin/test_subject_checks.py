"""The user's own binary before the book: explained with and without a place to ship to, and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.resources import SUITES
from pytest_wslgo.toolchain.discovery import embedded_goroot
from tests.unit.binaries import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.conftest import Run, RunWslgo

    Judge = Callable[..., Run]

HERE, THERE = "subject.starts-here", "subject.starts-where-it-ships"


@pytest.fixture
def judge(run_wslgo: RunWslgo) -> Judge:
    """Run the book's two checks of a subject with the embedded Go."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")

    def run(*options: str) -> Run:
        return run_wslgo(str(SUITES / "test_subject.py"), "--wslgo-go=embedded", *options)

    return run


def _binary(pytester: pytest.Pytester, name: str) -> str:
    path = pytester.path / "mailer"
    path.write_bytes(sample(name))
    return f"--wslgo-subject={path}"


def _told(run: Run, claim: str) -> dict[str, Any]:
    (evidence,) = run.verdict(claim)["evidence"].values()
    (program,) = evidence["subject"]
    assert isinstance(program, dict)
    return program


def test_a_static_binary_runs_wherever_it_ships(judge: Judge, pytester: pytest.Pytester) -> None:
    (pytester.path / "wslgo.toml").write_text('ships = ["debian 11", "alpine 3.20"]')
    run = judge(_binary(pytester, "bare-static"))
    assert run.status == 0, run.output
    assert {run.verdict(claim)["verdict"] for claim in (HERE, THERE)} == {"verified"}
    assert _told(run, HERE)["refused"] == {}
    assert "runs on alpine 3.17 to 3.22, debian 10 to 13, " in _told(run, THERE)["sentence"]


def test_a_glibc_binary_is_refused_where_its_loader_is_not(judge: Judge, pytester: pytest.Pytester) -> None:
    (pytester.path / "wslgo.toml").write_text('ships = ["debian 11", "debian 12", "alpine 3.20"]')
    run = judge(_binary(pytester, "glibc-dynamic"))
    assert run.status == 1, run.output
    assert run.verdict(THERE)["why"].startswith(
        f"{pytester.path}/mailer runs on debian 12; not on debian 11: needs GLIBC_2.34, has 2.31; "
        "not on alpine 3.20: interpreter /lib64/ld-linux-x86-64.so.2 is missing; "
    )
    assert _told(run, THERE)["floor"] == "GLIBC_2.34"


def test_a_binary_of_another_machine_does_not_start_here(judge: Judge, pytester: pytest.Pytester) -> None:
    run = judge(_binary(pytester, "mips-bare"))
    assert ") is for mips; " in run.verdict(HERE)["why"]


def test_without_a_place_to_ship_to_that_is_not_checked(judge: Judge, pytester: pytest.Pytester) -> None:
    run = judge(_binary(pytester, "bare-static"))
    verdict = run.verdict(THERE)
    assert (verdict["verdict"], verdict["reason"]) == ("not-checked", "declared-absent")
    assert (
        verdict["why"] == 'nothing says where you ship to: write ships = ["debian 12", "alpine 3.20"] into wslgo.toml'
    )


def test_without_a_subject_nothing_is_checked(judge: Judge) -> None:
    run = judge()
    for claim in (HERE, THERE):
        verdict = run.verdict(claim)
        assert (verdict["verdict"], verdict["reason"]) == ("not-checked", "declared-absent")
        assert verdict["why"].endswith("name one with --wslgo-subject PATH (on the local machine)")
