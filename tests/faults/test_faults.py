"""Every fault refutes exactly the claims that it names, and a healthy SDK refutes none (DESIGN section 7).

The checks of the claims that a fault names and of a few neighbours are judged, by default for as many faults as refute
every claim once. For a sample of the faults the whole book is judged. The exhaustive run does both for all.
"""

from __future__ import annotations

import functools
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.claims import load_claims
from pytest_wslgo.resources import CLAIMS
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.compilers import find_compiler
from pytest_wslgo.toolchain.discovery import find_toolchain
from tests.faults.double import plant
from tests.faults.fault import Fault, load_faults
from tests.faults.roots import HEALTHY, make_roots
from tests.faults.runs import KILLED, Verdicts, judge
from tests.sdks import sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_wslgo.toolchain.sdk import Toolchain

ALL_FAULTS = load_faults()
IN_A_LANE = {claim_id: claim.lane for claim_id, claim in load_claims(CLAIMS).items() if claim.lane}
FAULTS = {
    name: fault for name, fault in ALL_FAULTS.items() if fault.box is None and not IN_A_LANE.keys() & set(fault.refutes)
}
LANE_FAULTS = {name: fault for name, fault in ALL_FAULTS.items() if IN_A_LANE.keys() & set(fault.refutes)}
OF_NEWEST = [name for name, fault in FAULTS.items() if fault.version == "newest"]


def _covering(faults: dict[str, Fault]) -> set[str]:
    """Return few faults that refute, together, every claim that any of them refutes."""
    chosen: set[str] = set()
    left = {claim for fault in faults.values() for claim in fault.refutes}
    while left:
        name = max(sorted(faults), key=lambda one: len(left & set(faults[one].refutes)))
        chosen.add(name)
        left -= set(faults[name].refutes)
    return chosen


COVERING = _covering(FAULTS)
NEIGHBOURS = (
    "buildinfo.default-mode-is-exe",
    "linking.default-cc-is-gcc",
    "linking.pie-is-not-static",
    "linking.pure-program-stays-static-with-cgo",
)
SHIPPED = Fault(
    "nothing: a program without cgo runs where it is shipped to",
    subject={
        "go.mod": "module wslgo.example/shipped\n\ngo 1.19\n",
        "main.go": "package main\n\nfunc main() { println() }\n",
    },
    ships=("debian 12", "alpine 3.20"),
)
WHOLE = ("cgo-forced-on", "gcc-links-statically", "pie-in-goflags")


@dataclass(frozen=True)
class Lab:
    """A real SDK to make doubles of, what the book says of it, and the snapshot of this machine."""

    sdk: Path
    goarch: str
    healthy: Verdicts
    facts: Path

    def expected(self, fault: Fault) -> set[str]:
        """Return the claims that the fault must refute here; without its compiler a claim cannot be judged at all."""
        expected = {claim for claim in fault.refutes if self.healthy.of[claim] == "verified"}
        if not expected:
            pytest.skip(f"nothing that this fault refutes can be judged here: {self.healthy.why[fault.refutes[0]]}")
        return expected

    def near(self, fault: Fault) -> list[str]:
        """Return the checks of the claims that the fault names and of their neighbours."""
        return sorted({check for claim in (*fault.refutes, *NEIGHBOURS) for check in self.healthy.checks[claim]})

    def judge(self, fault: Fault, folder: Path, checks: list[str], *options: str) -> Verdicts:
        """Plant the fault and run these checks on it, in ``folder``; all checks when there are none."""
        if fault.facts:
            return judge(folder, f"--wslgo-facts={self._changed_facts(fault, folder)}", checks=checks)
        given = [*options, *make_roots({**HEALTHY, **fault.distros}, folder / "roots"), *_subject(fault, folder)]
        # Not below pytest's own folder, which other users of this machine, guests too, may not pass.
        with tempfile.TemporaryDirectory(prefix="wslgo-double-") as made:
            Path(made).chmod(0o711)
            double = Path(made, "sdk")
            plant(fault, self.sdk, double, self._compilers(fault))
            return judge(folder, f"--wslgo-go={double}", *given, checks=checks)

    def _changed_facts(self, fault: Fault, folder: Path) -> Path:
        facts = json.loads(self.facts.read_text())
        for section, values in fault.facts.items():
            facts[section].update(values)
        changed = folder / "changed-facts.json"
        changed.write_text(json.dumps(facts))
        return changed

    def _compilers(self, fault: Fault) -> dict[str, str]:
        try:
            with open_target("local://") as target:
                compilers = [find_compiler(name, target, self.goarch) for name in fault.needs]
        except WslgoError as error:
            pytest.skip(str(error))
        return {compiler.name: compiler.cc for compiler in compilers}


