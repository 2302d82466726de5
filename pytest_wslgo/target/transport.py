"""How a target is reached: one pure function, ``wrap``, differs per machine; everything else is written once on it.

Here are the seam itself and the two transports whose commands are plain descendants of this process.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pytest_wslgo.errors import BadInput, MissingTool, NoPrivilege, TargetLost
from pytest_wslgo.target.kernel import is_root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_wslgo.errors import WslgoError

# What a file system without an init gives its processes: a clean environment, as a container engine would set it.
ROOT_ENVIRON: Mapping[str, str] = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "USER": "root",
    "LOGNAME": "root",
    "SHELL": "/bin/sh",
}

# Words: chroot, the root, the command. A folder that has no place for them goes without.
WITH_KERNEL_FILES = """\
for dir in dev proc sys; do
  [ ! -d "$1/$dir" ] || PATH=/usr/sbin:/usr/bin:/sbin:/bin mount --rbind "/$dir" "$1/$dir" || exit 125
done
exec "$0" "$@"
"""


class Transport(Protocol):
    """A way into one machine."""

    is_local: bool = False
    """Paths of the machine are paths of this process."""
    framed: bool = False
    """A login shell or an engine stands between: status and output of a command must be framed (``frame.py``)."""
    watched: bool = False
    """The way may break while a command runs: the machine itself must end what passes its deadline."""

    @property
    def environ(self) -> Mapping[str, str] | None:
        """What the local process must start with so that the command gets its machine's environment; ``None``: ours."""
        return None

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        """Return the local argv that runs ``argv`` on the machine; ``tty`` asks for a terminal there."""

    def session(self) -> Transport:
        """Return the transport whose commands get everything that the machine puts on its own (limits, seccomp)."""
        return self

    def why_gone(self) -> str | None:
        """Return why the machine is gone, in one sentence, or ``None`` while nothing speaks for it."""
        return None

    def explain(self, said: bytes) -> WslgoError:
        """Return the error for a command that was never started or never finished, from what came instead."""
        return TargetLost(said.decode("utf-8", "replace"))

    def close(self) -> None:
        """Give back what the transport holds on this machine."""
        return


@dataclass(frozen=True, slots=True)
class Local(Transport):
    """This machine."""

    is_local = True

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        return list(argv)


@dataclass(frozen=True, slots=True)
class Chroot(Transport):
    """A root file system in a folder of this machine; its commands share everything else with this machine.

    ``bare`` says that it lacks the kernel's files. Then each command sees them in a mount namespace of its own, which
    ends with it: without /dev/null neither a shell nor the go command works, and the folder itself stays as it is.
    """

    root: str
    bare: bool = False
    chroot: str = "/usr/sbin/chroot"

    @property
    def environ(self) -> Mapping[str, str]:
        return ROOT_ENVIRON

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        words = [self.chroot, self.root, *argv]
        return ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", WITH_KERNEL_FILES, *words] if self.bare else words

    def why_gone(self) -> str | None:
        return None if Path(self.root).is_dir() else f"the folder {self.root} is no longer there."


def enter_root(root: str) -> Chroot:
    """Return the transport into the root file system at ``root``.

    Raises BadInput when it is no usable root file system, NoPrivilege without root, MissingTool without chroot.
    """
    shell = Path(root, "bin/sh")
    if not Path(root).is_dir():
        raise BadInput(f"chroot://{root}: there is no such folder.")
    if not (shell.exists() or shell.is_symlink()):
        raise BadInput(f"chroot://{root}: it has no /bin/sh, so it is not a root file system that can be tested.")
    if not is_root():
        raise NoPrivilege(f"chroot://{root} needs root: run pytest as root, or test the folder as a container.")
    chroot = shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if chroot is None:
        raise MissingTool(f"chroot://{root} needs the program chroot on this machine: install coreutils.")
    bare = not (Path(root, "dev/null").is_char_device() and Path(root, "proc/self").exists())
    return Chroot(root, bare and Path("/usr/bin/unshare").exists(), chroot)
