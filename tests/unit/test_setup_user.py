"""HOME, ``~/.local/bin`` and limits in a snapshot, and the amounts that Go needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_wslgo.errors import MissingTool, Waits
from pytest_wslgo.model.facts import Limit, PathStat
from pytest_wslgo.model.setup.home import home_problem, home_settings, homes, local_bins
from pytest_wslgo.model.setup.limits import limits_seen
from pytest_wslgo.model.setup.needs import GIB, LIMITS, MIB, OPEN_FILES, Unit, amount
from tests.unit.folder_machines import ALPINE, DRIVE, a_folder, with_folder, with_go

LOCAL_BIN = PathStat("/root/.local/bin", 0o40755, 0, 0)


def test_the_recorded_home_is_roots_own_in_every_shell() -> None:
    assert {setting.value for setting in home_settings(ALPINE)} == {"/root"}
    assert all(home.is_the_users for home in homes(ALPINE))
    assert {home_problem(ALPINE, shell.name) for shell in ALPINE.shells} == {None}


def test_a_home_that_is_not_set_is_empty_and_told_with_its_shells() -> None:
    (setting,) = home_settings(with_go({"HOME": ""}))
    assert (setting.value, setting.place) == ("", "the login shell")


def test_the_home_of_another_is_told_with_both() -> None:
    snapshot = with_folder(with_go({"HOME": "/home/dev"}), a_folder("/home/dev"))
    dev = replace(snapshot, user=replace(snapshot.user, uid=1000, name="dev"))
    (home,) = homes(dev)
    assert not home.is_the_users
    assert home.told.endswith(": it belongs to uid 0, and commands run as dev (uid 1000), who has no account")


def test_what_passwd_gives_is_the_users_whoever_owns_it() -> None:
    snapshot = with_folder(with_go({"HOME": "/"}), a_folder("/"))
    nobody = replace(snapshot, user=replace(snapshot.user, uid=65534, name="nobody"))
    assert [home.is_the_users for home in homes(nobody)] == [True]


@pytest.mark.parametrize(
    ("home", "problem"),
    [
        ("", "HOME is not set in the login shell"),
        ("root", "HOME is root in the login shell ("),
        ("/home/gone", "HOME is /home/gone in the login shell ("),
    ],
)
def test_a_broken_home_is_named(home: str, problem: str) -> None:
    snapshot = with_folder(with_go({"HOME": home}), a_folder("/home/gone", nearest="/home"))
    assert (home_problem(snapshot, "login") or "").startswith(problem)


def test_whose_a_home_is_may_be_unknown() -> None:
    snapshot = replace(ALPINE, user=replace(ALPINE.user, uid=None))
    with pytest.raises(MissingTool, match="whose /root is, is not known: the target has neither stat, ls nor id"):
        homes(snapshot)


def test_local_bin_is_judged_where_it_is() -> None:
    assert local_bins(ALPINE) == ()
    (found,) = local_bins(replace(ALPINE, stats=(LOCAL_BIN,)))
    assert (found.is_the_users, found.owner_can_write, found.world_writable) == (True, True, False)
    assert found.told == "/root/.local/bin is drwxr-xr-x of uid 0, and commands run as root (uid 0)"


@pytest.mark.parametrize(
    ("mode", "uid", "judged"),
    [
        (0o40777, 0, (True, True, True)),
        (0o41777, 0, (True, True, True)),
        (0o40555, 0, (True, False, False)),
        (0o40700, 0, (True, True, False)),
        (0o40755, 1000, (False, True, False)),
    ],
)
def test_modes_and_owners_of_local_bin(mode: int, uid: int, judged: tuple[bool, bool, bool]) -> None:
    (found,) = local_bins(replace(ALPINE, stats=(replace(LOCAL_BIN, mode=mode, uid=uid),)))
    assert (found.is_the_users, found.owner_can_write, found.world_writable) == judged


def test_modes_on_a_windows_drive_say_nothing() -> None:
    snapshot = with_folder(with_go({"HOME": "/mnt/c/x"}), a_folder("/mnt/c/x"), DRIVE)
    stat = PathStat("/mnt/c/x/.local/bin", 0o40777, 0, 0)
    with pytest.raises(Waits, match=r"waits for setup.caches-on-linux-fs: /mnt/c/x/.local/bin lies on C:"):
        local_bins(replace(snapshot, stats=(stat,)))


def test_the_recorded_limits_suffice() -> None:
    assert all(limit.suffices for need in LIMITS for limit in limits_seen(ALPINE, need))


def test_a_limit_is_told_with_its_shells_and_what_happens() -> None:
    tight = replace(ALPINE.login, limits=(Limit("Max open files", 64, 4096),))
    snapshot = replace(ALPINE, shells=(ALPINE.plain, tight))
    wide, narrow = limits_seen(snapshot, OPEN_FILES)
    assert (wide.suffices, narrow.suffices) == (True, False)
    assert narrow.told == (
        "Max open files is 64 files in the login shell (soft limit); Go needs 1024 files, or stops with"
        " 'too many open files'"
    )


def test_limits_that_nobody_could_read_are_not_judged() -> None:
    with pytest.raises(MissingTool, match="Max open files is not known: the shells could not read /proc/PID/limits"):
        limits_seen(replace(ALPINE, shells=()), OPEN_FILES)


@pytest.mark.parametrize(
    ("count", "unit", "told"),
    [
        (0, Unit.BYTES, "0 bytes"),
        (1023, Unit.BYTES, "1023 bytes"),
        (64 * 1024, Unit.BYTES, "64 KiB"),
        (3 * MIB // 2, Unit.BYTES, "1.5 MiB"),
        (4 * GIB, Unit.BYTES, "4 GiB"),
        (64, Unit.FILES, "64 files"),
    ],
)
def test_amounts_are_told_with_a_unit(count: int, unit: Unit, told: str) -> None:
    assert amount(count, unit) == told


def test_every_need_says_what_happens_below_it_and_how_that_is_known() -> None:
    assert all(need.error and need.source and need.least > 0 for need in LIMITS)
