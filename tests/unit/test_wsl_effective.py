"""What the keys of /etc/wsl.conf come to on WSL1, WSL2, old and new WSL, with and without systemd."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.effective import Host, effective, effective_value
from pytest_wslgo.model.wsl.keys import Kind, wsl_conf_keys
from pytest_wslgo.model.wsl.wslconf import WslConf, parse_wsl_conf

WSL1, WSL2 = Host(PlatformKind.WSL1), Host(PlatformKind.WSL2)
SYSTEMD = parse_wsl_conf("[boot]\nsystemd=true\n")
SAFE = {
    "automount.enabled", "automount.ldconfig", "automount.mountFsTab", "boot.command", "boot.systemd",
    "network.generateHosts", "network.generateResolvConf", "fileServer.enabled", "gpu.appendLibPath", "gpu.enabled",
    "interop.appendWindowsPath", "interop.enabled", "time.useWindowsTimezone",
}  # fmt: skip


def off(conf: WslConf, host: Host) -> dict[str, str]:
    return {one.key: one.why for one in effective(conf, host) if one.why}


def test_on_wsl2_without_systemd_what_systemd_needs_has_no_effect() -> None:
    assert off(WslConf(), WSL2) == {
        key: f"{key} has no effect without boot.systemd."
        for key in ("boot.initTimeout", "boot.protectBinfmt", "general.guiApplications")
    }


def test_on_wsl2_with_systemd_everything_has_an_effect() -> None:
    assert off(SYSTEMD, WSL2) == {}
    assert effective_value(SYSTEMD, "boot.systemd", WSL2).value is True
    assert effective_value(SYSTEMD, "general.guiApplications", WSL2).value is True


def test_on_wsl1_there_is_neither_systemd_nor_a_gpu() -> None:
    assert off(SYSTEMD, WSL1) == {
        key: f"{key} has no effect on WSL1."
        for key in (
            "automount.ldconfig", "gpu.enabled", "gpu.appendLibPath", "boot.systemd", "boot.initTimeout",
            "boot.protectBinfmt", "general.guiApplications",
        )
    }  # fmt: skip
    assert effective_value(SYSTEMD, "boot.systemd", WSL1).value is False
    assert effective_value(SYSTEMD, "boot.initTimeout", WSL1).value is None


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("0.67.5", "WSL 0.67.5 does not know boot.systemd; it needs 0.67.6."),
        ("0.67.6.0", ""),
        ("2.6.1.0", ""),
        (None, ""),
    ],
)
def test_systemd_needs_a_wsl_that_knows_it(version: str | None, why: str) -> None:
    assert effective_value(SYSTEMD, "boot.systemd", Host(version=version)).why == why


def test_systemd_needs_an_init() -> None:
    bare = Host(has_init=False)
    assert effective_value(SYSTEMD, "boot.systemd", bare).why == (
        "/sbin/init cannot be executed, so that WSL does not start systemd."
    )
    assert effective_value(WslConf(), "boot.systemd", bare).why == ""
    assert effective_value(SYSTEMD, "boot.protectBinfmt", bare).value is False


def test_a_gpu_that_is_off_takes_its_libraries_along() -> None:
    conf = parse_wsl_conf("[gpu]\nenabled=false\n")
    assert (
        effective_value(conf, "gpu.appendLibPath", WSL2).why == "gpu.appendLibPath has no effect without gpu.enabled."
    )
    assert effective_value(conf, "automount.ldconfig", WSL2).value is False


def test_safe_mode_turns_most_things_off() -> None:
    conf = parse_wsl_conf("[boot]\nsystemd=true\ncommand=touch /x\n")
    safe = Host(safe_mode=True)
    assert {key for key, why in off(conf, safe).items() if "safeMode" in why} == SAFE
    assert effective_value(conf, "boot.command", safe).value is None
    assert effective_value(conf, "interop.enabled", safe).value is False


def test_a_file_that_wsl_cannot_read_has_no_effect_at_all() -> None:
    conf = parse_wsl_conf("[interop]\nenabled=false\n[boot]\ncommand=a\\")
    assert set(off(conf, WSL2).values()) == {
        "The distribution does not start: /etc/wsl.conf ends with a lone backslash."
    }


def test_values_as_they_are_used() -> None:
    conf = parse_wsl_conf(
        "[network]\nhostname=my_box\n[automount]\nroot=/win\ncgroups=V1\n[general]\nguiApplications=0\n"
    )
    host = Host(version="2.9.4")
    assert effective_value(conf, "network.hostname", host).value == "mybox"
    assert effective_value(conf, "automount.root", host).value == "/win/"
    assert effective_value(conf, "automount.cgroups", host).value == "v1"
    assert effective_value(SYSTEMD, "general.guiApplications", Host(wslg=False)).value is False


def test_a_key_that_there_is_not() -> None:
    assert effective_value(WslConf(), "boot.nothing", WSL2).why == "WSL has no key boot.nothing."


def test_the_table_is_whole() -> None:
    keys = wsl_conf_keys().keys
    assert all(key.default is None or key.kind is not Kind.STRING or isinstance(key.default, str) for key in keys)
    assert all(key.needs is None or wsl_conf_keys().find(key.needs) for key in keys)
    assert all(bool(key.values) == (key.kind is Kind.ENUM) for key in keys)
    assert [key.name for key in keys if key.until] == ["automount.crossDistro"]
