"""Containers: the way in, what a process there gets, and which containers there are when the name is wrong."""

from __future__ import annotations

import subprocess
import tarfile
import time
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost
from pytest_wslgo.target.container import Exec, Namespaces
from pytest_wslgo.target.result import TransferFailed
from pytest_wslgo.target.spec import open_target

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.lab.podman import Podman


def test_the_way_in_is_through_the_namespaces(box: str) -> None:
    with open_target(f"podman://{box}") as target:
        assert isinstance(target.transport, Namespaces)
        assert (
            target.run(["readlink", "/proc/self/ns/mnt"]).stdout
            == target.run(["readlink", "/proc/self/ns/mnt"], session=True).stdout
        )


SEEN = ["sh", "-c", 'id -u; id -g; pwd; echo "$HOME|$PATH|$A|$container"']


def test_a_process_gets_user_directory_and_environment_of_the_container(podman: Podman) -> None:
    name = podman.start(
        "wslgo-dev", "--user", "1000:1000", "-w", "/home/dev", "-e", "A=it's a\nb", "-e", "PATH=/bin:/opt/go"
    )

    with open_target(f"podman://{name}") as target:
        assert isinstance(target.transport, Namespaces)
        assert target.run(SEEN).text == "1000\n1000\n/home/dev\n/home/dev|/bin:/opt/go|it's a\nb|podman\n"
        assert target.run(SEEN).stdout == target.run(SEEN, session=True).stdout


def test_another_user_is_asked_for_in_the_spec(box: str) -> None:
    with open_target(f"podman://dev@{box}") as target:
        assert target.run(["id", "-u"]).text == "1000\n"


def test_a_user_with_more_groups_goes_through_the_engine(podman: Podman) -> None:
    name = podman.start("wslgo-groups", "--user", "1000:1000", "--group-add", "44")

    with open_target(f"podman://{name}") as target:
        assert isinstance(target.transport, Exec)
        assert "44" in target.run(["id", "-G"]).text.split()


def test_a_session_has_the_limits_of_the_container(box: str) -> None:
    with open_target(f"podman://{box}") as target:
        assert target.run(["sh", "-c", "ulimit -n"], session=True).text == "1024\n"


def test_a_full_disk_is_noticed(box: str) -> None:
    with open_target(f"podman://{box}", name="full") as target:
        with pytest.raises(TransferFailed, match=r"target full: cannot write /full/file: .*No space left"):
            target.write("/full/file", b"x" * 2_000_000)

        assert target.run(["ls", "/full"]).text == ""


def test_a_working_directory_with_read_only_folders_is_removed(podman: Podman) -> None:
    name = podman.start("wslgo-readonly", "--user", "1000:1000")
    with open_target(f"podman://{name}", run_id="readonly") as target:
        workdir = target.workdir
        target.run(["sh", "-c", 'mkdir -p "$1/mod/v1" && touch "$1/mod/v1/f" && chmod -R a-w "$1/mod"', "sh", workdir])

    with open_target(f"podman://{name}") as target:
        assert target.run(["test", "-e", workdir], check=False).status == 1


def test_a_wrong_name_gets_the_nearest_and_all(box: str) -> None:
    with pytest.raises(
        BadInput, match=r"podman has no container 'wslgo-bax' \(did you mean 'wslgo-box'\?\); there are: .*wslgo-box"
    ):
        open_target("podman://wslgo-bax").run(["true"])


def test_a_container_that_does_not_run_is_explained(podman: Podman) -> None:
    podman.call("create", "--name", "wslgo-created", "wslgo-lab:1", "sleep", "1")

    with pytest.raises(
        TargetLost, match=r"container wslgo-created is created, not running: `podman start wslgo-created`"
    ):
        open_target("podman://wslgo-created").run(["true"])


@pytest.mark.parametrize("session", [False, True])
def test_a_container_that_stops_is_lost_for_good(podman: Podman, session: bool) -> None:
    name = podman.start(f"wslgo-stops-{session}".lower())
    with open_target(f"podman://{name}", name="stops") as target:
        target.run(["true"])
        podman.call("kill", name)

        with pytest.raises(TargetLost, match=f"target stops is lost: container {name} (has stopped|takes no commands)"):
            target.run(["true"], session=session)
        started = time.monotonic()
        with pytest.raises(TargetLost, match="target stops was lost earlier in this run"):
            target.run(["true"])
        assert time.monotonic() - started < 0.1


def test_a_container_without_a_shell_is_explained(podman: Podman, busybox_root: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bare.tar", "w") as bare:
        bare.add(busybox_root / "bin/busybox", arcname="busybox")
    podman.call("import", "-q", str(tmp_path / "bare.tar"), "wslgo-bare:1")
    podman.call("run", "-d", "--name", "wslgo-bare", "wslgo-bare:1", "/busybox", "sleep", "1000000")

    with pytest.raises(MissingTool, match=r"container wslgo-bare has no /bin/sh, which every test of it needs"):
        open_target("podman://wslgo-bare").run(["true"])


def test_the_engine_is_the_one_that_works(box: str) -> None:
    works = subprocess.run(["sh", "-c", "docker ps -q"], capture_output=True, check=False, timeout=30).returncode == 0
    if works:
        pytest.skip("docker works here; stop its daemon to see podman answer for it")
    with open_target(f"docker://{box}") as target:
        assert target.run(["true"]).status == 0
        assert target.transport.session() == Exec("podman", box)


def test_without_an_engine_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "docker"
    broken.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon.' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        MissingTool, match=r"no container engine works here: docker says: Cannot connect .*; podman is not installed\."
    ):
        open_target("docker://box").run(["true"])
