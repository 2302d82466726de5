"""What a build asks the kernel for, and what the errors of os/user and of sockets mean (section 3.2).

The builds compile the package in question while they are traced. The errors are real ones: a /etc/passwd of another
content in a mount namespace, no network in a network namespace, and sockets that strace(1) lets fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.strace import families, paths

if TYPE_CHECKING:
    from pytest_wslgo.target.target import Target
    from pytest_wslgo.toolchain.workbench import Workbench

COMPILES = pytest.mark.parametrize(("program", "package"), [("net", "net"), ("osuser", "os/user")])
ENGLISH = "en_US.UTF-8"
NOWHERE = "no-such-host.invalid"
FAMILIES = {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"}


@pytest.mark.claim("diagnosis.build-asks-no-kernel-module")
@COMPILES
def test_a_build_looks_at_no_kernel_module(go: Workbench, program: str, package: str) -> None:
    traced = go.trace_build(program, package, LC_ALL=ENGLISH)
    asked = [path for path in paths(traced.calls) if path.startswith(("/sys/module", "/lib/modules"))]
    assert traced.status == 0, traced.err[-300:]
    assert package in traced.compiled, f"{package} was not compiled: {traced.compiled}"
    assert any(f"/src/{package}/" in path for path in paths(traced.calls)), "the trace shows no source of the package"
    assert not asked, f"go build asked for {', '.join(asked)}"


@pytest.mark.claim("diagnosis.build-asks-no-locale")
@COMPILES
def test_a_build_opens_no_locale(go: Workbench, program: str, package: str) -> None:
    traced = go.trace_build(program, package, LC_ALL=ENGLISH)
    asked = [path for path in paths(traced.calls) if "/locale" in path]
    assert package in traced.compiled, f"{package} was not compiled: {traced.err[-300:]}"
    assert not asked, f"with LC_ALL={ENGLISH}, go build asked for {', '.join(asked)}"


@pytest.mark.claim("diagnosis.build-needs-no-socket")
@COMPILES
def test_a_build_passes_where_every_socket_is_refused(go: Workbench, program: str, package: str) -> None:
    traced = go.trace_build(program, package, "socket", fault="error=EAFNOSUPPORT")
    assert package in traced.compiled, f"{package} was not compiled: {traced.err[-300:]}"
    assert traced.status == 0, f"with socket: EAFNOSUPPORT, go build ended with {traced.status}: {traced.err[-300:]}"


@pytest.mark.claim("diagnosis.stat-is-not-stat")
def test_files_are_asked_for_by_other_calls_than_stat(go: Workbench) -> None:
    traced = go.trace_build("osuser", "os/user", LC_ALL=ENGLISH)
    names = {call.name for call in traced.calls}
    assert names & {"newfstatat", "statx"}, f"files are asked for by {', '.join(sorted(names))}"
    assert "stat" not in names, f"files are asked for by {', '.join(sorted(names))}"


@pytest.mark.claim("diagnosis.user-lookup-opens-no-locale")
def test_a_lookup_of_a_user_opens_no_locale(go: Workbench) -> None:
    trace = go.trace("%file")
    found = go.build("osuser", cgo=False).run("root", env={"LC_ALL": ENGLISH}, through=trace.words, check=False)
    asked = paths(trace.calls())
    assert found.text == "uid 0\n", f"with LC_ALL={ENGLISH}, the lookup of root says {found.text or found.err}"
    assert "/etc/passwd" in asked, f"the lookup opened {', '.join(asked)}"
    assert not any("/locale" in path for path in asked), f"the lookup opened {', '.join(asked)}"


@pytest.mark.claim("diagnosis.unknown-user-means-passwd")
def test_a_user_without_a_line_in_passwd_is_unknown(go: Workbench, target: Target) -> None:
    passwd = f"{target.workdir}/passwd-without-root"
    target.write(passwd, b"daemon:x:1:1:daemon:/:/bin/sh\n")
    doctored = go.inside({"/etc/passwd": f"over={passwd}"})
    lookup = go.build("osuser", cgo=False, tags=("osusergo",))
    known, unknown = (lookup.run(name, through=doctored, check=False) for name in ("daemon", "root"))
    assert known.text == "uid 1\n", f"of daemon, which has a line, the program says {known.text or known.err}"
    assert unknown.err == "user: unknown user root\n", f"of root, which has none, {unknown.err or unknown.text}"


@pytest.mark.claim("diagnosis.socket-texts-name-the-error")
@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("EPROTONOSUPPORT", "socket: protocol not supported"),
        ("EAFNOSUPPORT", "socket: address family not supported by protocol"),
    ],
)
def test_the_texts_of_refused_sockets(go: Workbench, error: str, text: str) -> None:
    refused = go.trace("socket", fault=f"error={error}")
    listens = go.build("net", cgo=False).run(through=refused.words, check=False)
    assert listens.err.endswith(f"{text}\n"), f"for {error} the program says {listens.err or listens.text}"


@pytest.mark.claim("diagnosis.lookup-opens-no-packet-socket")
def test_a_lookup_opens_no_packet_socket(go: Workbench) -> None:
    trace = go.trace("socket")
    dialled = go.build("net", cgo=False).run(NOWHERE, through=trace.words, check=False)
    opened = families(trace.calls())
    assert "AF_INET" in opened, f"dialling {NOWHERE} opened {', '.join(opened)}: {dialled.text}"
    assert set(opened) <= FAMILIES, f"dialling {NOWHERE} opened {', '.join(opened)}"


@pytest.mark.claim("diagnosis.no-network-reads-unreachable")
def test_a_dial_without_a_network_says_that_it_is_unreachable(go: Workbench) -> None:
    dialled = go.build("net", cgo=False).run(NOWHERE, through=go.inside(network=False), check=False)
    assert f"dial tcp: lookup {NOWHERE}" in dialled.text, dialled.text or dialled.err
    assert "network is unreachable" in dialled.text, dialled.text


@pytest.mark.claim("diagnosis.protocols-tell-not-modprobe")
def test_the_kernel_tells_of_unix_sockets_where_no_modprobe_is(go: Workbench, target: Target) -> None:
    guess = target.run(["/bin/sh", "-c", "modprobe unix 2>/dev/null || echo missing"], env={"PATH": "/nonexistent"})
    works = go.build("net", cgo=False).run("unix", check=False)
    listed = target.read("/proc/net/protocols").decode()
    assert guess.text == "missing\n", f"without a modprobe the shell says {guess.text}"
    assert works.text == "unix: <nil>\n", f"a unix socket: {works.text or works.err}"
    assert "\nUNIX" in listed, f"/proc/net/protocols has no UNIX: {listed}"
