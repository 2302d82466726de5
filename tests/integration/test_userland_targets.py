"""Userlands of real machines: read by one command, whatever tools are missing there, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.program_head import arch_of_uname
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.userland import read_userland
from tests.integration.lab.alpine import unpack_alpine
from tests.integration.lab.roots import has_static_busybox, make_busybox_root, make_glibc_root, make_musl_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pytest_wslgo.target.result import CommandResult


def test_every_machine_is_read_by_one_command(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    here = arch_of_uname(machine.run(["uname", "-m"]).text.strip())
    commands: list[str] = []
    run = Target.run

    def counted(target: Target, argv: Sequence[str], *, stdin: bytes, deadline: float) -> CommandResult:
        commands.append(argv[0])
        return run(target, argv, stdin=stdin, deadline=deadline)

    monkeypatch.setattr(Target, "run", counted)
    read = read_userland(machine, "lab")
    assert len(commands) == 1
    assert (read.name, read.arch) == ("lab", here)


def test_alpine_is_what_it_says(tmp_path: Path) -> None:
    with open_target(f"chroot://{unpack_alpine(tmp_path / 'root')}") as alpine:
        read = read_userland(alpine, "alpine")
    assert (read.distro, read.libc) == ("alpine", Libc.MUSL)
    assert str(read.libc_version).startswith("1.2.")
    assert [loader.path for loader in read.loaders] == ["/lib/ld-musl-x86_64.so.1"]
    assert "libcrypto.so.3" in (read.loaders[0].libraries or ())


@pytest.mark.parametrize(("make", "libc"), [(make_glibc_root, Libc.GLIBC), (make_musl_root, Libc.MUSL)])
def test_small_roots_tell_their_libc(make: Callable[[Path], Path], libc: Libc, tmp_path: Path) -> None:
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    with open_target(f"chroot://{make(tmp_path / 'root')}") as small:
        read = read_userland(small, "small")
    assert read.libc is libc
    assert read.libc_version is not None
    assert read.loaders[0].libraries


@pytest.mark.parametrize("absent", ["od", "grep", "sed", "uname", "tr"])
def test_a_tool_that_is_missing_costs_no_more_than_its_own_facts(absent: str, tmp_path: Path) -> None:
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    make_musl_root(tmp_path / "root")
    (tmp_path / "root/bin" / absent).unlink()
    with open_target(f"chroot://{tmp_path / 'root'}") as bare:
        read = read_userland(bare, "bare")
    assert (read.arch, read.libc) == ("amd64", Libc.MUSL)
    assert str(read.libc_version).startswith("1.")


def test_without_any_c_library_there_is_none(tmp_path: Path) -> None:
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    with open_target(f"chroot://{make_busybox_root(tmp_path / 'root')}") as bare:
        read = read_userland(bare, "bare")
    assert (read.libc, read.loaders) == (None, ())
