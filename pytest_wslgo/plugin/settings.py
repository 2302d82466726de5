"""The settings of one run: command line first, then the settings file, then the defaults (DESIGN section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.profiles import Profile, find_profile, load_profiles, profiles_of
from pytest_wslgo.model.settings import find_settings
from pytest_wslgo.model.waivers import Waiver, load_waivers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from pytest_wslgo.model.claims import Claim

_DEFAULT_PROFILE = "devbox"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the caller asked for. ``targets`` maps each target's name to its spec; paths are absolute."""

    targets: Mapping[str, str]
    go: tuple[str, ...]
    profile: Profile
    waivers: tuple[Waiver, ...]
    ledger: Path | None
    save_facts: Path | None
    facts: Path | None
    network: bool


def read_settings(config: pytest.Config, claims: Mapping[str, Claim]) -> Settings:
    """Read the settings of the run.

    Raises:
        BadInput: any option or key that cannot be meant; the sentence names it.
    """
    stored, where = find_settings(config.invocation_params.dir)
    facts = _path(config, "wslgo_facts")
    specs = tuple(config.getoption("wslgo_target")) or _testinfra_hosts(config) or stored.target or ("local://",)
    if facts is not None and config.getoption("wslgo_target"):
        raise BadInput("--wslgo-facts judges a stored snapshot, --wslgo-target a machine: give one of the two")
    profiles = load_profiles(resources.PROFILES, claims)
    profiles |= profiles_of(stored.profiles, tuple(claims), where=f"{where} [profiles]")
    name = config.getoption("wslgo_profile") or stored.profile or _DEFAULT_PROFILE
    waivers = _path(config, "wslgo_waivers")
    if waivers is None and stored.waivers is not None and where is not None:
        waivers = where.parent / stored.waivers
    return Settings(
        targets={facts.name: f"facts:{facts}"} if facts else name_targets(specs),
        go=tuple(dict.fromkeys(config.getoption("wslgo_go"))) or stored.go or ("auto",),
        profile=find_profile(name, profiles),
        waivers=load_waivers(waivers, claims) if waivers else (),
        ledger=_writable(_path(config, "wslgo_ledger"), "--wslgo-ledger"),
        save_facts=_writable(_path(config, "wslgo_save_facts"), "--wslgo-save-facts"),
        facts=facts,
        network=config.getoption("wslgo_network") or stored.network,
    )


def name_targets(specs: tuple[str, ...]) -> dict[str, str]:
    """Return a short, unique name for each spec, in order; the same spec twice is one target.

    >>> name_targets(("local://", "podman://deb"))
    {'local': 'local://', 'deb': 'podman://deb'}
    """
    wanted = tuple(dict.fromkeys(specs))
    short = [_short_name(spec) for spec in wanted]
    return {name if short.count(name) == 1 else spec: spec for name, spec in zip(short, wanted, strict=True)}


def _short_name(spec: str) -> str:
    scheme, _, rest = spec.partition("://")
    return rest.partition("?")[0].rstrip("/") or scheme


def _testinfra_hosts(config: pytest.Config) -> tuple[str, ...]:
    """Return testinfra's ``--hosts`` as specs; its connection names that mean ssh become ``ssh``."""
    hosts = config.getoption("hosts", None) or ""
    connection = config.getoption("connection", None) or "ssh"
    specs = (host if "://" in host else f"{connection}://{host}" for host in hosts.split(",") if host)
    return tuple(_our_scheme(spec) for spec in specs)


def _our_scheme(spec: str) -> str:
    scheme, _, rest = spec.partition("://")
    if rest == "local":
        return "local://"
    return f"ssh://{rest}" if scheme in ("paramiko", "safe-ssh") else spec


def _path(config: pytest.Config, option: str) -> Path | None:
    given = config.getoption(option)
    return (config.invocation_params.dir / Path(given).expanduser()) if given else None


def _writable(path: Path | None, option: str) -> Path | None:
    """Fail before the run, and not after it, when its output has no place."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        what = "is a directory" if path.is_dir() else f"has no directory {path.parent} to stand in"
        raise BadInput(f"{option} {path} {what}; give a file in an existing directory")
    return path
