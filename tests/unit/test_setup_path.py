"""PATH of the login shell: the other Go's on it, and what stands before go."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_wslgo.model.facts import PathStat
from pytest_wslgo.model.program_head import parse_head
from pytest_wslgo.model.setup import rivals
from pytest_wslgo.model.setup.path import path_head
from tests.unit.boxes import GO, PATH, a_box, a_go, a_shell, with_drive

SCRIPT = parse_head(b"#!/bin/sh\n")


def on_path(*gos: object, path: str = f"{PATH}:/opt/go/bin") -> rivals.GosOnPath:
    return rivals.gos_on_path(a_box(login=a_shell("login", path=path), gos=(a_go(), *gos)))


def test_a_second_go_of_another_version_is_named() -> None:
    first = a_go("/usr/bin/go", "go1.19.8", real="/usr/lib/go-1.19/bin/go")
    again = a_go("/bin/go", real="/usr/lib/go-1.19/bin/go", version=None)
    gos = on_path(first, again)
    assert gos.told == (
        f"the login shell's PATH has more than one Go: {GO} (go1.27.3), /usr/bin/go (go1.19.8); the first is what runs"
    )


def test_a_go_whose_version_is_not_known_is_named_by_its_kind() -> None:
    assert on_path(a_go("/opt/go/bin/go", version=None, head=SCRIPT)).others == (
        "/opt/go/bin/go (a script for /bin/sh)",
    )


@pytest.mark.parametrize(
    "go",
    [
        a_go("/usr/bin/go", real=GO, link=GO),
        a_go("/opt/go/bin/go"),
        a_go("/opt/go/bin/go", "go1.19.8", stat=None),
        a_go("/opt/go/bin/go", "go1.19.8", stat=PathStat("", 0o40755, 0, 0)),
        a_go("/nowhere/go", "go1.19.8"),
    ],
    ids=["a-link", "the-same-version", "dangling", "a-directory", "not-on-path"],
)
def test_what_is_no_second_go(go: object) -> None:
    assert on_path(go).others == ()


def head(path: str, **changes: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - any field of a snapshot
    box = with_drive(a_box(login=a_shell("login", path=path), **changes))
    found = path_head(box)
    return {name: getattr(found, name).entries for name in found.__slots__ if getattr(found, name).entries}


@pytest.mark.parametrize(
    ("path", "odd"),
    [
        (PATH, {}),
        (f"/usr/local/sbin:/usr/games:{PATH}:.::/gone", {}),
        (f".:{PATH}", {"relative": (".",)}),
        (f"~/bin:C:\\Go:{PATH}", {"relative": ("~/bin", "C", "\\Go")}),
        (f":{PATH}", {"empty": ("",)}),
        (f"/gone/bin:{PATH}", {"missing": ("/gone/bin",)}),
        (f"/usr/bin:/usr/bin:{PATH}", {"repeated": ("/usr/bin",)}),
        (f"{PATH}:/usr/local/go/bin:/usr/local/go/bin", {"repeated": ("/usr/local/go/bin",)}),
        (f"/windrive/Windows:{PATH}", {"missing": ("/windrive/Windows",), "on_windows": ("/windrive/Windows",)}),
        (f"{PATH}:/windrive/Windows", {}),
    ],
)
def test_what_stands_before_go_on_path(path: str, odd: dict[str, tuple[str, ...]]) -> None:
    assert head(path) == odd


def test_what_a_second_login_shell_adds_once_more_is_no_repetition() -> None:
    path = f"/usr/local/go/bin:{PATH}"
    assert head(path, plain=a_shell("plain", path=PATH)) == {}
    assert head(path, plain=a_shell("plain", path="/bin")) == {"repeated": ("/usr/local/go/bin",)}


def test_snapd_puts_its_directory_behind_those_of_windows() -> None:
    login = a_shell("login", "/snap/bin/go", path="/usr/bin:/windrive/Windows:/snap/bin")
    box = with_drive(a_box(login=login, path_folders=("/usr/bin", "/windrive/Windows", "/snap/bin")))
    assert path_head(box).on_windows.entries == ()


def test_odd_entries_are_told_with_their_origin() -> None:
    box = a_box(login=a_shell("login", path=f"{':'.join('abcdef')}::{PATH}"))
    found = path_head(box)
    assert found.relative.told.startswith("before go on the login shell's PATH, a relative entry: a (")
    assert found.relative.told.endswith(" and 1 more")
    assert found.empty.told.startswith("before go on the login shell's PATH, the current directory: an empty entry (")
    assert found.missing.told == "before go on the login shell's PATH, nothing is not there"
