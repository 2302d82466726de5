"""Distros from images: by podman, by docker's client, and what is told when neither does it."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import MissingTool, Reason, WslgoError
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.target.container import Namespaces
from pytest_wslgo.target.distros import engine as engines
from pytest_wslgo.target.distros.collection import Distros
from pytest_wslgo.target.distros.engine import LABEL, remove_containers
from pytest_wslgo.target.distros.image import parse_image
from pytest_wslgo.target.workdir import hold
from tests.integration.lab.alpine import alpine_archive
from tests.integration.lab.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.lab.podman import Podman


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Distros]]:
    """Give the distros of a run; at its end its containers are removed."""
    runs: list[tuple[Path, Distros]] = []

    def start_run(*texts: str) -> Distros:
        run_dir = tmp_path / f"wslgo-run-{os.getpid()}-{len(runs)}"
        run_dir.mkdir()
        hold(run_dir)
        runs.append((run_dir, Distros([parse_image(text, tmp_path) for text in texts], run_dir)))
        return runs[-1][1]

    yield start_run
    for run_dir, distros in runs:
        for target in distros.targets():
            target.close()
        remove_containers(run_dir)


def labelled(podman: Podman) -> list[str]:
    return podman.call("ps", "-a", "--filter", f"label={LABEL}", "--format", "{{.Names}}").split()


def test_an_image_is_booted_labelled_and_removed(podman: Podman, start: Callable[..., Distros], tmp_path: Path) -> None:
    distros = start("mine=localhost/wslgo-lab:1")
    mine = distros.get("mine")

    assert mine.how == "image localhost/wslgo-lab:1 by podman"
    assert isinstance(mine.target.transport, Namespaces)
    mine.target.write(f"{mine.target.workdir}/x", b"x")
    assert mine.target.read(f"{mine.target.workdir}/x") == b"x"
    (name,) = labelled(podman)
    told = podman.call(
        "inspect", "--format", f'{{{{.HostConfig.NetworkMode}}}} {{{{index .Config.Labels "{LABEL}"}}}}', name
    )
    (lease,) = (tmp_path / f"wslgo-run-{os.getpid()}-0" / ".leases").iterdir()
    assert told == f"none {lease.read_text().strip()}"

    for target in distros.targets():
        target.close()
    remove_containers(tmp_path / f"wslgo-run-{os.getpid()}-0")

    assert labelled(podman) == []


def test_a_built_in_name_is_its_image(podman: Podman, start: Callable[..., Distros]) -> None:
    (podman.folder / "alpine.tar").write_bytes(gzip.decompress(alpine_archive().read_bytes()))
    podman.call("import", "-q", str(podman.folder / "alpine.tar"), "docker.io/library/alpine:latest")
    distros = start()
    try:
        musl = distros.with_libc(Libc.MUSL)
        assert (musl.name, musl.userland.distro) == ("alpine", "alpine")
        assert musl.how == "image docker.io/library/alpine by podman"
        assert {distro.name for distro in distros.all()} == {"alpine", "host"}
    finally:
        podman.call("rmi", "-f", "docker.io/library/alpine:latest")


def test_another_run_removes_what_a_dead_one_left(podman: Podman, start: Callable[..., Distros]) -> None:
    """By the label: its directory, which names it, may be on another machine's disk or swept already."""
    with subprocess.Popen(["sleep", "0"]) as dead:
        pid = dead.pid
    ours = (start("mine=localhost/wslgo-lab:1"), start("mine=localhost/wslgo-lab:1"))
    ours[0].get("mine")
    (kept,) = labelled(podman)
    lease = _lease_with(pid)
    podman.call("run", "-d", "--name", "wslgo-run-dead", "--label", f"{LABEL}={lease}", "wslgo-lab:1", "sleep", "1000")

    ours[1].get("mine")

    assert "wslgo-run-dead" not in labelled(podman)
    assert kept in labelled(podman)


def _lease_with(pid: int) -> str:
    from pytest_wslgo.target.workdir import Lease

    ours = Lease.ours()
    return f"{ours.host} {ours.boot} {ours.space} {pid} 1"


def refusal(distros: Distros, reason: Reason) -> str:
    with pytest.raises(WslgoError) as raised:
        distros.get("mine")
    assert raised.value.reason is reason
    return str(raised.value)


def test_an_image_that_is_not_there(podman: Podman, start: Callable[..., Distros]) -> None:
    said = refusal(start("mine=localhost/none:1"), Reason.ERROR)
    assert said.startswith("distro mine: there is no image localhost/none:1 (podman: ")
    assert said.endswith("): `podman pull localhost/none:1`, or --wslgo-network, brings it.")


def test_an_image_without_a_shell(podman: Podman, start: Callable[..., Distros], tmp_path: Path) -> None:
    _import(podman, tmp_path, {"etc/os-release": b"ID=none\n"}, "localhost/wslgo-shellless:1")
    assert refusal(start("mine=localhost/wslgo-shellless:1"), Reason.ERROR) == (
        "distro mine: image localhost/wslgo-shellless:1 has no /bin/sh, which every test of it needs."
    )
    assert labelled(podman) == []


def test_an_image_for_another_machine(
    podman: Podman, start: Callable[..., Distros], tmp_path: Path, busybox_root: Path
) -> None:
    foreign = bytearray((busybox_root / "bin/busybox").read_bytes())
    foreign[18] = 183
    _import(podman, tmp_path, {"bin/sh": bytes(foreign)}, "localhost/wslgo-arm:1", "--arch", "arm64")
    assert refusal(start("mine=localhost/wslgo-arm:1"), Reason.ERROR) == (
        "distro mine: image localhost/wslgo-arm:1 is for arm64, and this machine is amd64: register an emulator with"
        " the flag F (binfmt_misc, such as qemu-user-static), or give an image for amd64."
    )
    wait_until(lambda: labelled(podman) == [], seconds=60, what="the container is gone")


