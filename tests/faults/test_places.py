"""A finding whose cause is a file lies there: what a set-up is broken in is planted in a box, and told to SARIF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.model.snapshot import load
from tests.faults.fault import load_faults
from tests.faults.lab import Planted, read_box, setup_suites
from tests.faults.runs import judge_targets

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.snapshot import Snapshot

CAUSES = {
    "setup-gocache-off-in-bashrc": ("/home/dev/.bashrc", "export GOCACHE=off"),
    "setup-goenv-pins-goos": ("/home/dev/.config/go/env", "GOOS=windows"),
    "setup-gobin-in-goenv-file": ("/home/dev/.config/go/env", "GOBIN="),
    "setup-launch-json-of-windows": ("/home/dev/app/.vscode/launch.json", '"cwd": "${env:USERPROFILE}/app"'),
}
FAULTS = load_faults()


@pytest.mark.parametrize("name", CAUSES)
def test_a_finding_lies_in_the_file_and_line_of_its_fault(name: str, tmp_path: Path, userlands: Path) -> None:
    read = read_box(Planted(name, FAULTS[name]), tmp_path, userlands)
    if read.problem is not None:
        raise read.problem
    options = ("-m", "setup", f"--wslgo-facts={read.facts}", f"--wslgo-sarif={tmp_path / 'w.sarif'}")
    judge_targets(tmp_path, *options, checks=setup_suites())

    results = json.loads((tmp_path / "w.sarif").read_text())["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == set(FAULTS[name].refutes)
    file, text = CAUSES[name]
    line = _line(load(read.facts.read_bytes(), name), file, text)
    places = [_place(location) for result in results for location in result["locations"]]
    assert (f"file://{file}", line) in places, (places, line, [result["message"]["text"] for result in results])
    assert {uri for uri, _ in places} == {f"file://{file}"}


def _line(snapshot: Snapshot, file: str, text: str) -> int:
    """The line of a text in a file; start-up files are not stored, but what they assign is, with its line."""
    written = enumerate((snapshot.text(file) or "").splitlines(), 1)
    assigned = {
        one.line for shell in snapshot.shells for one in shell.assignments
        if one.file == file and text.endswith(f"{one.name}={one.value}")
    }  # fmt: skip
    (line,) = {number for number, one in written if text in one} | assigned
    return line


def _place(location: dict[str, Any]) -> tuple[str, int | None]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical.get("region", {}).get("startLine")
