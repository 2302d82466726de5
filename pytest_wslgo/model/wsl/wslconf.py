"""/etc/wsl.conf as WSL reads it (``WslDistributionConfig.cpp`` of microsoft/WSL, ``src/linux/init``).

It is read up to its first malformed line; everything after that is dropped, with one warning. The first of several
values holds, even a bad one. What a value then does on a machine, ``effective.py`` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.configfile import Malformed, scan
from pytest_wslgo.model.wsl.keys import wsl_conf_keys
from pytest_wslgo.model.wsl.settings import Setting, Warned, settle

if TYPE_CHECKING:
    from pytest_wslgo.model.wsl.values import Value

WSL_CONF: Final = "/etc/wsl.conf"
_LINE_END: Final = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, by its number as an editor has it."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class WslConf:
    """What WSL takes from the file, and what it says of it.

    ``stopped`` is the malformed line at which reading ended, ``stopped_line`` its text; ``dropped`` are the lines after
    it that are neither blank nor a comment, which WSL never sees.
    ``crashes``: WSL cannot write the warning of a last line that ends with a lone backslash, and the distribution does
    not start; the rest is what was read before.
    """

    settings: tuple[Setting, ...] = ()
    warnings: tuple[Warned, ...] = ()
    stopped: Malformed | None = None
    stopped_line: Line | None = None
    dropped: tuple[Line, ...] = ()
    crashes: bool = False

    def setting(self, name: str) -> Setting | None:
        """Return how a key first stands in the file, or None when it does not."""
        return next((setting for setting in self.settings if setting.key == name), None)

    def is_set(self, name: str) -> bool:
        """Tell whether the file gives a key a value that WSL takes."""
        return bool((setting := self.setting(name)) and setting.valid)

    def value(self, name: str) -> Value:
        """Return the value of a key of the table: the file's, or the default (None: unset)."""
        setting = self.setting(name)
        if setting and setting.valid:
            return with_slash(str(setting.value)) if name == "automount.root" else setting.value
        key = wsl_conf_keys().find(name)
        return key.default if key else None

    def flag(self, name: str) -> bool:
        """Return the value of a key that is true or false."""
        return self.value(name) is True

    def text(self, name: str) -> str | None:
        """Return the value of a key that is a text, or None when it is unset."""
        return None if (value := self.value(name)) is None else str(value)


def parse_wsl_conf(text: bytes | str) -> WslConf:
    """Read the file; text of a snapshot counts as the bytes of its UTF-8. Whatever is in it, this never raises.

    >>> conf = parse_wsl_conf("[boot]\\nsystemd=true\\n; later\\n[interop]\\nenabled=false\\n")
    >>> conf.value("boot.systemd"), conf.value("interop.enabled"), conf.warnings[0].text
    (True, True, 'Invalid key name in /etc/wsl.conf:3')
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    read = scan(data)
    settled = settle(read.parts, wsl_conf_keys().current(), WSL_CONF)
    stopped = read.parts[-1] if read.stopped else None
    if not isinstance(stopped, Malformed):
        return WslConf(settled.settings, settled.warnings, crashes=read.crashed)
    lines = [Line(at, line) for at, line in enumerate(_LINE_END.split(data.decode("utf-8", "backslashreplace")), 1)]
    behind = [Line(line.at, line.text.strip(" \t")) for line in lines[stopped.place.at :]]
    return WslConf(
        settings=settled.settings,
        warnings=settled.warnings,
        stopped=stopped,
        stopped_line=lines[stopped.place.at - 1],
        dropped=tuple(line for line in behind if line.text and not line.text.startswith("#")),
    )


def with_slash(root: str) -> str:
    """Return automount.root as WSL uses it: not empty, with a slash at its end."""
    return root if root.endswith("/") else f"{root}/"
