"""What an owner declares absent: which claims that excuses, what it never hides, and the sentences of its errors."""

from __future__ import annotations

import tomllib

import pytest

from pytest_wslgo.errors import BadInput, Reason
from pytest_wslgo.model.declares import Declaration, declarations_of, declare
from pytest_wslgo.model.gate import ExitStatus
from pytest_wslgo.model.verdicts import Verdict
from tests.unit.making import a_gate, a_verdict

CLAIMS = ("linking.static", "linking.pie", "matrix.starts")
NO_ENGINE = Declaration("matrix.*", "no container engine here")


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        pytest.param("'matrix.*' = 'no container engine here'", NO_ENGINE, id="pattern"),
        pytest.param("'linking.pie' = 'no gcc'", Declaration("linking.pie", "no gcc"), id="id"),
        pytest.param("linking.pie = ' no gcc '", Declaration("linking.pie", "no gcc"), id="bare"),
        pytest.param("[linking]\npie = 'no gcc'", Declaration("linking.pie", "no gcc"), id="table"),
    ],
)
def test_a_declaration_names_claims_and_says_why(text: str, declared: Declaration) -> None:
    assert declarations_of(tomllib.loads(text), CLAIMS, where="w.toml [declares]") == (declared,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "'linking.pi' = 'x'",
            "no claim matches 'linking.pi' (did you mean 'linking.pie'?); `pytest --wslgo-list` shows all claims",
            id="claim",
        ),
        pytest.param(
            "podman = 'none'", "no claim matches 'podman'; `pytest --wslgo-list` shows all claims", id="not-a-claim"
        ),
        pytest.param(
            "'linking.*' = true", "key 'linking.*' expects a sentence that says what is absent and why", id="no-text"
        ),
        pytest.param(
            "'linking.*' = ' '", "key 'linking.*' expects a sentence that says what is absent and why", id="blank"
        ),
    ],
)
def test_a_mistake_is_a_sentence_with_file_and_key(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        declarations_of(tomllib.loads(text), CLAIMS, where="w.toml [declares]")
    assert str(raised.value) == f"w.toml [declares]: {sentence}"


@pytest.mark.parametrize("reason", Reason)
def test_what_is_missing_is_excused_and_nothing_else(reason: Reason) -> None:
    (told,) = declare([a_verdict(Verdict.NOT_CHECKED, "matrix.starts", reason=reason, why="no podman")], [NO_ENGINE])
    if reason in (Reason.MISSING_TOOL, Reason.NO_PRIVILEGE, Reason.NO_NETWORK):
        assert (told.reason, told.why) == (
            Reason.DECLARED_ABSENT,
            "declared absent: no container engine here (no podman)",
        )
    else:
        assert (told.reason, told.why) == (reason, "no podman")


@pytest.mark.parametrize("verdict", [Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE])
def test_a_declaration_hides_no_verdict(verdict: Verdict) -> None:
    given = (a_verdict(verdict, "matrix.starts"),)
    assert declare(given, [NO_ENGINE]) == given


def test_a_declaration_is_about_its_claims_alone() -> None:
    given = (a_verdict(Verdict.NOT_CHECKED, "linking.pie"),)
    assert declare(given, [NO_ENGINE]) == given


@pytest.mark.parametrize(("partial", "status"), [(True, ExitStatus.GOOD), (False, ExitStatus.NOT_CHECKED)])
def test_a_profile_that_allows_a_part_does_not_ask_for_what_is_declared_absent(
    partial: bool, status: ExitStatus
) -> None:
    verdicts = declare([a_verdict(Verdict.NOT_CHECKED, "matrix.starts")], [NO_ENGINE])
    assert a_gate(verdicts, require=("matrix.starts",), partial=partial).status is status
