"""A box is what its description says, and nothing of it is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.snapshot import Snapshot, dump, load
from pytest_wslgo.target.collector import collect
from tests.faults.box import open_box
from tests.faults.facts import change
from tests.faults.fault import Box, Fault, File

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[[Box, str], list[str]]


@pytest.fixture
def say(tmp_path: Path, userlands: Path) -> Say:
    """Run a script in a box and return the lines that it prints."""

    def run(box: Box, script: str) -> list[str]:
        return open_box(box, tmp_path, userlands).run(["/bin/sh", "-c", script]).text.splitlines()

    return run


@pytest.fixture
def facts(tmp_path: Path, userlands: Path) -> Callable[[Fault], Snapshot]:
    """Read the box of a fault, and change what the fault says."""

    def read(fault: Fault) -> Snapshot:
        return load(change(dump(collect(open_box(fault.box or Box(), tmp_path, userlands))), fault), "box")

    return read


def test_the_default_box_is_a_user_at_home_with_go_on_the_path(say: Say) -> None:
    assert say(Box(), 'id -un; pwd; echo "$HOME"; command -v go; echo "$0"') == [
        *("dev", "/home/dev", "/home/dev", "/usr/local/go/bin/go", "/bin/sh")
    ]


@pytest.mark.parametrize("userland", ["debian", "alpine", "busybox"])
def test_go_runs_in_every_userland(say: Say, userland: str) -> None:
    (version,) = say(Box(userland=userland), "go version")  # type: ignore[arg-type]
    assert version.startswith("go version go1."), version


def test_nothing_of_the_host_but_its_packages_is_in_a_box(say: Say) -> None:
    ours = str(Path(__file__))
    assert say(Box(go="none"), f"ls -A /usr/local/bin /home /root/ 2>/dev/null; ls {ours} 2>/dev/null || echo no") == [
        *("/home:", "dev", "", "/usr/local/bin:", "no")
    ]


def test_files_have_the_content_the_owner_and_the_mode_that_they_are_given(say: Say) -> None:
    files: dict[str, str | File] = {
        "~/a/b": "text",
        "~/tool": "#!/bin/sh\n",
        "~/locked": File(folder=True, mode="0555", owner="root"),
        "/opt/link": File(link="/nowhere", owner="dev"),
        "~/.bashrc": File(text="echo more\n", append=True),
        "~/bytes": File(hex="ff00", mtime=86400),
    }
    told = say(Box(files=files), "cd; stat -c '%n %U %a %s %Y' a a/b tool locked /opt/link bytes; grep -c . .bashrc")
    assert [line.rsplit(" ", 1)[0] for line in told[:4]] == [
        *("a dev 755 60", "a/b dev 644 4", "tool dev 755 10", "locked root 555 40")
    ]
    assert told[4].startswith("/opt/link dev")
    assert told[5:] == ["bytes dev 644 2 86400", "6"]


def test_a_copy_and_a_removal_change_the_box_alone(say: Say, userlands: Path) -> None:
    box = Box(removed=("/usr/local/go/pkg/tool/*/compile",), files={"/opt/go": File(copy="/usr/local/go/bin/go")})
    assert say(box, "ls /usr/local/go/pkg/tool/*/compile /opt/go 2>/dev/null || :") == ["/opt/go"]
    assert say(Box(), "ls /usr/local/go/pkg/tool/*/compile /opt/go 2>/dev/null | wc -l") == ["1"]


def test_mounts_are_those_of_the_box(say: Say) -> None:
    before = Path("/proc/self/mountinfo").read_bytes()
    files: dict[str, str | File] = {"/mnt/c/a.exe": "#!/bin/sh\necho ran", "/tmp/b": "#!/bin/sh\necho ran"}
    box = Box(mounts={"/tmp": "tmpfs,noexec,size=64k", "/mnt/c": "drive", "~": "bind,ro"}, files=files)
    script = "/mnt/c/a.exe; /tmp/b || echo noexec; touch x || echo ro; cat /usr/local/go/bin/go >/tmp/c || echo full"
    assert say(box, f"exec 2>/dev/null; {script}; grep -c ' /mnt/c ' /proc/mounts") == [
        "ran",
        "noexec",
        "ro",
        "full",
        "1",
    ]
    assert Path("/proc/self/mountinfo").read_bytes() == before


def test_the_session_has_the_environment_and_the_limits_of_the_box(say: Say) -> None:
    box = Box(env={"GOFLAGS": "-mod=vendor"}, unset=("HOME",), limits={"nofile": 64}, path=("/opt/bin",), user="root")
    assert say(box, 'echo "$GOFLAGS ${HOME-none} $(ulimit -n) ${PATH%%:*} $(id -u)"') == [
        "-mod=vendor none 64 /opt/bin 0",
    ]


def test_what_cannot_be_planted_is_said(tmp_path: Path, userlands: Path) -> None:
    told = open_box(Box(removed=("/gone",)), tmp_path, userlands).run(["/bin/true"], check=False)
    assert told.err.strip() == "box: nothing to remove at /gone"


def test_a_box_can_pretend_to_be_wsl(facts: Callable[[Fault], Snapshot]) -> None:
    snapshot = facts(Fault("", box=Box(kernel="wsl2", mounts={"/mnt/c": "drive"})))
    mount = snapshot.mount_of("/mnt/c/x")
    assert snapshot.platform.kind is PlatformKind.WSL2
    assert mount is not None
    assert mount.is_windows_drive


def test_facts_replace_what_the_box_showed(facts: Callable[[Fault], Snapshot]) -> None:
    changes = {
        "clock": {"start": 978307200},
        "tools": {"dlv": "/usr/bin/dlv", "git": "<none>"},
        "answers": {"dlv-version": {"status": 0, "out": "Version: 1.20.1", "err": ""}},
        "shells": {"login": {"environ": {"HOME": "/gone"}, "go_version": "<none>"}},
        "files": {"/etc/wsl.conf": {"text": "[boot]"}},
        "platform": {"distro": "gentoo"},
    }
    snapshot = facts(Fault("", box=Box(userland="busybox"), facts=changes))
    answer = snapshot.answer("dlv-version")
    assert (snapshot.clock.start, snapshot.tool("dlv"), snapshot.tool("git")) == (978307200, "/usr/bin/dlv", None)
    assert answer is not None
    assert answer.out == "Version: 1.20.1"
    assert (snapshot.login.get("HOME"), snapshot.login.go_version) == ("/gone", None)
    assert (snapshot.text("/etc/wsl.conf"), snapshot.platform.distro) == ("[boot]", "gentoo")


def test_a_fact_that_no_snapshot_has_is_an_error(facts: Callable[[Fault], Snapshot]) -> None:
    with pytest.raises(KeyError, match="no 'clok' here; there are"):
        facts(Fault("", box=Box(userland="busybox"), facts=json.loads('{"clok": {"start": 1}}')))
