"""A private sshd on loopback: own keys, own port, and in a mount namespace its own idea of root's shell and home."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.integration.lab.processes import descendants, title, wait_until

SSHD = "/usr/sbin/sshd"

# /srv stands for the root file system of a BusyBox machine: sshd accepts a ChrootDirectory only below folders of root.
START = """\
mount --bind "$1/passwd" /etc/passwd && mount -t tmpfs none /run && mkdir -m 755 /run/sshd &&
{ [ -z "$2" ] || { mount --bind "$2" /srv && mount -t proc proc /srv/proc; } } &&
exec "$3" -D -e -f "$1/sshd_config"
"""

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
ListenAddress ::1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 100
{more}
"""


@dataclass(frozen=True)
class Sshd:
    """A running sshd; ``config`` is a client configuration that knows its key, ``home`` the login directory."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def config(self) -> Path:
        return self.folder / "ssh_config"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def spec(self, host: str = "127.0.0.1") -> str:
        return f"ssh://root@{host}:{self.port}?ssh_config={self.config}"

    def sessions(self) -> list[int]:
        """Return the pids of its processes that serve a connection."""
        return [pid for pid in descendants(self.process.pid) if title(pid).startswith("sshd: root")]

    def signal_sessions(self, number: int) -> None:
        """Send a signal to all that serve a connection: SIGSTOP is a machine that hangs, SIGKILL a link that breaks."""
        for pid in self.sessions():
            os.kill(pid, number)

    def stop(self) -> None:
        """End it, and with its pid namespace all that it started."""
        self.process.kill()
        self.process.wait(10)


def start_sshd(folder: Path, *, shell: str = "/bin/sh", root: Path | None = None, more: str = "") -> Sshd:
    """Start an sshd whose root has the login shell ``shell``; with ``root`` its sessions live in that file system."""
    (folder / "home").mkdir(parents=True)
    port = _free_port()
    home = folder / "home" if root is None else Path("/root")
    for key in ("host_key", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True, timeout=30)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    (folder / "passwd").write_text(
        "".join(
            f"root:x:0:0:root:{home}:{shell}\n" if line.startswith("root:") else line
            for line in Path("/etc/passwd").read_text().splitlines(keepends=True)
        )
    )
    chroot = "ChrootDirectory /srv\n" if root else ""
    (folder / "sshd_config").write_text(CONFIG.format(port=port, folder=folder, more=chroot + more))
    host_key = (folder / "host_key.pub").read_text().rsplit(" ", 1)[0]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}\n[::1]:{port} {host_key}\n")
    (folder / "ssh_config").write_text(
        f"Host *\n  IdentityFile {folder}/key\n  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known_hosts\n"
        "  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n"
    )
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*unshare, "/bin/sh", "-c", START, "sh", folder, root or "", SSHD],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    sshd = Sshd(port, folder, process)
    try:
        wait_until(lambda: _greets(port), what=f"sshd answers: {(folder / 'log').read_text()}")
    except TimeoutError:
        sshd.stop()
        raise
    return sshd


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False
