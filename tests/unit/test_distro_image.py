"""What ``--wslgo-distro NAME=IMAGE`` says, and the sentence for what says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.distros.image import FORM, Image, Kind, all_images, parse_image

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "image",
    [
        "debian",
        "debian:12",
        "docker.io/library/debian:bookworm-slim",
        "localhost:5000/team/base:1.0",
        "registry.k8s.io/pause@sha256:" + "0" * 64,
    ],
)
def test_the_name_of_an_image(tmp_path: Path, image: str) -> None:
    assert parse_image(f"x={image}", tmp_path) == Image("x", Kind.IMAGE, image)


def test_a_path_is_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    assert parse_image("x=root", tmp_path) == Image("x", Kind.PATH, str(tmp_path / "root"))
    assert parse_image("x=/srv/root", tmp_path) == Image("x", Kind.PATH, "/srv/root")
    assert parse_image("x=./none", tmp_path) == Image("x", Kind.PATH, str(tmp_path / "none"))


def test_the_home_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jane")
    assert parse_image("x=~/root", tmp_path).text == "/home/jane/root"


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.zst"])
def test_what_is_called_like_a_tarball_is_a_path_even_when_it_is_not_there(tmp_path: Path, name: str) -> None:
    assert parse_image(f"x={name}", tmp_path).kind is Kind.PATH


def test_a_running_machine_is_named_by_its_spec(tmp_path: Path) -> None:
    assert parse_image("x=podman://box", tmp_path) == Image("x", Kind.SPEC, "podman://box")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("debian", "names no image"),
        ("debian=", "names no image"),
        ("=debian", "'' is no name (letters, digits, '.', '_' and '-')"),
        ("../x=debian", "'../x' is no name (letters, digits, '.', '_' and '-')"),
        ("x=Not An Image", "'Not An Image' is neither a file nor the name of an image"),
    ],
)
def test_what_names_no_distro(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse_image(text, tmp_path)
    colon = " " if sentence.startswith("names") else ": "
    assert str(raised.value) == f"--wslgo-distro {text!r}{colon}{sentence}; the form is {FORM}"


def test_a_wrong_spec_is_told_as_that_of_a_target(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        parse_image("x=podmn://box", tmp_path)
    sentence = str(raised.value)
    assert sentence.startswith("--wslgo-distro 'x=podmn://box': target 'podmn://box' is none (did you mean 'podman'?);")


def test_a_distro_is_one_wsl_distribution_not_all(tmp_path: Path) -> None:
    assert parse_image("deb=wsl://Debian", tmp_path) == Image("deb", Kind.SPEC, "wsl://Debian")
    with pytest.raises(BadInput, match=r"'deb=wsl://all': target 'wsl://all' .* one machine is asked for"):
        parse_image("deb=wsl://all", tmp_path)


def test_what_the_caller_names_replaces_or_joins_the_built_in_ones(tmp_path: Path) -> None:
    old = parse_image("debian=debian:10", tmp_path)
    mine = parse_image("mine=/srv/mine", tmp_path)
    images = all_images((old, mine))
    assert list(images) == ["debian", "ubuntu", "alpine", "mine"]
    assert images["debian"] == old
    assert [name for name, image in images.items() if image.named] == ["debian", "mine"]
