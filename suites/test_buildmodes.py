"""Build modes: what `go build -buildmode=…` leaves, per program, cgo and platform (section 3.3).

The table is data, buildmodes.toml: a check asks a row for what holds in the toolchain's version. The kind of a file is
judged by its bytes; the mode that the linker was run with by the line that starts it, which -x prints of a build to a
fresh path, and -n of one that is only planned.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.build_table import load_build_table

if TYPE_CHECKING:
    from pytest_wslgo.model.build_table import BuildRow
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench

TABLE = load_build_table(Path(__file__).with_name("buildmodes.toml"))
PIE = "-buildmode=pie"


def rows(name: str) -> pytest.MarkDecorator:
    """Run the check once for each row of a table of buildmodes.toml."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in TABLE[name]])


@pytest.mark.claim("buildmode.suffix-does-not-choose")
@rows("suffix-does-not-choose")
def test_the_name_of_the_file_does_not_choose_the_mode(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.suffix-does-not-choose-with-cgo")
@rows("suffix-does-not-choose-with-cgo")
def test_the_name_does_not_choose_the_mode_of_a_cgo_program(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.pure-main-in-every-mode")
@rows("pure-main-in-every-mode")
def test_the_flag_decides_for_a_program_without_cgo(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.pure-archive-has-no-header")
@rows("pure-archive-has-no-header")
def test_an_archive_without_cgo_has_no_header(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.libraries-need-cgo")
@rows("libraries-need-cgo")
def test_shared_libraries_and_plugins_need_cgo(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.import-c-needs-cgo-in-every-mode")
@rows("import-c-needs-cgo-in-every-mode")
def test_no_mode_builds_import_c_without_cgo(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.cgo-main-in-every-mode")
@rows("cgo-main-in-every-mode")
def test_the_flag_decides_for_a_program_with_cgo(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.linker-mode-follows-the-platform")
@rows("linker-mode-follows-the-platform")
def test_the_default_mode_of_the_linker_is_the_platforms(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.js-is-exe")
@rows("js-is-exe")
def test_js_is_linked_as_exe_and_nothing_else(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.js-needs-wasm")
@rows("js-needs-wasm")
def test_js_is_of_wasm_alone(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.wasip1-c-shared-since-1-24")
@rows("wasip1-c-shared-since-1-24")
def test_wasip1_has_c_shared_since_go_1_24(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.impossible-modes-are-refused")
@rows("impossible-modes-are-refused")
def test_what_no_build_can_be_is_refused(go: Workbench, toolchain: Toolchain, row: BuildRow) -> None:
    difference = row.expected(toolchain.version).difference(go.ending(row))
    assert difference is None, difference


@pytest.mark.claim("buildmode.impossible-modes-are-refused")
@pytest.mark.parametrize(
    ("goos", "says"),
    [
        ("linux", "no packages to build"),
        ("windows", "-buildmode=shared not supported on windows/amd64"),
        ("darwin", "-buildmode=shared not supported on darwin/amd64"),
    ],
)
def test_a_main_package_is_nothing_to_build_in_mode_shared(go: Workbench, goos: str, says: str) -> None:
    env = {"GOOS": goos, "GOARCH": "amd64"}
    refused = go.go("build", "-buildvcs=false", "-buildmode=shared", cwd=go.copy("bare"), env=env, check=False)
    assert refused.status == 1, f"GOOS={goos} -buildmode=shared ended with {refused.status}: {refused.err}"
    assert says in refused.err, f"GOOS={goos} -buildmode=shared said {refused.err!r}"


@pytest.mark.claim("buildmode.record-says-what-was-asked")
@pytest.mark.parametrize(("goos", "goarch"), [("windows", "amd64"), ("darwin", "arm64")])
@pytest.mark.parametrize(("mode", "recorded"), [(None, "exe"), ("pie", "pie")])
def test_the_record_says_exe_where_the_linker_makes_a_pie(
    go: Workbench, goos: str, goarch: str, mode: str | None, recorded: str
) -> None:
    binary = go.build("bare", cgo=False, buildmode=mode, env={"GOOS": goos, "GOARCH": goarch})
    assert binary.build_info is not None, f"{binary.what} has no build information"
    record = binary.build_info.setting("-buildmode")
    assert record == recorded, f"{binary.what} records -buildmode={record}"


@pytest.mark.claim("buildmode.wasm-has-no-record")
def test_go_version_cannot_read_a_wasm_file(go: Workbench) -> None:
    wasm = go.build("bare", cgo=False, env={"GOOS": "js", "GOARCH": "wasm"})
    program = go.build("bare", cgo=False)
    told = go.go("version", "-m", wasm.path, program.path, check=False)
    assert "path\twslgo.example/bare" in told.text, f"of {program.path} it said {told.text!r}"
    assert told.text.count("path\t") == 1, f"of {wasm.path} it said {told.text!r}"
    assert "unrecognized file format" in told.err, f"of {wasm.path} it said {told.err!r}"


@pytest.mark.claim("buildmode.goflags-sets-the-mode")
def test_goflags_changes_the_default_mode(go: Workbench) -> None:
    plain, changed = go.build("bare", cgo=False), go.build("bare", cgo=False, env={"GOFLAGS": PIE})
    assert not plain.elf.pie, plain.describe()
    assert changed.elf.pie, changed.describe()


@pytest.mark.claim("buildmode.goenv-file-sets-the-mode")
def test_the_go_env_file_changes_the_default_mode(go: Workbench) -> None:
    private = {**go.private(), "GOFLAGS": None}
    before = go.build("bare", cgo=False, env=private, output="before")
    go.go("env", "-w", f"GOFLAGS={PIE}", env=private)
    after = go.build("bare", cgo=False, env=private, output="after")
    assert not before.elf.pie, before.describe()
    assert after.elf.pie, after.describe()


@pytest.mark.claim("buildmode.v-lists-packages-only")
def test_v_prints_import_paths_and_no_mode(go: Workbench) -> None:
    module = go.copy("bare")
    cold = go.go("build", "-v", "-buildvcs=false", "-o", "cold", cwd=module)
    warm = go.go("build", "-v", "-buildvcs=false", "-o", "warm", cwd=module)
    assert cold.err.splitlines()[-1:] == ["wslgo.example/bare"], f"-v of what was to compile said {cold.err!r}"
    assert re.fullmatch(r"([\w./~-]+\n)+", cold.err), f"-v of what was to compile said {cold.err!r}"
    assert warm.err + warm.text == "", f"-v of what was compiled said {warm.err!r} and {warm.text!r}"


@pytest.mark.claim("buildmode.usual-names")
@pytest.mark.parametrize(
    ("mode", "made"),
    [
        ("c-archive", ["adder.a", "adder.h"]),
        ("c-shared", ["adder", "adder.h"]),
        ("plugin", ["adder.so"]),
    ],
)
def test_the_usual_names_of_what_a_mode_makes(go: Workbench, mode: str, made: list[str]) -> None:
    gcc, module = go.compiler("gcc"), go.copy("adder")
    go.go("build", "-buildvcs=false", f"-buildmode={mode}", cwd=module, env={"CGO_ENABLED": "1", "CC": gcc.cc})
    there = go.target.run(["ls", module]).text.split()
    assert sorted({*there} - {"go.mod", "main.go"}) == made, f"-buildmode={mode} of adder made {there}"
