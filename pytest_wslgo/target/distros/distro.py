"""A Linux userland that runs: the way to it, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_wslgo.model.userland import Userland
    from pytest_wslgo.target.target import Target


@dataclass(frozen=True, slots=True)
class Distro:
    """A booted distro. ``name`` is the caller's word for it, ``how`` says in one clause where it is from.

    ``target`` is like any other: run, read, write, put, console; ``target.workdir`` is a directory in it.
    """

    name: str
    target: Target
    userland: Userland
    how: str

    def describe(self) -> str:
        """Say what it is and where it is from: ``distro mine: alpine 3.20.3, amd64, musl 1.2.5; …``."""
        return f"distro {self.name}: {self.userland.describe()}; {self.how}"
