"""Userlands of real machines as ``userland.sh`` printed them, and what a bare or an old one leaves out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.userland import Userland, parse_userland

RECORDED = Path(__file__).parent / "data" / "userlands"


def recorded(name: str) -> bytes:
    """Return what the script printed on a real machine; of Debian's many libraries a few were kept."""
    return (RECORDED / f"{name}.txt").read_bytes()


def userland(output: bytes) -> Userland:
    return parse_userland(output, "NONCE", "lab")


@pytest.mark.parametrize(
    ("name", "told", "loaders"),
    [
        ("alpine-3.20", "alpine 3.20.3, amd64, musl 1.2.5", ["/lib/ld-musl-x86_64.so.1"]),
        ("musl-and-busybox", "musl-lab 1, amd64, musl 1.2.3", ["/lib/ld-musl-x86_64.so.1"]),
        ("static-busybox", "no os-release, amd64, no C library", []),
        (
            "debian-12",
            "debian 12, amd64, glibc 2.36",
            [
                "/lib/ld-musl-x86_64.so.1",
                "/lib64/ld-linux-x86-64.so.2",
                "/usr/lib/ld-musl-x86_64.so.1",
                "/usr/lib64/ld-linux-x86-64.so.2",
            ],
        ),
    ],
)
def test_real_machines_tell_their_libc_and_their_loaders(name: str, told: str, loaders: list[str]) -> None:
    read = userland(recorded(name))
    assert read.describe() == told
    assert [loader.path for loader in read.loaders] == loaders
    assert read.foreign == ("386",)


def test_each_loader_has_its_own_version_and_libraries() -> None:
    read = userland(recorded("debian-12"))
    musl, glibc = read.loader("/lib/ld-musl-x86_64.so.1"), read.loader("/lib64/ld-linux-x86-64.so.2")
    assert musl is not None
    assert (musl.libc, str(musl.version), musl.libraries) == (Libc.MUSL, "1.2.3", ("libc.so",))
    assert glibc is not None
    assert (glibc.libc, str(glibc.version)) == (Libc.GLIBC, "2.36")
    assert {"libc.so.6", "libm.so.6", "libz.so.1"} <= set(glibc.libraries or ())
    assert read.loader("/lib/ld-linux.so.2") is None


def test_an_old_glibc_tells_its_version_by_the_banner_alone() -> None:
    output = recorded("debian-11")
    assert b"--version: error while loading shared libraries: --version: cannot open" in output
    read = userland(output)
    assert read.describe() == "debian 11, amd64, glibc 2.31"
    assert "libpthread.so.0" in (read.loaders[0].libraries or ())


def test_libraries_of_another_machine_are_not_found() -> None:
    output = recorded("alpine-3.20").replace(b"ld-musl-x86_64.so.1", b"ld-linux-x86-64.so.2")
    cache = b"\nNONCE ldconfig\nlibwide.so.1 (libc6,x86-64)\nlibnarrow.so.1 (libc6)\nnonsense\n\nNONCE end\n"
    loader = userland(output.replace(b"\nNONCE end\n", cache)).loaders[0]
    assert "libwide.so.1" in (loader.libraries or ())
    assert "libnarrow.so.1" not in (loader.libraries or ())


def test_a_loader_that_is_no_elf_file_has_no_machine() -> None:
    output = recorded("musl-and-busybox")
    begin = output.index(b"\nNONCE head /lib/ld-musl")
    empty = (
        output[:begin] + b"\nNONCE head /lib/ld-musl-x86_64.so.1\n" + output[output.index(b"\nNONCE loader", begin) :]
    )
    assert userland(empty).loaders[0].arch is None
    assert userland(empty).libc is Libc.MUSL


def test_without_od_the_machine_is_what_uname_says() -> None:
    bare = re.sub(rb"^( [0-9a-f]{2})+ *\n", b"", recorded("alpine-3.20"), flags=re.MULTILINE)
    read = userland(bare)
    assert (read.arch, read.loaders[0].arch) == ("amd64", "amd64")


def test_binfmt_misc_tells_what_else_the_kernel_starts() -> None:
    entry = (
        "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: F\noffset 0\n"
        "magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n"
    )
    there = f"\nNONCE file /proc/sys/fs/binfmt_misc/qemu-aarch64\n{entry}\nNONCE end\n".encode()
    with_entry = recorded("alpine-3.20").replace(b"\nNONCE end\n", there)
    assert userland(with_entry).foreign == ("386", "arm64")
    assert userland(with_entry.replace(b"enabled", b"disabled")).foreign == ("386",)


def test_a_record_without_its_end_is_an_error() -> None:
    with pytest.raises(
        WslgoError, match=r"^the userland's script did not come to its end: the last section is 'uname'"
    ):
        userland(b"\nNONCE begin\n\nNONCE uname\nx86_64\n")
    with pytest.raises(WslgoError, match="there is no section at all"):
        userland(b"")
