"""The user's own module: built where it lies with his module cache to read, and neither is changed."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import DeclaredAbsent, MissingTool, NoNetwork
from pytest_wslgo.model.facts import Shell
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.toolchain.attempt import BuildFailed
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.subject import build_programs, read_program
from pytest_wslgo.toolchain.workbench import Workbench
from tests.unit.binaries import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = 'package main\n\nimport "example.test/dep"\n\nfunc main() { println(dep.Answer) }\n'
CGO = 'package main\n\n// static int two(void) { return 2; }\nimport "C"\n\nfunc main() { println(C.two()) }\n'


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The embedded Go at work on this machine."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    with open_target("local://", run_id="subject") as here:
        yield Workbench(here, find_toolchain("embedded", here), tmp_path_factory.mktemp("run"))


def _user(cache: Path, **values: str) -> Shell:
    """Return the login shell of a user with this module cache."""
    settings = {"GOMODCACHE": str(cache), "CGO_ENABLED": "0", **values}
    return Shell("login", started=True, status=0, environ=(("HOME", "/home/dev"),), go_values=tuple(settings.items()))


def _dependency(proxy: Path) -> None:
    """Write example.test/dep v1.0.0 as a module proxy has it."""
    place = proxy / "example.test/dep/@v"
    place.mkdir(parents=True)
    (place / "list").write_text("v1.0.0\n")
    (place / "v1.0.0.info").write_text('{"Version":"v1.0.0"}')
    (place / "v1.0.0.mod").write_text("module example.test/dep\n\ngo 1.19\n")
    with zipfile.ZipFile(place / "v1.0.0.zip", "w") as archive:
        archive.writestr("example.test/dep@v1.0.0/go.mod", "module example.test/dep\n\ngo 1.19\n")
        archive.writestr("example.test/dep@v1.0.0/dep.go", "package dep\n\nconst Answer = 42\n")


def _module(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"go.mod": "module example.test/app\n\ngo 1.19\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def app(go: Workbench, tmp_path: Path) -> tuple[Path, Path]:
    """A module with two programs that need another module, and the user's module cache, which has that."""
    proxy, cache = tmp_path / "proxy", tmp_path / "my cache"
    _dependency(proxy)
    app = _module(tmp_path / "app", {"cmd/one/main.go": MAIN, "cmd/two/main.go": MAIN, "app.go": "package app\n"})
    env = {"GOPROXY": f"file://{proxy}", "GOMODCACHE": str(cache), "GOSUMDB": "off", "GOFLAGS": "-mod=mod -modcacherw"}
    go.go("get", "example.test/dep@v1.0.0", cwd=str(app), env=env)
    go.go("mod", "tidy", cwd=str(app), env=env)
    return app, cache


def _seen(*folders: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for folder in folders for path in (folder, *folder.rglob("*"))}


def test_every_main_package_is_built_and_nothing_of_the_users_is_changed(go: Workbench, app: tuple[Path, Path]) -> None:
    module, cache = app
    before = _seen(module, cache)
    programs = build_programs(go, str(module), _user(cache))
    assert [program.name for program in programs] == ["example.test/app/cmd/one", "example.test/app/cmd/two"]
    assert all(program.elf.is_static for program in programs)
    assert _seen(module, cache) == before


def test_a_vendored_module_needs_no_cache(go: Workbench, app: tuple[Path, Path], tmp_path: Path) -> None:
    module, cache = app
    go.go("mod", "vendor", cwd=str(module), env={"GOMODCACHE": str(cache)})
    assert len(build_programs(go, str(module), _user(tmp_path / "none"))) == 2


def test_a_module_that_is_not_in_the_cache_is_named(go: Workbench, app: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(
        NoNetwork, match=r"/app does not build here: example\.test/dep v1\.0\.0 is not in your module cac"
    ):
        build_programs(go, str(app[0]), _user(tmp_path / "none"))


def test_cgo_is_as_the_user_has_it(go: Workbench, tmp_path: Path) -> None:
    try:
        go.compiler("gcc")
    except MissingTool as missing:
        pytest.skip(str(missing))
    app = _module(tmp_path / "app", {"main.go": CGO, "pure.go": "package main\n"})
    (program,) = build_programs(go, str(app), _user(tmp_path, CGO_ENABLED="1", CC="gcc"))
    assert program.elf.interpreter is not None
    with pytest.raises(BuildFailed, match="function main is undeclared in the main package"):
        build_programs(go, str(app), _user(tmp_path, CGO_ENABLED="0"))


def test_a_module_without_a_program_is_not_judged(go: Workbench, tmp_path: Path) -> None:
    app = _module(tmp_path / "app", {"app.go": "package app\n"})
    with pytest.raises(DeclaredAbsent, match=r"app has no main package: there is nothing that could be started$"):
        build_programs(go, str(app), _user(tmp_path))


def test_a_program_that_does_not_compile_says_how_to_see_it_again(go: Workbench, tmp_path: Path) -> None:
    app = _module(tmp_path / "app", {"main.go": "package main\n\nfunc main() { nothing() }\n"})
    with pytest.raises(BuildFailed, match=r"undefined: nothing(.|\n)*To see it again: .*/go build") as raised:
        build_programs(go, str(app), _user(tmp_path))
    assert str(app) in str(raised.value)


def test_libraries_in_the_run_path_of_a_binary_are_seen(tmp_path: Path) -> None:
    program = tmp_path / "bin/app"
    (tmp_path / "bin/lib").mkdir(parents=True)
    (tmp_path / "bin/lib/libown.so").touch()
    if shutil.which("gcc") is None:
        pytest.skip("install gcc to link a program with a run path")
    link = ["gcc", "-x", "c", "-o", str(program), "-Wl,-rpath,$ORIGIN/lib", "-"]
    subprocess.run(link, input="int main(void) { return 0; }", text=True, check=True, timeout=60)
    with open_target("local://") as here:
        assert read_program(here, str(program)).beside == ("libown.so",)
        Path(program).write_bytes(sample("bare-static"))
        assert read_program(here, str(program)).beside == ()
