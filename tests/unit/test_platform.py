"""What a target is, told from the signs that real machines show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_wslgo.model.mounts import parse_mounts
from pytest_wslgo.model.platform import PlatformEvidence, PlatformKind, detect_platform, parse_os_release
from pytest_wslgo.model.program_head import ProgramFormat, arch_of_uname, parse_head
from tests.recordings import recorded

EXT4 = "/dev/sdc / ext4 rw,relatime 0 0\n"
OVERLAY = "overlay / overlay rw,lowerdir={},upperdir=/u,workdir=/w 0 0\n"
WSL_INIT = recorded("mount_init_rootfs.txt")
DRIVE = recorded("mount_9p_6_6.txt")
WSL2_KERNEL = "5.15.167.4-microsoft-standard-WSL2"

PLAIN = PlatformEvidence(kernel="6.8.0-45-generic", machine="x86_64", mounts=parse_mounts(EXT4))
WSL2 = PlatformEvidence(
    kernel=WSL2_KERNEL,
    machine="x86_64",
    mounts=parse_mounts(EXT4 + WSL_INIT + DRIVE),
    run_wsl=("2_interop",),
    wslpath="/init",
    binfmt=("WSLInterop", "register", "status"),
    environ=(("WSL_DISTRO_NAME", "Ubuntu"),),
)
SYSTEMD_WSL2 = replace(
    WSL2,
    pid1_comm="systemd",
    pid1_environ=(("container", "wsl"), ("container_host_id", "windows"), ("container_host_version_id", "2.5.10")),
    systemd_container=recorded("container_run_systemd_container.txt"),
)


def kind_of(evidence: PlatformEvidence) -> PlatformKind:
    return detect_platform(evidence).kind


def test_plain_linux() -> None:
    platform = detect_platform(PLAIN)
    assert (platform.kind, platform.on_wsl, platform.arch) == (PlatformKind.LINUX, False, "amd64")
    assert platform.evidence == ("No sign of WSL and none of a container.",)


def test_wsl2_says_why() -> None:
    platform = detect_platform(WSL2)
    assert (platform.kind, platform.on_wsl) == (PlatformKind.WSL2, True)
    assert platform.evidence == (
        "/init is a mount of type rootfs, which WSL2 makes.",
        "There is /run/WSL, and wslpath is a link to /init.",
        "binfmt_misc has WSLInterop, which starts Windows programs.",
        "Windows drives are mounted on /mnt/c.",
        "The kernel is 5.15.167.4-microsoft-standard-WSL2.",
        "WSL_DISTRO_NAME is set.",
    )


def test_systemd_on_wsl2_looks_like_a_container_and_is_none() -> None:
    platform = detect_platform(SYSTEMD_WSL2)
    assert platform.kind is PlatformKind.WSL2
    assert "PID 1 was started with container=wsl." in platform.evidence
    assert "/run/systemd/container says wsl." in platform.evidence


@pytest.mark.parametrize("name", ["kver_wsl2_4_19.txt", "kver_wsl2_5_15.txt"])
def test_the_kernels_of_wsl2_by_their_recorded_banner(name: str) -> None:
    assert kind_of(replace(PLAIN, kernel="", proc_version=recorded(name))) is PlatformKind.WSL2


def test_the_banner_of_a_native_kernel() -> None:
    assert kind_of(replace(PLAIN, kernel="", proc_version=recorded("kver_native_ubuntu.txt"))) is PlatformKind.LINUX


@pytest.mark.parametrize("name", ["custom_capital", "custom_microsoft", "custom_plain"])
def test_custom_wsl2_kernels_whatever_they_are_called(name: str) -> None:
    evidence = replace(
        WSL2, kernel=recorded(f"uname_r_wsl2_{name}.txt").strip(), run_wsl=None, wslpath=None, environ=()
    )
    assert kind_of(evidence) is PlatformKind.WSL2


def test_a_capital_m_alone_is_not_yet_wsl1() -> None:
    assert kind_of(PlatformEvidence(kernel=recorded("uname_r_wsl2_custom_capital.txt").strip())) is PlatformKind.WSL2


@pytest.mark.parametrize("table", ["mount_wsl1_full.txt", "mountinfo_wsl1_wslfs.txt"])
def test_wsl1_by_the_file_system_of_its_root(table: str) -> None:
    platform = detect_platform(PlatformEvidence(kernel="4.4.0-19041-Microsoft", mounts=parse_mounts(recorded(table))))
    assert (platform.kind, platform.on_wsl) == (PlatformKind.WSL1, True)
    assert platform.evidence[0].endswith("fs, the file system of WSL1.")


@pytest.mark.parametrize(
    "evidence",
    [
        PlatformEvidence(kernel="4.4.0-19041-Microsoft"),
        PlatformEvidence(kernel="3.4.0+", proc_version="Linux version 3.4.0-Microsoft (Microsoft@Microsoft.com)"),
    ],
)
def test_wsl1_by_its_kernel_where_the_mount_table_is_hidden(evidence: PlatformEvidence) -> None:
    assert kind_of(evidence) is PlatformKind.WSL1


def test_docker_on_a_wsl_kernel_is_a_container_on_wsl() -> None:
    evidence = PlatformEvidence(proc_version=recorded("container_in_wsl.txt"), dockerenv=True)
    platform = detect_platform(evidence)
    assert (platform.kind, platform.on_wsl) == (PlatformKind.CONTAINER, True)
    assert platform.evidence[0] == "There is /.dockerenv, which docker makes."


def test_a_container_with_a_bound_drive_is_still_a_container() -> None:
    evidence = PlatformEvidence(kernel=WSL2_KERNEL, dockerenv=True, mounts=parse_mounts(DRIVE), binfmt=("WSLInterop",))
    assert kind_of(evidence) is PlatformKind.CONTAINER


@pytest.mark.parametrize(
    ("sign", "why"),
    [
        ({"containerenv": True}, "There is /run/.containerenv, which podman makes."),
        ({"pid1_environ": (("container", "lxc"),)}, "PID 1 was started with container=lxc."),
        ({"systemd_container": "systemd-nspawn\n"}, "/run/systemd/container says systemd-nspawn."),
        ({"cgroup": "0::/kubepods/besteffort/pod1/c\n"}, "PID 1 is in a control group of kubepods."),
        (
            {"mounts": parse_mounts(OVERLAY.format("/var/lib/containerd/io/snap/1/fs"))},
            "/ is an overlay of a container engine's layers.",
        ),
    ],
)
def test_each_sign_of_a_container(sign: dict[str, object], why: str) -> None:
    platform = detect_platform(replace(PLAIN, **sign))  # type: ignore[arg-type]
    assert (platform.kind, platform.on_wsl, platform.evidence[0]) == (PlatformKind.CONTAINER, False, why)


def test_an_overlay_on_a_wsl_kernel_without_anything_of_wsl_is_a_container() -> None:
    platform = detect_platform(PlatformEvidence(kernel=WSL2_KERNEL, mounts=parse_mounts(OVERLAY.format("/a:/b"))))
    assert (platform.kind, platform.on_wsl) == (PlatformKind.CONTAINER, True)


def test_an_image_imported_into_wsl_brings_its_dockerenv() -> None:
    platform = detect_platform(replace(WSL2, dockerenv=True))
    assert platform.kind is PlatformKind.WSL2
    assert "There is /.dockerenv, which docker makes. It came with an imported image." in platform.evidence


def test_docker_desktop_is_a_wsl2_distro_with_another_root() -> None:
    table = EXT4 + WSL_INIT + recorded("proc_mounts_docker_unescaped_space.txt")
    table += "C:\\134 /mnt/host/c 9p rw,aname=drvfs;path=C:\\;uid=0;symlinkroot=/mnt/host/,trans=fd 0 0\n"
    platform = detect_platform(PlatformEvidence(kernel=WSL2_KERNEL, mounts=parse_mounts(table)))
    assert platform.kind is PlatformKind.WSL2
    assert "Windows drives are mounted on /mnt/host/c." in platform.evidence


def test_a_forged_variable_proves_nothing() -> None:
    forged = replace(PLAIN, environ=(("WSL_DISTRO_NAME", "Ubuntu"), ("WSL_INTEROP", "/run/WSL/1_interop")))
    platform = detect_platform(forged)
    assert (platform.kind, platform.on_wsl) == (PlatformKind.LINUX, False)
    assert platform.evidence[-1] == "WSL_DISTRO_NAME, WSL_INTEROP are set. That alone proves nothing."


def test_the_distribution_from_os_release() -> None:
    text = 'NAME="Debian GNU/Linux"\n# note\nVERSION_ID="12"\nID=debian\nBROKEN="x\nnot a line\n'
    assert parse_os_release(text)["BROKEN"] == "x"
    platform = detect_platform(replace(PLAIN, os_release=text, libc="glibc 2.36", libc_evidence="/bin/sh says so."))
    assert (platform.distro, platform.release, platform.libc) == ("debian", "12", "glibc 2.36")
    assert platform.evidence[-1] == "/bin/sh says so."


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", (None, None)), ("ID=arch\n", ("arch", None)), ("ID=debian\nVERSION_CODENAME=sid\n", ("debian", "sid"))],
)
def test_a_distribution_that_does_not_say_all(text: str, expected: tuple[str | None, str | None]) -> None:
    platform = detect_platform(replace(PLAIN, os_release=text))
    assert (platform.distro, platform.release) == expected


@pytest.mark.parametrize(
    ("machine", "arch"), [("x86_64", "amd64"), ("aarch64", "arm64"), ("i686", "386"), ("armv7l", "arm"), ("vax", "vax")]
)
def test_machines_in_the_words_of_go(machine: str, arch: str) -> None:
    assert arch_of_uname(machine) == arch


def test_a_32_bit_userland_on_a_64_bit_kernel_is_what_go_must_be_for() -> None:
    assert detect_platform(replace(PLAIN, machine="aarch64", userland="arm")).arch == "arm"


class TestProgramHead:
    ELF = bytes.fromhex("7f454c4602010100" + "00" * 8 + "0300" + "b700" + "01000000" + "00" * 8)

    def test_the_interpreter_of_an_elf_file(self) -> None:
        header = (
            self.ELF + (64).to_bytes(8, "little") + bytes(8 + 4 + 2) + (56).to_bytes(2, "little") + b"\x01\0" + bytes(6)
        )
        segment = (3).to_bytes(4, "little") + bytes(4) + (120).to_bytes(8, "little") + bytes(16)
        segment += (27).to_bytes(8, "little") + bytes(16)
        head = parse_head(header + segment + b"/lib/ld-musl-aarch64.so.1\0\0" + bytes(50))
        assert (head.format, head.arch, head.interpreter) == (ProgramFormat.ELF, "arm64", "/lib/ld-musl-aarch64.so.1")

    def test_a_cut_elf_file_has_no_interpreter_that_we_know(self) -> None:
        head = parse_head(self.ELF)
        assert (head.format, head.arch, head.interpreter) == (ProgramFormat.ELF, "arm64", None)

    def test_a_windows_program(self) -> None:
        data = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + (0x8664).to_bytes(2, "little")
        assert parse_head(data).format is ProgramFormat.PE
        assert (parse_head(data).arch, parse_head(data).kind, parse_head(b"MZ").arch) == ("amd64", "a PE file", None)

    def test_a_script_shows_what_it_starts(self) -> None:
        head = parse_head(b'#!/bin/sh\nexec /mnt/c/Go/bin/go.exe "$@"\n')
        assert (head.format, head.interpreter) == (ProgramFormat.SCRIPT, "/bin/sh")
        assert "go.exe" in (head.text or "")

    @pytest.mark.parametrize("size", range(0, 130, 7))
    def test_no_prefix_breaks_the_reader(self, size: int) -> None:
        parse_head((self.ELF * 4)[:size])
