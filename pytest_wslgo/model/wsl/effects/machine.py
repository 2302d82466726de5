"""/etc/wsl.conf of a snapshot: what stands in it, whether this start of the distribution has read it, and on what WSL.

WSL reads the file when the distribution starts and never again, so that a change waits for ``wsl.exe --shutdown``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.advice import advise
from pytest_wslgo.model.wsl.effective import Host, effective_value
from pytest_wslgo.model.wsl.keys import wsl_conf_keys
from pytest_wslgo.model.wsl.wslconf import WSL_CONF, WslConf, parse_wsl_conf
from pytest_wslgo.model.wsl.wslexe import parse_version, version_numbers

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot
    from pytest_wslgo.model.wsl.effective import Effective

_SLACK: Final = 2.0  # seconds: the boot's time is known to the second, and PID 1 reads the file after its start
_VERSION_OF_PID_1: Final = "container_host_version_id"


def conf_of(snapshot: Snapshot) -> WslConf:
    """Return /etc/wsl.conf as it stands; one that is not there, or cannot be read, is an empty one to WSL."""
    return parse_wsl_conf(snapshot.text(WSL_CONF) or "")


def conf_problems(snapshot: Snapshot) -> tuple[str, ...]:
    """Return every line that WSL warns of, or fails over, with what that costs."""
    conf = conf_of(snapshot)
    said = [f"{one.warning}: {one.text}".rstrip(".") for one in advise(conf) if one.warning]
    return (*said, *(one.text.rstrip(".") for one in advise(conf) if not one.at))


def conf_not_applied(snapshot: Snapshot) -> str | None:
    """Say that the file was changed after the distribution had read it, or return None.

    Raises MissingTool where the target shows neither the file's age nor the start of PID 1.
    """
    if snapshot.text(WSL_CONF) is None:
        return None
    stat, started = snapshot.stat(WSL_CONF), snapshot.clock.pid1_start
    if stat is None or stat.mtime is None or started is None:
        raise MissingTool(f"the target does not show when {WSL_CONF} was changed, or when PID 1 started")
    if stat.mtime <= started + _SLACK:
        return None
    later = round(stat.mtime - started)
    return (
        f"{WSL_CONF} was changed {later} seconds after the distribution had started, and waits for wsl.exe --shutdown"
    )


def applied_conf(snapshot: Snapshot) -> WslConf:
    """Return the file that this start of the distribution has read.

    Raises Waits when it was changed since: what it did then is unknown.
    """
    try:
        late = conf_not_applied(snapshot)
    except MissingTool:
        late = None
    if late:
        raise Waits(f"waits for wsl.conf-applied: {late}")
    return conf_of(snapshot)


def wsl_version(snapshot: Snapshot) -> str | None:
    """Return the version of the WSL package: what wslinfo says, what PID 1 was told, what wsl.exe says."""
    answer = snapshot.answer("wsl-version")
    told = answer.out.strip() if answer and answer.ok else dict(snapshot.evidence.pid1_environ).get(_VERSION_OF_PID_1)
    if not told and (exe := snapshot.answer("wsl-exe-version")) and exe.ok:
        told = parse_version(exe.out).wsl
    return told or None


def host_of(snapshot: Snapshot) -> Host:
    """Return what decides over the keys of the file on this machine.

    Of .wslconfig, which lies on Windows, only the safe mode shows, in the environment of PID 1, and WSLg. Whether
    /sbin/init can be executed is not recorded; that PID 1 is not systemd shows it.
    """
    wsl1 = snapshot.platform.kind is PlatformKind.WSL1
    return Host(
        kind=PlatformKind.WSL1 if wsl1 else PlatformKind.WSL2,
        version=wsl_version(snapshot),
        safe_mode=dict(snapshot.evidence.pid1_environ).get("WSL2_SAFE_MODE") == "1",
        wslg=snapshot.stat("/mnt/wslg") is not None,
    )


def in_effect(snapshot: Snapshot, name: str) -> Effective:
    """Return what a key comes to on this machine; raises Waits as ``applied_conf`` does."""
    return effective_value(applied_conf(snapshot), name, host_of(snapshot))


def package_too_old(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the keys of the file that this WSL does not know yet. Raises MissingTool when its version is unknown."""
    conf, version = conf_of(snapshot), wsl_version(snapshot)
    used = [key for key in wsl_conf_keys().current().keys if key.since and conf.is_set(key.name)]
    if used and not version_numbers(version):
        raise MissingTool("neither wslinfo nor wsl.exe says which WSL this is")
    return tuple(
        f"{key.name} needs WSL {key.since}, and this is {version}"
        for key in used
        if version_numbers(version) < version_numbers(key.since)
    )


def kernel_goes_by_another_name(snapshot: Snapshot) -> str | None:
    """Say that the release of the kernel is none that Microsoft builds, or return None: a kernel of the user's own.

    Its name ends in ``-Microsoft`` on WSL1; on WSL2 in ``-microsoft-standard``, since 5.4 with ``-WSL2`` behind it.
    """
    wsl1 = snapshot.platform.kind is PlatformKind.WSL1
    name = "-Microsoft" if wsl1 else "-microsoft-standard"
    if snapshot.platform.kernel.removesuffix("-WSL2").endswith(name):
        return None
    return f"the kernel is {snapshot.platform.kernel}; one of {snapshot.platform.kind.upper()} ends in {name}"
