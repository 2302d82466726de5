"""Trees of our own that stand for a GOROOT: an SDK that was moved, robbed of a part, or laid over another.

A copy of an SDK is 250 MB. A go command finds its tree by its own place, with links resolved (cmd/go, findGOROOT), and
reads the rest by path: so bin/go is a copy, and everything else a link into the real SDK. Where two SDKs meet, runtime
and internal, which every program needs, are merged file by file, as tar merges them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_wslgo.target.target import Target

DEADLINE: Final = 120.0


def lay_tree(target: Target, path: str, goroots: Sequence[str], without: Sequence[str] = ()) -> None:
    """Make ``path`` a GOROOT out of these, the later over the earlier, then take the parts ``without`` away.

    ``without`` are paths in the tree, such as ``src`` or ``pkg/tool``.
    """
    from importlib.resources import files

    script = files("pytest_wslgo.toolchain").joinpath("lay_tree.sh").read_bytes()
    target.run(["/bin/sh", "-s", "--", path, " ".join(without), *goroots], stdin=script, deadline=DEADLINE)
