"""The mode that the linker was run with, from what ``go build -x`` (or -n) prints.

``go version -m`` records what was asked for; where that was nothing, cmd/go chooses per platform, and only the line
that starts the linker shows what (cmd/go/internal/work/init.go, BuildModeInit). An up-to-date file is not linked again,
and then there is no such line: build to a fresh path.
"""

from __future__ import annotations

import re
from typing import Final

# The linker's path is quoted where it has a space; variables may stand before it (GOROOT, since Go 1.21).
_LINE: Final = re.compile(r"/link(?:\.exe)?['\"]? -o .*? -buildmode=(?P<mode>[\w-]+)")


def linker_mode(printed: str) -> str | None:
    """Return the -buildmode of the last line that starts the linker; None when nothing was linked.

    >>> linker_mode("/usr/local/go/pkg/tool/linux_amd64/link -o $WORK/b001/exe/a.out -buildmode=pie -buildid=x")
    'pie'
    """
    found = [line for line in map(_LINE.search, printed.splitlines()) if line]
    return found[-1]["mode"] if found else None
