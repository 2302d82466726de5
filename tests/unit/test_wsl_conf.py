"""/etc/wsl.conf, read as WSL's own parser reads it: its results on 74 inputs, its own tests, and recorded files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pytest_wslgo.model.wsl.settings import Trouble
from pytest_wslgo.model.wsl.wslconf import Line, WslConf, parse_wsl_conf
from tests.recordings import index, recorded_bytes

CHECKOUT = Path(__file__).resolve().parents[2]
DATA: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "wslconf-cases.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = DATA["cases"]
CONFS = sorted(name for name, one in index().items() if one["kind"] == "wsl_conf")


def as_text(latin: str) -> str:
    """Turn bytes that stand as Latin-1 in the data into the text that we show of them."""
    return latin.encode("latin-1").decode("utf-8", "backslashreplace")


def parse_result(conf: WslConf) -> int:
    return -99 if conf.crashes else -1 if conf.stopped else 0


@pytest.mark.parametrize("name", CASES)
def test_it_agrees_with_wsls_own_parser(name: str) -> None:
    case = CASES[name]
    conf = parse_wsl_conf(case["input"].encode("latin-1"))
    assert parse_result(conf) == case["parse_result"]
    assert [warned.text for warned in conf.warnings] == [as_text(text) for text in case["warnings"]]
    assert [(one.key, one.written, one.place.line) for one in conf.settings] == [
        (one["key"], as_text(one["value"]), one["line"]) for one in case["raw"]
    ]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["effective"] is not None])
def test_every_key_has_the_value_that_it_has_in_wsl(name: str) -> None:
    conf = parse_wsl_conf(CASES[name]["input"].encode("latin-1"))
    changed = {
        key: as_text(value) if isinstance(value, str) else value for key, value in CASES[name]["effective"].items()
    }
    expected = DATA["defaults"] | changed
    assert {key: conf.value(key) for key in expected} == expected


def test_the_results_are_those_that_came_from_wsls_parser() -> None:
    shared = Path(os.environ.get("WSLGO_SHARED", CHECKOUT.parent / "shared")) / "data" / "wslconf-cases.json"
    if not shared.is_file():
        pytest.skip(f"no {shared}: set WSLGO_SHARED to the folder that holds data/wslconf-cases.json")
    given = json.loads(shared.read_text(encoding="utf-8"))
    assert set(given) == set(CASES)
    for name, case in given.items():
        ours = {
            **CASES[name],
            "effective": None if case["effective"] is None else DATA["defaults"] | CASES[name]["effective"],
        }
        assert {key: ours[key] for key in case} == case


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("[foo]\na=b", ["Unknown key 'foo.a' in /etc/wsl.conf:2"]),
        ("a=a\\m", ["Invalid escaped character: 'm' in /etc/wsl.conf:1"]),
        ("[=b", ["Invalid section name in /etc/wsl.conf:1"]),
        ("\r\n\r\n[foo]\r\na=b", ["Unknown key 'foo.a' in /etc/wsl.conf:5"]),
        ("[network]\r\nhostname=foo\r\n", []),
    ],
)
def test_wsls_own_tests(text: str, warnings: list[str]) -> None:
    assert [warned.text for warned in parse_wsl_conf(text).warnings] == warnings


@pytest.mark.parametrize("name", CONFS)
def test_recorded_files(name: str) -> None:
    oracle = index()[name]["oracle"]
    conf = parse_wsl_conf(recorded_bytes(name))
    assert parse_result(conf) == oracle["parse_result"]
    assert [warned.text for warned in conf.warnings] == oracle["warnings"]
    assert {key: conf.value(key) for key in DATA["defaults"]} == DATA["defaults"] | oracle["non_default"]


def test_what_stands_behind_a_malformed_line_is_dropped_and_shown() -> None:
    conf = parse_wsl_conf("[boot]\nsystemd=true\n; mine\n\n# note\n[interop]\n  enabled = false \n")
    assert conf.flag("boot.systemd")
    assert conf.flag("interop.enabled")
    assert conf.stopped is not None
    assert (conf.stopped.text, conf.stopped.place.at) == ("Invalid key name", 3)
    assert conf.dropped == (Line(6, "[interop]"), Line(7, "enabled = false"))


def test_lines_are_counted_as_wsl_counts_and_as_an_editor_does() -> None:
    conf = parse_wsl_conf("[boot]\r\n# note\r\nsystemd=maybe\r\n")
    (warned,) = conf.warnings
    assert (warned.place.line, warned.place.at, warned.trouble) == (4, 3, Trouble.BAD_VALUE)


def test_a_lone_backslash_at_the_end_keeps_the_distribution_from_starting() -> None:
    conf = parse_wsl_conf("[boot]\nsystemd=true\ncommand=a\\")
    assert conf.crashes
    assert conf.flag("boot.systemd")


@pytest.mark.parametrize("written", ["0x", "+", " ", "1 ", "1.5", "2147483648", "-2147483649", "9" * 5000, "٣", "0b1"])
def test_integers_that_wsl_does_not_take(written: str) -> None:
    (warned,) = parse_wsl_conf(f'[boot]\ninitTimeout="{written}"\n').warnings
    assert warned.text == f"Invalid integer value '{written}' for key 'boot.initTimeout' in /etc/wsl.conf:2"


@pytest.mark.parametrize(
    ("written", "value"), [("+7", 7), ("-0X1F", -31), ("\\t 5", 5), ("0", 0), ("-2147483648", -(1 << 31))]
)
def test_integers_that_wsl_takes(written: str, value: int) -> None:
    assert parse_wsl_conf(f'[boot]\ninitTimeout="{written}"\n').value("boot.initTimeout") == value


def test_a_key_that_is_not_in_the_table_has_no_value() -> None:
    conf = parse_wsl_conf("[boot]\nsystemd=perhaps\n")
    assert conf.value("boot.nothing") is None
    assert (conf.is_set("boot.systemd"), conf.text("user.default"), conf.text("automount.root")) == (
        False,
        None,
        "/mnt/",
    )
