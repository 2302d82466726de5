"""The gate's answer in English sentences: in the ledger, on GitHub, and where stored ledgers are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.language import Language
from pytest_wslgo.report.messages import messages_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.gate import BadWaiver, ExitStatus, Gate, Unmet


def gate_sentences(gate: Gate) -> tuple[str, ...]:
    """Return first whether the gate is met, then one sentence for each thing that is unmet."""
    return (verdict_sentence(gate), *open_ends(gate))


def verdict_sentence(gate: Gate) -> str:
    """Return whether the gate is met, by how many claims it is not, and the exit status.

    >>> from pytest_wslgo.model.gate import ExitStatus, Gate
    >>> verdict_sentence(Gate("devbox", ExitStatus.GOOD, (), (), ()))
    'The gate of profile devbox is met.'
    """
    return count_sentence(gate, gate.status)


def count_sentence(gate: Gate, status: ExitStatus, *, silent: int = 0) -> str:
    """Return the sentence for a gate that ``silent`` machines count for, too, which leaves ``status``."""
    if not status:
        return f"The gate of profile {gate.profile} is met."
    refuted = sum(one.why.startswith("refuted: ") for one in gate.unmet)
    counted = (
        (refuted, "claim is refuted", "claims are refuted"),
        (len(gate.unmet) - refuted, "required claim was not checked", "required claims were not checked"),
        (silent, "machine did not report", "machines did not report"),
        (len(gate.bad_waivers), "waiver expired or is stale", "waivers expired or are stale"),
    )
    told = ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counted if number)
    return f"The gate of profile {gate.profile} is not met: {told} (exit status {int(status)})."


def open_ends(gate: Gate) -> Iterator[str]:
    """Yield one sentence for each claim that is unmet and each waiver that must be looked at."""
    yield from map(unmet_sentence, gate.unmet)
    yield from map(waiver_sentence, gate.bad_waivers)


def unmet_sentence(unmet: Unmet) -> str:
    """Return what is unmet as ``CLAIM on TARGET: refuted: WHY.``"""
    return f"{unmet.claim} on {unmet.target}: {unmet.why.rstrip().removesuffix('.')}."


def waiver_sentence(bad: BadWaiver) -> str:
    """Return what is wrong with a waiver and what to do."""
    told = messages_in(Language.EN).say(f"waiver.{bad.state}", owner=bad.waiver.owner, until=bad.waiver.until)
    return f"{bad.waiver.claim} on {bad.target}: {told}."
