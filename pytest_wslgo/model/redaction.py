"""The one funnel for secrets: what is printed, stored or attached goes through ``mask`` (DESIGN 8).

Masked are tokens known by their form, credentials in URLs, values whose name says that they are secret, authorization
and cookie headers, netrc lines and private keys; and, once ``learn`` has seen the environment, the values of its secret
variables, which a command may print bare. ``mask`` is idempotent and leaves paths, hashes and checksums alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK: Final = "***"

_KEY_BLOCK = re.compile(
    r"(-----BEGIN (?P<kind>[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----).*?(-----END (?P=kind)-----|\Z)", re.DOTALL
)
# The end of a key whose beginning was cut off, as the last lines of an output are.
_KEY_END = re.compile(r"(?:^[A-Za-z0-9+/=]{16,}\s*\n)+(?=-----END [A-Z0-9 ]*PRIVATE KEY)", re.MULTILINE)
# Forms as their makers publish them for secret scanners, e.g. https://docs.gitlab.com/security/tokens/#token-prefixes
_TOKEN = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
    | gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-[A-Za-z0-9_=.-]{20,}
    | (?:AKIA|ASIA)[0-9A-Z]{16}
    | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{40,} | hf_[A-Za-z0-9]{30,} | dop_v1_[a-f0-9]{60,}
    | xox[abeoprs]-[A-Za-z0-9-]{10,} | xapp-[A-Za-z0-9-]{20,}
    | sk-[A-Za-z0-9_-]{20,} | AIza[A-Za-z0-9_-]{35}
    | eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*
    )""",
    re.VERBOSE,
)
_SLACK_HOOK = re.compile(r"(hooks\.slack\.com/(?:services|workflows)/)[A-Za-z0-9/]+")
# The user part of a URL ends at the last @ before the path; a comma or bar that begins the next entry of a GOPROXY
# list ends the URL. A path swallows one of its slashes. Without a password only http(s) hides a token there:
# ssh://git@host names a user.
_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<root>//?)(?P<user>(?:(?![,|](?:[A-Za-z][A-Za-z0-9+.-]*://|direct\b|off\b))[^\s/\"'<>])+)@"
)
_HEADER = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|private-token|job-token|x-auth-token)(\s*:\s*)[^\s\"'][^\"'\r\n]*",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer\s+)[A-Za-z0-9._~+/-]{20,}=*", re.IGNORECASE)
# Also when a line end is told as its escape, and when the line of the machine was cut off.
_GAP = r"(?:\s|\\[nrt])+"
_WORD = r"(?:(?!\\[nrt])\S)+"
_NETRC = re.compile(
    rf"\b(?:machine{_GAP}{_WORD}|default|login{_GAP}{_WORD})(?:{_GAP}(?:login|account|password){_GAP}{_WORD})+",
    re.IGNORECASE,
)
# A line of its own, as netrc files have it; pytest and diff put signs before it.
_NETRC_LINE = re.compile(r"^([ \t>E+-]*password[ \t]+)\S+[ \t]*$", re.MULTILINE)
_NETRC_SECRET = re.compile(rf"((?:account|password){_GAP}){_WORD}", re.IGNORECASE)

# Every run of word characters is tried once, from its start: a long one must not cost its square.
_VALUE = r"\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*'|[^\s\"'&;,]+"
_NAMED = re.compile(
    rf"""
      (?<![\w.-])(?P<name>[\w.-]+)(?P<sign>[ ]*=[ ]?)(?P<value>{_VALUE})
    | (?P<quoted>["'](?P<quoted_name>[\w.-]+)["']\s*:\s*)(?P<quoted_value>"(?:[^"\\]|\\.)*"|'[^']*')
    | (?P<line>^[ \t-]*(?P<line_name>[A-Za-z_][\w.-]*):[ \t]+)(?P<line_value>{_VALUE})
    """,
    re.VERBOSE | re.MULTILINE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:[A-Z0-9]*(?:TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|APIKEY|SECRETKEY|ACCESSKEY|PRIVATEKEY|AUTHKEY)"
    r"|PASS|CREDENTIALS?|COOKIE|SIG|SIGNATURE|AUTH_CONFIG"
    r"|(?:API|PRIVATE|ACCESS|ACCOUNT|SECRET|SIGNING|ENCRYPTION|MASTER|AUTH|DEPLOY)_KEY)(?:_|$)|^AUTH$|^_AUTH$"
)
# GOOGLE_APPLICATION_CREDENTIALS and mount.cifs' credentials= name a file.
_FILE_OF_CREDENTIALS = re.compile(r"(?i).*credentials?=/[\w.-]+(?:/[\w.-]+)*")
_SHORTEST: Final = 8
_learnt: dict[str, None] = {}
_NOT_THE_SECRET = re.compile(r"_(?:FILE|PATH|DIR|DIRECTORY|SOCK|SOCKET|URL|URI|NAME|ID|TYPE|COUNT|TTL)$")


