"""Root file systems that hold BusyBox and nothing else: the least that a target can be."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSYBOX = "/usr/bin/busybox"


def has_static_busybox() -> bool:
    """Tell whether the static BusyBox of Debian's busybox-static (or an equal) is here."""
    if not Path(BUSYBOX).exists():
        return False
    told = subprocess.run(["file", "-L", BUSYBOX], capture_output=True, text=True, check=False, timeout=10)
    return told.returncode != 0 or "static" in told.stdout


def make_busybox_root(root: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Fill ``root`` with BusyBox, its applets in /bin (but for ``without``), two users and the usual empty folders."""
    for folder in ("bin", "etc", "proc", "dev", "root", "home/dev"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    tmp = root / "tmp"
    tmp.mkdir()
    tmp.chmod(0o1777)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True, timeout=10).stdout.split()
    for applet in applets:
        if applet not in without and applet != "busybox":
            (root / "bin" / applet).symlink_to("busybox")
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000:dev:/home/dev:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\ndev:x:1000:\n")
    return root


MUSL_LOADER = Path("/lib/ld-musl-x86_64.so.1")


def make_musl_root(root: Path) -> Path:
    """Fill ``root`` with BusyBox and musl's loader (of Debian's package musl), which is its libc, too."""
    make_busybox_root(root)
    (root / "lib").mkdir()
    shutil.copy(MUSL_LOADER.resolve(), root / "lib" / MUSL_LOADER.name)
    (root / "etc/os-release").write_text("ID=musl-lab\nVERSION_ID=1\n")
    return root


GLIBC_LOADER = Path("/lib64/ld-linux-x86-64.so.2")
_OF_GLIBC = ("libc.so.6", "libpthread.so.0", "libresolv.so.2", "libdl.so.2")


def make_glibc_root(root: Path) -> Path:
    """Fill ``root`` with BusyBox and this machine's glibc: loader, libc, and the libraries that zig links to."""
    make_busybox_root(root)
    for folder in ("lib", "lib64"):
        (root / folder).mkdir()
    shutil.copy(GLIBC_LOADER.resolve(), root / "lib64" / GLIBC_LOADER.name)
    for name in _OF_GLIBC:
        shutil.copy(GLIBC_LOADER.resolve().with_name(name), root / "lib" / name)
    (root / "etc/os-release").write_text("ID=glibc-lab\nVERSION_ID=1\n")
    return root


@contextmanager
def copy_of_the_host(folder: Path) -> Iterator[Path]:
    """Give a root file system that is this machine's own, with changes kept in ``folder``; OSError without overlay."""
    for name in ("upper", "work", "root"):
        (folder / name).mkdir(parents=True)
    layers = f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work"
    argv = ["mount", "-t", "overlay", "overlay", "-o", layers, f"{folder}/root"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode != 0:
        raise OSError(f"mount -t overlay: {done.stderr.strip()}")
    try:
        yield folder / "root"
    finally:
        subprocess.run(["umount", "-l", f"{folder}/root"], timeout=30, check=False)
