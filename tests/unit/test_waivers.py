"""Waivers: what a file may say, what a waiver covers, and when it has run out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.waivers import LONGEST_LIFE, Waiver, load_waivers
from tests.unit.making import NOW, a_waiver

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = ("linking.static", "linking.pie")
KEYS = {"claim": '"linking.static"', "owner": '"jane"', "reason": '"old fleet"', "expires": "2027-03-31T00:00:00Z"}


def write(folder: Path, **changes: str | None) -> Path:
    """Write a waivers file of one waiver; values are TOML, a key changed to None is left out."""
    keys = {key: value for key, value in {**KEYS, **changes}.items() if value is not None}
    return write_text(folder, "\n".join(["[[waiver]]", *(f"{key} = {value}" for key, value in keys.items())]))


def write_text(folder: Path, text: str) -> Path:
    path = folder / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_waiver_is_read_with_all_its_keys(tmp_path: Path) -> None:
    path = write(tmp_path, target='"ssh://build-*"', link='"https://tracker.example/7"', reason='"三月迁移"')
    assert load_waivers(path, KNOWN, now=NOW) == (
        Waiver(
            claim="linking.static",
            owner="jane",
            reason="三月迁移",
            expires=datetime(2027, 3, 31, tzinfo=UTC),
            target="ssh://build-*",
            link="https://tracker.example/7",
        ),
    )


@pytest.mark.parametrize("text", ["", "waiver = []\n", "# none yet\r\n"])
def test_a_file_without_a_waiver_holds_none(tmp_path: Path, text: str) -> None:
    assert load_waivers(write_text(tmp_path, text), KNOWN, now=NOW) == ()


@pytest.mark.parametrize(
    ("written", "until"),
    [
        pytest.param("2027-03-31T00:00:00Z", "2027-03-31T00:00:00Z", id="utc"),
        pytest.param("2027-03-31 00:00:00Z", "2027-03-31T00:00:00Z", id="blank-between"),
        pytest.param("2027-03-31T00:00:00+08:00", "2027-03-30T16:00:00Z", id="shanghai"),
        pytest.param("2027-03-31T23:30:00.5-05:00", "2027-04-01T04:30:00Z", id="new-york"),
        pytest.param('"2027-03-31T00:00:00Z"', "2027-03-31T00:00:00Z", id="in-a-string"),
    ],
)
def test_an_expiry_is_a_point_in_time_told_in_utc(tmp_path: Path, written: str, until: str) -> None:
    (waiver,) = load_waivers(write(tmp_path, expires=written), KNOWN, now=NOW)
    assert waiver.until == until


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"ovner": '"jane"'},
            "unknown key 'ovner' (did you mean 'owner'?); valid keys are claim, expires, link, owner, reason, target",
            id="unknown-key",
        ),
        *(pytest.param({key: None}, f"key '{key}' is missing", id=f"no-{key}") for key in KEYS),
        *(
            pytest.param(
                {key: '" "'},
                f"key '{key}' is blank; write a value, or leave out a key that may be left out",
                id=f"blank-{key}",
            )
            for key in ("owner", "reason", "target", "claim")
        ),
        pytest.param(
            {"claim": '"linking.statc"'},
            "unknown claim 'linking.statc' (did you mean 'linking.static'?); `pytest --wslgo-list` shows all claims",
            id="unknown-claim",
        ),
        pytest.param(
            {"expires": "2027-03-31T00:00:00"},
            "expires = 2027-03-31T00:00:00 has no time zone; write it in UTC, as 2027-03-31T00:00:00Z",
            id="local-date-time",
        ),
        pytest.param(
            {"expires": '"2027-03-31T00:00:00"'},
            "expires = 2027-03-31T00:00:00 has no time zone; write it in UTC, as 2027-03-31T00:00:00Z",
            id="local-date-time-in-a-string",
        ),
        pytest.param(
            {"expires": "2027-03-31"},
            "key 'expires' expects a date-time such as 2027-03-31T00:00:00Z, got a date",
            id="local-date",
        ),
        pytest.param(
            {"expires": '"2027-03-31"'},
            "key 'expires' expects a date-time such as 2027-03-31T00:00:00Z, got a string",
            id="date-in-a-string",
        ),
        pytest.param(
            {"expires": '"31.03.2027"'},
            "key 'expires' expects a date-time such as 2030-12-31T00:00:00Z, got a string",
            id="another-calendar",
        ),
        pytest.param(
            {"expires": "20270331"},
            "key 'expires' expects a date-time such as 2030-12-31T00:00:00Z, got an integer",
            id="integer",
        ),
        pytest.param(
            {"expires": "07:30:00"},
            "key 'expires' expects a date-time such as 2030-12-31T00:00:00Z, got a time",
            id="time",
        ),
        pytest.param(
            {"expires": "9999-12-31T23:59:59-05:00"},
            "expires = 9999-12-31T23:59:59-05:00 is outside the calendar in UTC",
            id="for-ever",
        ),
    ],
)
def test_a_mistake_is_a_sentence_with_file_waiver_and_key(
    tmp_path: Path, changes: dict[str, str | None], sentence: str
) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(BadInput) as raised:
        load_waivers(path, KNOWN, now=NOW)
    assert str(raised.value) == f"{path} [[waiver]] 1: {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("[waiver]\n", ": write [[waiver]] with two brackets, one table per waiver", id="one-bracket"),
        pytest.param("waiver = 3\n", ": write [[waiver]] with two brackets, one table per waiver", id="integer"),
        pytest.param(
            "[[waivers]]\n",
            ": unknown key 'waivers' (did you mean 'waiver'?); a waivers file holds [[waiver]] tables only",
            id="plural",
        ),
        pytest.param("x = 1\n", ": unknown key 'x'; a waivers file holds [[waiver]] tables only", id="unknown"),
        pytest.param("waiver = [3]\n", " [[waiver]] 1: expected a table, got an integer", id="array-of-integers"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = write_text(tmp_path, text)
    with pytest.raises(BadInput) as raised:
        load_waivers(path, KNOWN, now=NOW)
    assert str(raised.value) == f"{path}{sentence}"


def test_the_second_waiver_is_counted(tmp_path: Path) -> None:
    good = "\n".join(["[[waiver]]", *(f"{key} = {value}" for key, value in KEYS.items())])
    path = write_text(tmp_path, f"{good}\n[[waiver]]\n")
    with pytest.raises(BadInput) as raised:
        load_waivers(path, KNOWN, now=NOW)
    assert str(raised.value) == f"{path} [[waiver]] 2: key 'claim' is missing"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        load_waivers(tmp_path / "none.toml", KNOWN, now=NOW)
    assert str(raised.value) == f"cannot read waivers file {tmp_path / 'none.toml'}: No such file or directory"


@pytest.mark.parametrize(
    ("pattern", "name", "spec", "covered"),
    [
        pytest.param("*", "local", "local://", True, id="every-target"),
        pytest.param("local", "local", "local://", True, id="by-name"),
        pytest.param("local://", "local", "local://", True, id="by-spec"),
        pytest.param("ssh://build-*", "build-7", "ssh://build-7", True, id="pattern-on-the-spec"),
        pytest.param("build-?", "build-7", "ssh://u@build-7", True, id="pattern-on-the-name"),
        pytest.param("build-?", "build-17", "ssh://build-17", False, id="another-name"),
        pytest.param("LOCAL", "local", "local://", False, id="case-counts"),
        pytest.param("ssh://u@[::1]:22", "u@[::1]:22", "ssh://u@[::1]:22", True, id="brackets-of-an-ipv6-address"),
    ],
)
def test_a_waiver_covers_the_targets_of_its_pattern(pattern: str, name: str, spec: str, covered: bool) -> None:
    waiver = a_waiver(target=pattern)
    assert waiver.covers("linking.static", name, spec) is covered
    assert not waiver.covers("linking.pie", name, spec)


def test_a_waiver_runs_out_at_its_expiry_and_not_before() -> None:
    expiry = datetime(2027, 3, 31, tzinfo=UTC)
    waiver = a_waiver(expires=expiry)
    assert [waiver.expired(expiry + timedelta(seconds=offset)) for offset in (-1, 0, 1)] == [False, True, True]


@pytest.mark.parametrize(
    ("expires", "days"),
    [
        pytest.param("2027-11-23T07:00:00Z", LONGEST_LIFE, id="a-year-and-a-day-by-default"),
        pytest.param("2026-12-22T07:00:00Z", 30, id="as-the-settings-say"),
        pytest.param("2001-01-01T00:00:00Z", 1, id="the-past"),
    ],
)
def test_a_waiver_may_reach_ahead_for_a_while(tmp_path: Path, expires: str, days: int) -> None:
    (waiver,) = load_waivers(write(tmp_path, expires=expires), KNOWN, now=NOW, days=days)
    assert waiver.until == expires


@pytest.mark.parametrize(
    ("expires", "days", "ahead"),
    [
        pytest.param("2027-11-23T07:00:01Z", LONGEST_LIFE, 367, id="a-second-more"),
        pytest.param("2026-12-22T07:00:01Z", 30, 31, id="as-the-settings-say"),
        pytest.param("2999-01-01T00:00:00Z", LONGEST_LIFE, 355056, id="for-ever"),
    ],
)
def test_a_waiver_that_reaches_further_is_a_mistake_in_the_file(
    tmp_path: Path, expires: str, days: int, ahead: int
) -> None:
    path = write(tmp_path, expires=expires)
    with pytest.raises(BadInput) as raised:
        load_waivers(path, KNOWN, now=NOW, days=days)
    assert str(raised.value) == (
        f"{path} [[waiver]] 1: expires = {expires} is {ahead} days ahead; a waiver may reach {days} days"
        " (waiver-days of the settings): write an earlier date, and renew it then"
    )
