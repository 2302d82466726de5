"""Go in other programs: archives and shared libraries that C and Python call, and plugins (section 3.3).

A file of the right kind proves little: each is loaded by what it was made for, and called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.workbench import Workbench

SUM = "2 + 3 = 5\n"
CALL = "import ctypes, sys; print('2 + 3 =', ctypes.CDLL(sys.argv[1]).Add(2, 3))"


@pytest.mark.claim("buildmode.c-archive-links-into-c")
def test_a_c_program_is_linked_with_a_go_archive(go: Workbench) -> None:
    archive = go.build("adder", cc="gcc", buildmode="c-archive")
    assert "extern int Add(int a, int b);" in archive.header, f"{archive.what}: its header is {archive.header[-500:]!r}"
    linked = go.compile_c("calls_add", "gcc", archive)
    assert linked.binary is not None, linked.describe()
    called = linked.binary.run(check=False)
    assert called.text == SUM, f"{linked.what}: ended with {called.status}: {called.text}{called.err[:500]}"


@pytest.mark.claim("buildmode.c-shared-loads-into-c")
def test_a_c_program_is_linked_with_a_go_library(go: Workbench) -> None:
    library = go.build("adder", cc="gcc", buildmode="c-shared")
    linked = go.compile_c("calls_add", "gcc", library)
    assert linked.binary is not None, linked.describe()
    assert library.path in linked.binary.elf.needed, linked.describe()
    called = linked.binary.run(check=False)
    assert called.text == SUM, f"{linked.what}: ended with {called.status}: {called.text}{called.err[:500]}"


@pytest.mark.claim("buildmode.c-shared-loads-into-c")
def test_a_c_program_loads_a_go_library_while_it_runs(go: Workbench) -> None:
    library = go.build("adder", cc="gcc", buildmode="c-shared")
    loader = go.compile_c("loads_add", "gcc")
    assert loader.binary is not None, loader.describe()
    called, absent = loader.binary.run(library.path, check=False), loader.binary.run("/nonexistent.so", check=False)
    assert called.text == SUM, f"{loader.what}: ended with {called.status}: {called.text}{called.err[:500]}"
    assert absent.status == 1, f"{loader.what}: ended with {absent.status} where there is no library"


@pytest.mark.claim("buildmode.c-shared-loads-into-python")
def test_python_loads_a_go_library(go: Workbench) -> None:
    library = go.build("adder", cc="gcc", buildmode="c-shared")
    called = go.ask("python3", "-c", CALL, library.path, check=False)
    assert called.text == SUM, f"python3 ended with {called.status}: {called.text}{called.err[-500:]}"


@pytest.mark.claim("buildmode.plugin-opens")
def test_a_go_program_opens_a_plugin(go: Workbench) -> None:
    plugin = go.build("greeter", cc="gcc", buildmode="plugin")
    opener = go.build("opener", cc="gcc")
    opened, absent = opener.run(plugin.path, check=False), opener.run("/nonexistent.so", check=False)
    assert opened.text == "hello from the plugin\n", f"{opener.what}: ended with {opened.status}: {opened.err[:500]}"
    assert absent.status == 1, f"{opener.what}: ended with {absent.status} where there is no plugin"


@pytest.mark.claim("buildmode.plugin-needs-cgo-in-its-program")
def test_a_program_without_cgo_opens_no_plugin(go: Workbench) -> None:
    plugin = go.build("greeter", cc="gcc", buildmode="plugin")
    opened = go.build("opener", cgo=False).run(plugin.path, check=False)
    assert (opened.status, opened.err) == (1, "plugin: not implemented\n"), f"ended with {opened.status}: {opened.err}"


@pytest.mark.claim("buildmode.musl-loads-no-go-library")
def test_musl_refuses_to_load_a_go_library(go: Workbench) -> None:
    library = go.build("adder", cc="musl-gcc", buildmode="c-shared")
    loader = go.compile_c("loads_add", "musl-gcc")
    assert loader.binary is not None, loader.describe()
    refused = loader.binary.run(library.path, check=False)
    assert refused.status == 1, f"{loader.what}: ended with {refused.status}: {refused.text}{refused.err[:500]}"
    assert "initial-exec TLS resolves to dynamic definition" in refused.err, f"it said {refused.err!r}"
