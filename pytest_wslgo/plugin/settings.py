"""The settings of one run: command line first, then the settings file, then the defaults (DESIGN section 6)."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput, WslgoError
from pytest_wslgo.model.contract import read_contract
from pytest_wslgo.model.distributions import find_distribution, load_distributions
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.language import Language, language_of_locale
from pytest_wslgo.model.settings import FileSettings, find_settings
from pytest_wslgo.model.setup.versions import go_data
from pytest_wslgo.model.tables import one_of
from pytest_wslgo.plugin.distros import named_distros
from pytest_wslgo.plugin.subject import checked_subject
from pytest_wslgo.target.spec import expand_specs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.model.declares import Declaration
    from pytest_wslgo.model.distributions import Distribution
    from pytest_wslgo.model.profiles import Profile
    from pytest_wslgo.model.waivers import Waiver
    from pytest_wslgo.target.distros.image import Image


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that the run is to write, each None when nobody asks for it."""

    ledger: Path | None
    html: Path | None
    sarif: Path | None
    prometheus: Path | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the caller asked for. ``targets`` maps each target's name to its spec; paths are absolute.

    ``facts`` maps each target's name to the stored snapshot that is judged instead of a machine; then all have one.
    ``notes`` says what ``wsl://all`` left out.
    """

    targets: Mapping[str, str]
    go: tuple[str, ...]
    profile: Profile
    waivers: tuple[Waiver, ...]
    declarations: tuple[Declaration, ...]
    outputs: Outputs
    save_facts: Path | None
    facts: Mapping[str, Path]
    network: bool
    lang: Language
    subject: Path | None
    go_floor: GoVersion
    distros: tuple[Image, ...]
    ships: tuple[Distribution, ...]
    notes: tuple[str, ...] = ()


def read_settings(config: pytest.Config, claims: Mapping[str, Claim]) -> Settings:
    """Read the settings of the run.

    Raises:
        BadInput: any option or key that cannot be meant; the sentence names it.
    """
    stored, where = find_settings(config.invocation_params.dir)
    facts = name_facts(tuple(_absolute(config, given) for given in config.getoption("wslgo_facts")))
    if facts and config.getoption("wslgo_target"):
        raise BadInput("--wslgo-facts judges a stored snapshot, --wslgo-target a machine: give one of the two")
    specs, notes = ((), ()) if facts else _machines(config, stored)
    contract = read_contract(
        stored,
        where,
        claims,
        now=datetime.now(UTC),
        profile=config.getoption("wslgo_profile"),
        waivers=_path(config, "wslgo_waivers"),
    )
    return Settings(
        targets={name: f"facts:{path}" for name, path in facts.items()} or name_targets(specs),
        go=tuple(dict.fromkeys(config.getoption("wslgo_go"))) or stored.go or ("auto",),
        profile=contract.profile,
        waivers=contract.waivers or (),
        declarations=contract.declarations,
        outputs=_outputs(config, stored, where),
        save_facts=_writable(_path(config, "wslgo_save_facts"), "--wslgo-save-facts"),
        facts=facts,
        network=config.getoption("wslgo_network") or stored.network,
        lang=choose_language(config, stored),
        subject=_subject(config, stored, where),
        go_floor=_go_floor(stored, where),
        distros=named_distros(config, stored, where),
        ships=_ships(stored, where),
        notes=notes,
    )


def _outputs(config: pytest.Config, stored: FileSettings, where: Path | None) -> Outputs:
    """Return the outputs, those of the command line first; in the settings file a path is relative to the file."""
    found: dict[str, Path | None] = {}
    for name in Outputs.__dataclass_fields__:
        given, kept = _path(config, f"wslgo_{name}"), getattr(stored, name)
        own = where.parent / Path(kept).expanduser() if kept and where else None
        found[name] = _writable(given, f"--wslgo-{name}") if given else _writable(own, f"{where}: {name}")
    return Outputs(**found)


def _machines(config: pytest.Config, stored: FileSettings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the specs of the run, one for each machine, and notes on them; xdist's workers get the specs as option."""
    given = tuple(config.getoption("wslgo_target")) or _testinfra_hosts(config) or stored.target or ("local://",)
    try:
        specs, notes = expand_specs(given)
    except WslgoError as error:  # without the list nobody knows which machines are meant
        raise BadInput(str(error)) from None
    if specs != given:
        config.option.wslgo_target = list(specs)
    return specs, notes


