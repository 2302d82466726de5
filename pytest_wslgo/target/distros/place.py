"""Where a distro can be reached, as a value that the processes of a run share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """``root`` is a folder on this machine (``ours``: made by this run), or ``spec`` is a target's.

    ``how`` says in one clause where the distro is from.
    """

    how: str
    root: str | None = None
    ours: bool = False
    spec: str = ""
