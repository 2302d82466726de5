"""What decides which programs start on a Linux userland: its C library, the loaders that are there, what they find.

Read from what ``target/userland.sh`` prints. A fact that cannot be read is absent; only a record without its end is an
error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.libc import Libc, LibcVersion, libc_of_interpreter, parse_ldd_version
from pytest_wslgo.model.platform import parse_os_release
from pytest_wslgo.model.program_head import arch_of_uname, parse_head
from pytest_wslgo.model.sections import Sections

if TYPE_CHECKING:
    from collections.abc import Iterator

# What ldconfig -p says of a library of another machine than its own: glibc, elf/cache.c, print_entry.
_CACHE_WORDS: Final = {
    "amd64": "x86-64", "arm64": "AArch64", "arm": "hard-float", "ppc64le": "64bit", "s390x": "64bit",
    "riscv64": "double-float", "loong64": "double-float",
}  # fmt: skip
_CACHED: Final = re.compile(r"(?P<name>\S+) \(libc6(?:,(?P<words>[^)]*?))?(?:, OS ABI: [^)]*)?\)")
# Where a glibc without --help looks: Debian's multiarch folders, lib64 of the others. musl: ldso/dynlink.c.
_GLIBC_FOLDERS: Final = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_MUSL_FOLDERS: Final = ("/lib", "/usr/local/lib", "/usr/lib")
_TRIPLES: Final = {
    "amd64": "x86_64-linux-gnu", "386": "i386-linux-gnu", "arm64": "aarch64-linux-gnu", "arm": "arm-linux-gnueabihf",
    "ppc64le": "powerpc64le-linux-gnu", "s390x": "s390x-linux-gnu", "riscv64": "riscv64-linux-gnu",
    "loong64": "loongarch64-linux-gnu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loader:
    """An ELF interpreter that is there, by the path that programs name.

    ``arch`` is a GOARCH; None: the file is no ELF file. ``libraries`` are the names that it finds, without those in a
    program's own run path; None: not known.
    """

    path: str
    libc: Libc | None
    version: LibcVersion | None
    arch: str | None
    libraries: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Userland:
    """A Linux userland, called ``name`` by the caller; ``distro`` and ``release`` are ID and VERSION_ID of os-release.

    ``arch`` is the GOARCH of its own programs, ``libc`` the C library of its /bin/sh, else of the first loader there.
    ``foreign`` are the other GOARCHes whose programs the kernel starts here: an emulator is registered, or it can.
    """

    name: str
    distro: str | None
    release: str | None
    arch: str | None
    libc: Libc | None
    libc_version: LibcVersion | None
    loaders: tuple[Loader, ...] = ()
    foreign: tuple[str, ...] = field(default=())

    def loader(self, path: str) -> Loader | None:
        """Return the loader at this path; None when nothing is there."""
        return next((loader for loader in self.loaders if loader.path == path), None)

    def describe(self) -> str:
        """Say in a few words what it is: ``debian 12, amd64, glibc 2.36``."""
        libc = " ".join(str(part) for part in (self.libc or "no C library", self.libc_version) if part)
        who = " ".join(filter(None, (self.distro, self.release))) or "no os-release"
        return ", ".join((who, self.arch or "unknown machine", libc))


def parse_userland(output: bytes, nonce: str, name: str) -> Userland:
    """Return the userland that the output of ``userland.sh NONCE`` tells of.

    Raises WslgoError when the output does not go from its first section to its last.
    """
    sections = Sections(output, nonce)
    if "begin" not in sections or "end" not in sections:
        last = f"the last section is {sections.last!r}" if sections.last else "there is no section at all"
        raise WslgoError(f"the userland's script did not come to its end: {last}.")
    system = parse_os_release(sections.text("file /etc/os-release") or sections.text("file /usr/lib/os-release"))
    shell = sections.head("sh-head")
    arch = shell.arch if shell and shell.arch else arch_of_uname(sections.text("uname").strip()) or None
    loaders = tuple(_loaders(sections, arch))
    own = next((loader for loader in loaders if shell and loader.path == shell.interpreter), None)
    own = own or next((loader for loader in loaders if loader.arch in (arch, None)), None)
    return Userland(
        name=name,
        distro=system.get("ID") or None,
        release=system.get("VERSION_ID") or system.get("VERSION_CODENAME") or None,
        arch=arch,
        libc=own.libc if own else None,
        libc_version=own.version if own else None,
        loaders=loaders,
        foreign=tuple(sorted(set(_foreign(sections, arch)))),
    )


def _loaders(sections: Sections, native: str | None) -> Iterator[Loader]:
    for path, said in sections.named("loader"):
        head = sections.head(f"head {path}")
        arch = head.arch if head else native if sections.head("sh-head") is None else None
        libc = libc_of_interpreter(path)
        version = _version(said, libc) or (_banner(sections, arch) if libc is Libc.GLIBC else None)
        yield Loader(path, libc, version, arch, tuple(sorted(set(_libraries(sections, path, libc, arch)))))


def _version(said: str, libc: Libc | None) -> LibcVersion | None:
    found = parse_ldd_version(said)
    return found[1] if found and found[0] is libc else None


def _banner(sections: Sections, arch: str | None) -> LibcVersion | None:
    for path, text in sections.named("banner"):
        head = sections.head(f"head {path}")
        if (head is None or head.arch == arch) and (version := _version(text, Libc.GLIBC)):
            return version
    return None


def _libraries(sections: Sections, loader: str, libc: Libc | None, arch: str | None) -> Iterator[str]:
    if libc is Libc.MUSL:
        machine = loader.rpartition("/ld-musl-")[2].removesuffix(".so.1")
        told = f"file /etc/ld-musl-{machine}.path"
        folders = tuple(re.split(r"[:\n]+", sections.text(told))) if told in sections else _MUSL_FOLDERS
    else:
        triple = _TRIPLES.get(arch or "", "none")
        by_triple = tuple(f"{folder}/{triple}" for folder in _GLIBC_FOLDERS)
        folders = sections.lines(f"searched {loader}") or (*by_triple, *_GLIBC_FOLDERS)
        yield from _cached(sections, arch)
    for folder in folders:
        yield from sections.lines(f"names {folder}")


def _cached(sections: Sections, arch: str | None) -> Iterator[str]:
    for found in map(_CACHED.fullmatch, sections.lines("ldconfig")):
        words = (found["words"] or "").split(",") if found else []
        if found and _CACHE_WORDS.get(arch or "", "") in (words or [""]):
            yield found["name"]


def _foreign(sections: Sections, arch: str | None) -> Iterator[str]:
    if arch == "amd64" and "ia32" in sections:
        yield "386"
    for path, text in sections.named("file"):
        magic = re.search(r"^magic ([0-9a-f]+)$", text, re.MULTILINE)
        if path.startswith("/proc/sys/fs/binfmt_misc/") and text.startswith("enabled") and magic:
            emulated = parse_head(bytes.fromhex(magic[1][: len(magic[1]) // 2 * 2])).arch
            if emulated and emulated != arch:
                yield emulated
