"""Read what ``NAME=IMAGE`` says: which userland a distro is, by an image, a root file system or a target's spec."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.spec import parse_spec, several

if TYPE_CHECKING:
    from collections.abc import Iterable

FORM: Final = (
    "NAME=IMAGE, such as debian=docker.io/library/debian:12, alpine=alpine-rootfs.tar.gz, old=/srv/roots/old,"
    " box=podman://box or wsl=wsl://Ubuntu"
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
# The grammar of distribution/reference: a registry with a port, a path in lower case, a tag, a digest.
_IMAGE: Final = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?"
    r"(?:@[a-z0-9]+:[0-9a-f]{32,})?"
)
_ARCHIVE: Final = re.compile(r"\.(?:tar|tar\.[a-z0-9]+|t[gbx]z|tar\.zst)$")


class Kind(StrEnum):
    """What an IMAGE is: an image of a container engine, a path on this machine, or a running machine."""

    IMAGE = "image"
    PATH = "path"
    SPEC = "spec"


@dataclass(frozen=True, slots=True)
class Image:
    """A distro that is asked for. ``text`` is the name of an image, an absolute path, or a target's spec.

    ``named`` tells that the caller named it; the built-in ones may be missing.
    """

    name: str
    kind: Kind
    text: str
    named: bool = True

    def __str__(self) -> str:
        return f"{self.name}={self.text}"


# The images that everybody has when he has any.
BUILT_IN: Final = tuple(
    Image(name, Kind.IMAGE, f"docker.io/library/{name}", named=False) for name in ("debian", "ubuntu", "alpine")
)


def parse_image(text: str, folder: Path, option: str = "--wslgo-distro") -> Image:
    """Return what ``text`` says; a path in it is relative to ``folder``, ``option`` opens the sentence of an error.

    Raises BadInput, naming the form, when it says nothing; whether the image is there is not asked.

    >>> parse_image("alpine=docker.io/library/alpine:3.20", Path("/")).kind
    <Kind.IMAGE: 'image'>
    """
    name, equals, image = (part.strip() for part in text.partition("="))
    if not equals or not image:
        raise BadInput(f"{option} {text!r} names no image; the form is {FORM}")
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{option} {text!r}: {name!r} is no name (letters, digits, '.', '_' and '-'); the form is {FORM}"
        )
    if "://" in image:
        try:
            if parse_spec(image).is_every_distro:
                raise several(image)
        except BadInput as problem:
            raise BadInput(f"{option} {text!r}: {problem}") from None
        return Image(name, Kind.SPEC, image)
    path = folder / Path(image).expanduser()
    if image.startswith(("/", ".", "~")) or os.access(path, os.F_OK) or _ARCHIVE.search(image):
        return Image(name, Kind.PATH, str(path))
    if not _IMAGE.fullmatch(image):
        raise BadInput(f"{option} {text!r}: {image!r} is neither a file nor the name of an image; the form is {FORM}")
    return Image(name, Kind.IMAGE, image)


def all_images(named: Iterable[Image]) -> dict[str, Image]:
    """Return the distros of a run by name: the built-in ones, replaced or joined by those that the caller named."""
    return {image.name: image for image in (*BUILT_IN, *named)}
