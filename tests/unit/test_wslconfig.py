r"""``%UserProfile%\.wslconfig``: WSL's own tests of it, recorded files, and where it differs from /etc/wsl.conf."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.wsl.keys import wsl_conf_keys, wslconfig_keys
from pytest_wslgo.model.wsl.wslconfig import parse_wslconfig
from tests.recordings import recorded_bytes

MODES = "Bridged, Consomme, Mirrored, Nat, None, VirtioProxy"
OTHER = "experimental.networkingMode"


def warnings_of(text: bytes | str) -> list[str]:
    return [warned.text for warned in parse_wslconfig(text, "F").warnings]


@pytest.mark.parametrize(
    ("line", "warnings"),
    [
        ("a=b", ["Unknown key 'wsl2.a' in F:2"]),
        ("[=b", ["Invalid section name in F:2"]),
        ("dhcpTimeout=NotANumber", ["Invalid integer value 'NotANumber' for key 'wsl2.dhcpTimeout' in F:2"]),
        ("ipv6=NotABoolean", ["Invalid boolean value 'NotABoolean' for key 'wsl2.ipv6' in F:2"]),
        ("[sectionNotComplete", ["Expected ']' in F:2"]),
        ("NoEqual", ["Expected '=' in F:2"]),
        (
            "networkingMode=InvalidMode",
            [f"Invalid value 'InvalidMode' for config key 'wsl2.networkingMode' in F:2 (Valid values: {MODES})"],
        ),
        ("networkingMode=a\\m", ["Invalid escaped character: 'm' in F:2"]),
        ("swap=/", ["Invalid memory string '/' for .wslconfig entry 'wsl2.swap' in F:2"]),
        ("swap=0GB", []),
        ("swap=0foo", ["Invalid memory string '0foo' for .wslconfig entry 'wsl2.swap' in F:2"]),
        ("processors=", ["Invalid integer value '' for key 'wsl2.processors' in F:2"]),
        ("memory=", ["Invalid memory string '' for .wslconfig entry 'wsl2.memory' in F:2"]),
        ("ipv6=true\nipv6=false", ["Duplicated config key 'wsl2.ipv6' in F:3 (Conflicting key: 'wsl2.ipv6' in F:2)"]),
        (
            "networkingMode=NAT\n[experimental]\nnetworkingMode=Mirrored",
            [f"Duplicated config key '{OTHER}' in F:4 (Conflicting key: 'wsl2.networkingMode' in F:2)"],
        ),
        (
            "[experimental]\ndnsTunnelingIpAddress=1.2.3",
            ["Invalid IP value '1.2.3' for key 'experimental.dnsTunnelingIpAddress' in F:3"],
        ),
        (
            "[experimental]\nignoredPorts=80,,65536, 443x,x",
            ["Invalid integer value '80,,65536, 443x,x' for key 'experimental.ignoredPorts' in F:3"] * 2,
        ),
        ("defaultVhdSize=64GB", []),
    ],
)
def test_wsls_own_tests(line: str, warnings: list[str]) -> None:
    assert warnings_of(f"[wsl2]\n{line}") == warnings


def test_a_malformed_line_is_skipped() -> None:
    config = parse_wslconfig(b"[wsl2]\n; half\nmemory=4GB\nkernel=C:\\k\nprocessors=2\n", "F")
    assert [warned.text for warned in config.warnings] == [
        "Invalid key name in F:2",
        "Invalid escaped character: 'k' in F:4",
    ]
    assert (config.value("wsl2.memory"), config.value("wsl2.processors")) == (4 << 30, 2)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("6GB", 6 << 30),
        ("1T", 1 << 40),
        ("512", 512),
        ("4B", 4),
        ("0", 0),
        ("0TB", 0),
        ("9" * 30, (1 << 64) - 1),
        ("-1", (1 << 64) - 1),
    ],
)
def test_sizes(written: str, size: int) -> None:
    assert parse_wslconfig(f"[wsl2]\nmemory={written}\n").value("wsl2.memory") == size


@pytest.mark.parametrize("written", ["4gb", "4 GB", "00", "1.5GB", "GB", "4KiB", "4P"])
def test_what_is_no_size(written: str) -> None:
    assert warnings_of(f"[wsl2]\nmemory={written}\n") == [
        f"Invalid memory string '{written}' for .wslconfig entry 'wsl2.memory' in F:2"
    ]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_and_crlf_are_fine_and_lines_are_exact(mark: bytes) -> None:
    assert warnings_of(mark + b"[wsl2]\r\nmemory=4GB\r\nfoo=1\r\n") == ["Unknown key 'wsl2.foo' in F:3"]
    assert warnings_of(b"\xff\xfe" + "[wsl2]\r\nfoo=1".encode("utf-16-le")) == ["Unknown key 'wsl2.foo' in F:2"]


def test_a_line_goes_on_behind_a_backslash_with_crlf_too() -> None:
    assert parse_wslconfig(b"[wsl2]\r\nkernelCommandLine=a \\\r\n b\r\n").value("wsl2.kernelCommandLine") == "a  b"


def test_a_lone_backslash_at_the_end_is_only_a_warning() -> None:
    assert warnings_of("[wsl2]\nkernel=a\\") == ["Invalid escaped character: '\uffff' in F:2"]


def test_a_key_behind_a_malformed_header_gets_a_section_that_nobody_wrote() -> None:
    text = "[wsl2]\nmemory=4GB\n[experimental-x]\nsparseVhd=true\n[general]\n[a-b]\nc=1\n"
    assert warnings_of(text) == [
        "Expected ']' in F:3", "Unknown key 'expe.sparseVhd' in F:4", "Expected ']' in F:6", "Unknown key 'a' in F:7",
    ]  # fmt: skip


def test_letters_that_do_not_arrive_are_told() -> None:
    config = parse_wslconfig("[wsl2]\nswapFile=C:\\\\Users\\\\José\\\\swap.vhdx\nmemory=4GB # für alle\n")
    assert [one.key for one in config.garbled] == ["wsl2.swapFile"]
    assert config.value("wsl2.swapFile") == "C:\\Users\\Jos\\xe9\\swap.vhdx"


def test_an_alias_is_the_same_key_and_an_old_name_of_a_mode_the_new_one() -> None:
    config = parse_wslconfig("[experimental]\nnetworkingMode=virtioproxy\n")
    assert config.value("wsl2.networkingMode") == config.value("experimental.networkingMode") == "Consomme"


def test_a_number_that_is_too_large_is_the_largest() -> None:
    assert parse_wslconfig("[wsl2]\nvmIdleTimeout=99999999999\n").value("wsl2.vmIdleTimeout") == (1 << 31) - 1


def test_a_bad_hardware_address_keeps_wsl_from_starting() -> None:
    assert parse_wslconfig("[wsl2]\nmacAddress=1-2-3\n").fails
    assert not parse_wslconfig("[wsl2]\nmacAddress=02-00-5e-00-53-01\n").fails


def test_what_is_no_text_is_told() -> None:
    assert parse_wslconfig(b"[wsl2]\nkernel=\xe9\n").unreadable


def test_recorded_files() -> None:
    misspelled = parse_wslconfig(recorded_bytes("wslconfig_misspelled.wslconfig"), "F")
    assert [warned.key for warned in misspelled.warnings] == ["wsl2.locahostForwarding"]
    assert (misspelled.value("wsl2.memory"), misspelled.value("wsl2.processors")) == (6 << 30, 2)
    hyphen = b"\n" * 5 + recorded_bytes("wslconfig_hyphen_section.wslconfig")
    assert warnings_of(hyphen) == ["Expected ']' in F:6", "Invalid key name in F:7", "Expected '=' in F:8"]
    assert warnings_of(recorded_bytes("wslconfig_wslconf_keys.wslconfig")) == [
        "Unknown key 'boot.systemd' in F:2", "Unknown key 'interop.enabled' in F:6",
        "Unknown key 'interop.appendWindowsPath' in F:9",
    ]  # fmt: skip


def test_the_two_files_have_no_key_in_common() -> None:
    ours, theirs = wsl_conf_keys().keys, wslconfig_keys().keys
    assert not {key.name.lower() for key in ours} & {key.name.lower() for key in theirs}
    assert wslconfig_keys().find("EXPERIMENTAL.FIREWALL") == wslconfig_keys().find("wsl2.firewall")
