"""network.hostname, as WSL makes a host name of it (``CleanHostname`` of microsoft/WSL, ``stringshared.h``)."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 64
_FALLBACK: Final = "localhost"


def clean_hostname(written: str) -> str:
    """Return what of a name WSL uses: letters and digits of ASCII, one dot, single hyphens inside.

    >>> clean_hostname("host..name"), clean_hostname("-my_host-"), clean_hostname("...")
    ('host.name', 'myhost', 'localhost')
    """
    kept = ""
    for letter in written:
        dot = letter == "." and "." not in kept and kept[-1:] not in ("", "-")
        hyphen = letter == "-" and kept[-1:] not in ("", "-", ".")
        if dot or hyphen or (letter.isascii() and letter.isalnum()):
            kept += letter
    return kept[:_LONGEST].rstrip(".-") or _FALLBACK
