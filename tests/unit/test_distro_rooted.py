"""A path of a root file system is followed as inside of it: no link leads out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.target.distros.rooted import Climbs, follow

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("link", "to", "path", "place"),
    [
        ("bin", "usr/bin", "/bin/sh", "usr/bin/sh"),
        ("bin", "/usr/bin", "bin/sh", "usr/bin/sh"),
        ("run", "../../../../run/x", "run/y", "run/x/y"),
        ("a", "./b/../c", "a", "c"),
        ("plain", "elsewhere", "other/../../name", "name"),
    ],
)
def test_a_link_stays_inside(tmp_path: Path, link: str, to: str, path: str, place: str) -> None:
    (tmp_path / link).symlink_to(to) if link != "run" else (tmp_path / "etc").mkdir()
    if link == "run":
        (tmp_path / "etc/run").symlink_to(to)
        path = f"etc/{path}"
    assert follow(tmp_path, path) == tmp_path / place


def test_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        follow(tmp_path, "a")


@pytest.mark.parametrize(
    ("to", "said"), [("/etc", "a -> /etc"), ("../..", "a/x"), ("b/../../etc", "a/x")], ids=["absolute", "up", "through"]
)
def test_strictly_a_link_that_leads_out_is_refused(tmp_path: Path, to: str, said: str) -> None:
    (tmp_path / "a").symlink_to(to)
    with pytest.raises(Climbs) as raised:
        follow(tmp_path, "a/x", strict=True)
    assert str(raised.value) == said
