"""A real userland for the tests: the root file system that Alpine publishes, where somebody has put it."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

PATTERN = "alpine-minirootfs-*-x86_64.tar.gz"


def alpine_archive() -> Path:
    """Return the tarball; skip the test where there is none."""
    shared = Path(os.environ.get("WSLGO_SHARED") or Path(__file__).parents[4] / "shared", "data")
    archives = sorted(shared.glob(PATTERN))
    if not archives:
        pytest.skip(f"put {PATTERN} (alpinelinux.org/downloads) into $WSLGO_SHARED/data")
    return archives[-1]


def unpack_alpine(folder: Path) -> Path:
    """Unpack it into ``folder``, as its publisher made it, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(alpine_archive()) as archive:
        archive.extractall(folder, filter="tar")
    return folder
