"""The distros that the caller names, by ``--wslgo-distro`` or by the key ``distro`` of the settings file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.distros.image import Image, parse_image

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from pytest_wslgo.model.settings import FileSettings


def named_distros(config: pytest.Config, stored: FileSettings, where: Path | None) -> tuple[Image, ...]:
    """Return the distros that the caller named; those of the command line replace those of the settings file.

    Raises:
        BadInput: a text that names no distro, or a name that has two images.
    """
    given: list[str] = config.getoption("wslgo_distro")
    if given or where is None:
        images = [parse_image(text, config.invocation_params.dir) for text in given]
    else:
        images = [parse_image(text, where.parent, f"{where}: distro") for text in stored.distro]
    names = [image.name for image in images]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"--wslgo-distro names {name!r} twice; a distro has one image")
    return tuple(images)
