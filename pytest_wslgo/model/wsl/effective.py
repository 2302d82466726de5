"""What each key of /etc/wsl.conf comes to on a machine: WSL1 or WSL2, its version, with or without systemd.

A key that WSL takes may still have no effect there. Source: microsoft/WSL, ``WslDistributionConfig.cpp`` and
``config.cpp`` of ``src/linux/init``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.wsl.hostname import clean_hostname
from pytest_wslgo.model.wsl.keys import Kind, wsl_conf_keys
from pytest_wslgo.model.wsl.wslexe import version_numbers

if TYPE_CHECKING:
    from pytest_wslgo.model.wsl.keys import Key
    from pytest_wslgo.model.wsl.values import Value
    from pytest_wslgo.model.wsl.wslconf import WslConf


@dataclass(frozen=True, slots=True)
class Host:
    """What decides over the keys. ``version``: of WSL, None when unknown; ``has_init``: /sbin/init can be executed.

    ``safe_mode`` and ``wslg`` (guiApplications) are settings of ``.wslconfig``.
    """

    kind: PlatformKind = PlatformKind.WSL2
    version: str | None = None
    has_init: bool = True
    safe_mode: bool = False
    wslg: bool = True


@dataclass(frozen=True, slots=True)
class Effective:
    """What a key comes to. ``why`` says why that is not what the file or the default asks for; else it is empty."""

    key: str
    value: Value
    why: str = ""


def effective(conf: WslConf, host: Host) -> tuple[Effective, ...]:
    """Return every key that the newest WSL knows, with what it comes to, in the order of the table."""
    return tuple(effective_value(conf, key.name, host) for key in wsl_conf_keys().current().keys)


def effective_value(conf: WslConf, name: str, host: Host) -> Effective:
    """Return what one key comes to; one without an effect is false, or None when it is no yes or no."""
    key = wsl_conf_keys().find(name)
    if key is None:
        return Effective(name, None, f"WSL has no key {name}.")
    if why := _why_not(key, conf, host):
        return Effective(key.name, False if key.kind is Kind.BOOL else None, why)
    return Effective(key.name, _value(key, conf, host))


def _value(key: Key, conf: WslConf, host: Host) -> Value:
    value = conf.value(key.name)
    if key.name == "general.guiApplications" and not conf.is_set(key.name):
        return host.wslg
    if key.name == "network.hostname" and isinstance(value, str):
        return clean_hostname(value)
    return value


def _why_not(key: Key, conf: WslConf, host: Host) -> str:
    if conf.crashes:
        return "The distribution does not start: /etc/wsl.conf ends with a lone backslash."
    if key.since and host.version and version_numbers(host.version) < version_numbers(key.since):
        return f"WSL {host.version} does not know {key.name}; it needs {key.since}."
    if host.kind not in key.flavours:
        return f"{key.name} has no effect on {host.kind.upper()}."
    if key.off_in_safe_mode and host.safe_mode:
        return f"safeMode of .wslconfig turns {key.name} off."
    if key.name == "boot.systemd" and conf.flag(key.name) and not host.has_init:
        return "/sbin/init cannot be executed, so that WSL does not start systemd."
    if key.needs and effective_value(conf, key.needs, host).value is not True:
        return f"{key.name} has no effect without {key.needs}."
    return ""
