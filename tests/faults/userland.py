"""The userlands of boxes: folders that are the lowest layer of a box's root, made once per session."""

from __future__ import annotations

import os
import shutil
import tarfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.lab.roots import has_static_busybox, make_busybox_root

if TYPE_CHECKING:
    from collections.abc import Callable

DEBIAN_PATH = "/usr/local/bin:/usr/bin:/bin"
ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_FOLDERS = ("dev", "proc", "sys", "run", "tmp", "root", "home", "mnt", "opt", "var/tmp", "etc/profile.d", "usr/local")
_PROFILE = f"""\
if [ "$(id -u)" -eq 0 ]; then
  PATH="{ROOT_PATH}"
else
  PATH="{DEBIAN_PATH}"
fi
export PATH
for script in /etc/profile.d/*.sh; do
  [ ! -r "$script" ] || . "$script"
done
unset script
"""
_MAKING = threading.Lock()
_ALPINE = "alpine-minirootfs-*-x86_64.tar.gz"


def make_userland(name: str, folder: Path) -> Path:
    """Return the root folder of a userland below ``folder``; skip the test where its parts cannot be had."""
    root = folder / name
    with _MAKING:  # boxes are read side by side
        if not root.exists():
            draft = folder / f"{name}.new"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            _MAKERS[name](draft)
            _complete(draft, "/bin/bash" if name == "debian" else "/bin/sh")
            draft.rename(root)
    return root


def _debian(root: Path) -> None:
    release = Path("/usr/lib/os-release")
    if not release.exists() or "debian" not in release.read_text(encoding="utf-8"):
        pytest.skip("the Debian-like userland is the host's own: run this on Debian or Ubuntu")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if Path("/", name).is_symlink():
            (root / name).symlink_to(Path("/", name).readlink())
    etc = root / "etc"
    etc.mkdir()
    (etc / "os-release").symlink_to("../usr/lib/os-release")
    for name in ("ld.so.cache", "ld.so.conf", "debian_version", "login.defs", "shells"):
        if Path("/etc", name).exists():
            shutil.copy(f"/etc/{name}", etc)
    shutil.copytree("/etc/ld.so.conf.d", etc / "ld.so.conf.d", symlinks=True, dirs_exist_ok=True)
    shutil.copytree("/etc/skel", etc / "skel", symlinks=True)


def _alpine(root: Path) -> None:
    shared = Path(os.environ.get("WSLGO_SHARED") or Path(__file__).parents[3] / "shared", "data")
    archives = sorted(shared.glob(_ALPINE))
    if archives:
        with tarfile.open(archives[-1]) as archive:
            archive.extractall(root, filter="fully_trusted")
    else:
        _musl(root)


def _musl(root: Path) -> None:
    """Without Alpine's own files: its kind of system, from the musl loader and the static BusyBox of this machine."""
    loader = next(iter(sorted(Path("/lib").glob("ld-musl-*.so.1"))), None)
    if loader is None:
        pytest.skip(f"no {_ALPINE} in $WSLGO_SHARED/data and no musl loader: install musl (apt) or fetch the archive")
    _busybox(root)
    (root / "lib").mkdir(exist_ok=True)
    shutil.copy(loader, root / "lib" / loader.name)
    (root / "etc" / "os-release").write_text('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\n', encoding="utf-8")


def _busybox(root: Path) -> None:
    if not has_static_busybox():
        pytest.skip("no static BusyBox: install busybox-static")
    make_busybox_root(root)


def _complete(root: Path, shell: str) -> None:
    for name in _FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)
    (root / "root").chmod(0o700)
    accounts = (f"root:x:0:0:root:/root:{shell}\n", f"dev:x:1000:1000:Dev:/home/dev:{shell}\n")
    _write(root / "etc/passwd", "".join(accounts))
    _write(root / "etc/group", "root:x:0:\ndev:x:1000:\n")
    _write(root / "etc/hostname", "box\n")
    _write(root / "etc/hosts", "127.0.0.1 localhost box\n")
    _write(root / "etc/resolv.conf", "")
    _write(root / "etc/profile", _PROFILE)
    root.chmod(0o755)


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


_MAKERS: dict[str, Callable[[Path], None]] = {"debian": _debian, "alpine": _alpine, "busybox": _busybox}
