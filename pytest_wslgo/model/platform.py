"""What a target is: WSL1, WSL2, a container or plain Linux, told from several independent signs.

No single sign can be trusted: the kernel's name is inherited by containers and free to choose in a custom kernel,
WSL_* variables are lost under sudo and can be forged, systemd on WSL2 writes ``container=wsl``, and an image that was
imported into WSL brings its ``/.dockerenv``. The signs that decide are in Microsoft's own sources (microsoft/WSL,
``src/linux/init``): the file system of ``/`` on WSL1, the mount of ``/init`` on WSL2.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_wslgo.model.mounts import Mount  # noqa: TC001  # msgspec reads the annotations of the dataclass
from pytest_wslgo.model.program_head import arch_of_uname

if TYPE_CHECKING:
    from collections.abc import Iterator

_WSL1_FILE_SYSTEMS = ("wslfs", "lxfs")
# 4.4.0-19041-Microsoft; release 1607 said 3.4.0-Microsoft. A custom WSL2 kernel may have the capital M, too.
_WSL1_KERNEL = re.compile(r"[34]\.4\.0(-\d+)?-Microsoft(?![-\w])")
_MICROSOFT = re.compile(r"microsoft", re.IGNORECASE)
_CONTAINER_CGROUP = re.compile(
    r"/(docker|kubepods|lxc|libpod|containerd|crio|buildkit|garden|ecs)\b|\.scope/container\b"
)
_CONTAINER_LAYERS = re.compile(r"lowerdir=[^,]*/(?:docker|containers|containerd|buildkit|overlay2|k3s|crio)/")


class PlatformKind(StrEnum):
    """What a target is, in the ledger's words."""

    WSL1 = "wsl1"
    WSL2 = "wsl2"
    LINUX = "linux"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class PlatformEvidence:
    """The signs as they were read; what could not be read is None or empty."""

    kernel: str = ""
    machine: str = ""
    proc_version: str = ""
    os_release: str = ""
    mounts: tuple[Mount, ...] = ()
    dockerenv: bool = False
    containerenv: bool = False
    systemd_container: str | None = None
    cgroup: str = ""
    pid1_comm: str | None = None
    pid1_exe: str | None = None
    pid1_environ: tuple[tuple[str, str], ...] = ()
    run_wsl: tuple[str, ...] | None = None
    wslpath: str | None = None
    binfmt: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()
    libc: str | None = None
    libc_evidence: str | None = None
    userland: str | None = None

    @property
    def root(self) -> Mount | None:
        """Return the mount of ``/``, the last of several."""
        return next((mount for mount in reversed(self.mounts) if mount.target == "/"), None)


@dataclass(frozen=True, slots=True)
class Platform:
    """What a target is. ``libc`` as in ``glibc 2.36``; ``arch`` in Go's words; ``evidence`` says why, in sentences."""

    kind: PlatformKind
    distro: str | None
    release: str | None
    arch: str
    libc: str | None
    kernel: str
    evidence: tuple[str, ...]
    on_wsl: bool


def detect_platform(evidence: PlatformEvidence) -> Platform:
    """Weigh the signs in the order of their strength and say what the target is, and why."""
    container, imported = tuple(_container_signs(evidence)), tuple(_image_signs(evidence))
    wsl1, wsl2 = tuple(_wsl1_signs(evidence)), tuple(_wsl2_signs(evidence))
    interop = tuple(_interop_signs(evidence))
    kernel, environ = tuple(_kernel_signs(evidence)), tuple(_environ_signs(evidence))
    if container:
        kind, why = PlatformKind.CONTAINER, container + imported
    elif wsl1:
        kind, why = PlatformKind.WSL1, wsl1 + _doubted(imported)
    elif wsl2:
        kind, why = PlatformKind.WSL2, wsl2 + interop + _doubted(imported)
    elif imported:
        kind, why = PlatformKind.CONTAINER, imported
    elif interop:
        kind, why = PlatformKind.WSL2, interop
    elif kernel and not _is_bare_overlay(evidence):
        kind, why = PlatformKind.WSL2, ()
    elif kernel:
        kind, why = PlatformKind.CONTAINER, ("/ is an overlay and nothing of WSL is mounted in it.",)
    else:
        kind, why = PlatformKind.LINUX, ("No sign of WSL and none of a container.",)
        environ = tuple(f"{sign} That alone proves nothing." for sign in environ)
    distro, release = _distro(evidence.os_release)
    return Platform(
        kind=kind,
        distro=distro,
        release=release,
        arch=evidence.userland or arch_of_uname(evidence.machine),
        libc=evidence.libc,
        kernel=evidence.kernel,
        evidence=why + kernel + environ + ((evidence.libc_evidence,) if evidence.libc_evidence else ()),
        on_wsl=kind in (PlatformKind.WSL1, PlatformKind.WSL2) or bool(kernel or interop),
    )


