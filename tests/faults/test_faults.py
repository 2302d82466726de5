"""Every fault refutes exactly the claims that it names, and a healthy SDK refutes none (DESIGN section 7).

The default run judges, for each fault, the checks of the claims that it names and those of a few neighbours; the
exhaustive run judges the whole book for each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_wslgo.errors import MissingTool
from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.compilers import find_compiler
from pytest_wslgo.toolchain.discovery import find_toolchain
from tests.faults.double import plant
from tests.faults.fault import Fault, load_faults
from tests.faults.runs import Verdicts, judge

FAULTS = load_faults()
NEIGHBOURS = ("linking.cgo-off-is-static", "linking.default-cc-is-gcc", "linking.pie-is-not-static", "buildinfo.*")


@dataclass(frozen=True)
class Lab:
    """A real SDK to make doubles of, what the book says of a healthy double, and the snapshot of this machine."""

    sdk: Path
    healthy: Verdicts
    facts: Path

    def judge(self, fault: Fault, folder: Path, *, whole: bool) -> Verdicts:
        """Plant the fault and run the book, or what of it is near the fault."""
        near = {check for claim in (*fault.refutes, *NEIGHBOURS) for check in self.healthy.checks.get(claim, ())}
        checks = () if whole else sorted(near)
        if fault.facts:
            return judge(folder, f"--wslgo-facts={self._changed_facts(fault, folder)}", checks=checks)
        plant(fault, self.sdk, folder / "sdk", programs(fault))
        return judge(folder, f"--wslgo-go={folder / 'sdk'}", checks=checks, path=folder / "sdk" / "bin")

    def _changed_facts(self, fault: Fault, folder: Path) -> Path:
        facts = json.loads(self.facts.read_text())
        for section, values in fault.facts.items():
            facts[section].update(values)
        changed = folder / "facts.json"
        changed.write_text(json.dumps(facts))
        return changed


def programs(fault: Fault) -> dict[str, str]:
    """Return the programs of the compilers that the fault needs, by name; skip the test when one is missing."""
    local = open_target("local://")
    try:
        found = [find_compiler(name, local, "amd64") for name in fault.needs]
    except MissingTool as error:
        pytest.skip(str(error))
    return {
        compiler.name.partition("-")[0]: compiler.cc.removesuffix(f" cc -target {compiler.triple}")
        for compiler in found
    }


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Judge a double without a fault; skip where there is no embedded SDK."""
    folder = tmp_path_factory.mktemp("healthy")
    try:
        sdk = Path(find_toolchain("embedded", open_target("local://")).goroot)
    except MissingTool as error:
        pytest.skip(str(error))
    plant(Fault("nothing"), sdk, folder / "sdk")
    facts = folder / "facts.json"
    return Lab(sdk, judge(folder, f"--wslgo-go={folder / 'sdk'}", f"--wslgo-save-facts={facts}"), facts)


def test_a_healthy_sdk_refutes_nothing(lab: Lab) -> None:
    assert lab.healthy.refuted == set(), lab.healthy.output
    assert "verified" in lab.healthy.of.values(), lab.healthy.output


def test_every_claim_is_refuted_by_some_fault() -> None:
    assert {claim for fault in FAULTS.values() for claim in fault.refutes} == set(load_claims(CLAIMS))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_refutes_its_claims_and_no_neighbour(name: str, lab: Lab, tmp_path: Path) -> None:
    verdicts = lab.judge(FAULTS[name], tmp_path, whole=False)
    assert verdicts.refuted == set(FAULTS[name].refutes), verdicts.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_refutes_exactly_its_claims(name: str, lab: Lab, tmp_path: Path) -> None:
    verdicts = lab.judge(FAULTS[name], tmp_path, whole=True)
    assert verdicts.refuted == set(FAULTS[name].refutes), verdicts.output
