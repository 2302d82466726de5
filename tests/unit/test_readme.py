"""README, CI and plugin say the same: the two commands, and every option."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.model.contract import read_contract
from pytest_wslgo.model.settings import find_settings
from pytest_wslgo.resources import CLAIMS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _commands() -> list[str]:
    return re.findall(r"^(python3 -m venv .*pytest.*)$", README, re.MULTILINE)


def test_the_readme_has_two_commands_that_set_up_everything() -> None:
    assert len(_commands()) == 2


@pytest.mark.parametrize("command", _commands())
def test_ci_runs_the_readmes_commands_as_they_are_written(command: str) -> None:
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()


def test_every_option_is_in_the_readme() -> None:
    options = set(re.findall(r'"(--wslgo[a-z-]*)"', (ROOT / "pytest_wslgo" / "plugin" / "__init__.py").read_text()))

    assert options
    assert {option for option in options if f"`{option}" not in README} == set()


def test_every_public_fixture_is_in_the_readme() -> None:
    text = "".join(path.read_text() for path in (ROOT / "pytest_wslgo" / "plugin").glob("*.py"))
    fixtures = re.findall(r"^@pytest\.fixture.*\ndef ([a-z]\w*)\(", text, re.MULTILINE)

    assert len(fixtures) >= 5
    assert {name for name in fixtures if f"| `{name}`" not in README} == set()


def _toml(head: str) -> str:
    (block,) = [
        one for one in re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL) if one.startswith(head)
    ]
    return str(block)


def test_the_readmes_settings_and_waivers_can_be_used_as_they_stand(tmp_path: Path) -> None:
    for name in ("wslgo.toml", "waivers.toml"):
        (tmp_path / name).write_text(_toml(f"# {name}"))
    stored, where = find_settings(tmp_path)
    contract = read_contract(stored, where, load_claims(CLAIMS), now=datetime(2027, 1, 1, tzinfo=UTC))

    assert (contract.profile.name, contract.profile.partial) == ("box", True)
    assert "setup.limits" not in contract.profile.require
    assert contract.waivers is not None
    assert [waiver.owner for waiver in contract.waivers] == ["jane@example.com"]
    assert [declaration.claims for declaration in contract.declarations] == ["distro.*"]
