"""The user's own programs (--wslgo-subject): do they start here, and where they are shipped to? They are not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.plugin.compatibility import Subject


@pytest.mark.claim("subject.starts-here")
def test_the_users_programs_find_here_what_they_need(subject: Subject) -> None:
    for program in subject.programs:
        told = program.here(subject.here)
        assert told.starts, f"here ({subject.here.describe()}) {told.why}; {program.explain(subject.known)}"


@pytest.mark.claim("subject.starts-where-it-ships")
def test_the_users_programs_find_what_they_need_where_they_ship_to(subject: Subject) -> None:
    for program in subject.programs:
        told = [(one.title, program.on(one)) for one in subject.ships]
        assert all(prediction.starts for _, prediction in told), (
            f"{program.told(told)}; {program.explain(subject.known)}"
        )
