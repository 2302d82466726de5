"""The distributions of a run on a double: BusyBox and a C library of this machine, whole or doctored."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.fault import File, Root
from tests.integration.lab.roots import (
    GLIBC_LOADER,
    MUSL_LOADER,
    has_static_busybox,
    make_busybox_root,
    make_glibc_root,
    make_musl_root,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

HEALTHY = {"glibc": Root(like="glibc"), "musl": Root(like="musl")}
_MAKERS = {"glibc": make_glibc_root, "musl": make_musl_root, "busybox": make_busybox_root}
_NEEDS = {"glibc": GLIBC_LOADER, "musl": MUSL_LOADER, "busybox": Path("/")}


def make_roots(roots: Mapping[str, Root], folder: Path) -> list[str]:
    """Make the roots below ``folder`` and return the options that name them; what this machine lacks is left out."""
    if not has_static_busybox():
        return []
    there = {name: root for name, root in roots.items() if _NEEDS[root.like].exists()}
    for name, root in there.items():
        place = _MAKERS[root.like](folder / name)
        for path in root.removed:
            (place / path.lstrip("/")).unlink()
        for path, file in root.files.items():
            _plant(place, path, File(text=file) if isinstance(file, str) else file)
    return [f"--wslgo-distro={name}={folder / name}" for name in there]


def _plant(root: Path, path: str, file: File) -> None:
    place = root / path.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    if file.link is not None:
        place.symlink_to(file.link)
    elif file.copy is not None:
        shutil.copy(root / file.copy.lstrip("/"), place)
    else:
        place.write_bytes(bytes.fromhex(file.hex) or file.text.encode())
        place.chmod(int(file.mode or "0755", 8))
