"""Where an SDK came from, by the layouts of the real packagings."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.sdk_origin import Origin, origin_of

LAYOUTS = [
    ("/usr/local/go", Origin.TARBALL),
    ("/usr/local/go1.26.4", Origin.TARBALL),
    ("/usr/lib/go-1.19", Origin.APT),
    ("/usr/lib/golang", Origin.DNF),
    ("/snap/go/10660", Origin.SNAP),
    ("/var/lib/snapd/snap/go/10660", Origin.SNAP),
    ("/home/u/.gvm/gos/go1.22.10", Origin.GVM),
    ("/home/u/.goenv/versions/1.22.10", Origin.GOENV),
    ("/home/u/.asdf/installs/golang/1.22.10/go", Origin.ASDF),
    ("/home/u/.local/share/mise/installs/go/1.22.10", Origin.MISE),
    ("/home/u/sdk/go1.22.10", Origin.GO_DL),
    ("/home/u/sdk/go1.27rc1", Origin.GO_DL),
    ("/home/u/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.4.linux-amd64", Origin.GO_TOOLCHAIN),
    ("/home/u/v/lib/python3.11/site-packages/go", Origin.WHEEL),
    ("/home/linuxbrew/.linuxbrew/Cellar/go/1.26.4/libexec", Origin.HOMEBREW),
    ("/nix/store/0c2dx5rq1y0z-go-1.26.4/share/go", Origin.NIX),
    ("/opt/hostedtoolcache/go/1.26.4/x64", Origin.SETUP_GO),
    ("/mnt/c/Go", Origin.WINDOWS),
    (r"C:\Program Files\Go", Origin.WINDOWS),
    ("/opt/mine/go", Origin.UNKNOWN),
    ("", Origin.UNKNOWN),
]


@pytest.mark.parametrize(("goroot", "origin"), LAYOUTS)
def test_origin_by_layout(goroot: str, origin: Origin) -> None:
    assert origin_of(goroot) is origin


@pytest.mark.parametrize(
    ("distro", "origin"),
    [
        ("debian", Origin.APT),
        ("linuxmint ubuntu debian", Origin.APT),
        ("alpine", Origin.APK),
        ("arch", Origin.PACMAN),
        ("manjaro arch", Origin.PACMAN),
        ("opensuse-leap suse opensuse", Origin.ZYPPER),
        ("void", Origin.UNKNOWN),
        ("", Origin.UNKNOWN),
    ],
)
def test_the_place_that_packagings_share_is_told_by_the_distribution(distro: str, origin: Origin) -> None:
    assert origin_of("/usr/lib/go", distro) is origin


def test_an_official_archive_is_known_wherever_it_was_unpacked() -> None:
    root = ("LICENSE", "PATENTS", "README.md", "VERSION", "bin", "pkg", "src")
    assert origin_of("/opt/tools/go", files=root) is Origin.TARBALL


def test_a_wheel_is_known_outside_of_site_packages() -> None:
    assert origin_of("/cache/1.22.10/go", files=("VERSION", "__init__.py", "bin")) is Origin.WHEEL


@pytest.mark.parametrize("origin", list(Origin))
def test_every_origin_says_how_its_sdk_is_made_whole(origin: Origin) -> None:
    assert origin.reinstall.startswith(("run `", "unpack ", "install ", "remove ", "let "))


def test_where_the_mount_table_was_asked_a_drive_is_what_it_says() -> None:
    assert origin_of("/windrive/tools/go", on_windows=True) is Origin.WINDOWS
    assert origin_of("/mnt/d/sdk/go1.26.4", on_windows=False) is Origin.GO_DL
