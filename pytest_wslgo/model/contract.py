"""The outcome contract of a run: the profile that it must meet, its waivers, and what its owner declares absent.

The run itself and the gate over stored ledgers read it from the same places: an option, the settings file, the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.declares import Declaration, declarations_of
from pytest_wslgo.model.profiles import DEFAULT_PROFILE, Profile, find_profile, load_profiles, profiles_of
from pytest_wslgo.model.waivers import LONGEST_LIFE, Waiver, load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from pytest_wslgo.model.settings import FileSettings


@dataclass(frozen=True, slots=True)
class Contract:
    """What the gate judges by; ``waivers`` is None when nobody named a file of them."""

    profile: Profile
    waivers: tuple[Waiver, ...] | None
    declarations: tuple[Declaration, ...]


def read_contract(
    stored: FileSettings,
    where: Path | None,
    claims: Iterable[str],
    *,
    now: datetime,
    profile: str | None = None,
    waivers: Path | None = None,
) -> Contract:
    """Return the contract: ``profile`` and ``waivers`` are options, ``stored`` the settings in the file ``where``.

    Raises:
        BadInput: a profile, waiver or declaration that cannot be meant; the sentence names file, key and nearest word.
    """
    known = tuple(claims)
    profiles = load_profiles(resources.PROFILES, known)
    profiles |= profiles_of(stored.profiles, known, where=f"{where} [profiles]", known=profiles)
    if waivers is None and stored.waivers is not None and where is not None:
        waivers = where.parent / stored.waivers
    return Contract(
        profile=find_profile(profile or stored.profile or DEFAULT_PROFILE, profiles),
        waivers=load_waivers(waivers, known, now=now, days=_days(stored, where)) if waivers else None,
        declarations=declarations_of(stored.declares, known, where=f"{where} [declares]"),
    )


def _days(stored: FileSettings, where: Path | None) -> int:
    if stored.waiver_days is None:
        return LONGEST_LIFE
    if stored.waiver_days < 1:
        raise BadInput(f"{where}: waiver-days = {stored.waiver_days} is no life of a waiver; write a number of days")
    return stored.waiver_days
