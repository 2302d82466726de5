"""Root file systems that hold BusyBox and nothing else: the least that a target can be."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

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
