"""Snapshots of made-up machines for the tests of setup facts: a healthy one, of which a test changes what matters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.facts import Answer, Clock, GoFile, Goroot, PathStat, Shell
from pytest_wslgo.model.mounts import Mount
from pytest_wslgo.model.program_head import parse_head
from tests.recordings import RECORDINGS

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

ALPINE = parse_collected((RECORDINGS / "collected_alpine.txt").read_bytes(), "wslgo-recorded")
"""A container of Alpine, whose login shell loses the PATH of the image, and go with it."""

GO = "/usr/local/go/bin/go"
PATH = "/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin"
ELF = parse_head(bytes.fromhex("7f454c4602010100000000000000000002003e0001000000"))
DRIVE = Mount("C:\\", "/windrive", "9p", "rw,aname=drvfs;path=C:\\;uid=1000,trans=fd")
PARTS = (
    *("VERSION", "go.env", "src/runtime/extern.go", "pkg/include/textflag.h", "pkg/tool", "bin/go", "bin/gofmt"),
    *(f"pkg/tool/linux_amd64/{tool}" for tool in ("asm", "cgo", "compile", "link")),
)


def said(version: str, platform: str = "linux/amd64") -> Answer:
    """What ``go version`` says."""
    return Answer(0, f"go version {version} {platform}\n")


def failed(error: str, status: int = 2) -> Answer:
    """A go command that stops with an error."""
    return Answer(status, "", f"{error}\n")


def a_go(path: str = GO, version: str | None = "go1.27.3", **changes: Any) -> GoFile:  # noqa: ANN401 - any field of a go
    values: dict[str, Any] = {
        "real": path,
        "link": None,
        "stat": PathStat(path, 0o100755, 0, 0, 1_780_000_000),
        "head": ELF,
        "version": said(version) if version else None,
    }
    return GoFile(path, **{**values, **changes})


def a_goroot(path: str = "/usr/local/go", version: str = "go1.27.3", **changes: Any) -> Goroot:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "version_file": f"{version}\ntime 2026-05-28T16:20:06Z\n",
        "go_env_file": "GOTOOLCHAIN=auto\n",
        "parts": PARTS,
        "compile": Answer(0, f"compile version {version}\n"),
        "stats": (PathStat(f"{path}/VERSION", 0o100644, 0, 0, 1_780_000_000),),
    }
    return Goroot(path, **{**values, **changes})


def a_shell(
    name: str,
    word: str | None = GO,
    *,
    path: str = PATH,
    answer: Answer | None = None,
    values: dict[str, str] | None = None,
    **environ: str,
) -> Shell:
    """A shell of a user whose go is there; ``environ`` is what it exports beside PATH, ``values`` what go env says."""
    go_values = {"GOROOT": "/usr/local/go", "GOHOSTARCH": "amd64", "GOENV": "/home/dev/.config/go/env"} | (values or {})
    return Shell(
        name=name,
        started=True,
        status=0,
        word=word,
        environ=(("PATH", path), ("HOME", "/home/dev"), *environ.items()),
        go_version=answer or (said("go1.27.3") if word else None),
        go_env=Answer(0) if word else None,
        go_values=tuple(go_values.items()) if word else (),
    )


def a_box(
    *,
    plain: Shell | None = None,
    login: Shell | None = None,
    interactive: Shell | None = None,
    **changes: Any,  # noqa: ANN401 - any field of a snapshot
) -> Snapshot:
    """A healthy machine with the official archive in /usr/local/go; shells not given are like the login shell."""
    login = login or a_shell("login")
    shells = (plain or replace(login, name="plain"), login, interactive or replace(login, name="interactive"))
    values: dict[str, Any] = {
        "gos": (a_go(),),
        "goroots": (a_goroot(),),
        "folders": (),
        "files": (),
        "answers": (),
        "path_folders": tuple(PATH.split(":")),
        "clock": Clock(1_795_000_000, 1_795_000_001, 1_794_000_000, 1_794_000_000.0),
    }
    return replace(ALPINE, shells=shells, **{**values, **changes})


def with_drive(box: Snapshot) -> Snapshot:
    """The same machine with the Windows drive C: mounted at /windrive."""
    return replace(box, evidence=replace(box.evidence, mounts=(*box.evidence.mounts, DRIVE)))
