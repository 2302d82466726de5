"""What the user's shells build for: GOOS and GOARCH against the machine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.setup.setting import Setting, judged, settings_of, shells_with_go

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


def foreign_systems(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return every GOOS that is not the system of the go that is run. Raises Waits without a go."""
    return _foreign(snapshot, "GOOS", "GOHOSTOS", "linux")


def foreign_architectures(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return every GOARCH that is not the architecture of the go that is run. Raises Waits without a go."""
    return _foreign(snapshot, "GOARCH", "GOHOSTARCH", snapshot.platform.arch)


def _foreign(snapshot: Snapshot, name: str, host: str, default: str) -> tuple[Setting, ...]:
    own = {shell.go(host) or default for shell in shells_with_go(snapshot, name)}
    return judged(settings_of(snapshot, name), lambda value: value == "" or value in own)
