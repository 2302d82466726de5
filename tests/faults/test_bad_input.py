"""Machines that are strange beyond any claim: the run ends in time and speaks in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.target.collector import DEADLINE
from tests.faults.fault import Box, Fault, File
from tests.faults.lab import Planted

if TYPE_CHECKING:
    from tests.faults.runs import Verdicts

SYSTEM = "/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin"
STRANGE = '/home/d e\'v "x"\n$(y)\udcff'
WIDE = ":".join([*(f"/opt/tool{number}/bin" for number in range(500)), SYSTEM])


def _machine(name: str, box: Box) -> Planted:
    return Planted(f"strange-{name}", Fault(name, box=box))


def _profile(text: str) -> Box:
    return Box(files={"~/.profile": text, "~/.bashrc": text})


MACHINES = [
    _machine("banner", _profile("echo 'Welcome, wslgo-'; cat /etc/passwd; printf '\\n\\n no newline'\n")),
    _machine("waits", _profile("printf 'Your name? '; read -r name; read -r name </dev/tty\n")),
    _machine("never-ends", _profile("while :; do sleep 100; done\n")),
    _machine("leaves", _profile("exit 3\n")),
    _machine("left-behind", _profile("sleep 1000 &\n")),
    _machine("no-home", Box(env={"HOME": "/home/gone"})),
    _machine("home-is-a-file", Box(env={"HOME": "/etc/passwd"})),
    _machine("names", Box(env={"HOME": STRANGE, "GOPATH": f"{STRANGE}/go", "PATH": f"{STRANGE}/bin:{SYSTEM}"},
                          files={f"{STRANGE}/bin/go": File(link=f"{STRANGE}/g o\n"), f"{STRANGE}/go.mod": "module x"})),
    _machine("wide-path", Box(env={"PATH": WIDE})),
    _machine("large-goenv", Box(files={"~/.config/go/env": "GOFLAGS=-x\n# a line\n" * 600_000})),
    _machine("binary-goenv", Box(files={"~/.config/go/env": File(hex="00ff1e0a" * 9), "~/.profile": File(hex="ff00")})),
    _machine("unreadable", Box(files={
        **{path: File(text="x", mode="0000", owner="root") for path in
           ("~/.config/go/env", "~/.profile", "~/.bashrc", "/etc/profile", "/usr/local/go/VERSION", "/etc/os-release")},
        **{path: File(folder=True, mode="0000", owner="root") for path in ("~/go", "~/.cache", "/usr/local/go/src")},
    })),
    _machine("no-path", Box(unset=("PATH", "HOME", "USER", "SHELL", "LOGNAME", "LANG"))),
    _machine("no-shell", Box(files={"/etc/passwd": "dev:x:1000:1000:Dev:/home/dev:/bin/gone\n"})),
    _machine("no-account", Box(userland="alpine", removed=("/etc/passwd", "/etc/group"))),
]  # fmt: skip


@pytest.mark.parametrize("planted", MACHINES, ids=lambda planted: planted.name)
def test_a_strange_machine_is_judged_in_time_and_in_sentences(planted: Planted, verdicts: Verdicts) -> None:
    assert not verdicts.broken
    assert "Traceback" not in verdicts.output
    assert verdicts.of, verdicts.output
    assert verdicts.seconds < DEADLINE / 2, verdicts.seconds
