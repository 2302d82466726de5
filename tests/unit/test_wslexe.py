"""What wsl.exe prints: its encodings, its lists, versions and status in any language, its errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.wsl import wslexe
from pytest_wslgo.model.wsl.captures import Encoding, decode, lines_of
from pytest_wslgo.model.wsl.wslexe import (
    Distro,
    WslStatus,
    WslVersion,
    parse_list,
    parse_list_online,
    parse_list_quiet,
    parse_list_verbose,
    parse_status,
    parse_version,
    version_numbers,
)
from pytest_wslgo.model.wsl.wslexe_errors import (
    ExecFailure,
    is_own_failure,
    known_errors,
    parse_error,
    parse_exec_failure,
)

NO_DISTRO = "適用於 Linux 的 Windows 子系統上沒有已安裝的發行版。\r\n請造訪網站。\r\n"
NOT_FOUND = "There is no distribution with the supplied name.\r\nError code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\r\n"
PARSERS = (
    parse_list, parse_list_verbose, parse_list_quiet, parse_list_online, parse_version, parse_status, parse_error,
    parse_exec_failure, decode,
)  # fmt: skip


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", Encoding.UTF8),
        (b"ok\r\n", "ok\n", Encoding.UTF8),
        (wide("ok\r\n"), "ok\n", Encoding.UTF16),
        (b"\xff\xfe" + wide("ok\r\n"), "ok\n", Encoding.UTF16),
        (b"\xef\xbb\xbfok\r\n", "ok\n", Encoding.UTF8),
        (wide("a\r\r\nb\r\r\n"), "a\nb\n", Encoding.UTF16),
        (wide(NO_DISTRO), NO_DISTRO.replace("\r", ""), Encoding.UTF16),
        (NO_DISTRO.encode(), NO_DISTRO.replace("\r", ""), Encoding.UTF8),
        (wide("一\r\n上 Linux\r\n"), "一\n上 Linux\n", Encoding.UTF16),
        (b"hello\n" + wide(NOT_FOUND), "hello\n" + NOT_FOUND.replace("\r", ""), Encoding.MIXED),
        (b"a\n" + wide("b\r\n"), "a\nb\n", Encoding.MIXED),
        ("grün\n".encode() + wide("错误代码: Wsl\r\n"), "grün\n错误代码: Wsl\n", Encoding.MIXED),
        (b"no end of line" + wide("Error\r\n"), "no end of lineError\n", Encoding.MIXED),
        (wide("Error\r\n") + b"from Linux\n", "Error\nfrom Linux\n", Encoding.MIXED),
        (wide("Error\r\n") + b"one\ntwo\n" + wide("Error\r\n"), "Error\none\ntwo\nError\n", Encoding.MIXED),
        (wide("no end"), "no end", Encoding.UTF16),
    ],
)
def test_every_encoding_that_wsl_exe_has(data: bytes, text: str, encoding: Encoding) -> None:
    capture = decode(data)
    assert (capture.text, capture.encoding, capture.lossy) == (text, encoding, False)


@pytest.mark.parametrize("data", [b"\xff\n", wide("ok\r\n") + b"\xc3", b"a\0\0\0"])
def test_what_is_no_text_is_told(data: bytes) -> None:
    assert decode(data).lossy or "\0" not in decode(data).text
    assert decode(b"\xff\n").lossy


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f\xad"), min_size=1))
def test_a_text_of_the_west_is_the_same_in_both_encodings(text: str) -> None:
    assert decode(wide(f"{text}\r\n")).text == f"{text}\n" or text.strip(" ") == ""
    assert decode(f"{text}\n".encode()).text == f"{text}\n"


@given(st.binary(max_size=200) | st.text(max_size=100).map(wide) | st.text(max_size=100).map(str.encode))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    for parse in PARSERS:
        parse(data)
    assert "\0" not in decode(data).text


NAMES = st.from_regex(r"[a-zA-Z0-9._-]{1,40}", fullmatch=True)
DISTROS = st.lists(st.tuples(NAMES, st.sampled_from(wslexe.STATES), st.sampled_from([1, 2])), min_size=1, max_size=5)


@given(DISTROS, st.sampled_from(["utf-8", "utf-16-le"]), st.booleans())
def test_a_table_as_wsl_prints_it_is_read_back(rows: list[tuple[str, str, int]], encoding: str, marked: bool) -> None:
    width = max(4, *(len(name) for name, _, _ in rows)) + 4
    lines = [f"  {'NAME':<{width}}{'STATE':<16}VERSION"]
    lines += [
        f"{'*' if marked and not place else ' '} {name:<{width}}{state:<16}{version}"
        for place, (name, state, version) in enumerate(rows)
    ]
    read = parse_list_verbose("".join(f"{line}\r\n" for line in lines).encode(encoding))
    assert [(distro.name, distro.state, distro.version) for distro in read.distros] == rows
    assert (read.default, read.is_list, read.unread) == (rows[0][0] if marked else None, True, ())


def test_a_table_in_the_language_of_an_old_windows() -> None:
    read = parse_list_verbose(
        "  NOME      ESTADO            VERSÃO\n* Ubuntu    Em Execução       2\n  My Distro    Parado    1\n"
    )
    assert read.distros == (Distro("Ubuntu", True, "Em Execução", 2), Distro("My Distro", False, "Parado", 1))
    assert (read.unread, read.distros[0].running) == ((), None)
    assert read.find("ubuntu") == read.distros[0]


def test_an_empty_table_is_a_list_and_a_message_is_none() -> None:
    assert parse_list_verbose("  NAME      STATE           VERSION\n").is_list
    message = parse_list_verbose(NO_DISTRO)
    assert (message.is_list, message.unread) == (False, lines_of(NO_DISTRO))


def test_a_warning_between_the_rows_is_kept() -> None:
    read = parse_list_verbose("* a    Running    2\nwsl: something\n")
    assert ([distro.running for distro in read.distros], read.unread) == ([True], ("wsl: something",))


@pytest.mark.parametrize(
    ("text", "default", "names"),
    [
        ("適用於 Linux 的 Windows 子系統發行版：\nUbuntu （預設值）\nDebian\n", "Ubuntu", ["Ubuntu", "Debian"]),
        ("Windows-Subsystem für Linux-Distributionen:\nmy box (Standard)\n", "my box", ["my box"]),
        ("Distributions:\nDebian\n", None, ["Debian"]),
    ],
)
def test_a_plain_list_in_any_language(text: str, default: str | None, names: list[str]) -> None:
    read = parse_list(wide(text.replace("\n", "\r\n")))
    assert (read.default, [distro.name for distro in read.distros], read.is_list) == (default, names, True)


def test_a_plain_list_that_is_none() -> None:
    assert not parse_list(NOT_FOUND).is_list
    assert parse_list("Distributions:\nwsl.exe '--install' <x>\n").unread == ("wsl.exe '--install' <x>",)


def test_a_quiet_list_is_names_alone() -> None:
    assert [distro.name for distro in parse_list_quiet(wide("Ubuntu\r\nDebian\r\n")).distros] == ["Ubuntu", "Debian"]
    assert parse_list_quiet(b"").is_list
    assert not parse_list_quiet(NOT_FOUND).is_list


def test_a_version_that_is_missing_moves_no_other() -> None:
    text = "WSL version: 2.6.1.0\nKernel version: 6.6.87.2-1\nWSLg version: \nMSRDC version: 1.2.6074\n"
    assert parse_version(text) == WslVersion("2.6.1.0", "6.6.87.2-1", None, "1.2.6074", unread=("WSLg version:",))


def test_a_wsl_exe_that_knows_no_version() -> None:
    usage = parse_version(wide("Invalid command line option: --version\r\r\nUsage: wsl.exe [Argument]\r\r\n"))
    assert (usage.wsl, usage.numbers, usage.systemd_supported) == (None, (), None)


@pytest.mark.parametrize(
    ("wsl", "supported"), [("0.67.5.0", False), ("0.67.6.0", True), ("0.67.6", True), ("2.0", True)]
)
def test_systemd_needs_0_67_6(wsl: str, supported: bool) -> None:
    assert WslVersion(wsl).systemd_supported is supported


def test_version_numbers() -> None:
    assert version_numbers("2.6.1.0-preview") == (2, 6, 1, 0)
    assert (version_numbers("x"), version_numbers(None)) == ((), ())


def test_a_status_without_a_default_and_one_whose_default_is_called_2() -> None:
    assert parse_status("Default Version: 1\nWSL1 is not supported.\n") == WslStatus(
        None, 1, notes=("WSL1 is not supported.",)
    )
    assert parse_status("Default Distribution: 2\nDefault Version: 1\n") == WslStatus("2", 1)
    assert parse_status("Distribution par défaut : my box\nVersion par défaut : 2\n").default == "my box"
    assert parse_status(NOT_FOUND) == WslStatus(notes=lines_of(NOT_FOUND))


@pytest.mark.parametrize(
    ("text", "name", "number", "steps"),
    [
        (NOT_FOUND, "WSL_E_DISTRO_NOT_FOUND", 0x80040302, ("Wsl", "Service")),
        ("오류 코드: Wsl/Service/CreateInstance/CreateVm/HCS/0x80370102\r\n", "HCS_E_HYPERV_NOT_INSTALLED", 0x80370102,
         ("Wsl", "Service", "CreateInstance", "CreateVm", "HCS")),
        ("Error code: CreateInstance/CreateVm/ConfigureNetworking/WSL_E_VMSWITCH_NOT_SET\n", "WSL_E_VMSWITCH_NOT_SET",
         0x80040325, ("CreateInstance", "CreateVm", "ConfigureNetworking")),
        ("Error code: Wsl/Service/WSL_E_SOMETHING_NEW\n", "WSL_E_SOMETHING_NEW", None, ("Wsl", "Service")),
        ("Error: 0x800701bc WSL 2 requires an update\n", None, 0x800701BC, ()),
    ],
)  # fmt: skip
def test_error_codes(text: str, name: str | None, number: int | None, steps: tuple[str, ...]) -> None:
    error = parse_error(wide(text))
    assert error is not None
    assert (error.name, error.number, error.steps) == (name, number, steps)


def test_an_error_has_its_message_and_its_meaning() -> None:
    error = parse_error(NOT_FOUND)
    assert error is not None
    assert error.message == "There is no distribution with the supplied name."
    assert error.meaning == "there is no distribution of this name"


@pytest.mark.parametrize("text", ["", "all is well", "see https://example.org/a/B_C", "/usr/lib/X_Y", "Wsl/Service/"])
def test_what_is_no_error_code(text: str) -> None:
    assert parse_error(text) is None


def test_every_known_error_has_its_own_number() -> None:
    assert len({error.number for error in known_errors()}) == len(known_errors())


def test_a_program_that_is_not_there() -> None:
    text = "<3>WSL (12 - ) ERROR: CreateProcessCommon:738: execvpe(go) failed: No such file or directory\n"
    assert parse_exec_failure(text) == ExecFailure("go", "No such file or directory")
    assert parse_exec_failure(NOT_FOUND) is None


@pytest.mark.parametrize(
    ("status", "output", "interop", "own"),
    [
        (-1, "", False, True), (0xFFFFFFFF, "", False, True), (255, NOT_FOUND, True, True), (255, "", True, False),
        (255, NOT_FOUND, False, False), (1, NOT_FOUND, True, False), (None, "", False, False), (0, "", False, False),
    ],
)  # fmt: skip
def test_who_failed(status: int | None, output: str, interop: bool, own: bool) -> None:
    assert is_own_failure(status, output, through_interop=interop) is own
