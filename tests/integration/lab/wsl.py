"""A Windows of the lab: a folder with a stand-in for wsl.exe (``wsl_exe.py``) and the distributions that it knows."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STAND_IN = Path(__file__).with_name("wsl_exe.py")


class Windows:
    """``folder`` is what PATH must have first; ``exe`` the stand-in there."""

    def __init__(self, folder: Path, distros: Mapping[str, Path]) -> None:
        self.folder = folder
        self.exe = folder / "wsl.exe"
        folder.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-I", "-S", str(STAND_IN), str(folder)]
        self.exe.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        self.exe.chmod(0o755)
        (folder / "owner").write_text(str(os.getpid()))
        self.register(distros)

    @property
    def path(self) -> str:
        """Return PATH with wsl.exe on it."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def register(self, distros: Mapping[str, Path]) -> None:
        """Make these the distributions; the first is the default."""
        (self.folder / "registry").write_text("".join(f"{name}\t{root}\n" for name, root in distros.items()))

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
        """Run ``wsl.exe`` with these words."""
        return subprocess.run(
            [self.exe, *words], env=os.environ | environ, input=b"", capture_output=True, check=False, timeout=60
        )

    def shut_down(self) -> None:
        """End every distribution, with all that runs in it."""
        self.run("--shutdown")
