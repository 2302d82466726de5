"""Reach a machine by OpenSSH: one connection per process, multiplexed, that never asks and always ends.

The master is started by itself, its output in a file: one that ``ControlPersist`` forks off keeps the standard error of
the first command open (https://bugzilla.mindrot.org/show_bug.cgi?id=1988), and its reader waits.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.errors import MissingTool, TargetLost
from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.result import last_lines
from pytest_wslgo.target.transport import Transport
from pytest_wslgo.target.workdir import PREFIX, hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_wslgo.errors import WslgoError

CONNECT_SECONDS = 10
# A dead link is noticed within 20 s; a forgotten master ends by itself.
OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": str(CONNECT_SECONDS),
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
    "EscapeChar": "none",
    "LogLevel": "INFO",
}
MASTER_PERSISTS = "10m"
LONGEST_CONTROL_DIR = 60  # of about 100 characters for a socket's path; ssh adds 17 while it makes it

# Kept variables for the characters that some login shell treats specially even between single quotes:
# csh the newline and "!", fish the backslash, all the single quote itself.
_DEFINE = (
    '_wx=$(printf "\\047\\134\\041\\012x"); '
    '_wq=${_wx%"${_wx#?}"}; _wx=${_wx#?}; _wb=${_wx%"${_wx#?}"}; _wx=${_wx#?}; '
    '_wh=${_wx%"${_wx#?}"}; _wx=${_wx#?}; _wl=${_wx%x}; '
)
_WRITTEN = str.maketrans(
    {"'": "${_wq}", "\\": "${_wb}", "!": "${_wh}", "\n": "${_wl}", "$": "\\$", '"': '\\"', "`": "\\`"}
)

# What ssh says, the sentence about it, what to do. The first that fits counts.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (r"could not resolve hostname", "its name is not known", "Check the name, or give the address"),
    (r"connection refused", "nothing listens on that port", "Start sshd there, or give the port as ssh://HOST:PORT"),
    (r"connection timed out|operation timed out|timed out during banner", "it does not answer",
     "See that it is on, and that no firewall stands between"),
    (r"no route to host|network is unreachable", "there is no route to it", "See that it is on, and this network too"),
    (r"host identification has changed", "its host key is not the one that is known",
     "If the machine was made anew, remove the old key with ssh-keygen -R"),
    (r"host key verification failed", "its host key is not known here",
     "Connect once by hand to see and accept it, or add it to known_hosts"),
    (r"unprotected private key|bad permissions", "the key file is open to others, so ssh ignores it", "chmod 600 it"),
    (r"permission denied \(|too many authentication failures", "it accepts none of our keys",
     "Add the key to its authorized_keys, load it with ssh-add, or give it as ?identity=FILE"),
    (r"no matching|unable to negotiate", "it and this ssh have no algorithm in common", "Update the older of the two"),
    (r"bad configuration option|bad owner|terminating, \d+ bad", "the ssh configuration is wrong", "Mend it"),
    (r"connection (?:reset|closed)|closed by remote host|broken pipe|not responding|master (?:terminated|failed)",
     "the connection broke", "See that it is on and that sshd runs there"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ssh(Transport):
    """A machine behind ssh. ``options`` are ssh's words for all connections, ``control`` the socket of the master."""

    destination: str
    options: tuple[str, ...]
    control: str

    framed = True
    watched = True

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        terminal = "-tt" if tty else "-T"
        return ["ssh", *self.options, "-S", self.control, terminal, "--", self.destination, login_shell_command(argv)]

    def why_gone(self) -> str | None:
        check = ["ssh", *self.options, "-S", self.control, "-O", "check", "--", self.destination]
        if run_process(check, deadline=CONNECT_SECONDS).status == 0:
            return None
        return f"the connection to ssh://{self.destination} broke. See that it is on and that sshd runs there."

    def explain(self, said: bytes) -> WslgoError:
        return explain_ssh(self.destination, said)

    def close(self) -> None:
        _leave(self.destination, self.options, self.control)


def connect_ssh(destination: str, port: int | None, config: str | None, identity: str | None) -> Ssh:
    """Connect to ``destination`` (``[user@]host``) and return the transport. Raises TargetLost, MissingTool."""
    if shutil.which("ssh") is None:
        raise MissingTool(f"ssh://{destination} needs the program ssh on this machine: install openssh-client.")
    words = ["-F", config] if config else []
    words += [word for name, value in OPTIONS.items() for word in ("-o", f"{name}={value}")]
    words += ["-p", str(port)] if port else []
    words += ["-i", identity, "-o", "IdentitiesOnly=yes"] if identity else []
    folder = _control_folder()
    link = Ssh(destination, tuple(words), f"{folder}/ssh")
    _start_master(link, folder)
    weakref.finalize(link, _leave, destination, link.options, link.control)
    return link


def login_shell_command(argv: Sequence[str]) -> str:
    r"""Return the text that runs ``argv`` under any login shell: sh, bash, dash, ash, zsh, fish, csh.

    It is one ``exec /bin/sh -c`` with one word between single quotes, in which no character is left that such a word
    could not hold.

    >>> login_shell_command(["printf", "%s"])
    'exec /bin/sh -c \'exec "printf" "%s"\''
    """
    inner = "exec " + " ".join(f'"{word.translate(_WRITTEN)}"' for word in argv)
    return f"exec /bin/sh -c '{_DEFINE if '${_w' in inner else ''}{inner}'"


def explain_ssh(destination: str, said: bytes) -> WslgoError:
    """Return the error for what ssh or the login shell said instead of running our command."""
    text = said.decode("utf-8", "replace")
    for pattern, meaning, advice in _MEANINGS:
        if re.search(pattern, text, re.IGNORECASE):
            return TargetLost(f"ssh://{destination} cannot be used: {meaning}. {advice}. (ssh: {last_lines(said, 1)})")
    if not text.strip():
        return TargetLost(
            f"ssh://{destination} cannot be used: the connection broke without a word. See that it is on."
        )
    return TargetLost(
        f"ssh://{destination} cannot be used: its login shell does not run /bin/sh. Give the user a shell that takes"
        f" commands. (It said: {last_lines(said, 1)})"
    )


def _control_folder() -> str:
    base = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}ssh-", dir=base if len(base) <= LONGEST_CONTROL_DIR else "/tmp")
    hold(Path(folder))
    return folder


def _start_master(link: Ssh, folder: str) -> None:
    said = Path(folder, "said")
    master = ["ssh", *link.options, "-S", link.control, "-M", "-N", "-f", "-o", f"ControlPersist={MASTER_PERSISTS}"]
    outcome = run_process(
        ["/bin/sh", "-c", 'exec "$@" >"$0" 2>&1', str(said), *master, "--", link.destination],
        deadline=2 * CONNECT_SECONDS,
    )
    if outcome.status != 0:
        words = said.read_bytes() if said.exists() else outcome.stderr
        shutil.rmtree(folder, ignore_errors=True)
        raise explain_ssh(link.destination, b"Connection timed out" if outcome.overran and not words.strip() else words)


def _leave(destination: str, options: Sequence[str], control: str) -> None:
    if Path(control).exists():
        run_process(["ssh", *options, "-S", control, "-O", "exit", "--", destination], deadline=CONNECT_SECONDS)
    shutil.rmtree(Path(control).parent, ignore_errors=True)
