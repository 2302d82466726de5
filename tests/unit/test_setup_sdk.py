"""The SDK in use: whose it is, whether it is whole and of one version, where it came from, and its dates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.facts import Answer, Clock, Folder
from pytest_wslgo.model.sdk_origin import Origin
from pytest_wslgo.model.setup import clock, sdk, versions
from pytest_wslgo.target import collector
from tests.unit.boxes import PARTS, a_box, a_go, a_goroot, a_shell, failed, said, with_drive

GONE = versions.go_data().gone


def test_a_healthy_sdk() -> None:
    box = a_box()
    assert sdk.goroots_of_another_go(box) == sdk.versions_that_differ(box) == ()
    assert sdk.missing_parts(box) == sdk.leftovers(box, GONE) == ()
    assert sdk.installed(box).told == "GOROOT /usr/local/go (go1.27.3) came by way of tarball"
    assert sdk.snap_problem(box) is None


def test_a_goroot_of_another_go_is_told_once_with_its_shells() -> None:
    login = a_shell("login", values={"GOROOT": "/opt/go1.22"}, GOROOT="/opt/go1.22")
    box = a_box(login=login, goroots=(a_goroot(), a_goroot("/opt/go1.22", "go1.22.10")))
    (told,) = sdk.goroots_of_another_go(box)
    assert told.startswith("GOROOT is /opt/go1.22 (")
    assert told.endswith("), but /usr/local/go/bin/go belongs to /usr/local/go (plain, login, interactive shell)")
    assert sdk.versions_that_differ(box)[0].startswith(
        "`go version` says go1.27.3, the file VERSION in /opt/go1.22 says go1.22.10, GOROOT is /opt/go1.22 ("
    )
    for judge in (sdk.missing_parts, sdk.installed):
        with pytest.raises(Waits, match=r"^waits for setup\.goroot-consistent: GOROOT is /opt/go1\.22"):
            judge(box)


def test_a_goroot_by_another_name_is_the_same_sdk() -> None:
    folder = Folder("/usr/lib/go", "/usr/lib/go", "/usr/local/go", writable=False)
    login = a_shell("login", values={"GOROOT": "/usr/lib/go"}, GOROOT="/usr/lib/go")
    box = a_box(login=login, goroots=(a_goroot(), a_goroot("/usr/lib/go")), folders=(folder,))
    assert sdk.goroots_of_another_go(box) == ()
    assert sdk.installed(box).told == "GOROOT /usr/lib/go (go1.27.3), a link to /usr/local/go came by way of tarball"


def test_a_toolchain_that_go_switched_to_is_no_other_go() -> None:
    switched = "/home/dev/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.26.4.linux-amd64"
    login = a_shell("login", answer=said("go1.26.4"), values={"GOROOT": switched})
    box = a_box(login=login, goroots=(a_goroot(), a_goroot(switched, "go1.26.4")))
    assert sdk.goroots_of_another_go(box) == sdk.versions_that_differ(box) == ()
    assert sdk.installed(box).origin is Origin.GO_TOOLCHAIN


def test_a_copied_go_with_its_goroot_belongs_to_no_sdk() -> None:
    login = a_shell("login", "/home/dev/bin/go", path="/home/dev/bin", GOROOT="/usr/local/go")
    assert sdk.goroots_of_another_go(a_box(login=login, gos=(a_go("/home/dev/bin/go"),))) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version_file": "go1.26.0\n"}, "`go version` says go1.27.3, the file VERSION in /usr/local/go says go1.26.0"),
        (
            {"compile": Answer(0, "compile version go1.27.2\n")},
            "`go version` says go1.27.3, `go tool compile -V` in /usr/local/go says go1.27.2",
        ),
    ],
)
def test_versions_that_differ_are_told(changes: dict[str, Any], told: str) -> None:
    box = a_box(goroots=(a_goroot(**changes),))
    assert sdk.versions_that_differ(box)[0].startswith(told)


@pytest.mark.parametrize(
    "changes", [{"version_file": None}, {"compile": None}, {"compile": Answer(0, "compile version go1.27.3 X:simd\n")}]
)
def test_what_is_not_told_or_only_added_differs_from_nothing(changes: dict[str, Any]) -> None:
    assert sdk.versions_that_differ(a_box(goroots=(a_goroot(**changes),))) == ()


@pytest.mark.parametrize("part", ["src/runtime/extern.go", "pkg/include/textflag.h", "pkg/tool/linux_amd64/compile"])
def test_a_missing_part_is_named(part: str) -> None:
    box = a_box(goroots=(a_goroot(parts=tuple(one for one in PARTS if one != part)),))
    assert sdk.missing_parts(box) == (part,)


def test_files_of_other_versions_are_named() -> None:
    left = a_goroot(parts=(*PARTS, "src/internal/itoa/itoa.go"))
    assert sdk.leftovers(a_box(goroots=(left,)), GONE) == (
        "GOROOT /usr/local/go (go1.27.3) holds src/internal/itoa/itoa.go, which go1.26 and later do not have",
    )
    old = a_box(
        login=a_shell("login", answer=said("go1.20.14")), goroots=(a_goroot(version="go1.20.14", parts=left.parts),)
    )
    assert sdk.leftovers(old, GONE) == ("GOROOT /usr/local/go (go1.20.14) holds go.env, which no Go before 1.21 has",)


def test_a_goroot_that_cannot_be_read_is_waited_for() -> None:
    with pytest.raises(Waits, match=r"^waits for setup\.go-runs: GOROOT /usr/local/go could not be read$"):
        sdk.sdk_of(a_box(goroots=()))
    with pytest.raises(Waits, match=r"^waits for setup\.go-runs: the login shell finds "):
        sdk.sdk_of(a_box(login=a_shell("login", answer=failed("go: cannot find GOROOT directory"))))


@pytest.mark.parametrize(
    ("goroot", "origin"),
    [
        ("/usr/lib/go", Origin.APK),
        ("/home/dev/tools/go", Origin.TARBALL),
        ("/opt/go1.26.4", Origin.TARBALL),
        ("/home/dev/.goenv/versions/1.26.4", Origin.GOENV),
        ("/mnt/c/tools/golang-current", Origin.UNKNOWN),
        ("/windrive/tools/go", Origin.WINDOWS),
    ],
)
def test_where_the_sdk_came_from(goroot: str, origin: Origin) -> None:
    login = a_shell("login", f"{goroot}/bin/go", path=f"{goroot}/bin", values={"GOROOT": goroot})
    box = with_drive(a_box(login=login, gos=(a_go("/elsewhere/go"),), goroots=(a_goroot(goroot),)))
    assert sdk.installed(box).origin is origin


def test_a_place_that_tells_nothing_is_told() -> None:
    login = a_shell("login", "/srv/x/bin/go", path="/srv/x/bin", values={"GOROOT": "/srv/x"})
    installed = sdk.installed(a_box(login=login, gos=(a_go("/srv/x/bin/go"),), goroots=(a_goroot("/srv/x"),)))
    assert not installed.known
    assert installed.told == "GOROOT /srv/x (go1.27.3) lies where no installer puts one"


SNAP_LIST = (
    "Name  Version  Rev    Tracking       Publisher   Notes\ngo    1.27.3   10660  latest/stable  canonical✓  {}\n"
)


@pytest.mark.parametrize(
    ("notes", "problem"),
    [("classic", None), ("disabled,classic", None), ("-", "a snap; `snap list go` notes '-', not classic")],
)
def test_the_confinement_of_a_snap(notes: str, problem: str | None) -> None:
    login = a_shell("login", "/snap/bin/go", path="/snap/bin", values={"GOROOT": "/snap/go/10660"})
    box = a_box(
        login=login,
        gos=(a_go("/snap/bin/go", real="/usr/bin/snap", link="/usr/bin/snap"),),
        goroots=(a_goroot("/snap/go/10660"),),
        answers=(("snap-list", Answer(0, SNAP_LIST.format(notes))),),
    )
    told = sdk.snap_problem(box)
    assert (told or "").endswith(problem or "")
    assert (told is None) is (problem is None)
    with pytest.raises(
        Waits, match=r"^waits for `snap list go`, which did not answer: the login shell finds /snap/bin/go"
    ):
        sdk.snap_problem(replace(box, answers=()))


@pytest.mark.parametrize(
    ("start", "end", "behind", "jumped"),
    [
        (1_795_000_000, 1_795_000_001, False, False),
        (978_307_200, 978_307_201, True, False),
        (1_795_000_000, 1_794_999_990, False, True),
    ],
)
def test_the_clock_against_the_sdk(start: int, end: int, behind: bool, jumped: bool) -> None:
    facts = clock.clock_of(a_box(clock=Clock(start, end, None, None)))
    assert (facts.behind, facts.jumped) == (behind, jumped)
    assert facts.told.endswith("; GOROOT /usr/local/go (go1.27.3) has a file of 2026-05-28 20:26:40 UTC")


def test_without_stat_the_release_date_in_the_sdk_is_enough() -> None:
    box = a_box(clock=Clock(978_307_200, 978_307_201, None, None), goroots=(a_goroot(stats=()),))
    assert clock.clock_of(box).told == (
        "the clock went from 2001-01-01 00:00:00 UTC to 2001-01-01 00:00:01 UTC; "
        "GOROOT /usr/local/go (go1.27.3) has a file of 2026-05-28 16:20:06 UTC"
    )
    undated = a_box(goroots=(a_goroot(stats=(), version_file="go1.27.3\n"),))
    assert clock.clock_of(undated).told.endswith("; no file of the SDK has a date")


def test_a_machine_without_a_clock_is_waited_for() -> None:
    with pytest.raises(Waits, match=r"^waits for `date`, which did not tell the machine's time$"):
        clock.clock_of(a_box(clock=Clock(None, None, None, None)))


def test_the_collector_looks_for_every_file_that_a_release_lost() -> None:
    script = (Path(collector.__file__).parent / "snapshot.sh").read_text(encoding="utf-8")
    assert [name for name, _ in GONE if name not in script] == []
