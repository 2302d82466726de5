"""Where a build cache may lie (section 4.1): on another file system, read-only, full, noexec, on a slow drive.

Each place is made in a mount namespace of one command. What go cannot store it does without, save an index of a module
that it has not met: that one it must write.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.go import satisfies

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

PAIR = ("wslgo.example/pair/leaf", "wslgo.example/pair")
# Since this version the executables of `go run` are kept in the cache (cmd/go: go.dev/doc/go1.24).
KEEPS_EXECUTABLES = ">=1.24"
UNSEEN = "-gcflags=all=-N"


@pytest.mark.claim("cache.survives-another-file-system")
def test_a_cache_serves_from_another_file_system(go: Workbench) -> None:
    cache = go.cache()
    assert cache.build().compiled == PAIR, "an empty cache serves what nobody compiled"
    elsewhere = go.inside({cache.path: "tmpfs,size=64m,kept"})
    assert cache.device(elsewhere) != cache.device(), "the cache lies on the file system that it lay on before"
    moved = cache.build(through=elsewhere)
    assert moved.compiled == (), f"on another file system {moved}"


@pytest.mark.claim("cache.read-only-serves")
def test_a_read_only_cache_serves_and_new_results_are_dropped(go: Workbench) -> None:
    cache = go.cache()
    cache.build()
    read_only = go.inside({cache.path: "bind,ro"})
    warm, unseen = cache.build(through=read_only), cache.build(UNSEEN, through=read_only)
    assert (warm.status, warm.compiled) == (0, ()), f"from a read-only cache {warm}"
    assert (unseen.status, unseen.compiled) == (0, PAIR), f"with flags that the cache has not seen {unseen}"
    later = cache.build(UNSEEN)
    assert later.compiled == PAIR, f"a read-only cache kept what was built: {later}"


@pytest.mark.claim("cache.read-only-stops-new-modules")
@pytest.mark.parametrize(
    ("kind", "says"),
    [("bind,ro", "read-only file system"), ("tmpfs,size=2m,kept,full", "no space left on device")],
    ids=["read-only", "full"],
)
def test_a_module_that_is_new_to_a_closed_cache_is_not_built(go: Workbench, kind: str, says: str) -> None:
    cache = go.cache()
    cache.build()
    closed = go.inside({cache.path: kind})
    known, new = cache.build(through=closed), cache.for_new_module().build(through=closed)
    assert known.status == 0, f"a module that the cache knows: {known}"
    assert new.status != 0, f"a module that it does not know: {new}"
    assert says in new.err, f"a module that it does not know: {new}"


@pytest.mark.claim("cache.full-disk-drops-results")
def test_results_that_a_full_disk_cannot_keep_are_dropped(go: Workbench) -> None:
    cache = go.cache()
    cache.build()
    full = go.inside({cache.path: "tmpfs,size=2m,kept,full"})
    unseen = cache.build(UNSEEN, through=full)
    assert (unseen.status, unseen.compiled) == (0, PAIR), f"with a full cache {unseen}"


@pytest.mark.claim("cache.must-be-makeable")
def test_a_cache_that_cannot_be_made_stops_the_build(go: Workbench) -> None:
    cache = go.cache()
    read_only = go.inside({cache.path: "bind,ro"})
    refused = cache.build(env={"GOCACHE": f"{cache.path}/new"}, through=read_only)
    assert refused.status != 0, f"below a read-only directory {refused}"
    assert "failed to initialize build cache at" in refused.err, str(refused)
    assert "read-only file system" in refused.err, str(refused)


@pytest.mark.claim("cache.permission-is-needed")
def test_a_directory_that_may_not_be_written_stops_the_build(go: Workbench, target: Target) -> None:
    cache = go.cache()
    target.run(["chmod", "555", cache.path])
    refused = cache.build(through=go.inside(privileged=False))
    assert refused.status != 0, f"with a cache of mode 555 {refused}"
    assert "failed to initialize build cache at" in refused.err, str(refused)
    assert "permission denied" in refused.err, str(refused)


@pytest.mark.claim("cache.noexec-stops-kept-executables")
def test_an_executable_in_a_noexec_cache_does_not_start(go: Workbench, toolchain: Toolchain) -> None:
    hello = go.place("hello")
    kept = go.go("run", ".", cwd=hello)
    assert kept.text == "hello from go\n", f"go run ended with {kept.status}: {kept.err}"
    noexec = go.inside({go.environment["GOCACHE"]: "bind,noexec"})
    again = go.go("run", ".", cwd=hello, through=noexec, check=False)
    stopped = again.status != 0 and "permission denied" in again.err
    assert stopped == satisfies(toolchain.version, KEEPS_EXECUTABLES), (
        f"{toolchain.version}: {again.status} {again.err}"
    )


@pytest.mark.claim("cache.noexec-lets-build")
def test_go_build_does_not_care_for_noexec(go: Workbench) -> None:
    cache = go.cache()
    noexec = go.inside({cache.path: "bind,noexec"})
    built = cache.build(through=noexec)
    assert (built.status, built.compiled) == (0, PAIR), f"with a noexec cache {built}"


@pytest.mark.claim("cache.noexec-tmp-stops-go-run")
def test_go_run_cannot_start_what_it_built_in_a_noexec_directory(go: Workbench) -> None:
    hello, unseen = go.place("hello"), f"-ldflags=-X=main.unseen={uuid.uuid4()}"
    go.go("run", ".", cwd=hello)
    # read-only, so that the executable is not kept: it is another one each time
    noexec = go.inside({go.environment["GOCACHE"]: "bind,ro", go.places.temporary: "tmpfs,noexec"})
    built = go.go("build", unseen, "-o", f"{go.places.home}/unseen", ".", cwd=hello, through=noexec, check=False)
    ran = go.go("run", unseen, ".", cwd=hello, through=noexec, check=False)
    assert built.status == 0, f"go build: {built.err}"
    assert ran.status != 0, f"go run started a program on a noexec file system: {ran.text}"
    assert "permission denied" in ran.err, ran.err


@pytest.mark.claim("cache.full-tmp-stops-the-build")
def test_a_full_temporary_directory_stops_the_build(go: Workbench) -> None:
    cache = go.cache()
    full = go.inside({go.places.temporary: "tmpfs,size=64k,full"})
    stopped = cache.build(through=full)
    assert stopped.status != 0, f"with a full GOTMPDIR {stopped}"
    assert "no space left on device" in stopped.err, str(stopped)


@pytest.mark.claim("cache.survives-a-drive")
def test_a_cache_serves_from_a_stand_in_for_a_windows_drive(go: Workbench) -> None:
    cache = go.cache()
    drive = go.inside({cache.path: "drive"})
    assert cache.build(through=drive).compiled == PAIR, "an empty cache serves what nobody compiled"
    once, again = cache.inodes(drive), cache.inodes(drive)
    assert once, "the build left nothing in the cache"
    assert not once & again, "the stand-in gives the same inodes after each mount"
    served = cache.build(through=drive)
    assert (served.status, served.compiled) == (0, ()), f"mounted again {served}"


@pytest.mark.claim("cache.drive-costs-time")
def test_a_cache_on_a_stand_in_for_a_windows_drive_is_slower(go: Workbench) -> None:
    cost = go.cost_of_drive("hello")
    assert cost.requests > 0, f"the build asked the drive for nothing: {cost}"
    assert cost.ratio > 1, str(cost)
