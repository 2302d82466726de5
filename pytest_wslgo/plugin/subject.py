"""The subject: the directory of the user's own Go module, as ``--wslgo-subject`` or the settings file names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest

if TYPE_CHECKING:
    from pathlib import Path


def checked_subject(folder: Path, option: str) -> Path:
    """Return the directory, its links followed, when it holds a go.mod; ``option`` opens the sentence otherwise.

    Raises:
        BadInput: no directory, or none with a go.mod; names the nearest one.
    """
    try:
        if (folder / "go.mod").is_file():
            return folder.resolve()
        if not folder.is_dir():
            raise BadInput(f"{option} {folder} is not a directory{_nearest_folder(folder)}; give that of a Go module")
        raise BadInput(f"{option} {folder} holds no go.mod{_nearest_module(folder)}; give the directory of a Go module")
    except OSError as error:
        raise BadInput(f"{option} {folder} cannot be read: {error.strerror or error}") from None


def _nearest_folder(folder: Path) -> str:
    if not folder.parent.is_dir():
        return ""
    return nearest(str(folder), (str(path) for path in folder.parent.iterdir() if path.is_dir()))


def _nearest_module(folder: Path) -> str:
    folder = folder.resolve()
    beside = (*folder.parents, *sorted(path for path in folder.iterdir() if path.is_dir()))
    found = next((path for path in beside if (path / "go.mod").is_file()), None)
    return f" (did you mean '{found}'?)" if found else ""
