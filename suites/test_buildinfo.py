"""Build information: what a binary says of its own build, as ``go version -m`` reads it (section 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_wslgo.model.buildinfo import GoBuildInfo
    from pytest_wslgo.toolchain.binary import Binary
    from pytest_wslgo.toolchain.sdk import Toolchain
    from pytest_wslgo.toolchain.workbench import Workbench


def recorded(binary: Binary) -> GoBuildInfo:
    assert binary.build_info is not None, f"{binary.what}: no build information"
    return binary.build_info


@pytest.mark.claim("buildinfo.default-mode-is-exe")
def test_the_default_build_mode_is_exe(go: Workbench) -> None:
    mode = recorded(go.build("hello", cgo=False)).setting("-buildmode")
    assert mode == "exe", f"built without -buildmode, the binary records -buildmode={mode}"


@pytest.mark.claim("buildinfo.records-build-mode")
@pytest.mark.parametrize("asked", ["exe", "pie"])
def test_the_build_mode_that_was_asked_for_is_recorded(go: Workbench, asked: str) -> None:
    mode = recorded(go.build("hello", cgo=False, buildmode=asked)).setting("-buildmode")
    assert mode == asked, f"built with -buildmode={asked}, the binary records -buildmode={mode}"


@pytest.mark.claim("buildinfo.cgo-enabled-does-not-mean-dynamic")
def test_a_static_binary_may_record_that_cgo_was_enabled(go: Workbench) -> None:
    binary = go.build("hello", cgo=True)
    assert recorded(binary).setting("CGO_ENABLED") == "1", f"CGO_ENABLED={recorded(binary).setting('CGO_ENABLED')}"
    assert binary.elf.is_static, binary.describe()


@pytest.mark.claim("buildinfo.version-matches-toolchain")
def test_the_version_of_the_toolchain_is_recorded(go: Workbench, toolchain: Toolchain) -> None:
    version = recorded(go.build("hello", cgo=False)).version
    assert version == toolchain.version, f"the binary records {version}, the toolchain is {toolchain.version}"


@pytest.mark.claim("buildinfo.names-the-target-platform")
def test_the_platform_of_the_toolchain_is_recorded(go: Workbench, toolchain: Toolchain) -> None:
    info = recorded(go.build("hello", cgo=False))
    recorded_platform = f"{info.setting('GOOS')}/{info.setting('GOARCH')}"
    expected = f"{toolchain.goos}/{toolchain.goarch}"
    assert recorded_platform == expected, f"the binary records {recorded_platform}, the toolchain is for {expected}"


@pytest.mark.claim("buildinfo.names-the-main-module")
def test_the_main_module_is_recorded(go: Workbench) -> None:
    info = recorded(go.build("hello", cgo=False))
    assert info.path == "wslgo.example/hello", f"the binary records the package {info.path}"
    assert info.main is not None, f"the binary records no module for {info.path}"
    assert info.main.path == "wslgo.example/hello", f"the binary records the module {info.main.path}"
