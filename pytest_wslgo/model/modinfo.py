"""The text that the go command writes into a program: main package, modules, settings, commit.

Format: runtime/debug.ParseBuildInfo of the Go source; the lines that ``go version -m`` prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from pytest_wslgo.errors import WslgoError
from pytest_wslgo.model.go import GoVersion


class MalformedBuildInfo(WslgoError):
    """The program has build information that cannot be read."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the build; the main one has version ``(devel)`` or, from Go 1.24, that of its commit."""

    path: str
    version: str
    sum: str = ""
    replacement: Module | None = None


@dataclass(frozen=True, slots=True)
class GoBuildInfo:
    """How a Go program was built; ``go_version`` is the text of the toolchain, ``path`` the main package."""

    go_version: str
    path: str = ""
    main: Module | None = None
    deps: tuple[Module, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> GoVersion:
        """``go_version`` as a value; raises BadInput for a development build that names no version."""
        return GoVersion.parse(self.go_version)

    def setting(self, key: str) -> str | None:
        """Return a setting such as ``CGO_ENABLED``; None when it is not recorded, as ``-buildmode`` in Go 1.19."""
        return dict(self.settings).get(key)

    @property
    def vcs(self) -> str | None:
        """The version control system, ``git``; None without a stamp (no repository, no git, or ``-buildvcs=false``)."""
        return self.setting("vcs")

    @property
    def vcs_revision(self) -> str | None:
        """The commit it was built from, in full."""
        return self.setting("vcs.revision")

    @property
    def vcs_time(self) -> str | None:
        """The time of that commit, in RFC 3339."""
        return self.setting("vcs.time")

    @property
    def vcs_modified(self) -> bool | None:
        """Whether the work tree differed from that commit; None without a stamp."""
        recorded = self.setting("vcs.modified")
        return None if recorded is None else recorded == "true"


def parse_modinfo(text: str, go_version: str, name: str = "the file") -> GoBuildInfo:
    r"""Read the lines of the go command; raise MalformedBuildInfo with the number of the line that is none.

    Sample, with ``\t`` between the columns; a replacement follows its module; values with blanks are quoted as in Go::

        path    example.test/hello
        mod     example.test/hello      (devel)
        dep     example.test/dep        v1.2.3
        =>      ../dep  (devel)
        build   CGO_CFLAGS="-O2 -g"
        build   vcs.modified=false
    """
    lines = _Lines()
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        try:
            lines.read(line)
        except (ValueError, OverflowError) as error:
            raise MalformedBuildInfo(
                f"{name}: line {number} of its build information, {line[:120]!r}, {error}; build it or copy it again"
            ) from None
    return GoBuildInfo(
        go_version,
        path=lines.path,
        main=lines.modules["mod"][-1] if lines.modules["mod"] else None,
        deps=tuple(lines.modules["dep"]),
        settings=tuple(lines.settings),
    )


class _Lines:
    def __init__(self) -> None:
        self.path = ""
        self.modules: dict[str, list[Module]] = {"mod": [], "dep": []}
        self.settings: list[tuple[str, str]] = []
        self._replaceable: list[Module] = []

    def read(self, line: str) -> None:
        word, tab, rest = line.partition("\t")
        if not tab:
            return
        if word == "path":
            self.path = rest
        elif word in self.modules:
            self._replaceable = self.modules[word]
            self._replaceable.append(_module(rest, columns=(2, 3)))
        elif word == "=>":
            if not self._replaceable:
                raise ValueError("replaces no module")
            self._replaceable[-1] = replace(self._replaceable[-1], replacement=_module(rest, columns=(3,)))
            self._replaceable = []
        elif word == "build":
            self.settings.append(_setting(rest))


def _module(text: str, columns: tuple[int, ...]) -> Module:
    fields = text.split("\t")
    if len(fields) not in columns:
        raise ValueError(f"has {len(fields)} columns, expected {' or '.join(map(str, columns))}")
    path, version, *rest = fields
    return Module(path, version, sum=rest[0] if rest else "")


def _setting(text: str) -> tuple[str, str]:
    if quoted := _QUOTED.match(text):
        key, rest = _unquoted(quoted[0]), text[quoted.end() :]
        if not rest.startswith("="):
            raise ValueError("has no '=' after its key")
        return key, _value(rest[1:])
    key, equals, value = text.partition("=")
    if not (key and equals) or key[0] in '`"':
        raise ValueError("is no KEY=VALUE")
    return key, _value(value)


def _value(text: str) -> str:
    if not text.startswith(("`", '"')):
        return text
    if not _QUOTED.fullmatch(text):
        raise ValueError("has a value that is not quoted as in Go")
    return _unquoted(text)


_ESCAPE: Final = re.compile(
    r"""\\(?: (?P<plain>[abfnrtv\\"]) | (?P<octal>[0-3][0-7]{2}) | x(?P<byte>[0-9a-fA-F]{2})
         | u(?P<short>[0-9a-fA-F]{4}) | U(?P<long>[0-9a-fA-F]{8}) )""",
    re.VERBOSE,
)
_QUOTED: Final = re.compile(r'`[^`]*`|"(?:[^"\\\n]|\\.)*"')
_PLAIN: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}


def _unquoted(text: str) -> str:
    """Undo strconv.Quote, whose escapes of two hexadecimal digits are bytes and not characters."""
    inner = text[1:-1]
    if text[0] == "`":
        return inner
    pieces = []
    position = 0
    while (backslash := inner.find("\\", position)) >= 0:
        if not (escape := _ESCAPE.match(inner, backslash)):
            raise ValueError(f"has the escape {inner[backslash : backslash + 2]!r}, which Go does not have")
        pieces += [inner[position:backslash].encode(), _meaning(escape)]
        position = escape.end()
    return b"".join([*pieces, inner[position:].encode()]).decode("utf-8", "backslashreplace")


def _meaning(escape: re.Match[str]) -> bytes:
    if escape["plain"]:
        return _PLAIN[escape["plain"]].encode()
    if escape["octal"]:
        return bytes([int(escape["octal"], 8)])
    if escape["byte"]:
        return bytes.fromhex(escape["byte"])
    return chr(int(escape["short"] or escape["long"], 16)).encode()
