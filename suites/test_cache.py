"""The build cache (section 4.1): content decides what is compiled again; where it lies and how old it is do not.

What was compiled is told by `go build -x`, which shows the actions that ran and none that came from the cache. The
module of these checks has two packages that import nothing else, so that a cold build is two compilations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench

PAIR = ("wslgo.example/pair/leaf", "wslgo.example/pair")


@pytest.mark.claim("cache.unchanged-is-not-compiled")
def test_an_unchanged_module_is_compiled_once(go: Workbench) -> None:
    cache = go.cache()
    first, again = cache.build(), cache.build()
    assert first.compiled == PAIR, f"in an empty cache {first}"
    assert again.compiled == (), f"the second time {again}"
    assert again.status == 0, str(again)


@pytest.mark.claim("cache.ignores-inodes-and-times")
def test_a_copy_of_a_cache_serves_as_well(go: Workbench) -> None:
    cache = go.cache()
    assert cache.build().compiled == PAIR, "an empty cache serves what nobody compiled"
    copy = cache.copy()
    copy.age()
    assert copy.inodes(), "the build left nothing in the cache"
    assert not copy.inodes() & cache.inodes(), "the copy has inodes of the original"
    again = copy.build()
    assert again.compiled == (), f"with a copy of the cache whose times are long past {again}"


@pytest.mark.claim("cache.content-of-sources-decides")
def test_a_source_file_of_the_same_content_is_not_compiled_again(go: Workbench, target: Target) -> None:
    cache = go.cache()
    assert cache.build().compiled == PAIR, "an empty cache serves what nobody compiled"
    cache.rewrite_sources()
    rewritten = cache.build()
    assert rewritten.compiled == (), f"after new files of the same content {rewritten}"
    target.run(["sh", "-c", 'echo "const Two = 2" >>"$1/leaf/leaf.go"', "sh", cache.module])
    changed = cache.build()
    assert changed.compiled == PAIR, f"after a change of content {changed}"


@pytest.mark.claim("cache.damage-is-rebuilt")
@pytest.mark.parametrize(("ending", "how"), [("-a", "garbage"), ("-a", "truncated"), ("-d", "truncated")])
def test_garbage_and_truncation_are_noticed(go: Workbench, ending: str, how: str) -> None:
    cache = go.cache()
    cache.build()
    cache.damage(how, cache.entries(ending))
    mended = cache.build()
    assert mended.status == 0, f"with {how} *{ending} {mended}"
    assert mended.compiled == PAIR, f"with {how} *{ending} {mended}"


@pytest.mark.claim("cache.rot-is-not-noticed")
def test_data_that_rots_in_its_place_goes_to_the_compiler(go: Workbench) -> None:
    cache = go.cache()
    cache.build()
    cache.damage("rotten", cache.entries("-d", archives=True))
    rotten = cache.build("-gcflags=wslgo.example/pair=-N")
    assert rotten.status != 0, f"with rotten archives {rotten}"
    assert "could not import wslgo.example/pair/leaf" in rotten.err, str(rotten)
    cache.clean()
    cleaned = cache.build()
    assert cleaned.status == 0, f"after go clean -cache {cleaned}"


@pytest.mark.claim("cache.must-be-absolute")
@pytest.mark.parametrize("place", ["go-build", "./go-build", "C:\\Users\\me\\go-build"])
def test_a_relative_place_is_refused(go: Workbench, place: str) -> None:
    refused = go.cache().build(env={"GOCACHE": place})
    assert refused.status != 0, f"GOCACHE={place}: {refused}"
    assert "GOCACHE is not an absolute path" in refused.err, f"GOCACHE={place}: {refused}"


@pytest.mark.claim("cache.cannot-be-off")
def test_the_cache_cannot_be_turned_off(go: Workbench) -> None:
    refused = go.cache().build(env={"GOCACHE": "off"})
    assert refused.status != 0, f"GOCACHE=off: {refused}"
    assert "build cache is disabled by GOCACHE=off, but required" in refused.err, f"GOCACHE=off: {refused}"


@pytest.mark.claim("cache.default-is-under-home")
@pytest.mark.parametrize(
    ("variables", "default"),
    [
        ({"HOME": "/home/jane"}, "/home/jane/.cache/go-build"),
        ({"HOME": "/home/jane", "XDG_CACHE_HOME": "/var/jane"}, "/var/jane/go-build"),
    ],
    ids=["home", "xdg"],
)
def test_the_default_place_is_under_home(go: Workbench, variables: dict[str, str | None], default: str) -> None:
    told = go.go("env", "GOCACHE", env={"GOCACHE": None, **variables}).text.strip()
    assert told == default, f"with {variables}, go env GOCACHE is {told}"


@pytest.mark.claim("cache.env-w-ignores-path")
def test_go_env_w_does_not_look_at_path(go: Workbench) -> None:
    windows = "/mnt/c/Windows/system32:/mnt/c/Program Files/Go/bin:/mnt/c/Users/Jane Doe/AppData/Local/Microsoft"
    own = {**go.private(), "GOCACHE": None, "PATH": f"{windows}:{go.environment['PATH']}"}
    go.go("env", "-w", "GOCACHE=/home/jane/cache", env=own)
    told = go.go("env", "GOCACHE", env=own).text.strip()
    assert told == "/home/jane/cache", f"with Windows directories on PATH, go env -w set GOCACHE to {told}"
    exported = go.go("env", "GOCACHE", env={**own, "GOCACHE": "/exported"}).text.strip()
    assert exported == "/exported", f"with GOCACHE=/exported, go env GOCACHE is {exported}"


@pytest.mark.claim("cache.foreign-repository-stops-the-build")
def test_a_repository_of_another_user_stops_the_build(go: Workbench) -> None:
    repository = go.repository("hello")
    own, foreign = repository.build(), repository.given_away().build()
    assert own.status == 0, f"in a repository of our own: {own.err}"
    assert foreign.status != 0, "go build passes in a repository of another user"
    assert "error obtaining VCS status: exit status 128" in foreign.err, foreign.err
    unstamped, trusted = repository.build("-buildvcs=false"), repository.build(trusted=True)
    assert unstamped.status == 0, f"with -buildvcs=false: {unstamped.err}"
    assert trusted.status == 0, f"with safe.directory: {trusted.err}"
