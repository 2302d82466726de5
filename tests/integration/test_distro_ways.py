"""The ways into a root file system without an engine, each with the rights that it is meant for."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.lab.alpine import alpine_archive, unpack_alpine
from tests.integration.lab.boots import boot, python_for
from tests.integration.lab.roots import has_static_busybox, make_busybox_root
from tests.integration.lab.trees import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "env", "HOME=/nonexistent"]
NO_ADMIN = ["setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"]
# Who has changed his root cannot make a user namespace (user_namespaces(7)); the new one is this machine's whole tree.
IN_CHROOT = """\
mount --rbind / "$0" && exec chroot "$0" /bin/sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
"""
LOOPBACK = re.compile(r"^Inter-.*\n.*\n +lo:.*\n$")

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="run as root, with setpriv (util-linux), to drop rights"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that everybody can reach and write: those of pytest are the user's own."""
    with tempfile.TemporaryDirectory(prefix="wslgo-lab-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture(scope="module")
def root(folder: Path) -> Path:
    """The least of a root file system: a shell, without /tmp, /proc and /dev."""
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    made = make_busybox_root(folder / "root")
    for name in ("tmp", "proc", "dev"):
        (made / name).rmdir()
    (made / "etc/os-release").write_text("ID=least\nVERSION_ID=1\n")
    return made


@pytest.fixture
def run_dir(folder: Path) -> str:
    return str(folder / f"wslgo-run-{secrets.token_hex(4)}")


def in_chroot(folder: Path, *rights: str) -> list[str]:
    place = folder / "whole"
    place.mkdir(exist_ok=True)
    return ["unshare", "--mount", "/bin/sh", "-c", IN_CHROOT, str(place), *rights]


@pytest.mark.parametrize(
    ("way", "kind"), [("held_by_root", "Entered"), ("held_by_user", "Entered"), ("bubble", "Bubble")]
)
def test_root_enters_by_each_way_and_the_folder_stays_as_it_is(root: Path, run_dir: str, way: str, kind: str) -> None:
    if way == "bubble" and shutil.which("bwrap") is None:
        pytest.skip("install bubblewrap")
    before = state_of(root)

    told = boot([], run_dir, f"least={root}", way)

    assert told["kind"] == kind, told
    assert (told["look"], told["whole"], told["how"]) == ("0\n", True, f"root file system {root}")
    assert told["absent"] == 127, "a program that is not there reads as for a shell, whatever the way"
    assert told["userland"] == "least 1, amd64, no C library"
    assert LOOPBACK.fullmatch(told["net"])
    assert state_of(root) == before


def test_a_copy_of_our_own_is_what_chroot_gets(root: Path, run_dir: str) -> None:
    before = state_of(root)

    told = boot([], run_dir, f"least={root}", "own_copy")

    assert (told["kind"], told["look"], told["whole"]) == ("Chroot", "0\nchanged the root\n", True)
    assert state_of(root) == before


def test_root_takes_the_fastest_way(root: Path, run_dir: str) -> None:
    told = boot([], run_dir, f"least={root}")
    assert told["kind"] == "Entered"
    assert "--user" not in told["way"]


@pytest.mark.parametrize(("way", "kind"), [("", "Entered"), ("bubble", "Bubble")])
def test_a_plain_user_enters_a_folder_of_root(root: Path, run_dir: str, way: str, kind: str) -> None:
    if way == "bubble" and shutil.which("bwrap") is None:
        pytest.skip("install bubblewrap")
    python, environ = _python(PLAIN)
    before = state_of(root)

    told = boot(PLAIN, run_dir, f"least={root}", *filter(None, [way]), python=python, **environ)

    assert told["kind"] == kind, told
    assert (told["look"], told["whole"]) == ("0\n", True)
    assert state_of(root) == before


def test_a_plain_user_unpacks_a_tarball(run_dir: str) -> None:
    python, environ = _python(PLAIN)

    told = boot(PLAIN, run_dir, f"mine={alpine_archive()}", python=python, **environ)

    assert told["look"] == "0\n", told
    assert told["userland"].startswith("alpine 3.")


def test_a_real_userland_is_entered_from_a_folder_too(folder: Path, run_dir: str) -> None:
    alpine = unpack_alpine(folder / "alpine")
    before = state_of(alpine)

    told = boot([], run_dir, f"mine={alpine}")

    assert told["look"] == "0\n"
    assert told["userland"].startswith("alpine 3.")
    assert state_of(alpine) == before


def test_root_without_the_right_to_mount_changes_the_root_of_a_copy(root: Path, folder: Path, run_dir: str) -> None:
    before = state_of(root)

    told = boot(in_chroot(folder, *NO_ADMIN), run_dir, f"least={root}")

    assert told["kind"] == "Chroot", told
    assert told["way"][1] == f"{run_dir}/distros/least/copy"
    assert state_of(root) == before


def test_what_a_tarball_holds_is_ours_already(folder: Path, run_dir: str) -> None:
    told = boot(in_chroot(folder, *NO_ADMIN), run_dir, f"mine={alpine_archive()}")
    assert told["way"][1] == f"{run_dir}/distros/mine/root", told


def test_links_of_a_tarball_do_not_lead_the_devices_out(folder: Path, root: Path, run_dir: str) -> None:
    """/dev, /tmp and the like are made anew in what chroot gets; a link there would make them on this machine."""
    outside = folder / "outside"
    outside.mkdir()
    packed = folder / "links.tar"
    copy = shutil.copytree(root, folder / "links", symlinks=True)
    for name in ("dev", "tmp", "run"):
        (copy / name).symlink_to(outside)
    subprocess.run(["tar", "-C", copy, "-cf", packed, "."], check=True, timeout=60)
    before = state_of(outside)

    told = boot([], run_dir, f"mine={packed}", "own_copy")

    assert told["whole"] is True, told
    assert state_of(outside) == before


def test_a_podman_that_was_never_used_is_not_asked(folder: Path, run_dir: str) -> None:
    """It would make its store in the user's home, to say that it has nothing."""
    if shutil.which("podman") is None:
        pytest.skip("install podman")
    home = folder / "home"
    home.mkdir()
    home.chmod(0o777)
    prefix = [*PLAIN, "-u", "CONTAINERS_STORAGE_CONF", f"HOME={home}"]
    prefix.remove("HOME=/nonexistent")
    python, environ = _python(prefix)

    told = boot(prefix, run_dir, "mine=localhost/none:1", python=python, **environ)

    assert told["reason"] == "missing-tool", told
    assert "(podman was never used by this user, so it has no image; docker " in told["why"]
    assert list(home.iterdir()) == []


def test_where_no_way_works_one_sentence_says_so(root: Path, folder: Path, run_dir: str) -> None:
    prefix = in_chroot(folder, *PLAIN)
    python, environ = _python(prefix)

    told = boot(prefix, run_dir, f"least={root}", python=python, **environ)

    assert told["reason"] == "no-privilege", told
    assert told["why"].startswith(
        "distro least: a root file system needs namespaces, and none can be made here (unshare with a user namespace:"
        " unshare: Operation not permitted; bwrap"
    )
    assert told["why"].endswith(
        "): run as root, allow user namespaces (sysctl user.max_user_namespaces), or give an image of a working engine."
    )


def _python(prefix: list[str]) -> tuple[str, dict[str, str]]:
    found = python_for(prefix)
    if found is None:
        pytest.skip("a plain user can run no Python here that has the dependencies")
    return found
