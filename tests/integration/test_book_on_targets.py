"""The book on real machines of every kind: a Debian and a musl container, a chroot, an ssh host, and none at all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.toolchain.discovery import embedded_goroot
from tests.integration.lab.roots import MUSL_LOADER, copy_of_the_host, make_musl_root
from tests.ledgers import stored_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.lab.podman import Podman
    from tests.integration.lab.sshd import Sshd

SAMPLE = ("-m", "behaviour", "-k", "hello or libc or loader or build_mode")


@dataclass(frozen=True)
class Judged:
    """What one run of the book said."""

    status: int
    ledger: dict[str, Any]
    output: str

    def verdicts(self, target: str) -> dict[str, str]:
        return {one["claim"]: one["verdict"] for one in self.ledger["verdicts"] if one["target"] == target}

    def platform(self, target: str) -> dict[str, Any]:
        platform: dict[str, Any] = next(one["platform"] for one in self.ledger["targets"] if one["name"] == target)
        return platform


@pytest.fixture(scope="session")
def sdk() -> str:
    """The embedded SDK, as a GOROOT of this machine."""
    goroot = embedded_goroot()
    if goroot is None:
        pytest.skip("run `pip install 'pytest-wslgo[embedded]'` to judge real machines")
    return goroot


@pytest.fixture(scope="session")
def host_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of this machine's own root file system."""
    if os.geteuid() != 0:
        pytest.skip("run as root to make a root file system")
    try:
        with copy_of_the_host(tmp_path_factory.mktemp("host")) as root:
            yield root
    except OSError as error:
        pytest.skip(f"this machine cannot lay one file system over another: {error}")


@pytest.fixture(scope="session")
def musl_root(tmp_path_factory: pytest.TempPathFactory, busybox_root: Path) -> Path:
    """A root file system whose only libc is musl."""
    if not MUSL_LOADER.exists():
        pytest.skip("install musl to make a musl root")
    return make_musl_root(tmp_path_factory.mktemp("musl") / "root")


def judge(folder: Path, *args: str) -> Judged:
    argv = [sys.executable, "-m", "pytest", "--wslgo", "--wslgo-ledger=ledger.json", *SAMPLE, *args]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    ledger = folder / "ledger.json"
    assert ledger.exists(), done.stdout + done.stderr
    return Judged(done.returncode, stored_ledger(ledger), done.stdout + done.stderr)


def test_a_container_with_glibc_and_gcc(podman: Podman, host_root: Path, sdk: str, tmp_path: Path) -> None:
    name = podman.start_root("wslgo-debian", host_root)
    judged = judge(tmp_path, f"--wslgo-target=podman://{name}", f"--wslgo-go={sdk}")

    assert judged.status == 0, judged.output
    assert judged.platform(name)["kind"] == "container"
    assert judged.platform(name)["libc"].startswith("glibc")
    assert judged.verdicts(name)["linking.cgo-off-is-static"] == "verified"


def test_a_container_with_musl_and_without_a_compiler(
    podman: Podman, musl_root: Path, sdk: str, tmp_path: Path
) -> None:
    name = podman.start_root("wslgo-musl", musl_root, "-v", f"{sdk}:/usr/local/go:ro")
    judged = judge(tmp_path, f"--wslgo-target=podman://{name}", "--wslgo-go=/usr/local/go", "-n", "2")

    assert judged.status == 0, judged.output
    assert judged.platform(name)["libc"].startswith("musl")
    assert judged.verdicts(name)["linking.cgo-off-is-static"] == "verified"
    assert judged.verdicts(name)["linking.gcc-loader-has-its-usual-path"] == "not-checked"
    assert f"Target {name} has no gcc." in judged.output


def test_an_ssh_host_with_a_noisy_shell_and_one_that_is_dead(sshd: Sshd, sdk: str, tmp_path: Path) -> None:
    dead = "ssh://root@127.0.0.1:9"
    judged = judge(tmp_path, f"--wslgo-target={sshd.spec()}", f"--wslgo-target={dead}", f"--wslgo-go={sdk}")

    alive = f"root@127.0.0.1:{sshd.port}"
    assert judged.status == 10, judged.output
    assert judged.verdicts(alive)["linking.cgo-off-is-static"] == "verified"
    assert set(judged.verdicts("root@127.0.0.1:9").values()) == {"not-checked"}
    assert judged.output.count("NOT CHECKED on root@127.0.0.1:9") == 1


def test_a_chroot(host_root: Path, sdk: str, tmp_path: Path) -> None:
    judged = judge(tmp_path, f"--wslgo-target=chroot://{host_root}", f"--wslgo-go={sdk}")

    assert judged.status == 0, judged.output
    assert judged.verdicts(str(host_root))["linking.cgo-off-is-static"] == "verified"