def learn(environ: Mapping[str, str]) -> None:
    """Mask from now on, in this process, the values of the secret variables of ``environ`` wherever they stand.

    Values that may as well be a word, a switch or a path (``true``, ``postgres``, ``/run/x``) are left alone.
    """
    for name, value in environ.items():
        told = any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)
        if len(value) >= _SHORTEST and told and not value.startswith("/") and _is_secret(name, value):
            _learnt[value] = None


def forget() -> None:
    """Forget what ``learn`` has seen."""
    _learnt.clear()


def mask(text: str) -> str:
    """Return ``text`` with every secret in it replaced by ``***``.

    >>> mask("GOPROXY=https://ann:s3cret@proxy.example,direct")
    'GOPROXY=https://ann:***@proxy.example,direct'
    """
    for secret in _learnt:
        text = text.replace(secret, MASK)
    text = _KEY_BLOCK.sub(lambda block: f"{block[1]}{MASK}-----END {block['kind']}-----", text)
    text = _KEY_END.sub(f"{MASK}\n", text)
    text = _TOKEN.sub(MASK, text)
    text = _SLACK_HOOK.sub(rf"\g<1>{MASK}", text)
    text = _URL.sub(_masked_url, text)
    text = _HEADER.sub(rf"\g<1>\g<2>{MASK}", text)
    text = _BEARER.sub(rf"\g<1>{MASK}", text)
    text = _NETRC.sub(lambda entry: _NETRC_SECRET.sub(rf"\g<1>{MASK}", entry[0]), text)
    text = _NETRC_LINE.sub(rf"\g<1>{MASK}", text)
    return _NAMED.sub(_masked_assignment, text)


def mask_value(name: str, value: str) -> str:
    """Return the value of a variable, masked as a whole when its name says that it is secret.

    >>> mask_value("NPM_TOKEN", "abc"), mask_value("HOME", "/home/ann")
    ('***', '/home/ann')
    """
    return MASK if value and _is_secret(name, value) else mask(value)


def is_secret_name(name: str) -> bool:
    """Tell whether a variable, field or option of this name holds a secret (not: names a file that does).

    >>> [is_secret_name(name) for name in ("npm_authToken", "TOKEN_FILE", "TOKENIZERS_PARALLELISM")]
    [True, False, False]
    """
    words = _CAMEL.sub("_", name).upper().replace("-", "_").replace(".", "_")
    return bool(_SECRET_NAME.search(words)) and not _NOT_THE_SECRET.search(words)


def _is_secret(name: str, value: str) -> bool:
    return is_secret_name(name) and not _FILE_OF_CREDENTIALS.fullmatch(f"{name}={value}")


def _masked_url(url: re.Match[str]) -> str:
    user, colon, _ = url["user"].partition(":")
    if colon:
        return f"{url['scheme']}:{url['root']}{user}:{MASK}@"
    return f"{url['scheme']}:{url['root']}{MASK}@" if url["scheme"].lower().endswith(("http", "https")) else url[0]


def _masked_assignment(found: re.Match[str]) -> str:
    for name, value in (("name", "value"), ("quoted_name", "quoted_value"), ("line_name", "line_value")):
        if found[name] and _is_secret(found[name], found[value].strip("\"'")):
            quote = found[value][0] if found[value][0] in "\"'" else ""
            start = found.start(value) - found.start()
            return f"{found[0][:start]}{quote}{MASK}{quote}"
    return found[0]
