"""Userlands from what this machine has: roots of its own files, and a Debian or Ubuntu by mmdebstrap.

A root that is assembled is called what it is: ``host`` (this machine's loader, C library, shell and tools) or ``musl``
(musl's loader, which is its libc, and BusyBox), in its os-release too. It is no Debian and no Alpine.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import MissingTool, NoNetwork, WslgoError
from pytest_wslgo.model.libc import Libc, libc_of_interpreter
from pytest_wslgo.model.platform import parse_os_release
from pytest_wslgo.model.program_head import ProgramFormat, parse_head
from pytest_wslgo.target.distros.place import Place
from pytest_wslgo.target.distros.rooted import follow
from pytest_wslgo.target.kernel import is_root
from pytest_wslgo.target.process import run_process
from pytest_wslgo.target.result import last_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
TOOLS: Final = (
    "sh", "cat", "chmod", "cp", "cut", "date", "dd", "df", "dirname", "env", "expr", "false", "getconf", "grep", "head",
    "id", "kill", "ldconfig", "ln", "ls", "mkdir", "mv", "od", "printf", "ps", "readlink", "rm", "rmdir", "sed", "seq",
    "setsid", "sleep", "sort", "stat", "tail", "tar", "tee", "test", "timeout", "touch", "tr", "true", "uname", "wc",
)  # fmt: skip
# What one package of a C library brings, beside libc.so.6; programs load them by name (dlopen, NSS) or need them.
FAMILY: Final = (
    "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "libutil.so.1", "libnss_*.so.2",
    "libanl.so.1", "libmvec.so.1", "libgcc_s.so.1",
)  # fmt: skip
TOP: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
TOOL_DEADLINE: Final = 30.0
BOOTSTRAP_DEADLINE: Final = 600.0
_NEEDED: Final = re.compile(r"(?:=>\s+|^\s+)(/\S+) \(0x", re.MULTILINE)
_PASSWD: Final = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
_GROUP: Final = "root:x:0:\nnogroup:x:65534:\n"
_RELEASE: Final = 'NAME="{what}"\nID={name}\nPRETTY_NAME="{what}"\n'


def host_root(root: Path) -> Place:
    """Assemble a root of this machine's own loader, C library, shell and tools in ``root``; raise MissingTool."""
    for name in TOP:
        if (link := Path("/", name)).is_symlink() and not link.readlink().is_absolute():
            _folder(root / link.readlink())
            (root / name).symlink_to(link.readlink())
    found = {tool: shutil.which(tool, path=SYSTEM_PATH) for tool in TOOLS}
    if found["sh"] is None or shutil.which("ldd") is None:
        raise MissingTool("distro host: a root of this machine's own files needs its sh and its ldd (libc-bin).")
    programs = [path for path in found.values() if path]
    libraries = _libraries(programs)
    for path in (*programs, *sorted(libraries), *_family(libraries)):
        _take(path, root)
    if not (root / "bin/sh").exists():
        _take("/bin/sh", root)
    _complete(root, "host", "this machine's own C library")
    return Place("assembled from this machine's own loader, C library and tools", str(root), ours=True)


def musl_root(root: Path) -> Place:
    """Assemble a root of musl's loader and BusyBox in ``root``; raise MissingTool when either is not here."""
    loader = next(iter(sorted(Path("/lib").glob("ld-musl-*.so.1"))), None)
    busybox = next((path for path in map(Path, ("/bin/busybox", "/usr/bin/busybox")) if _starts_with_musl(path)), None)
    if loader is None or busybox is None:
        lacking = "the musl loader (musl)" if loader is None else "a static BusyBox (busybox-static)"
        raise MissingTool(f"distro musl: {lacking} is not installed here.")
    listed = run_process([str(busybox), "--list"], deadline=TOOL_DEADLINE)
    for folder in ("bin", "lib"):
        _folder(root / folder)
    shutil.copy(busybox, root / "bin/busybox")
    for applet in listed.stdout.decode().split():
        if applet != "busybox" and "/" not in applet:
            (root / "bin" / applet).symlink_to("busybox")
    shutil.copy(loader.resolve(), root / "lib" / loader.name)
    (root / "lib" / loader.name.replace("ld-musl", "libc.musl")).symlink_to(loader.name)
    _complete(root, "musl", "musl and BusyBox")
    return Place("assembled from this machine's musl loader and BusyBox", str(root), ours=True)


