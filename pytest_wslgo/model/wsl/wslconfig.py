r"""``%UserProfile%\.wslconfig`` as WSL reads it (``WslCoreConfig.cpp`` of microsoft/WSL, ``src/windows/common``).

Its rules differ from those of /etc/wsl.conf: a malformed line is skipped and the rest is read, a byte order mark and
CR LF are fine, and lines are counted as an editor counts them. It is read by UTF-16 units of which a value keeps the
lower byte alone, so that a path with other letters than ASCII's does not arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.configfile import scan
from pytest_wslgo.model.wsl.keys import Kind, wslconfig_keys
from pytest_wslgo.model.wsl.settings import Setting, Settled, settle

if TYPE_CHECKING:
    from pytest_wslgo.model.wsl.values import Value

WSLCONFIG: Final = r"%UserProfile%\.wslconfig"
_ALIASES: Final = {"VirtioProxy": "Consomme"}


@dataclass(frozen=True, slots=True)
class WslConfig(Settled):
    """What WSL takes from the file, and what it says of it.

    ``garbled`` are the settings whose value has letters that do not arrive; ``unreadable``: the file is no text.
    """

    garbled: tuple[Setting, ...] = ()
    unreadable: bool = False

    @property
    def fails(self) -> bool:
        """Tell whether WSL does not start for it: a bad macAddress is an error, not a warning."""
        return any(not one.valid and _kind(one.key) is Kind.MAC for one in self.settings)

    def value(self, name: str) -> Value:
        """Return the value of a key, under any of its names; the default (None: WSL computes it) when it is not set."""
        key = wslconfig_keys().find(name)
        if key is None:
            return None
        setting = next((one for one in self.settings if one.key == key.name and one.valid), None)
        value = setting.value if setting else key.default
        return _ALIASES.get(value, value) if isinstance(value, str) else value


def parse_wslconfig(data: bytes | str, file: str = WSLCONFIG) -> WslConfig:
    """Read the file, whatever is in it; ``file`` is the path that WSL's warnings have.

    >>> parse_wslconfig(b"[wsl2]\\r\\nmemory = 4 GB\\r\\n", "F").warnings[0].text
    "Invalid memory string '4 GB' for .wslconfig entry 'wsl2.memory' in F:2"
    """
    text = data if isinstance(data, str) else _decode(data)
    units = text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")
    wide = [low | high << 8 for low, high in zip(units[::2], units[1::2], strict=True)]
    settled = settle(scan(wide, skip_malformed=True).parts, wslconfig_keys(), file, windows=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return WslConfig(
        settings=settled.settings,
        warnings=settled.warnings,
        garbled=tuple(one for one in settled.settings if not _code_of(lines[one.place.at - 1]).isascii()),
        unreadable="\ufffd" in text,
    )


def _code_of(line: str) -> str:
    """Return what stands before a comment."""
    return line.partition("#")[0]


def _decode(data: bytes) -> str:
    """Decode as the C library of Windows does with ``ccs=UTF-8``: by the byte order mark, else UTF-8."""
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    return data.decode("utf-8-sig", "replace")


def _kind(name: str) -> Kind | None:
    key = wslconfig_keys().find(name)
    return key.kind if key else None
