"""Stored ledgers: the published schema, and the sentence that each bad file gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.ledger import ledger_of, write_ledger
from pytest_wslgo.report.stored import SCHEMA, ledger_schema, read_ledger
from tests.ledgers import valid
from tests.unit.making import a_gate, a_run, a_verdict, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

BAD = [Verdict.VERIFIED, Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED]


def a_ledger() -> dict[str, Any]:
    """A ledger with every kind of verdict, and each kind of waiver."""
    verdicts = [a_verdict(word, f"a.{word}", evidence={"t::a": {"commands": [1.5, None]}}) for word in BAD]
    verdicts.append(a_verdict(Verdict.REFUTED, "a.waived"))
    waivers = [a_waiver("a.waived"), a_waiver("a.verified")]
    return ledger_of(a_run(a_gate(verdicts, require=("a.not-checked",), waivers=waivers)))


def test_the_published_schema_is_that_of_the_reader() -> None:
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert published == ledger_schema(), "write it anew: pytest_wslgo.report.stored.ledger_schema()"
    Draft202012Validator.check_schema(published)


def test_a_ledger_is_as_published() -> None:
    assert valid(a_ledger())["summary"] == {
        "verified": 1,
        "refuted": 1,
        "not-applicable": 1,
        "not-checked": 1,
        "waived": 1,
    }


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"ledger": 2}, {"verdicts": [{}]}, {"started": "yesterday"}, {"gate": None}]
)
def test_the_schema_refuses_what_is_no_ledger(change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        valid({**a_ledger(), **change})


def test_a_stored_ledger_is_read(tmp_path: Path) -> None:
    write_ledger(a_run(a_gate([a_verdict(Verdict.REFUTED, why="seen")])), tmp_path / "l.json")
    ledger = read_ledger(tmp_path / "l.json")
    assert [(one.claim, one.verdict, one.why) for one in ledger.verdicts] == [("linking.static", "refuted", "seen")]
    assert (ledger.gate.status, ledger.targets[0].platform and ledger.targets[0].platform.kind) == (1, "linux")


def test_the_example_of_the_first_version_is_read(tmp_path: Path) -> None:
    ledger = a_ledger()
    for key in ("status", "deselected", "sentences"):
        del ledger["gate"][key]
    for waiver in ledger["gate"]["waivers"]:
        del waiver["link"]
    (tmp_path / "l.json").write_text(json.dumps({**ledger, "later": "key"}))
    assert read_ledger(tmp_path / "l.json").gate.sentences == ()


WHOLE = json.dumps(a_ledger())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "is not a ledger: it is empty", id="empty"),
        pytest.param(WHOLE[:-40], "is cut: its JSON ends too early", id="cut"),
        pytest.param(
            "<html>", "is not a ledger: it is no JSON (JSON is malformed: invalid character (byte 0))", id="html"
        ),
        pytest.param("[1]", 'is not a ledger: expected a JSON object with "ledger": 1', id="array"),
        pytest.param('{"snapshot": 1}', 'is not a ledger: expected a JSON object with "ledger": 1', id="snapshot"),
        pytest.param(
            WHOLE.replace('"ledger": 1', '"ledger": 2'),
            "has ledger version 2; this plugin reads version 1",
            id="version",
        ),
        pytest.param('{"ledger": true}', "has ledger version True; this plugin reads version 1", id="true"),
        pytest.param(
            WHOLE.replace('"verdict": "refuted"', '"verdict": "fine"'),
            "is not a whole ledger: Invalid enum value 'fine' - at `$.verdicts[1].verdict`",
            id="word",
        ),
        pytest.param(
            WHOLE.replace('"started"', '"begun"'),
            "is not a whole ledger: Object missing required field `started`",
            id="key",
        ),
    ],
)
def test_a_bad_file_gets_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "l.json"
    path.write_text(text)
    with pytest.raises(BadInput) as raised:
        read_ledger(path)
    assert str(raised.value) == f"{path} {told}. Write it again with --wslgo-ledger."


@pytest.mark.parametrize("data", [b"\xff\xfe{", b"[" * 100_000, b'{"ledger": 1, "plugin": "\xff"}'])
def test_bytes_that_are_no_text_get_one_too(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "l.json"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"l\.json is (not a (whole )?ledger|cut)"):
        read_ledger(path)


def test_a_file_that_is_not_there_gets_one_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        read_ledger(tmp_path / "gone.json")
    assert str(raised.value) == f"cannot read the ledger {tmp_path / 'gone.json'}: No such file or directory"
