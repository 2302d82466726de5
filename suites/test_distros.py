"""Where does a binary start? Programs by every compiler on every distribution: predicted, then tried.

Each trial predicts from the binary's ELF facts and the distribution's (loader, libraries, version of glibc), starts the
program there beside a static control, and compares. What a compiler needs to be there is a claim of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.compatibility import Mechanism
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.loader_paths import loader_path

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.trial import Trials
    from pytest_wslgo.toolchain.workbench import Workbench

SAYS = {
    "hello": ("hello from go",),
    "net": ("resolved 127.0.0.1",),
    "osuser": ("uid ", "user: "),
    "cgo": ("40 + 2 = 42",),
}
PURE = pytest.mark.parametrize("program", ["hello", "net", "osuser"])
ALL = pytest.mark.parametrize("program", list(SAYS))
REACHES_CGO = pytest.mark.parametrize("program", ["net", "osuser", "cgo"])
EXTERNAL = "-linkmode=external"
STATIC = f"{EXTERNAL} -extldflags=-static"
STATIC_PIE = f"{EXTERNAL} -extldflags=-static-pie"


@pytest.mark.claim("distro.cgo-off-starts-everywhere")
@PURE
def test_a_program_without_cgo_starts_on_every_distribution(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.everywhere(go.build(program, cgo=False), says=SAYS[program])
    assert trial.starts_everywhere, trial.explain()


@pytest.mark.claim("distro.pie-starts-where-its-loader-is")
@PURE
def test_a_pie_without_cgo_starts_where_its_loader_is(go: Workbench, trials: Trials, program: str) -> None:
    pie = go.build(program, cgo=False, buildmode="pie")
    trial = trials.everywhere(pie, says=SAYS[program])
    assert trial.as_predicted, trial.explain()
    refused = trials.on(trials.without(pie.elf.interpreter), pie, says=SAYS[program])
    assert refused.mechanisms == {Mechanism.NO_INTERPRETER}, refused.explain()


@pytest.mark.claim("distro.gcc-starts-as-predicted")
@ALL
def test_a_program_of_gcc_starts_where_its_libc_is(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.everywhere(go.build(program, cc="gcc"), says=SAYS[program])
    assert trial.as_predicted, trial.explain()


@pytest.mark.claim("distro.gcc-needs-its-own-libc")
@REACHES_CGO
def test_a_program_of_gcc_wants_its_loader_under_another_libc(go: Workbench, trials: Trials, program: str) -> None:
    gcc = go.compiler("gcc")
    others = trials.without(loader_path(gcc.libc, go.toolchain.goarch))
    trial = trials.on(others, go.build(program, cc=gcc), says=SAYS[program])
    assert trial.mechanisms == {Mechanism.NO_INTERPRETER}, trial.explain()


@pytest.mark.claim("distro.musl-gcc-starts-on-musl")
@REACHES_CGO
def test_a_program_of_musl_gcc_starts_on_musl(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.on(trials.with_libc(Libc.MUSL), go.build(program, cc="musl-gcc"), says=SAYS[program])
    assert trial.starts_everywhere, trial.explain()


@pytest.mark.claim("distro.musl-gcc-needs-musl")
@REACHES_CGO
def test_a_program_of_musl_gcc_wants_its_loader_without_musl(go: Workbench, trials: Trials, program: str) -> None:
    others = trials.without(loader_path(Libc.MUSL, go.toolchain.goarch))
    trial = trials.on(others, go.build(program, cc="musl-gcc"), says=SAYS[program])
    assert trial.mechanisms == {Mechanism.NO_INTERPRETER}, trial.explain()


@pytest.mark.claim("distro.zig-gnu-starts-as-predicted")
@REACHES_CGO
def test_a_program_of_zig_for_glibc_starts_where_glibc_is(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.everywhere(go.build(program, cc="zig-gnu"), says=SAYS[program])
    assert trial.as_predicted, trial.explain()


@pytest.mark.claim("distro.zig-floor-reaches-old-glibc")
@REACHES_CGO
def test_a_program_of_zig_for_glibc_2_17_starts_on_every_glibc(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.on(trials.with_libc(Libc.GLIBC), go.build(program, cc="zig-gnu.2.17"), says=SAYS[program])
    assert trial.starts_everywhere, trial.explain()


@pytest.mark.claim("distro.zig-musl-starts-everywhere")
@REACHES_CGO
def test_a_program_of_zig_for_musl_starts_on_every_distribution(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.everywhere(go.build(program, cc="zig-musl", ldflags=EXTERNAL), says=SAYS[program])
    assert trial.starts_everywhere, trial.explain()


@pytest.mark.claim("distro.static-link-starts-everywhere")
@REACHES_CGO
def test_a_static_link_of_gcc_starts_on_every_distribution(go: Workbench, trials: Trials, program: str) -> None:
    trial = trials.everywhere(go.build(program, cc="gcc", ldflags=STATIC), says=SAYS[program])
    assert trial.starts_everywhere, trial.explain()


@pytest.mark.claim("distro.static-pie-starts-everywhere")
def test_a_static_pie_of_gcc_starts_on_every_distribution(go: Workbench, trials: Trials) -> None:
    binary = go.build("cgo", cc="gcc", buildmode="pie", ldflags=STATIC_PIE)
    trial = trials.everywhere(binary, says=SAYS["cgo"])
    assert trial.starts_everywhere, trial.explain()
