"""The caller's settings file: where it may stand, what it may say, and the sentences of its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.settings import FileSettings, find_settings

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
target = ["local://", "ssh://u@h:22"]
go = ["auto"]
distro = ["old=/srv/old"]
profile = "release"
waivers = "waivers.toml"
network = true
lang = "zh"
[profiles.mine]
require = ["linking.*"]
"""
READ = FileSettings(
    target=("local://", "ssh://u@h:22"),
    go=("auto",),
    distro=("old=/srv/old",),
    profile="release",
    waivers="waivers.toml",
    network=True,
    lang=Language.ZH,
    profiles={"mine": {"require": ["linking.*"]}},
)
KEYS = (
    "declares, distro, go, go_floor, html, lang, ledger, network, profile, profiles, prometheus, sarif, ships, "
    "subject, target, waiver_days, waivers"
)


def test_nothing_is_said_where_no_file_stands(tmp_path: Path) -> None:
    assert find_settings(tmp_path) == (FileSettings(), None)


def test_a_pyproject_of_another_project_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.black]\n")
    assert find_settings(tmp_path) == (FileSettings(), None)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_wslgo_toml_is_read(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "wslgo.toml"
    path.write_text(WHOLE, newline=line_end)
    assert find_settings(tmp_path) == (READ, path)


def test_the_table_of_pyproject_toml_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.wslgo]\n" + WHOLE.replace("[profiles.mine]", "[tool.wslgo.profiles.mine]"))
    assert find_settings(tmp_path) == (READ, path)


def test_an_empty_table_of_pyproject_toml_counts_as_the_place(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.wslgo]\n")
    assert find_settings(tmp_path) == (FileSettings(), path)


def test_wslgo_toml_wins(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.wslgo]\nprofile = 'devbox'\n")
    (tmp_path / "wslgo.toml").write_text("profile = 'nightly'\n")
    settings, path = find_settings(tmp_path)
    assert (settings.profile, path) == ("nightly", tmp_path / "wslgo.toml")


def test_the_folders_above_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / "wslgo.toml").write_text("profile = 'nightly'\n")
    (tmp_path / "below").mkdir()
    assert find_settings(tmp_path / "below") == (FileSettings(), None)


MISTAKES = [
    pytest.param(
        "profil = 'x'", f"unknown key 'profil' (did you mean 'profile'?); valid keys are {KEYS}", id="unknown-key"
    ),
    pytest.param(
        "wslgo-target = ['x']",
        f"unknown key 'wslgo-target' (did you mean 'target'?); valid keys are {KEYS}",
        id="option",
    ),
    pytest.param("target = 'local://'", "key 'target' expects an array, got a string", id="target"),
    pytest.param("go = [1.26]", "key 'go' expects a string, got a number (element 1)", id="go"),
    pytest.param("profile = ['x']", "key 'profile' expects a string, got an array", id="profile"),
    pytest.param("network = 'yes'", "key 'network' expects a boolean, got a string", id="network"),
    pytest.param("lang = 'zn'", "lang = 'zn' is not one of en, zh (did you mean 'zh'?)", id="lang"),
    pytest.param("profiles = ['x']", "key 'profiles' expects a table, got an array", id="profiles"),
    pytest.param(
        "waivers = ''", "key 'waivers' is blank; write a value, or leave out a key that may be left out", id="blank"
    ),
]


@pytest.mark.parametrize(("line", "sentence"), MISTAKES)
@pytest.mark.parametrize(
    ("name", "head", "where"), [("wslgo.toml", "", ""), ("pyproject.toml", "[tool.wslgo]\n", " [tool.wslgo]")]
)
def test_a_mistake_is_a_sentence_with_file_and_key(
    tmp_path: Path, name: str, head: str, where: str, line: str, sentence: str
) -> None:
    (tmp_path / name).write_text(head + line)
    with pytest.raises(BadInput) as raised:
        find_settings(tmp_path)
    assert str(raised.value) == f"{tmp_path / name}{where}: {sentence}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("tool = 3", "{path}: 'tool' is not a table", id="tool"),
        pytest.param("[tool]\nwslgo = 3", "{path} [tool.wslgo]: expected a table, got an integer", id="tool-wslgo"),
        pytest.param("[tool", "project file {path} is not valid TOML: ", id="malformed"),
    ],
)
def test_a_pyproject_of_another_shape_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as raised:
        find_settings(tmp_path)
    assert str(raised.value).startswith(sentence.format(path=path))


def test_a_settings_file_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "wslgo.toml"
    path.symlink_to("gone.toml")
    with pytest.raises(BadInput) as raised:
        find_settings(tmp_path)
    assert str(raised.value) == f"cannot read settings file {path}: No such file or directory"


def test_a_folder_of_that_name_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "wslgo.toml").mkdir()
    with pytest.raises(BadInput, match=r"^cannot read settings file .*wslgo\.toml: Is a directory$"):
        find_settings(tmp_path)
