"""Reach a WSL distribution by ``wsl.exe``, from another distribution or from Windows; it starts when it does not run.

    wsl.exe -d NAME [-u USER] --cd ~ --exec /bin/sh -c WORD

``--exec`` starts no shell of the user and reads no profile. wsl.exe splits its own options at blanks and knows no
quotes there; the command behind ``--exec`` goes through CommandLineToArgvW, from Linux after interop has quoted it. So
a command travels as one word in which no double quote, no line end and no letter beyond ASCII is left that any of
these could read otherwise. Source: microsoft/WSL, ``src/windows/common/WslClient.cpp`` and ``helpers.cpp``.
"""

from __future__ import annotations

import shlex
import subprocess
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost, nearest
from pytest_wslgo.model.wsl.wslexe_errors import parse_error, parse_exec_failure
from pytest_wslgo.target.frame import Frame
from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.transport import Transport
from pytest_wslgo.target.wslexe import find_wsl_exe, last_line, list_distros, trouble_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_wslgo.errors import WslgoError

ALL: Final = "all"
START_DEADLINE: Final = 120.0  # the first command starts the virtual machine and the distribution
# Windows takes 32 767 characters, with the NUL at the end and the path of wsl.exe as Windows has it.
LONGEST: Final = 32_767 - 260 - 1
# The distributions that Docker Desktop makes for itself: no user has a Go there.
OF_DOCKER: Final = ("docker-desktop", "docker-desktop-data")
_KEPT: Final = frozenset(range(0x20, 0x7F)) - frozenset(b"\"'\\")


@dataclass(frozen=True, slots=True)
class Wsl(Transport):
    """A distribution by ``wsl.exe``; ``distro`` is its name as Windows has it, ``user`` None its default user."""

    exe: str
    distro: str
    user: str | None = None

    framed = True
    watched = True

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        """Return the words for wsl.exe, which gives a terminal when it has one. Raises BadInput: more than fit."""
        user = ["-u", self.user] if self.user else []
        words = [self.exe, "-d", self.distro, *user, "--cd", "~", "--exec", "/bin/sh", "-c", one_word(argv)]
        if len(subprocess.list2cmdline(words)) > LONGEST:
            raise BadInput(
                f"the words of `{argv[0]} …` are too long for one command here: wsl.exe takes {LONGEST} characters."
                " Hand them over in a file."
            )
        return words

    def why_gone(self) -> str | None:
        if list_distros(self.exe, "--running").find(self.distro):
            return None
        if list_distros(self.exe).find(self.distro):
            return (
                f"distribution {self.distro} was stopped while a command ran (`wsl.exe --terminate`, `--shutdown`, or"
                " Windows itself): run it again."
            )
        return f"distribution {self.distro} is no longer registered with WSL."

    def explain(self, said: bytes) -> WslgoError:
        """Return the error for what came instead of the command: a message of wsl.exe, or of Linux about it."""
        if failure := parse_exec_failure(said):
            why = f"{failure.program}: {failure.reason}"
            return MissingTool(f"distribution {self.distro} has no /bin/sh, which every test of it needs. ({why})")
        error = parse_error(said)
        if error is not None and error.name == "WSL_E_DISTRO_NOT_FOUND":
            return _no_such_distro(self.exe, self.distro)
        if error is not None and error.name == "WSL_E_USER_NOT_FOUND":
            return BadInput(f"distribution {self.distro} has no user {self.user!r}; leave it out for the default user.")
        if "--cd" in last_line(said) or (error is not None and error.name == "WSL_E_INVALID_USAGE"):
            return MissingTool(f"this wsl.exe is too old to know --cd: `wsl.exe --update`. ({last_line(said)})")
        other = trouble_of(self.exe, said)
        return other or TargetLost(
            f"distribution {self.distro} takes no commands: see `wsl.exe --list --verbose`."
            f" (wsl.exe: {last_line(said)})"
        )


def one_word(argv: Sequence[str]) -> str:
    r"""Return the text with which ``/bin/sh -c`` runs ``argv``, in printable ASCII without double quotes.

    >>> one_word(["echo", "it's"])
    "IFS=;set -f;eval $(printf %b 'exec echo \\0047it\\0047\\0042\\0047\\0042\\0047s\\0047')"
    """
    text = f"exec {shlex.join(argv)}".encode("utf-8", "surrogateescape")
    written = "".join(chr(byte) if byte in _KEPT else f"\\0{byte:03o}" for byte in text)
    return f"IFS=;set -f;eval $(printf %b '{written}')"


def enter_wsl(name: str, user: str | None) -> Wsl:
    """Return the transport into the distribution ``name``, which is started when it does not run.

    Raises BadInput (no such distribution or user), TargetLost (it does not start), MissingTool (no wsl.exe, no shell).
    """
    exe = find_wsl_exe(f"wsl://{name}")
    found = list_distros(exe).find(name)
    if found is None:
        raise _no_such_distro(exe, name)
    if " " in found.name:
        raise BadInput(
            f"wsl.exe cannot be told {found.name!r}: behind -d it takes no name with a blank. Register the distribution"
            " under another name (`wsl.exe --export`, then `wsl.exe --import`)."
        )
    way = Wsl(exe, found.name, user)
    frame = Frame()
    tried = run_process(way.wrap(frame.around(["/bin/sh", "-c", ":"])), deadline=START_DEADLINE)
    if tried.overran:
        raise TargetLost(
            f"distribution {name} did not start within {START_DEADLINE:g} s: `wsl.exe --shutdown` ends what hangs."
        )
    seen = frame.read(tried.stdout, tried.stderr)
    if seen.leader is None:
        raise way.explain(seen.noise)
    return way


def every_distro(user: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a spec for each distribution here that can be tested, and a sentence for each that is left out.

    Raises BadInput when none is left, MissingTool without wsl.exe.
    """
    names = [distro.name for distro in list_distros(find_wsl_exe(f"wsl://{user}{ALL}")).distros]
    left_out = {name: "which is Docker Desktop's own" for name in names if name in OF_DOCKER}
    left_out |= {name: "for wsl.exe takes no name with a blank" for name in names if " " in name}
    specs = tuple(f"wsl://{user}{urllib.parse.quote(name)}" for name in names if name not in left_out)
    if not specs:
        there = ", ".join(names) or "none"
        raise BadInput(
            f"wsl://{user}{ALL} finds no distribution to test; there are: {there}. Install one: `wsl.exe --install`."
        )
    return specs, tuple(f"wsl://{user}{ALL} leaves out {name}, {why}" for name, why in left_out.items())


def _no_such_distro(exe: str, name: str) -> BadInput:
    known = [distro.name for distro in list_distros(exe).distros]
    return BadInput(f"WSL has no distribution {name!r}{nearest(name, known)}; there are: {', '.join(known) or 'none'}.")
