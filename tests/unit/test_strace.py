"""Lines that strace 6.1 wrote of a shell, a cat and a getent that ran side by side."""

from __future__ import annotations

from pytest_wslgo.model.strace import families, paths, read_calls

LOG = r"""21333 execve("/usr/bin/sh", ["sh", "-c", "cat /etc/hostname"], 0x7ffd931a2060 /* 35 vars */) = 0
21333 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
21333 newfstatat(3, "", {st_mode=S_IFREG|0644, st_size=36163, ...}, AT_EMPTY_PATH) = 0
21333 newfstatat(AT_FDCWD, "/root/bin/getent",  <unfinished ...>
21334 openat(AT_FDCWD, "/dev/null", O_RDONLY <unfinished ...>
21333 <... newfstatat resumed>0x7ffdbd556e10, 0) = -1 ENOENT (No such file or directory)
21334 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=11528, si_uid=0} ---
21335 openat(AT_FDCWD, "/tmp/a \"quoted\" name", O_RDONLY|O_CLOEXEC) = 3
21335 openat(AT_FDCWD, "/etc/ld.so.preload", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
21335 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 4
21335 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = -1 EAFNOSUPPORT (Address family not supported) (INJECTED)
21335 socket(AF_UNIX, SOCK_STREAM, 0) = 4
21334 +++ exited with 0 +++
"""


def test_calls_are_read_as_they_began() -> None:
    calls = read_calls(LOG)
    assert [(call.pid, call.name) for call in calls[:5]] == [
        (21333, "execve"),
        (21333, "access"),
        (21333, "newfstatat"),
        (21333, "newfstatat"),
        (21334, "openat"),
    ]
    assert len(calls) == 10


def test_paths_are_told_once_and_in_order() -> None:
    assert paths(read_calls(LOG)) == (
        "/usr/bin/sh",
        "/etc/ld.so.preload",
        "/root/bin/getent",
        "/dev/null",
        r"/tmp/a \"quoted\" name",
    )


def test_families_of_sockets() -> None:
    assert families(read_calls(LOG)) == ("AF_UNIX", "AF_INET")
