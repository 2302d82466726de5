"""The machines of a run, as one pytest process holds them.

The controller reads every target once (``prepare``) and stores what it found in the run directory; every process, xdist
workers included, judges on that and opens its own connection only when a check needs the machine itself.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from pytest_wslgo.errors import BadInput, DeclaredAbsent, MissingTool, Reason, TargetLost, Trouble, WslgoError
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.snapshot import Snapshot, dump, load
from pytest_wslgo.plugin.progress import building
from pytest_wslgo.target.collector import collect
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.workdir import sweep_stale
from pytest_wslgo.toolchain.discovery import find_toolchain
from pytest_wslgo.toolchain.sdk import Toolchain  # noqa: TC001 - msgspec reads the annotations of Reading
from pytest_wslgo.toolchain.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.platform import Platform
    from pytest_wslgo.plugin.settings import Settings
    from pytest_wslgo.target.target import Target

STAGE: pytest.StashKey[Stage] = pytest.StashKey()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the controller found on one target: a snapshot or a trouble, and by ``which`` a toolchain or a trouble."""

    snapshot: bytes | None
    lost: Trouble | None = None
    toolchains: dict[str, Toolchain] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Stage:
    """Gives checks their targets, snapshots, toolchains and workbenches; ``run_dir`` is shared by the run."""

    def __init__(self, settings: Settings, run_dir: Path) -> None:
        self.settings = settings
        self.run_dir = run_dir
        self._snapshots: dict[str, Snapshot] = {}
        self._targets: dict[str, Target] = {}
        self._workbenches: dict[tuple[str, str], Workbench] = {}
        self.distros = Distros(settings.distros, run_dir, network=settings.network)

    def prepare(self) -> None:
        """Read every target, side by side, and store the readings for all processes of the run.

        Raises:
            BadInput: a target, facts file or toolchain that the caller cannot have meant.
        """
        with ThreadPoolExecutor(max_workers=16) as pool:
            readings = dict(zip(self.settings.targets, pool.map(self._read, self.settings.targets), strict=True))
        self._readings_file.write_bytes(msgspec.json.encode(readings))

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """What the controller found, by target; all lost when it did not come to the end of reading."""
        if not self._readings_file.exists():
            unread = Trouble(Reason.TARGET_LOST, "the run ended before this target was read")
            return dict.fromkeys(self.settings.targets, Reading(None, lost=unread))
        return msgspec.json.decode(self._readings_file.read_bytes(), type=dict[str, Reading])

    @property
    def _readings_file(self) -> Path:
        return self.run_dir / "readings.json"

    def snapshot(self, name: str) -> Snapshot:
        """Return the snapshot of a target; raises the reason (target-lost) when there is none."""
        if name not in self._snapshots:
            reading = self.readings[name]
            if reading.snapshot is None:
                raise reading.lost.error() if reading.lost else TargetLost(f"{name} was not read")
            self._snapshots[name] = load(reading.snapshot, name)
        return self._snapshots[name]

    def platform(self, name: str) -> Platform:
        """Return what a target is; raises as ``snapshot``."""
        return self.snapshot(name).platform

    def toolchain(self, name: str, which: str) -> Toolchain:
        """Return the toolchain that ``which`` means on a target; raises the reason when there is none."""
        reading = self.readings[name]
        if which in reading.toolchains:
            return reading.toolchains[which]
        raise (reading.lost or reading.troubles[which]).error()

    def target(self, name: str) -> Target:
        """Return the open target; in a replay of facts there is none."""
        if name in self.settings.facts:
            raise DeclaredAbsent(
                f"only the recorded snapshot {self.settings.facts[name].name} is judged: no machine to run on"
            )
        self.snapshot(name)
        return self._open(name)

    def workbench(self, name: str, which: str) -> Workbench:
        """Return the workbench of a toolchain on a target, made at first use."""
        key = (name, which)
        if key not in self._workbenches:
            toolchain = self.toolchain(name, which)
            note = partial(building, self.run_dir)
            self._workbenches[key] = Workbench(self.target(name), toolchain, self.run_dir, note)
        return self._workbenches[key]

    def close(self) -> None:
        """Leave the targets; on the controller this removes our directory there."""
        for target in (*self._targets.values(), *self.distros.targets()):
            try:
                target.close()
            except WslgoError as error:
                sys.stderr.write(f"wslgo: {target.name} could not be left as it was: {mask(str(error))}\n")
        self._targets.clear()

    def _open(self, name: str) -> Target:
        if name not in self._targets:
            self._targets[name] = open_target(
                self.settings.targets[name], name=name, run_id=self.run_dir.name.rpartition("-")[2]
            )
        return self._targets[name]

    def _read(self, name: str) -> Reading:
        if name in self.settings.facts:
            return self._replay(self.settings.facts[name])
        try:
            target = self._open(name)
            snapshot = collect(target, subject=self._subject(target))
        except BadInput:
            raise
        except WslgoError as lost:
            return Reading(None, lost=Trouble.of(lost))
        with suppress(WslgoError):
            sweep_stale(target)
        toolchains: dict[str, Toolchain] = {}
        troubles: dict[str, Trouble] = {}
        notes: list[str] = []
        for which in self.settings.go:
            try:
                toolchains[which] = find_toolchain(which, target, snapshot)
            except BadInput:
                raise
            except MissingTool as missing:
                self._fall_back(which, target, missing, toolchains, troubles, notes)
            except WslgoError as error:
                troubles[which] = Trouble.of(error)
        if self.settings.targets[name].startswith("wsl://") and not snapshot.platform.on_wsl:
            notes.insert(0, "wsl.exe led here, but no kernel of WSL runs it: this wsl.exe is a stand-in")
        return Reading(dump(snapshot), toolchains=toolchains, troubles=troubles, notes=tuple(notes))

    def _subject(self, target: Target) -> str:
        """The user's module lies on this machine; another target does not have it. A program's file has no settings."""
        module = self.settings.subject
        return str(module) if module and module.is_dir() and target.is_local else ""

    def _fall_back(
        self,
        which: str,
        target: Target,
        missing: MissingTool,
        toolchains: dict[str, Toolchain],
        troubles: dict[str, Trouble],
        notes: list[str],
    ) -> None:
        """Without a Go of its own, a local target's behaviours are judged with the embedded SDK (DESIGN section 6)."""
        try:
            if which != "auto" or not target.is_local:
                raise missing
            toolchains[which] = find_toolchain("embedded", target, None)
            notes.append(f"{missing}; the embedded SDK judges the behaviours")
        except WslgoError:
            troubles[which] = Trouble.of(missing)

    def _replay(self, facts: Path) -> Reading:
        try:
            data = facts.read_bytes()
        except OSError as error:
            raise BadInput(f"cannot read the facts file {facts}: {error.strerror or error}") from None
        snapshot = load(data, str(facts))
        absent = Trouble(
            Reason.DECLARED_ABSENT, f"only the recorded snapshot {facts.name} is judged: no toolchain to run"
        )
        return Reading(dump(snapshot), troubles=dict.fromkeys(self.settings.go, absent))
