"""The subject: the user's own Go module or binary, as ``--wslgo-subject`` or the settings file names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.model.elf import Elf


def checked_subject(path: Path, option: str) -> Path:
    """Return the directory of a Go module, or the file of a Linux program, its links followed.

    Raises:
        BadInput: neither is there, in one sentence that ``option`` opens; names the nearest directory.
    """
    try:
        if (path / "go.mod").is_file():
            return path.resolve()
        if path.is_file():
            _checked_program(path, option)
            return path.resolve()
        if path.is_dir():
            raise BadInput(f"{option} {path} holds no go.mod{_nearest_module(path)}; give the directory of a Go module")
        what = "is neither a file nor a directory" if path.exists() else f"is not there{_nearest(path)}"
        raise BadInput(f"{option} {path} {what}; give the directory of a Go module, or a program's file")
    except OSError as error:
        raise BadInput(f"{option} {path} cannot be read: {error.strerror or error}") from None


def _checked_program(path: Path, option: str) -> None:
    from pytest_wslgo.model.elf import Linkage, MalformedElf, NotElf, read_elf

    advice = "give a Linux program, or the directory of a Go module"
    try:
        elf: Elf = read_elf(path.read_bytes(), str(path))
    except MalformedElf as error:
        raise BadInput(f"{option} {error}") from None
    except NotElf as error:
        hint = f" (did you mean '{path.parent}'?)" if path.name in ("go.mod", "main.go") else ""
        raise BadInput(f"{option} {error}{hint}; {advice}") from None
    if elf.linkage in (Linkage.SHARED_LIBRARY, Linkage.NOT_LINKED):
        raise BadInput(f"{option} {path} is no program: {elf.explain().rstrip('.')}; {advice}")


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    hint = nearest(path.name, (one.name for one in path.parent.iterdir()))
    return hint.replace("'", f"'{path.parent}/", 1)


def _nearest_module(folder: Path) -> str:
    folder = folder.resolve()
    beside = (*folder.parents, *sorted(path for path in folder.iterdir() if path.is_dir()))
    found = next((path for path in beside if (path / "go.mod").is_file()), None)
    return f" (did you mean '{found}'?)" if found else ""
