"""The well-known paths of the loaders of glibc and musl, by machine.

glibc: sysdeps/**/shlib-versions and the psABI of each machine; musl: ld-musl-$(ARCH)$(SUBARCH).so.1.
"""

from __future__ import annotations

from typing import Final

from pytest_wslgo.model.libc import Libc

_PATHS: Final = {
    Libc.GLIBC: {
        "amd64": "/lib64/ld-linux-x86-64.so.2",
        "386": "/lib/ld-linux.so.2",
        "arm64": "/lib/ld-linux-aarch64.so.1",
        "arm": "/lib/ld-linux-armhf.so.3",
        "riscv64": "/lib/ld-linux-riscv64-lp64d.so.1",
        "ppc64le": "/lib64/ld64.so.2",
        "s390x": "/lib/ld64.so.1",
        "loong64": "/lib64/ld-linux-loongarch-lp64d.so.1",
    },
    Libc.MUSL: {
        "amd64": "/lib/ld-musl-x86_64.so.1",
        "386": "/lib/ld-musl-i386.so.1",
        "arm64": "/lib/ld-musl-aarch64.so.1",
        "arm": "/lib/ld-musl-armhf.so.1",
        "riscv64": "/lib/ld-musl-riscv64.so.1",
        "ppc64le": "/lib/ld-musl-powerpc64le.so.1",
        "s390x": "/lib/ld-musl-s390x.so.1",
        "loong64": "/lib/ld-musl-loongarch64.so.1",
    },
}


def loader_path(libc: Libc | None, goarch: str | None) -> str | None:
    """Return where programs of ``goarch`` look for the loader of ``libc``; None when Go has no such port.

    >>> loader_path(Libc.MUSL, "arm64")
    '/lib/ld-musl-aarch64.so.1'
    """
    return _PATHS[libc].get(goarch or "") if libc else None
