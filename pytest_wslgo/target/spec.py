"""Read a target's spec, such as ``ssh://dev@box:2222?identity=~/.ssh/lab``, and make the target of it."""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.errors import BadInput, nearest
from pytest_wslgo.target import kernel
from pytest_wslgo.target.container import enter_container
from pytest_wslgo.target.ssh import connect_ssh
from pytest_wslgo.target.target import Target
from pytest_wslgo.target.transport import Local, enter_root
from pytest_wslgo.target.wsl import ALL, enter_wsl, every_distro

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_wslgo.target.transport import Transport

FORMS = {
    "local": "local://",
    "chroot": "chroot:///DIR",
    "podman": "podman://[USER@]NAME",
    "docker": "docker://[USER@]NAME",
    "ssh": "ssh://[USER@]HOST[:PORT][?ssh_config=FILE&identity=FILE]",
    "wsl": "wsl://[USER@]NAME or wsl://all",
}
NOT_YET = ("ansible",)
OPTIONS = {"ssh": ("ssh_config", "identity")}


@dataclass(frozen=True, slots=True)
class Address:
    """What a spec says. ``place`` is the host, the container or the folder; ``options`` are the query's pairs."""

    scheme: str
    place: str
    user: str | None = None
    port: int | None = None
    options: tuple[tuple[str, str], ...] = ()

    def option(self, key: str) -> str | None:
        """Return the value of one option, or ``None``."""
        return dict(self.options).get(key)

    @property
    def is_every_distro(self) -> bool:
        """Tell whether it means every WSL distribution, not one machine."""
        return self.scheme == "wsl" and self.place == ALL


def parse_spec(spec: str) -> Address:
    """Return what ``spec`` says; raise BadInput, naming the forms, when it is none.

    >>> parse_spec("ssh://dev@[::1]:2222").place
    '::1'
    """
    scheme, separator, rest = spec.partition("://")
    if not separator or scheme not in FORMS:
        raise BadInput(_unknown_scheme(spec, scheme))
    rest, _, query = rest.partition("?")
    options = _options(spec, scheme, query)
    if scheme == "local":
        if rest:
            raise _bad(spec, "this machine has no name or path")
        return Address("local", "")
    if scheme == "chroot":
        if not rest.startswith("/"):
            raise _bad(spec, "the folder must be an absolute path")
        return Address(scheme, urllib.parse.unquote(rest))
    return _networked(spec, scheme, rest, options)


def open_target(spec: str, *, name: str | None = None, run_id: str = "") -> Target:
    """Return the target that ``spec`` names; it is reached when it is first used.

    ``name`` is what messages call it (default: the spec without its scheme); all processes of a run share ``run_id``.
    Raises BadInput when the spec is wrong.
    """
    address = parse_spec(spec)
    if address.is_every_distro:
        raise several(spec)
    if address.scheme == "local" and kernel.ON_WINDOWS:
        raise BadInput(
            "target 'local://' is this machine, which is Windows, and Go on Linux is tested: name a WSL distribution,"
            " such as wsl://Ubuntu, or wsl://all."
        )
    return Target(name or _default_name(address), spec, _way(address), run_id)


def several(spec: str) -> BadInput:
    """Return the error for a spec of several machines where one is meant."""
    return _bad(spec, "it means every distribution, and one machine is asked for")


def expand_specs(specs: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the specs, ``wsl://all`` replaced by one for each distribution, and what there is to say about that.

    Raises BadInput when ``wsl://all`` finds nothing to test, MissingTool without wsl.exe.
    """
    expanded: list[str] = []
    notes: list[str] = []
    for spec in specs:
        if found := re.fullmatch(rf"wsl://((?:[^@/?]+@)?){ALL}", spec):
            distros, said = every_distro(found[1])
            expanded += distros
            notes += said
        else:
            expanded.append(spec)
    return tuple(expanded), tuple(notes)


def _way(address: Address) -> Callable[[], Transport]:
    match address.scheme:
        case "local":
            return Local
        case "chroot":
            return lambda: enter_root(address.place)
        case "ssh":
            at = f"{address.user}@" if address.user else ""
            config, identity = address.option("ssh_config"), address.option("identity")
            return lambda: connect_ssh(f"{at}{address.place}", address.port, config, identity)
        case "wsl":
            return lambda: enter_wsl(address.place, address.user)
        case engine:
            return lambda: enter_container(engine, address.place, address.user)


def _networked(spec: str, scheme: str, rest: str, options: tuple[tuple[str, str], ...]) -> Address:
    user, at, place = rest.rpartition("@")
    port = None
    if scheme == "ssh":
        found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^:/\[\]]+))(?::(\d+))?/?", place)
        if found is None:
            raise _bad(spec, "it names no host")
        place = found[1] or found[2]
        port = int(found[3]) if found[3] else None
        if port is not None and not 0 < port < 65536:
            raise _bad(spec, f"port {port} is not between 1 and 65535")
    user, place = urllib.parse.unquote(user), urllib.parse.unquote(place)
    if not place or (at and not user):
        raise _bad(spec, "it names nothing" if not place else "the user before @ is empty")
    if place.startswith("-") or user.startswith("-"):
        raise _bad(spec, "a name does not start with '-'")
    return Address(scheme, place, user or None, port, options)


def _options(spec: str, scheme: str, query: str) -> tuple[tuple[str, str], ...]:
    known = OPTIONS.get(scheme, ())
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    for key, _ in pairs:
        if key not in known:
            there = ", ".join(known) or "none"
            raise _bad(spec, f"{key!r} is no option of {scheme}://{nearest(key, known)}; its options: {there}")
    return tuple((key, _file(spec, key, value)) for key, value in pairs)


def _file(spec: str, key: str, value: str) -> str:
    path = Path(value).expanduser()
    if not path.is_file():
        raise _bad(spec, f"the file of {key}, {path}, is not there")
    return str(path.absolute())


def _unknown_scheme(spec: str, scheme: str) -> str:
    if scheme in NOT_YET and "://" in spec:
        return f"target {spec!r}: {scheme}:// is not supported yet; a target is one of {_forms()}."
    return f"target {spec!r} is none{nearest(scheme, FORMS)}; a target is one of {_forms()}."


def _forms() -> str:
    return ", ".join(FORMS.values())


def _bad(spec: str, why: str) -> BadInput:
    return BadInput(f"target {spec!r} cannot be used: {why}. The form is {FORMS[spec.partition('://')[0]]}.")


def _default_name(address: Address) -> str:
    return address.place or address.scheme
