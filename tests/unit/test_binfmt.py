"""Handlers of binfmt_misc: entries as the kernel prints them, and which files they take."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.binfmt import Handler, handler_for, has_private_tables, parse_handler, registration
from tests.unit.binaries import go_program

QEMU = """\
enabled
interpreter /usr/bin/qemu-aarch64-static
flags: OCF
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
"""
INTEROP = "enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n"
JAVA = "enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n"


def parsed(name: str, text: str) -> Handler:
    handler = parse_handler(name, text)
    assert handler is not None, text
    return handler


def test_an_entry_is_read() -> None:
    assert parsed("WSLInterop", INTEROP) == Handler(
        "WSLInterop", enabled=True, interpreter="/init", flags="PF", magic=b"MZ"
    )
    assert parsed("jar", JAVA).extension == "jar"
    assert parsed("qemu-aarch64", QEMU).mask.hex() == "ffffffffffffff00fffffffffffffffffeffffff"


@pytest.mark.parametrize("text", ["", "\n", "status", "enabled\n", QEMU.replace("7f45", "7f4")])
def test_what_is_no_entry_is_none(text: str) -> None:
    assert parse_handler("odd", text) is None


def test_the_kernel_hands_a_program_to_the_handler_of_its_kind() -> None:
    handlers = (parsed("WSLInterop", INTEROP), parsed("qemu-aarch64", QEMU), parsed("jar", JAVA))

    def name_of(goos: str, goarch: str) -> str | None:
        handler = handler_for(go_program("bare", goos=goos, goarch=goarch), "/tmp/bare", handlers)
        return handler.name if handler else None

    assert name_of("windows", "amd64") == "WSLInterop"
    assert name_of("linux", "arm64") == "qemu-aarch64"
    assert name_of("linux", "amd64") is None
    assert name_of("darwin", "arm64") is None


def test_a_handler_of_an_extension_goes_by_the_name() -> None:
    assert parsed("jar", JAVA).takes(b"PK\3\4", "/tmp/x.jar")
    assert not parsed("jar", JAVA).takes(b"PK\3\4", "/tmp/x.jar.exe")
    assert not parsed("jar", JAVA).takes(b"PK\3\4", "jar/x")


def test_a_disabled_handler_and_a_short_file() -> None:
    assert not parsed("WSLInterop", INTEROP.replace("enabled", "disabled")).takes(b"MZ", "x.exe")
    assert not parsed("qemu-aarch64", QEMU).takes(b"\x7fELF", "x")
    assert not Handler("late", enabled=True, interpreter="/x", offset=255, magic=b"MZ").takes(bytes(300), "x")


def test_a_mask_of_another_length_takes_nothing() -> None:
    assert not Handler("odd", enabled=True, interpreter="/x", magic=b"MZ", mask=b"\xff").takes(b"MZ", "x")


def test_a_registration_is_written_as_the_kernel_reads_it() -> None:
    assert registration("wslgo", b"\x7fELF\x02", "/usr/bin/qemu") == r":wslgo:M::\x7f\x45\x4c\x46\x02::/usr/bin/qemu:F"


@pytest.mark.parametrize(
    ("kernel", "private"),
    [("6.6.87.2-microsoft-standard-WSL2", False), ("6.7.0", True), ("7.0", True), ("5.15.0-1", False), ("odd", False)],
)
def test_since_when_a_user_namespace_has_a_table_of_its_own(kernel: str, private: bool) -> None:
    assert has_private_tables(kernel) == private