def choose_language(config: pytest.Config, stored: FileSettings) -> Language:
    """Return the language of the report: of the option, of the settings file, else of this process's locale.

    Raises:
        BadInput: a language that no report is written in.
    """
    given = config.getoption("wslgo_lang")
    if given is not None:
        return Language(one_of(given, tuple(Language), where="command line", key="--wslgo-lang"))
    return stored.lang or language_of_locale(os.environ)


def _go_floor(stored: FileSettings, where: Path | None) -> GoVersion:
    if stored.go_floor is None:
        return go_data().supported
    try:
        return GoVersion.parse(stored.go_floor)
    except BadInput as error:
        raise BadInput(f"{where}: key 'go-floor': {error}") from None


def _ships(stored: FileSettings, where: Path | None) -> tuple[Distribution, ...]:
    if not stored.ships:
        return ()
    known = load_distributions(resources.DISTRIBUTIONS)
    try:
        return tuple(find_distribution(title, known) for title in stored.ships)
    except BadInput as error:
        raise BadInput(f"{where}: key 'ships': {error}") from None


def name_targets(specs: tuple[str, ...]) -> dict[str, str]:
    """Return a short, unique name for each spec, in order; the same spec twice is one target.

    >>> name_targets(("local://", "podman://deb"))
    {'local': 'local://', 'deb': 'podman://deb'}
    """
    wanted = tuple(dict.fromkeys(specs))
    short = [_short_name(spec) for spec in wanted]
    return {name if short.count(name) == 1 else spec: spec for name, spec in zip(short, wanted, strict=True)}


def name_facts(paths: tuple[Path, ...]) -> dict[str, Path]:
    """Return a short, unique name for each stored snapshot, in order; the same file twice is one.

    >>> list(name_facts((Path("/lab/box.json"), Path("/a/pc.json"), Path("/b/pc.json"))))
    ['box.json', '/a/pc.json', '/b/pc.json']
    """
    wanted = tuple(dict.fromkeys(paths))
    short = [path.name for path in wanted]
    return {path.name if short.count(path.name) == 1 else str(path): path for path in wanted}


def _short_name(spec: str) -> str:
    """Return what names a machine in reports: no query, and no password, which a user may have put there."""
    scheme, _, rest = spec.partition("://")
    return re.sub(":[^@/]*@", "@", rest.partition("?")[0].rstrip("/")) or scheme


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


def _subject(config: pytest.Config, stored: FileSettings, where: Path | None) -> Path | None:
    """Return the directory of the user's own module; a stored snapshot has its own."""
    if given := config.getoption("wslgo_subject"):
        if config.getoption("wslgo_facts"):
            raise BadInput("--wslgo-facts judges a stored snapshot, --wslgo-subject a directory: give one of the two")
        return checked_subject(_absolute(config, given), "--wslgo-subject")
    if stored.subject is None or where is None or config.getoption("wslgo_facts"):
        return None
    return checked_subject(where.parent / Path(stored.subject).expanduser(), f"{where}: subject")


def _path(config: pytest.Config, option: str) -> Path | None:
    given = config.getoption(option)
    return _absolute(config, given) if given else None


def _absolute(config: pytest.Config, given: str) -> Path:
    return config.invocation_params.dir / Path(given).expanduser()


def _writable(path: Path | None, option: str) -> Path | None:
    """Fail before the run, and not after it, when its output has no place."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        what = "is a directory" if path.is_dir() else f"has no directory {path.parent} to stand in"
        raise BadInput(f"{option} {path} {what}; give a file in an existing directory")
    return path
