"""What go did, from what it prints with ``-x``: each action that really runs is shown, one from the cache is not.

That is the evidence for "compiled again" and "came from the cache" (``go help build``); wall time is none.
"""

from __future__ import annotations

import re
from typing import Final

_COMPILE: Final = re.compile(r"/compile(?:\.exe)?[\"']? -o .*? -p (\S+)")


def compiled(log: str) -> tuple[str, ...]:
    """Return the packages that were compiled, in their order.

    >>> compiled('/go/pkg/tool/linux_amd64/compile -o $WORK/b001/_pkg_.a -trimpath "$WORK/b001=>" -p a.example/b -c=2')
    ('a.example/b',)
    """
    return tuple(found[1] for line in log.splitlines() if (found := _COMPILE.search(line)))
