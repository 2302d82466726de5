"""What we say of an /etc/wsl.conf beside WSL's own warnings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.wsl.advice import advise, unknown_key
from pytest_wslgo.model.wsl.drvfs_options import mask_of, parse_drvfs_options, strips_exec
from pytest_wslgo.model.wsl.hostname import clean_hostname
from pytest_wslgo.model.wsl.wslconf import parse_wsl_conf

SAYINGS = tomllib.loads((Path(__file__).parent / "data" / "wsl-advice.toml").read_text(encoding="utf-8"))


def table(name: str) -> list[tuple[str, str]]:
    return [(one["for"], one["says"]) for one in SAYINGS[name]]


def said(text: str | bytes) -> list[str]:
    return [advice.text for advice in advise(parse_wsl_conf(text))]


@pytest.mark.parametrize(("text", "advice"), table("warned"))
def test_what_is_said_beside_a_warning(text: str, advice: str) -> None:
    assert said(text) == [advice]


def test_utf_16_is_told() -> None:
    advice = "The file is UTF-16, of which WSL reads nothing; save it as UTF-8 without a byte order mark."
    data = "[boot]\n".encode("utf-16")
    assert said(data) == said(data.decode("utf-8", "replace")) == [advice]


@pytest.mark.parametrize(("name", "advice"), table("key"))
def test_what_a_key_may_have_been_meant_to_be(name: str, advice: str) -> None:
    assert unknown_key(name) == advice


@pytest.mark.parametrize(("text", "advice"), table("trap"))
def test_traps_that_wsl_does_not_warn_of(text: str, advice: str) -> None:
    (found,) = advise(parse_wsl_conf(text))
    assert (found.text, found.warning) == (advice, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[boot]\ncommand=a ; b\nsystemd=true\n",
        "[filesystem]\numask=0022\n",
        "[automount]\nroot=/\noptions=metadata,uid=1000,umask=22,fmask=11,case=off\n",
        "[network]\nhostname=a-b.c\n",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("option", "problem"), table("option"))
def test_options_of_drives_that_are_mistakes(option: str, problem: str) -> None:
    assert [one.problem for one in parse_drvfs_options(f"metadata,{option},noatime,noexec")] == ["", problem, "", ""]


@pytest.mark.parametrize(
    ("options", "stripped"),
    [("fmask=111", True), ("umask=11,fmask=100", True), ("fmask=11", False), ("umask=022", False), ("", False),
     ("fmask=111, fmask=0", True)],
)  # fmt: skip
def test_which_masks_leave_no_program(options: str, stripped: bool) -> None:
    assert strips_exec(options) is stripped


def test_the_last_of_two_masks_counts() -> None:
    assert mask_of("umask=22,umask=077", "umask") == 0o77


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("SimpleHostname", "SimpleHostname"), ("Simple-Hostname", "Simple-Hostname"),
        ("Simple_Hostname", "SimpleHostname"),
        ("-hostname", "hostname"), ("--hostname", "hostname"), ("hostname.-", "hostname"), (".hostname", "hostname"),
        ("hostname.", "hostname"), ("host.name.", "host.name"), ("host..name", "host.name"), ("host|name", "hostname"),
        (".a-", "a"), (".a-b", "a-b"), (".", "localhost"), ("-", "localhost"), ("-.-", "localhost"), ("é", "localhost"),
        ("abcdefghijklmnopqrstuvwxyz" * 3, ("abcdefghijklmnopqrstuvwxyz" * 3)[:64]),
    ],
)  # fmt: skip
def test_wsls_own_tests_of_host_names(written: str, name: str) -> None:
    assert clean_hostname(written) == name


@given(st.text())
def test_a_clean_host_name_is_clean(written: str) -> None:
    name = clean_hostname(written)
    assert 0 < len(name) <= 64
    assert clean_hostname(name) == name


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"[automount]\noptions={text}".encode()))
def test_no_bytes_leave_us_without_words(data: bytes) -> None:
    conf = parse_wsl_conf(data)
    assert [one.warning for one in advise(conf)][: len(conf.warnings)] == [warned.text for warned in conf.warnings]
    assert all(one.text for one in advise(conf))
