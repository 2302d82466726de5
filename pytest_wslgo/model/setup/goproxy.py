"""GOPROXY, as Go reads it (cmd/go/internal/modfetch, proxyList), and relics of the first years of modules.

Entries are separated by ``,`` (the next is asked after 404 and 410) or ``|`` (after any error). ``direct`` and ``off``
end the list. What has ``.``, ``:`` or ``/`` but no ``:/`` gets ``https://``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pytest_wslgo.model.redaction import mask
from pytest_wslgo.model.setup.setting import Setting, settings_of, variables_of

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot

_SCHEMES = ("http", "https", "file")
# Go 1.11 to 1.13 betas; GONOSUMDB, GOSUMDB=off and GOINSECURE took their place, and no Go reads them.
RELICS: Final = ("GONOSUMCHECK", "GONOVERIFY")


@dataclass(frozen=True, slots=True)
class Proxies:
    """A GOPROXY setting: the entries that count, and what is wrong with it."""

    setting: Setting
    entries: tuple[str, ...]
    problem: str | None

    @property
    def told(self) -> str:
        """State the setting, masked, and its problem."""
        return mask(f"{self.setting.told}: {self.problem}" if self.problem else self.setting.told)


def bad_proxies(snapshot: Snapshot) -> tuple[Proxies, ...]:
    """Return every GOPROXY that go would refuse. Raises Waits without a go."""
    read = (read_proxies(setting) for setting in settings_of(snapshot, "GOPROXY"))
    return tuple(proxies for proxies in read if proxies.problem)


def relic_variables(snapshot: Snapshot) -> tuple[Setting, ...]:
    """Return the variables that are set and that no Go reads any more."""
    return tuple(setting for name in RELICS for setting in variables_of(snapshot, name))


def read_proxies(setting: Setting) -> Proxies:
    """Read a GOPROXY list; Go's default for an empty value is no problem."""
    entries: list[str] = []
    for part in re.split(r"[,|]", setting.value):
        entry = part.strip()
        if not entry:
            continue
        entries.append(entry)
        if entry in ("direct", "off"):
            break
        if problem := _problem(entry):
            return Proxies(setting, tuple(entries), problem)
    empty = setting.value and not entries
    return Proxies(setting, tuple(entries), "it is not empty, but has no entry" if empty else None)


def _problem(entry: str) -> str | None:
    bare = re.search(r"[.:/]", entry) and ":/" not in entry and not entry.startswith("/")
    try:
        url = urlsplit(f"https://{entry}" if bare else entry)
        _ = url.port
    except ValueError as error:
        return f"the entry {entry!r} is no URL ({error})"
    if not url.scheme:
        return f"the entry {entry!r} has no scheme such as https://, and is neither direct nor off"
    if url.scheme not in _SCHEMES:
        return f"the entry {entry!r} has the scheme {url.scheme}; go knows https, http and file"
    if url.scheme == "file" and (url.netloc or url.query or url.fragment):
        return f"the entry {entry!r} is more than a path; file:///directory has no host"
    return None
