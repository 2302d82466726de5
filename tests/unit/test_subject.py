"""The subject: which directories and files may be named, and what is told of a program that nobody runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.compatibility_subject import SubjectProgram
from pytest_wslgo.model.distributions import load_distributions
from pytest_wslgo.model.elf import read_elf
from pytest_wslgo.model.userland import Userland, parse_userland
from pytest_wslgo.plugin.subject import checked_subject
from pytest_wslgo.resources import DISTRIBUTIONS
from tests.unit.binaries import sample

KNOWN = load_distributions(DISTRIBUTIONS)
PROGRAM = SubjectProgram("./cmd/mailer", read_elf(sample("glibc-dynamic")))
ADVICE = "give a Linux program, or the directory of a Go module"


def recorded(name: str) -> Userland:
    data = Path(__file__).parent / "data" / "userlands" / f"{name}.txt"
    return parse_userland(data.read_bytes(), "NONCE", name)


def test_a_subject_is_a_directory_with_a_go_mod(tmp_path: Path) -> None:
    (tmp_path / "go.mod").touch()
    assert checked_subject(tmp_path, "--wslgo-subject") == tmp_path.resolve()


def test_a_subject_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    with pytest.raises(BadInput) as raised:
        checked_subject(tmp_path / "servic", "--wslgo-subject")
    assert str(raised.value) == (
        f"--wslgo-subject {tmp_path}/servic is not there (did you mean '{tmp_path}/service'?);"
        " give the directory of a Go module, or a program's file"
    )


@pytest.mark.parametrize(("module", "given"), [("app", "."), (".", "app")])
def test_a_subject_without_go_mod_is_named_with_the_nearest(tmp_path: Path, module: str, given: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / module / "go.mod").touch()
    with pytest.raises(BadInput) as raised:
        checked_subject(tmp_path / given, "--wslgo-subject")
    nearest = (tmp_path / module).resolve()
    assert f" holds no go.mod (did you mean '{nearest}'?); give the directory of a Go module" in str(raised.value)


def test_a_subject_whose_path_cannot_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--wslgo-subject .* cannot be read: File name too long"):
        checked_subject(tmp_path / ("x" * 300), "--wslgo-subject")


def test_a_subject_may_be_a_program(tmp_path: Path) -> None:
    program = tmp_path / "mailer"
    program.write_bytes(sample("glibc-dynamic"))
    (tmp_path / "link").symlink_to(program)
    assert checked_subject(tmp_path / "link", "--wslgo-subject") == program.resolve()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("app.exe", b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0", f"is a PE file, expected an ELF file; {ADVICE}"),
        ("app", bytes.fromhex("cffaedfe") + bytes(99), f"is a 64-bit Mach-O file, expected an ELF file; {ADVICE}"),
        ("empty", b"", f"is an empty file, expected an ELF file; {ADVICE}"),
        ("run.sh", b"#!/bin/sh\n", f"is a script for /bin/sh, expected an ELF file; {ADVICE}"),
        (
            "go.mod",
            b"module example.test/app\n",
            "is text that begins with 'module example.test/app', expected an ELF file (did you mean '{folder}'?); give",
        ),
        ("lib.so", sample("libwslgo.so"), "is no program: A shared library for x86_64 that needs no interpreter"),
        ("main.o", sample("dwarf4.o"), f"is no program: An unlinked x86_64 file of type rel; {ADVICE}"),
        ("cut", sample("glibc-dynamic")[:3000], "the section table at byte"),
        ("head", sample("glibc-dynamic")[:40], "cut after 40 of the 64 bytes it announces"),
    ],
)
def test_a_file_that_is_no_program_of_linux_is_one_sentence(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    file = tmp_path / "app" / name
    file.parent.mkdir()
    file.write_bytes(data)
    if name == "go.mod":
        file = file.rename(tmp_path / "go.mod").parent / "go.mod"
    with pytest.raises(BadInput) as raised:
        checked_subject(file, "--wslgo-subject")
    assert str(raised.value).startswith(f"--wslgo-subject {file}")
    assert sentence.format(folder=file.parent) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_is_no_file_is_said() -> None:
    with pytest.raises(BadInput, match=r"^--wslgo-subject /dev/null is neither a file nor a directory; give the dir"):
        checked_subject(Path("/dev/null"), "--wslgo-subject")


def test_a_program_explains_where_it_will_run() -> None:
    told = PROGRAM.explain(KNOWN)
    assert told.startswith(
        "./cmd/mailer: A dynamically linked x86_64 executable that needs /lib64/ld-linux-x86-64.so.2 and libc.so.6"
        " (glibc 2.34 or newer). It runs on debian 12 to 13, ubuntu 22.04 to "
    )
    assert "not on alpine 3.17 to 3.22: interpreter /lib64/ld-linux-x86-64.so.2 is missing" in told
    assert "not on debian 10 to 11, ubuntu 18.04 to 20.04, rhel 7 to 8, rocky 8, " in told
    assert told.endswith(": needs GLIBC_2.34, has an older one.")


def test_the_evidence_of_a_program_is_plain_data() -> None:
    told = PROGRAM.evidence(recorded("alpine-3.20"), KNOWN)
    assert told["floor"] == "GLIBC_2.34"
    assert told["here"] == {
        "userland": "alpine 3.20.3, amd64, musl 1.2.5",
        "starts": False,
        "why": "interpreter /lib64/ld-linux-x86-64.so.2 is missing",
    }
    assert "debian 12" in told["runs"]
    assert told["refused"]["debian 11"] == "needs GLIBC_2.34, has 2.31"


def test_libraries_beside_the_program_are_found_here() -> None:
    elf = replace(PROGRAM.elf, needed=("libown.so", "libc.so.6"), runpath="$ORIGIN/lib")
    here = recorded("debian-12")
    assert SubjectProgram("app", elf, ("libown.so",)).here(here).starts
    assert SubjectProgram("app", elf).here(here).why == "library libown.so is missing"
    assert SubjectProgram("app", elf).on(KNOWN[-1]).given == ("libown.so",)
