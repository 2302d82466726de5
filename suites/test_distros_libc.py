"""What a C library, its loader and the shell say on a distribution when something is missing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.compatibility import Mechanism
from pytest_wslgo.model.compatibility_texts import what_happened
from pytest_wslgo.model.libc import Libc

if TYPE_CHECKING:
    from pytest_wslgo.toolchain.trial import Trials
    from pytest_wslgo.toolchain.workbench import Workbench

SAYS = ("40 + 2 = 42",)
ABSENT_LOADER = "-I=/nonexistent/ld.so"
PASSWD = "root:x:0:0:root:/root:/bin/sh"


@pytest.mark.claim("libc.missing-interpreter-reads-as-not-found")
def test_every_shell_says_not_found_where_the_interpreter_is_missing(go: Workbench, trials: Trials) -> None:
    binary = go.build("hello", cgo=False, buildmode="pie", ldflags=ABSENT_LOADER)
    trial = trials.everywhere(binary, says=("hello from go",))
    assert trial.mechanisms == {Mechanism.NO_INTERPRETER}, trial.explain()
    for place in trials.places:
        program = binary.on(place.target)
        said = place.target.run(["sh", "-c", '"$0"; exit $?', program.path], check=False)
        happened = what_happened(said.status, said.err, program.path)
        assert happened.mechanism is Mechanism.NO_INTERPRETER, f"{place.name}: status {said.status}: {said.err}"


@pytest.mark.claim("libc.missing-library-is-named")
def test_the_loader_of_gccs_libc_names_the_library_that_is_missing(go: Workbench, trials: Trials) -> None:
    gcc = go.compiler("gcc")
    binary = go.build("cgo", cc=gcc)
    trial = trials.on(trials.with_libc(gcc.libc), binary.altered(b"\0libc.", b"\0libq."), says=SAYS)
    assert trial.as_predicted, trial.explain()
    assert trial.mechanisms == {Mechanism.NO_LIBRARY}, trial.explain()


@pytest.mark.claim("libc.musl-names-the-missing-library")
def test_the_loader_of_musl_names_the_library_that_is_missing(go: Workbench, trials: Trials) -> None:
    binary = go.build("cgo", cc="musl-gcc")
    trial = trials.on(trials.with_libc(Libc.MUSL), binary.altered(b"\0libc.", b"\0libq."), says=SAYS)
    assert trial.as_predicted, trial.explain()
    assert trial.mechanisms == {Mechanism.NO_LIBRARY}, trial.explain()


@pytest.mark.claim("libc.newer-floor-is-refused")
def test_a_glibc_refuses_the_program_that_asks_for_a_newer_one(go: Workbench, trials: Trials) -> None:
    binary = go.build("cgo", cc="zig-gnu.2.17")
    control = trials.on(trials.with_libc(Libc.GLIBC), binary, says=SAYS)
    assert control.starts_everywhere, control.explain()
    trial = trials.on(trials.with_libc(Libc.GLIBC), binary.altered(b"GLIBC_2.", b"GLIBC_9."), says=SAYS)
    assert trial.as_predicted, trial.explain()
    assert trial.mechanisms == {Mechanism.OLD_GLIBC}, trial.explain()


@pytest.mark.claim("libc.os-user-without-cgo-reads-passwd")
def test_without_cgo_os_user_asks_the_file_and_the_environment(go: Workbench, trials: Trials) -> None:
    for place in trials.places:
        program = go.build("osuser", cgo=False).on(place.target)
        control = trials.run_with_passwd(PASSWD, program)
        assert control.text == "uid 0\n", f"{place.name}, with a passwd: {control.err}"
        current, named = trials.run_with_passwd("", program), trials.run_with_passwd("", program, "root")
        assert current.err == "user: Current requires cgo or $USER set in environment\n", f"{place.name}: {current.err}"
        assert named.err == "open /etc/passwd: no such file or directory\n", f"{place.name}: {named.err}"


@pytest.mark.claim("libc.os-user-with-cgo-asks-libc")
def test_with_cgo_os_user_asks_libc(go: Workbench, trials: Trials) -> None:
    binary = go.build("osuser", cc="gcc")
    for place in trials.starting(binary):
        program = binary.on(place.target)
        control = trials.run_with_passwd(PASSWD, program)
        assert control.text == "uid 0\n", f"{place.name}, with a passwd: {control.err}"
        current, named = trials.run_with_passwd("", program), trials.run_with_passwd("", program, "root")
        assert current.err == "user: unknown userid 0\n", f"{place.name}: {current.err or current.text}"
        assert named.err == "user: unknown user root\n", f"{place.name}: {named.err or named.text}"