def parse_os_release(text: str) -> dict[str, str]:
    """Read os-release(5): shell assignments. A line that is none is left out.

    Sample: ``ID=debian`` / ``VERSION_ID="12"``.
    """
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if not equals or not name.isidentifier():
            continue
        try:
            values[name] = "".join(shlex.split(value))
        except ValueError:  # a quote that is never closed
            values[name] = value.strip("\"'")
    return values


def _distro(os_release: str) -> tuple[str | None, str | None]:
    values = parse_os_release(os_release)
    return values.get("ID") or None, values.get("VERSION_ID") or values.get("VERSION_CODENAME") or None


def _container_signs(evidence: PlatformEvidence) -> Iterator[str]:
    if evidence.containerenv:
        yield "There is /run/.containerenv, which podman makes."
    container = dict(evidence.pid1_environ).get("container")
    if container and container != "wsl":
        yield f"PID 1 was started with container={container}."
    if evidence.systemd_container and evidence.systemd_container.strip() not in ("", "wsl"):
        yield f"/run/systemd/container says {evidence.systemd_container.strip()}."
    if found := _CONTAINER_CGROUP.search(evidence.cgroup):
        yield f"PID 1 is in a control group of {found[0].strip('/')}."
    if (root := evidence.root) and root.fstype == "overlay" and _CONTAINER_LAYERS.search(root.options):
        yield "/ is an overlay of a container engine's layers."


def _image_signs(evidence: PlatformEvidence) -> Iterator[str]:
    if evidence.dockerenv:
        yield "There is /.dockerenv, which docker makes."


def _doubted(signs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{sign} It came with an imported image." for sign in signs)


def _wsl1_signs(evidence: PlatformEvidence) -> Iterator[str]:
    if (root := evidence.root) and root.fstype in _WSL1_FILE_SYSTEMS:
        yield f"/ is on {root.fstype}, the file system of WSL1."
        return
    vm = any(mount.fstype in ("9p", "virtiofs") for mount in evidence.mounts) or any(_init_mounts(evidence))
    if not vm and (found := _WSL1_KERNEL.search(evidence.kernel) or _WSL1_KERNEL.search(evidence.proc_version)):
        yield f"The kernel calls itself {found[0]}, and no drive is mounted by 9p or virtiofs."


def _wsl2_signs(evidence: PlatformEvidence) -> Iterator[str]:
    if any(_init_mounts(evidence)):
        yield "/init is a mount of type rootfs, which WSL2 makes."
    if evidence.run_wsl is not None and (evidence.wslpath or "").endswith("/init"):
        yield "There is /run/WSL, and wslpath is a link to /init."
    if dict(evidence.pid1_environ).get("container") == "wsl":
        yield "PID 1 was started with container=wsl."
    if evidence.systemd_container and evidence.systemd_container.strip() == "wsl":
        yield "/run/systemd/container says wsl."


def _interop_signs(evidence: PlatformEvidence) -> Iterator[str]:
    """Signs of WSL2 that a container on it can have, too: binfmt_misc belongs to the VM, a drive can be bound."""
    if interop := next((name for name in evidence.binfmt if name.startswith("WSLInterop")), None):
        yield f"binfmt_misc has {interop}, which starts Windows programs."
    if drives := [mount.target for mount in evidence.mounts if mount.is_windows_drive]:
        yield f"Windows drives are mounted on {', '.join(drives)}."


def _init_mounts(evidence: PlatformEvidence) -> Iterator[Mount]:
    return (mount for mount in evidence.mounts if mount.target == "/init" and mount.fstype == "rootfs")


def _kernel_signs(evidence: PlatformEvidence) -> Iterator[str]:
    for text in (evidence.kernel, evidence.proc_version):
        if _MICROSOFT.search(text):
            yield f"The kernel is {' '.join(text.split()[:3])}."
            return


def _environ_signs(evidence: PlatformEvidence) -> Iterator[str]:
    names = [name for name, _ in evidence.environ if name in ("WSL_DISTRO_NAME", "WSL_INTEROP", "WSLENV")]
    if names:
        yield f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} set."


def _is_bare_overlay(evidence: PlatformEvidence) -> bool:
    root = evidence.root
    return bool(root and root.fstype == "overlay" and evidence.run_wsl is None and evidence.wslpath is None)
