"""Every replay is judged as it says: one run of the book, in which each stored snapshot is a target.

A replay is no WSL that somebody saw: it shows what the book says when a snapshot holds these pieces.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.language import Language
from pytest_wslgo.model.snapshot import load
from pytest_wslgo.report.messages import messages_in
from tests.faults.lab import setup_suites
from tests.faults.runs import Verdicts, judge_targets
from tests.replays.replay import Replay, assemble, load_replays

if TYPE_CHECKING:
    from collections.abc import Callable

REPLAYS = load_replays()
EACH = pytest.mark.parametrize("name", REPLAYS)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Verdicts], float]:
    """What the book says of every replay, and the seconds that the run took."""
    folder = tmp_path_factory.mktemp("replays")
    for name, replay in REPLAYS.items():
        (folder / f"{name}.json").write_bytes(assemble(replay, name))
    options = [f"--wslgo-facts={folder / name}.json" for name in REPLAYS]
    started = time.monotonic()
    said = judge_targets(folder, "-m", "setup", *options, checks=setup_suites())
    return {name.removesuffix(".json"): verdicts for name, verdicts in said.items()}, time.monotonic() - started


def told(verdicts: Verdicts, verdict: str) -> dict[str, str]:
    """Return the claims with this verdict, and the first line of why."""
    return {claim: verdicts.why[claim].partition("\n")[0] for claim, is_so in verdicts.of.items() if is_so == verdict}


@EACH
def test_a_replay_refutes_exactly_what_it_says(name: str, judged: tuple[dict[str, Verdicts], float]) -> None:
    verdicts = judged[0][name]
    assert not verdicts.broken
    assert told(verdicts, "refuted") == REPLAYS[name].refutes


@EACH
def test_each_wsl_claim_of_a_replay_has_its_verdict(name: str, judged: tuple[dict[str, Verdicts], float]) -> None:
    verdicts, replay = judged[0][name], REPLAYS[name]
    mine = {claim: verdict for claim, verdict in verdicts.of.items() if claim.startswith("wsl.")}
    unchecked = {claim: why for claim, why in told(verdicts, "not-checked").items() if claim in mine}
    waits = f"waits for wsl.conf-applied: {replay.refutes.get('wsl.conf-applied')}"
    assert unchecked == dict.fromkeys(replay.unchecked, waits)
    applicable = {claim for claim, verdict in mine.items() if verdict != "not-applicable"}
    assert applicable == applicable_to(replay, set(mine))
    settled = {*replay.refutes, *replay.unchecked}
    assert {mine[claim] for claim in applicable - settled} <= {"verified"}


def applicable_to(replay: Replay, claims: set[str]) -> set[str]:
    """Return the WSL claims that are about the platform of a replay: WSLg is part of WSL2 alone."""
    if replay.platform == "wsl2":
        return claims
    return {claim for claim in claims if not claim.startswith("wsl.wslg")} if replay.platform == "wsl1" else set()


@EACH
def test_what_is_refuted_on_wsl_is_told_in_chinese(name: str) -> None:
    chinese = messages_in(Language.ZH)
    wsl = [why for claim, why in REPLAYS[name].refutes.items() if claim.startswith("wsl.")]
    assert [why for why in wsl if chinese.observed(why) == why] == []


@EACH
def test_a_replay_is_of_its_platform(name: str) -> None:
    platform = load(assemble(REPLAYS[name], name), name).platform
    assert (platform.kind, platform.on_wsl) == (REPLAYS[name].platform, True), platform.evidence


def test_all_replays_are_judged_in_one_run(
    judged: tuple[dict[str, Verdicts], float], record_property: Callable[[str, object], None]
) -> None:
    verdicts, seconds = judged
    assert set(verdicts) == set(REPLAYS)
    record_property("seconds of one run with every replay", round(seconds, 1))
    print(f"{len(verdicts)} replays were judged in {seconds:.1f} s")  # noqa: T201