def bootstrapped(name: str, cache: str, room: Path, *, network: bool) -> tuple[Path, str] | None:
    """Return the tarball of a Debian or Ubuntu that mmdebstrap made, from our cache or, with the network, made now.

    Only the distribution of this machine can be made, from its own package sources: None for any other.
    Raises MissingTool or NoNetwork.
    """
    kept = Path(cache) / "distros" / f"{name}.tar"
    if kept.is_file():
        return kept, f"made by mmdebstrap, kept in {kept}"
    release = parse_os_release(Path("/etc/os-release").read_text(encoding="utf-8", errors="replace"))
    if release.get("ID") != name:
        return None
    if shutil.which("mmdebstrap") is None:
        raise MissingTool("mmdebstrap, which could make one, is not installed")
    if not network:
        raise NoNetwork("mmdebstrap could make one with --wslgo-network")
    _bootstrap(release.get("VERSION_CODENAME", ""), kept, room)
    return kept, f"made by mmdebstrap, kept in {kept}"


def _bootstrap(suite: str, kept: Path, room: Path) -> None:
    """The mounts of mmdebstrap stay in a mount namespace of its own, whatever ends it."""
    _folder(kept.parent)
    _folder(room)
    made_here, draft = room / "made.tar", kept.with_suffix(".new")
    sources = ("/etc/apt/sources.list", *map(str, sorted(Path("/etc/apt/sources.list.d").glob("*.sources"))))
    private = ["unshare", "--mount"] if is_root() else []
    words = ["mmdebstrap", "--variant=essential", suite, str(made_here), *filter(os.path.isfile, sources)]
    made = run_process([*private, *words], env={**os.environ, "TMPDIR": str(room)}, deadline=BOOTSTRAP_DEADLINE)
    if made.status != 0 or made.overran:
        raise WslgoError(f"mmdebstrap made no {suite}: {last_lines(made.stderr, 1)}")
    shutil.copyfile(made_here, draft)
    made_here.unlink()
    draft.replace(kept)


def _libraries(programs: list[str]) -> set[str]:
    """Return what the loader finds for programs, itself included."""
    return set(_NEEDED.findall(run_process(["ldd", *programs], deadline=TOOL_DEADLINE).stdout.decode()))


def _family(libraries: set[str]) -> Iterator[str]:
    for libc in libraries:
        if Path(libc).name == "libc.so.6":
            for pattern in FAMILY:
                yield from map(str, sorted(Path(libc).parent.glob(pattern)))


def _take(path: str, root: Path) -> None:
    place = follow(root, path)
    if not place.exists():
        _folder(place.parent)
        shutil.copy(path, place)


def _starts_with_musl(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        head = parse_head(stream.read(1024))
    return head.format is ProgramFormat.ELF and (
        head.interpreter is None or libc_of_interpreter(head.interpreter) is Libc.MUSL
    )


def _complete(root: Path, name: str, what: str) -> None:
    for folder in ("etc", "root", "var/tmp", "usr/bin"):
        _folder(root / folder)
    (root / "var/tmp").chmod(0o1777)
    for file, text in (("passwd", _PASSWD), ("group", _GROUP), ("hosts", "127.0.0.1 localhost\n")):
        (root / "etc" / file).write_text(text, encoding="utf-8")
    (root / "etc/os-release").write_text(_RELEASE.format(name=name, what=what), encoding="utf-8")


def _folder(path: Path) -> None:
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
