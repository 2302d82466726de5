"""The caller's own settings: ``wslgo.toml`` or ``[tool.wslgo]`` of pyproject.toml (DESIGN section 6).

Keys are the options' names without ``--wslgo-``; paths in them are relative to the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.language import Language  # noqa: TC001 - to_value reads the annotations
from pytest_wslgo.model.tables import read_toml, to_value

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What a settings file may say; None and empty mean that it does not say it.

    ``target``, ``go`` and ``distro`` are option values, ``waivers``, ``subject``, ``ledger``, ``html``, ``sarif`` and
    ``prometheus`` are paths, ``profiles`` has tables as in profiles.toml, ``go_floor`` is the oldest Go that shall be
    supported, ``ships`` the distributions (``debian 12``) that the subject must start on, ``waiver_days`` the longest
    life of a waiver, ``declares`` says by claim what is absent.
    """

    target: tuple[str, ...] = ()
    go: tuple[str, ...] = ()
    distro: tuple[str, ...] = ()
    profile: str | None = None
    waivers: str | None = None
    network: bool = False
    lang: Language | None = None
    subject: str | None = None
    go_floor: str | None = None
    ships: tuple[str, ...] = ()
    profiles: dict[str, Any] = field(default_factory=dict)
    waiver_days: int | None = None
    ledger: str | None = None
    html: str | None = None
    sarif: str | None = None
    prometheus: str | None = None
    declares: dict[str, Any] = field(default_factory=dict)


def find_settings(folder: Path) -> tuple[FileSettings, Path | None]:
    """Return the settings that hold in ``folder`` and the file that they stand in (None when there is none).

    ``wslgo.toml`` wins over pyproject.toml; parents are not searched.

    Raises:
        BadInput: malformed file, unknown key (with the nearest valid one), or a value of the wrong type.
    """
    own = folder / "wslgo.toml"
    if own.exists() or own.is_symlink():
        return to_value(read_toml(own, what="settings file"), FileSettings, where=str(own)), own
    project = folder / "pyproject.toml"
    if project.is_file():
        table = _tool_table(project)
        if table is not None:
            return to_value(table, FileSettings, where=f"{project} [tool.wslgo]"), project
    return FileSettings(), None


def _tool_table(project: Path) -> object | None:
    tool = read_toml(project, what="project file").get("tool", {})
    if not isinstance(tool, dict):
        raise BadInput(f"{project}: 'tool' is not a table")
    table: object | None = tool.get("wslgo")
    return table
