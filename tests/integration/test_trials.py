"""Programs tried on real roots: what was predicted happens, what was not is said; nothing is judged without control."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_wslgo.errors import MissingTool, NoPrivilege, Waits, WslgoError
from pytest_wslgo.model.compatibility import Mechanism
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.distro import Distro
from pytest_wslgo.target.distros.image import parse_image
from pytest_wslgo.target.spec import open_target
from pytest_wslgo.target.userland import read_userland
from pytest_wslgo.toolchain.discovery import embedded_goroot, find_toolchain
from pytest_wslgo.toolchain.trial import Trials
from pytest_wslgo.toolchain.workbench import Workbench
from tests.integration.lab.roots import has_static_busybox, make_busybox_root, make_musl_root

if TYPE_CHECKING:
    from collections.abc import Iterator

SAYS = ("40 + 2 = 42",)
LOADER = "/lib64/ld-linux-x86-64.so.2"


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The embedded Go at work on this machine."""
    if embedded_goroot() is None:
        pytest.skip("no embedded Go: run `pip install 'pytest-wslgo[embedded]'`")
    with open_target("local://", run_id="trials") as here:
        yield Workbench(here, find_toolchain("embedded", here), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Distro]]:
    """This machine, a musl root, and a root without any C library."""
    if not has_static_busybox():
        pytest.skip("install busybox-static to make a root file system")
    folder = tmp_path_factory.mktemp("roots")
    specs = {
        "here": "local://",
        "musl": f"chroot://{make_musl_root(folder / 'musl')}",
        "bare": f"chroot://{make_busybox_root(folder / 'bare')}",
    }
    targets = {name: open_target(spec, name=name, run_id="trials") for name, spec in specs.items()}
    yield {
        name: Distro(name, target, read_userland(target, name), "made for a test") for name, target in targets.items()
    }
    for target in targets.values():
        target.close()


def test_what_was_predicted_happens_and_is_told_in_one_sentence(go: Workbench, places: dict[str, Distro]) -> None:
    notes: list[dict[str, Any]] = []
    trials = Trials(places.values(), go, notes)
    static, dynamic = go.build("hello", cgo=False), go.build("cgo", cc="gcc")
    assert trials.everywhere(static, says=("hello",)).starts_everywhere
    trial = trials.everywhere(dynamic, says=SAYS)
    assert trial.as_predicted, trial.explain()
    assert trial.mechanisms == {Mechanism.STARTS, Mechanism.NO_INTERPRETER}
    assert trial.explain().endswith(f"; not on musl-lab 1, bare: interpreter {LOADER} is missing")
    assert [note["agrees"] for note in notes] == [True] * 6
    assert notes[-1] == {
        "program": "cgo",
        "build": f"{go.toolchain.version} with CGO_ENABLED=1 CC=gcc",
        "distro": "bare",
        "userland": "no os-release, amd64, no C library",
        "predicted": "interpreter-missing",
        "happened": "interpreter-missing",
        "why": f"interpreter {LOADER} is missing",
        "agrees": True,
    }


def test_what_was_not_predicted_is_a_surprise_and_comes_first(go: Workbench, places: dict[str, Distro]) -> None:
    here = places["here"]
    blind = replace(here, userland=replace(here.userland, loaders=()))
    trial = Trials([blind], go, []).everywhere(go.build("cgo", cc="gcc"), says=SAYS)
    assert not trial.as_predicted
    assert trial.explain().endswith(
        f" it should not start (interpreter {LOADER} is missing), but it ended with status 0: 40 + 2 = 42"
    )
    assert "predicted: interpreter" in trial.cells[0].explain()


def test_a_program_that_does_not_say_its_words_did_not_start(go: Workbench, places: dict[str, Distro]) -> None:
    trial = Trials([places["here"]], go, []).everywhere(go.build("hello", cgo=False), says=("another program",))
    assert trial.mechanisms == {Mechanism.UNKNOWN}
    assert not trial.as_predicted


def test_without_a_control_nothing_is_judged(go: Workbench, places: dict[str, Distro]) -> None:
    musl = places["musl"]
    folder = musl.target.workdir
    root = musl.target.spec.removeprefix("chroot://")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", f"{root}{folder}"], check=True, timeout=30)
    try:
        with pytest.raises(
            WslgoError, match=r"^on musl the control, hello, built by .*, does not start either: it ended"
        ):
            Trials([musl], go, []).everywhere(go.build("hello", cgo=False), says=("hello",))
    finally:
        subprocess.run(["umount", f"{root}{folder}"], check=True, timeout=30)


def test_a_control_that_is_not_static_waits(go: Workbench, places: dict[str, Distro]) -> None:
    pie = go.build("hello", cgo=False, buildmode="pie")
    other = cast("Workbench", SimpleNamespace(build=lambda *_, **__: pie))
    with pytest.raises(Waits, match=r"^waits for linking\.cgo-off-is-static: hello, built by "):
        Trials(places.values(), other, []).everywhere(pie, says=("hello",))


def test_what_is_altered_keeps_its_length(go: Workbench) -> None:
    with pytest.raises(
        WslgoError, match=r"^hello, built by .*: b'libqq\.' is not as long as b'libc\.', and would shift"
    ):
        go.build("hello", cgo=False).altered(b"libc.", b"libqq.")


def test_where_no_place_is_such_a_one_the_error_says_which_are_there(go: Workbench, places: dict[str, Distro]) -> None:
    trials = Trials([places["bare"]], go, [])
    advice = r" is here \(bare\); name one with --wslgo-distro NAME=IMAGE$"
    with pytest.raises(MissingTool, match=rf"^no distribution with musl{advice}"):
        trials.with_libc(Libc.MUSL)
    with pytest.raises(MissingTool, match=rf"^no distribution that starts cgo, built by .*{advice}"):
        trials.starting(go.build("cgo", cc="gcc"))
    with pytest.raises(MissingTool, match=r"^no distribution without /lib/ld\.so is here \(none\)"):
        Trials([], go, []).without("/lib/ld.so")


def test_a_passwd_is_replaced_for_one_command_alone(go: Workbench, places: dict[str, Distro], tmp_path: Path) -> None:
    root = Path(places["musl"].target.spec.removeprefix("chroot://"))
    distros = Distros([parse_image(f"small={root}", tmp_path)], tmp_path / "run-1")
    small = distros.get("small")
    program = go.build("osuser", cgo=False).on(small.target)
    trials = Trials([small], go, [])
    assert trials.run_with_passwd("root:x:0:0::/root:/bin/sh", program, "root").text == "uid 0\n"
    assert trials.run_with_passwd("", program, "root").err == "open /etc/passwd: no such file or directory\n"
    assert program.run("dev").text == "uid 1000\n"
    small.target.close()


def test_where_etc_cannot_be_replaced_the_error_says_so(go: Workbench, places: dict[str, Distro]) -> None:
    program = go.build("osuser", cgo=False).on(places["musl"].target)
    with pytest.raises(
        NoPrivilege, match=r"^on musl /etc cannot be replaced for one command \(otheretc: make / private"
    ):
        Trials([], go, []).run_with_passwd("", program)