def _subject(fault: Fault, folder: Path) -> list[str]:
    """Write the user's module and his settings, and return the option that names it."""
    if not fault.subject:
        return []
    module = folder / "subject"
    module.mkdir()
    for name, text in fault.subject.items():
        (module / name).write_text(text)
    (folder / "wslgo.toml").write_text(f"ships = {json.dumps(fault.ships)}")
    return [f"--wslgo-subject={module}"]


@pytest.fixture(scope="session")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Lab]:
    """Run the whole book on the SDK of a version, once; skip where there is none."""

    @functools.cache
    def lab(version: str) -> Lab:
        folder = tmp_path_factory.mktemp("healthy")
        sdk = _sdk(version)
        facts = folder / "facts.json"
        options = [*make_roots(HEALTHY, folder / "roots"), *_subject(SHIPPED, folder)]
        options += [f"--wslgo-go={sdk.goroot}", f"--wslgo-save-facts={facts}"]
        healthy = judge(folder, *options, checks=_checks(version))
        return Lab(Path(sdk.goroot), sdk.goarch, healthy, facts)

    return lab


def _sdk(version: str) -> Toolchain:
    which = {"newest": "embedded", "debian": "/usr/lib/go-1.19"}.get(version) or str(sdk_of_wheel(version))
    try:
        with open_target("local://") as target:
            return find_toolchain(which, target)
    except WslgoError as error:
        pytest.skip(str(error))


def _checks(version: str) -> list[str]:
    """Of an older SDK only what its faults are about, and their neighbours, is looked at."""
    return (
        [] if version == "newest" else ["test_buildinfo.py", "test_linking.py", "test_goroot.py", "test_toolchains.py"]
    )


@pytest.fixture
def lab(request: pytest.FixtureRequest, labs: Callable[[str], Lab]) -> Lab:
    """The lab for the fault of this test: that of the newest SDK, unless the fault names another version."""
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    return labs(FAULTS[params["name"]].version if "name" in params else "newest")


def test_a_healthy_sdk_refutes_nothing(lab: Lab) -> None:
    assert lab.healthy.refuted == set(), lab.healthy.output
    assert "verified" in lab.healthy.of.values(), lab.healthy.output


def test_a_claim_without_a_fault_says_why_it_is_unproven() -> None:
    proven = {claim for fault in ALL_FAULTS.values() for claim in fault.refutes}
    claims = load_claims(CLAIMS)
    assert proven - set(claims) == set(), "faults name claims that there are not"
    unproven = {claim_id for claim_id, claim in claims.items() if claim.unproven is not None}
    assert set(claims) - proven == unproven, "a claim either has a fault or says in `unproven` why it has none"


@pytest.mark.parametrize(
    "name", [name if name in COVERING else pytest.param(name, marks=pytest.mark.exhaustive) for name in FAULTS]
)
def test_a_fault_refutes_its_claims_and_no_neighbour(
    name: str, lab: Lab, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    fault = FAULTS[name]
    verdicts = lab.judge(fault, tmp_path, lab.near(fault))
    assert verdicts.refuted == lab.expected(fault), verdicts.output
    for claim in sorted(verdicts.refuted):
        record_property(KILLED, claim)


@pytest.mark.parametrize(
    "name",
    [name if name in WHOLE else pytest.param(name, marks=pytest.mark.exhaustive) for name in OF_NEWEST],
)
def test_a_fault_refutes_exactly_its_claims(name: str, lab: Lab, tmp_path: Path) -> None:
    fault = FAULTS[name]
    verdicts = lab.judge(fault, tmp_path, [])
    assert verdicts.refuted == lab.expected(fault), verdicts.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LANE_FAULTS)
def test_a_fault_refutes_exactly_its_claims_of_a_lane(
    name: str, lab: Lab, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    fault = LANE_FAULTS[name]
    (lane,) = {IN_A_LANE[claim] for claim in fault.refutes}
    healthy = judge(tmp_path, "--wslgo-go=embedded", "-m", lane)
    assert set(healthy.of.values()) == {"verified"}, healthy.output
    verdicts = lab.judge(fault, tmp_path, [], "-m", lane)
    assert verdicts.refuted == set(fault.refutes), verdicts.output
    for claim in sorted(verdicts.refuted):
        record_property(KILLED, claim)
