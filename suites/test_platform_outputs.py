"""Platform outputs: what a build for Linux, Windows and macOS yields, wherever it is made (section 2.5).

Read from the bytes: ELF (e_type, e_machine), PE (Machine, DllCharacteristics), Mach-O (cputype, MH_PIE).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.elf import ElfKind
from pytest_wslgo.model.executable import ExecutableFormat
from pytest_wslgo.model.go import satisfies

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.workbench import Workbench

MACHINES = pytest.mark.parametrize("goarch", ["amd64", "arm64"])
# For which Go a default build may be loaded anywhere: cmd/go, -buildmode=default; release notes of 1.15 and 1.22.
PIE_IN: dict[str, str] = {
    "windows/amd64": ">=1.15",
    "windows/arm64": ">=1.17",
    "darwin/amd64": ">=1.22",
    "darwin/arm64": ">=1.16",
}


def built(go: Workbench, platform: str) -> Binary:
    goos, _, goarch = platform.partition("/")
    return go.build("where", cgo=False, env={"GOOS": goos, "GOARCH": goarch})


@pytest.mark.claim("platform.linux-gets-elf")
@MACHINES
def test_linux_gets_elf_at_a_fixed_address(go: Workbench, goarch: str) -> None:
    binary = built(go, f"linux/{goarch}")
    assert binary.executable.platform == f"linux/{goarch}", binary.describe()
    assert binary.executable.format is ExecutableFormat.ELF, binary.describe()
    assert binary.elf.kind is ElfKind.EXEC, binary.describe()


@pytest.mark.claim("platform.windows-gets-pe")
@MACHINES
def test_windows_gets_a_64_bit_pe_for_the_console(go: Workbench, goarch: str) -> None:
    binary = built(go, f"windows/{goarch}")
    assert binary.executable.platform == f"windows/{goarch}", binary.describe()
    assert binary.executable.format is ExecutableFormat.PE, binary.describe()
    assert (binary.executable.bits, binary.executable.subsystem) == (64, "console"), binary.describe()


@pytest.mark.claim("platform.darwin-gets-macho")
@MACHINES
def test_macos_gets_a_64_bit_macho(go: Workbench, goarch: str) -> None:
    binary = built(go, f"darwin/{goarch}")
    assert binary.executable.platform == f"darwin/{goarch}", binary.describe()
    assert binary.executable.format is ExecutableFormat.MACHO, binary.describe()
    assert (binary.executable.bits, binary.executable.kind) == (64, "executable"), binary.describe()


@pytest.mark.claim("platform.windows-and-darwin-get-pie")
@pytest.mark.parametrize("platform", PIE_IN)
def test_programs_for_windows_and_macos_may_be_loaded_anywhere(go: Workbench, platform: str) -> None:
    binary = built(go, platform)
    expected = satisfies(go.toolchain.version, PIE_IN[platform])
    assert binary.executable.pie == expected, f"expected position-independent: {expected}; {binary.describe()}"


@pytest.mark.claim("platform.exe-is-added-to-default-names")
def test_exe_is_added_to_the_default_name_and_not_to_o(go: Workbench, target: Target) -> None:
    room = go.private()["HOME"]
    module, windows = go.place("where"), {"GOOS": "windows", "CGO_ENABLED": "0"}
    go.go("build", "-o", f"{room}/default/", ".", cwd=module, env=windows)
    go.go("build", "-o", f"{room}/named/program", ".", cwd=module, env=windows)
    made = target.run(["ls", f"{room}/default", f"{room}/named"]).text.split()
    assert made == [f"{room}/default:", "where.exe", f"{room}/named:", "program"], f"the files are {made}"


@pytest.mark.claim("platform.foreign-install-has-its-own-directory")
def test_a_foreign_install_goes_to_a_directory_of_its_platform(go: Workbench, target: Target) -> None:
    room, module = go.private(), go.place("where")
    go.go("install", ".", cwd=module, env={**room, "CGO_ENABLED": "0"})
    foreign = {"GOOS": "windows", "GOARCH": "amd64", "CGO_ENABLED": "0"}
    go.go("install", ".", cwd=module, env={**room, **foreign})
    found = target.run(["find", f"{room['GOPATH']}/bin", "-type", "f"]).text.split()
    names = sorted(path.removeprefix(f"{room['GOPATH']}/bin/") for path in found)
    assert names == ["where", "windows_amd64/where.exe"], f"GOPATH/bin holds {names}"
