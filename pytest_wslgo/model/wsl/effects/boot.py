"""What runs as PID 1, and what a host is called, against [boot] and [network] of /etc/wsl.conf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.effects.drives import root_of
from pytest_wslgo.model.wsl.effects.machine import applied_conf, in_effect
from pytest_wslgo.model.wsl.generated import is_generated
from pytest_wslgo.model.wsl.hostname import clean_hostname

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

_RESOLV: Final = "/etc/resolv.conf"
_HOSTS: Final = "/etc/hosts"
_UP: Final = ("running", "degraded")
_HACKS: Final = (
    "/usr/sbin/start-systemd-namespace",
    "/usr/sbin/enter-systemd-namespace",
    "/usr/bin/genie",
    "/etc/genie.ini",
)


def systemd_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what PID 1 shows otherwise than boot.systemd says, and what is left of namespace hacks."""
    asked, effect = applied_conf(snapshot).flag("boot.systemd"), in_effect(snapshot, "boot.systemd")
    comm = snapshot.evidence.pid1_comm
    state = snapshot.answer("systemd-state")
    found = [f"boot.systemd is true, but {effect.why.rstrip('.')}"] if asked and effect.why else []
    if effect.value is True:
        if comm is not None and comm != "systemd":
            found.append(f"boot.systemd is true, but PID 1 is {comm}")
        if snapshot.stat("/run/systemd/system") is None:
            found.append("boot.systemd is true, but there is no /run/systemd/system")
        elif state and state.out.strip() not in _UP:
            found.append(f"systemctl is-system-running says {state.out.strip() or state.err.strip() or 'nothing'}")
    elif comm == "systemd":
        found.append("boot.systemd is not true, but PID 1 is systemd")
    left = [path for path in _HACKS if snapshot.stat(path)]
    return (*found, *(f"{path} is left of a recipe that is older than boot.systemd" for path in left))


def resolv_conf_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what /etc/resolv.conf shows otherwise than network.generateResolvConf says."""
    generated = in_effect(snapshot, "network.generateResolvConf").value is True
    shared = f"{root_of(snapshot)}wsl/resolv.conf"
    text, link = snapshot.text(_RESOLV), snapshot.link(_RESOLV)
    if text is None:
        return (f"{_RESOLV} is not there, or leads nowhere{f' ({link})' if link else ''}: no name is resolved",)
    if not generated:
        ours = link == shared or is_generated(text)
        return (f"network.generateResolvConf is false, but WSL wrote {link or _RESOLV}",) if ours else ()
    if snapshot.platform.kind is PlatformKind.WSL2 and link != shared:
        is_what = f"a link to {link}" if link else "a file of its own"
        return (f"network.generateResolvConf is true, but {_RESOLV} is {is_what}, not a link to {shared}",)
    return () if is_generated(text) else (f"network.generateResolvConf is true, but {_RESOLV} is not WSL's",)


def hosts_differ(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what /etc/hosts shows otherwise than network.generateHosts says."""
    generated, text = in_effect(snapshot, "network.generateHosts").value is True, snapshot.text(_HOSTS)
    if text is None:
        return (f"{_HOSTS} is not there",)
    if is_generated(text) == generated:
        return ()
    return (f"network.generateHosts is {str(generated).lower()}, but {_HOSTS} {'is not' if generated else 'is'} WSL's",)


def hostname_differs(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the host name where it is not what network.hostname makes it; unset, it is that of Windows."""
    asked = applied_conf(snapshot).text("network.hostname")
    name = (snapshot.text("/proc/sys/kernel/hostname") or snapshot.text("/etc/hostname") or "").strip()
    if asked is None or not name or name == clean_hostname(asked):
        return ()
    return (f"network.hostname is {asked}, which makes {clean_hostname(asked)}, but the host name is {name}",)