def _import(podman: Podman, folder: Path, files: dict[str, bytes], name: str, *options: str) -> None:
    root = folder / "image"
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        (root / path).chmod(0o755)
    subprocess.run(["tar", "-C", root, "-cf", folder / "image.tar", "."], check=True, timeout=30)
    podman.call("import", "-q", *options, str(folder / "image.tar"), name)


def _pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Let engines of few words stand first on PATH; the podman among them was used before."""
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("CONTAINERS_STORAGE_CONF", "/dev/null")
    monkeypatch.setattr(engines, "ENGINES", tuple(name for name in engines.ENGINES if name in programs))


def test_an_engine_that_hangs_is_passed_over(
    start: Callable[..., Distros], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = "echo 'Cannot connect to the Docker daemon.' >&2; exit 1"
    _pretend(tmp_path, monkeypatch, podman=f"exec sleep 9{os.getpid()}", docker=silent)
    monkeypatch.setattr(engines, "ANSWER_DEADLINE", 0.5)

    said = refusal(start("mine=debian:12"), Reason.MISSING_TOOL)

    assert said == (
        "distro mine: no container engine works here for image debian:12 (podman did not answer within 0.5 s; docker"
        " says: Cannot connect to the Docker daemon.): start one, or give a root file system with"
        " --wslgo-distro mine=DIR."
    )


NO_NAMESPACES = """\
case $1 in
  ps) ;;
  image) echo amd64 ;;
  run) echo 'Error: runc: cannot clone: Operation not permitted' >&2; exit 126 ;;
esac
"""


def test_an_engine_that_starts_no_container_does_not_work(
    start: Callable[..., Distros], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(tmp_path, monkeypatch, podman=NO_NAMESPACES)

    said = refusal(start("mine=debian:12"), Reason.MISSING_TOOL)

    assert said == (
        "distro mine: no container engine works here for image debian:12 (podman, asked for a container of it, says:"
        " Error: runc: cannot clone: Operation not permitted): start one, or give a root file system with"
        " --wslgo-distro mine=DIR."
    )


def test_a_container_that_ends_at_once_is_told(
    start: Callable[..., Distros], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(
        tmp_path, monkeypatch, podman="case $1 in exec) echo 'no such container' >&2; exit 1;; image) echo amd64;; esac"
    )

    said = refusal(start("mine=debian:12"), Reason.MISSING_TOOL)

    assert "(podman, asked for a command in a container of it, says: no such container): start one, or" in said


def test_what_cannot_be_fetched_with_the_network_has_a_wrong_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(tmp_path, monkeypatch, podman="case $1 in image | pull) echo 'manifest unknown' >&2; exit 125;; esac")

    said = refusal(Distros([parse_image("mine=debian:99", tmp_path)], tmp_path, network=True), Reason.ERROR)

    assert said == "distro mine: there is no image debian:99 (podman: manifest unknown): check its name."


def test_without_an_engine_and_without_images_the_machine_gives_what_it_has(
    start: Callable[..., Distros], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(tmp_path, monkeypatch, podman="exit 1", docker="exit 1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    distros = start()

    found = {distro.name: distro for distro in distros.all()}

    if "musl" not in found:
        pytest.skip("install musl and busybox-static to assemble a musl root")
    assert set(found) == {"host", "musl"}
    assert (found["host"].userland.distro, found["host"].userland.libc) == ("host", Libc.GLIBC)
    assert (found["musl"].userland.distro, found["musl"].userland.libc) == ("musl", Libc.MUSL)
    assert found["host"].how == "assembled from this machine's own loader, C library and tools"
    assert found["host"].target.run(["/bin/getconf", "GNU_LIBC_VERSION"]).text.startswith("glibc ")
    assert [one.name for one in distros.missing] == ["debian", "ubuntu", "alpine"]
    assert "no container engine works here for image docker.io/library/ubuntu (podman says: status 1; docker" in (
        "\n".join(distros.describe())
    )


def test_where_nothing_can_be_had_the_reasons_are_told(
    start: Callable[..., Distros], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend(tmp_path, monkeypatch, podman="exit 1", docker="exit 1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    distros = start()
    monkeypatch.setattr("pytest_wslgo.target.distros.collection.STAND_INS", {})
    with pytest.raises(MissingTool, match=r"^no distro can be had here: distro debian: no container engine works"):
        distros.all()


@pytest.fixture
def docker(podman: Podman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Docker's client, served by podman; podman's own is out of sight."""
    client = shutil.which("docker")
    if client is None or not Path(client).read_bytes().startswith(b"\x7fELF"):
        pytest.skip("install docker's client (docker-cli) to try it on podman's socket")
    socket = tmp_path / "podman.sock"
    with subprocess.Popen(["podman", "system", "service", "--time=0", f"unix://{socket}"]) as service:
        wait_until(socket.exists, what="podman's service listens")
        monkeypatch.setenv("DOCKER_HOST", f"unix://{socket}")
        monkeypatch.setattr(engines, "ENGINES", ("docker",))
        yield
        service.terminate()


def test_dockers_client_boots_an_image(docker: None, podman: Podman, start: Callable[..., Distros]) -> None:
    mine = start("mine=localhost/wslgo-lab:1").get("mine")

    assert mine.how == "image localhost/wslgo-lab:1 by docker"
    assert mine.target.run(["id", "-u"]).text == "0\n"
    assert len(labelled(podman)) == 1
