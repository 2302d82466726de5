"""Every fault of a setup, planted in a box, refutes exactly the claims that it names (README.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.fault import load_faults
from tests.faults.lab import Planted
from tests.faults.runs import KILLED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.runs import Verdicts

FAULTS = [Planted(name, fault) for name, fault in load_faults().items() if fault.box is not None]


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.name)
def test_a_fault_of_the_setup_refutes_exactly_its_claims(
    planted: Planted, verdicts: Verdicts, record_property: Callable[[str, object], None]
) -> None:
    assert not verdicts.broken
    expected = set(planted.fault.refutes)
    told = {claim: verdicts.why[claim] for claim in verdicts.refuted}
    assert set(told) == expected, (told, {claim: verdicts.why.get(claim, "no check") for claim in expected})
    for claim in sorted(told):
        record_property(KILLED, claim)
