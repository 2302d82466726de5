"""From the script's output to a snapshot, to JSON and back: facts kept, secrets gone, bad input named."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import BadInput, WslgoError
from pytest_wslgo.model.collected import parse_collected
from pytest_wslgo.model.facts import Answer, Folder, Limit, PathStat
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.model.snapshot import dump, load
from tests.recordings import RECORDINGS, recorded

NONCE = "wslgo-recorded"
ALPINE_OUTPUT = (RECORDINGS / "collected_alpine.txt").read_bytes()
ALPINE = parse_collected(ALPINE_OUTPUT, NONCE)
STORED = dump(ALPINE)


def output_of(**sections: str) -> bytes:
    """Write sections as the script does; ``__`` in a name is a dot, ``_`` a dash."""
    names = {name.replace("__", ".").replace("_", "-"): text for name, text in sections.items()}
    return collected({"begin": "", **names, "end": ""})


def collected(sections: dict[str, str]) -> bytes:
    return "".join(f"\n{NONCE} {name}\n{text}" for name, text in sections.items()).encode()


def test_the_platform_of_the_recorded_container() -> None:
    platform = ALPINE.platform
    assert (platform.kind, platform.distro, platform.release) == (PlatformKind.CONTAINER, "alpine", "3.20.3")
    assert (platform.arch, platform.libc, platform.on_wsl) == ("amd64", "musl 1.2.5", False)
    assert platform.evidence == (
        "There is /run/.containerenv, which podman makes.",
        "PID 1 was started with container=podman.",
        "PID 1 is in a control group of libpod.",
        "/ is an overlay of a container engine's layers.",
        "/bin/sh is loaded by /lib/ld-musl-x86_64.so.1.",
    )


def test_each_shell_finds_its_own_go() -> None:
    assert [shell.name for shell in ALPINE.shells] == ["plain", "bare", "login", "interactive"]
    assert [shell.go_path for shell in ALPINE.shells] == ["/usr/local/go/bin/go", None, None, "/usr/local/go/bin/go"]
    assert all(shell.started and shell.status == 0 and not shell.noise for shell in ALPINE.shells)
    assert ALPINE.plain.path[0] == "/usr/local/go/bin"
    assert ALPINE.login.path[0] == "/usr/local/sbin"
    assert ALPINE.login.go("GOROOT") is None


def test_what_go_said_in_a_shell() -> None:
    assert ALPINE.plain.go_version == Answer(0, "go version go1.26.8 linux/amd64\n", "")
    assert ALPINE.plain.go_env == Answer(0)
    assert ALPINE.plain.go("GOROOT") == "/usr/local/go"
    assert ALPINE.plain.go("GOPROXY") == "https://ann:***@proxy.example,direct"
    assert ALPINE.interactive.go_values == ALPINE.plain.go_values
    assert ALPINE.plain.umask == "0022"
    assert ALPINE.plain.limit("Max open files") == Limit("Max open files", 1024, 1024)
    assert ALPINE.plain.limit("Max address space") == Limit("Max address space", None, None)


def test_the_files_of_go_and_its_sdk() -> None:
    go = ALPINE.go_file("/usr/local/go/bin/go")
    assert go is not None
    assert go.head is not None
    assert (go.real, go.link, go.head.arch) == ("/usr/local/go/bin/go", None, "amd64")
    goroot = ALPINE.goroot("/usr/local/go")
    assert goroot is not None
    assert goroot.version == "go1.26.8"
    assert goroot.compile == Answer(0, "compile version go1.26.8\n", "")
    assert {"src/runtime/extern.go", "pkg/tool/linux_amd64/compile", "pkg/include/textflag.h"} <= set(goroot.parts)
    mount = ALPINE.mount_of("/usr/local/go")
    assert mount is not None
    assert (mount.target, mount.read_only) == ("/usr/local/go", True)


def test_a_folder_that_is_not_there_yet_has_the_facts_of_the_one_above() -> None:
    folder = ALPINE.folder("/root/.cache/go-build")
    assert folder is not None
    assert (folder.nearest, folder.real, folder.exists, folder.writable) == (
        "/root",
        "/root/.cache/go-build",
        False,
        True,
    )
    assert folder.stat is not None
    assert (oct(folder.stat.mode), folder.stat.uid) == ("0o40700", 0)
    assert folder.free is not None
    assert folder.free > 0


def test_the_clock_the_user_and_the_rest() -> None:
    clock = ALPINE.clock
    assert clock.start is not None
    assert clock.pid1_start is not None
    assert 0 <= clock.start - clock.pid1_start < 60
    assert (ALPINE.user.name, ALPINE.user.uid, ALPINE.user.shell) == ("root", 0, "/bin/sh")
    assert ALPINE.text("/etc/os-release") is not None
    assert ALPINE.text("/nowhere") is None
    assert ALPINE.tool("zig") is None
    assert ALPINE.answer("wsl-version") is None
    assert ALPINE.stat("/run/.containerenv") is not None
    assert ALPINE.cpu_flags


def test_no_part_of_a_secret_is_in_what_is_collected_or_stored() -> None:
    assert b"s3cret" in ALPINE_OUTPUT
    assert "s3cret" not in repr(ALPINE)
    assert b"s3cret" not in STORED


def test_secrets_are_masked_in_a_snapshot_made_elsewhere_too() -> None:
    shell = replace(ALPINE.plain, environ=(("DB_PASSWORD", "hunter2"), ("HOME", "/root")), noise="TOKEN=hunter2")
    stored = dump(replace(ALPINE, shells=(shell,)))
    assert b"hunter2" not in stored
    assert load(stored, "x").plain.environ == (("DB_PASSWORD", "***"), ("HOME", "/root"))


def test_a_round_trip_changes_nothing() -> None:
    assert load(STORED, "facts.json") == ALPINE
    assert dump(load(STORED, "facts.json")) == STORED
    assert STORED.startswith(b'{\n "snapshot": 1,')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "facts.json is not a snapshot: it is no whole JSON"),
        (b"\xff\xfe\x00", "facts.json is not a snapshot: it is no whole JSON"),
        (STORED[:-40], "facts.json is not a snapshot: it is no whole JSON"),
        (b"[" * 100_000, "facts.json is not a snapshot: it is no whole JSON"),
        (b"[]", 'facts.json is not a snapshot: expected a JSON object with "snapshot": 1.'),
        (b'{"ledger": 1}', 'facts.json is not a snapshot: expected a JSON object with "snapshot": 1.'),
        (b'{"snapshot": 2}', "facts.json has snapshot version 2 in the field `snapshot`; this plugin reads version 1."),
        (b'{"snapshot": "1"}', "facts.json has snapshot version '1' in the field `snapshot`;"),
        (b'{"snapshot": true}', "facts.json has snapshot version True in the field `snapshot`;"),
        (b'{"snapshot": 1}', "facts.json is not a whole snapshot: Object missing required field `platform`"),
    ],
)
def test_what_is_no_snapshot_is_named(data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as error:
        load(data, "facts.json")
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("clock", {"start": "now"}, "Expected `int | null`, got `str` - at `$.clock.start`"),
        ("shells", 3, "Expected `array`, got `int` - at `$.shells`"),
        ("links", [["a", "b", "c"]], "Expected `array` of length 2, got 3 - at `$.links[0]`"),
        ("platform", {"kind": "wsl3"}, "at `$.platform"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_named_with_its_field(field: str, value: object, message: str) -> None:
    tree = json.loads(STORED) | {field: value}
    with pytest.raises(BadInput) as error:
        load(json.dumps(tree).encode(), "facts.json")
    assert str(error.value).startswith("facts.json is not a whole snapshot: ")
    assert message in str(error.value)


@given(st.integers(0, len(STORED) - 1), st.binary(max_size=6))
def test_damage_is_bad_input_or_harmless(place: int, damage: bytes) -> None:
    with contextlib.suppress(BadInput):
        load(STORED[:place] + damage + STORED[place + len(damage) :], "facts.json")


@given(st.integers(0, len(ALPINE_OUTPUT) - 1), st.binary(max_size=9))
def test_no_output_of_a_target_breaks_the_reader(place: int, damage: bytes) -> None:
    with contextlib.suppress(WslgoError):
        parse_collected(ALPINE_OUTPUT[:place] + damage + ALPINE_OUTPUT[place + len(damage) :], NONCE)


@pytest.mark.parametrize(
    ("output", "last"),
    [(b"", "there is no section at all"), (ALPINE_OUTPUT[:9000], "the last section is 'file /etc/hosts'")],
)
def test_a_script_that_was_cut_short_is_an_error(output: bytes, last: str) -> None:
    with pytest.raises(WslgoError) as error:
        parse_collected(output, NONCE)
    assert str(error.value).startswith("the snapshot's script did not come to its end: the")
    assert str(error.value).endswith(".")
    assert last.split("'")[0] in str(error.value)


def test_a_target_that_tells_nothing_gives_absent_facts() -> None:
    snapshot = parse_collected(output_of(), NONCE)
    assert snapshot.platform.kind is PlatformKind.LINUX
    assert (snapshot.platform.distro, snapshot.platform.libc, snapshot.clock.start) == (None, None, None)
    assert not any(shell.started for shell in snapshot.shells)
    assert snapshot.platform.evidence[-1] == "/bin/sh cannot be read, and no loader of a C library is there."
    assert load(dump(snapshot), "x") == snapshot


def test_noise_of_start_up_files_is_kept_apart_and_ours_left_out() -> None:
    noise = (
        "bash: cannot set terminal process group (-1): Inappropriate ioctl\nbash: no job control in this shell\nHello\n"
    )
    snapshot = parse_collected(
        output_of(login__noise=noise, login__word="alias go='grc go'\n", login__status="0"), NONCE
    )
    assert (snapshot.login.noise, snapshot.login.word, snapshot.login.go_path) == ("Hello", "alias go='grc go'", None)


def test_a_shell_that_hung_never_started_and_a_go_that_hung_never_answered() -> None:
    sections = {
        "login.noise": "loading…\n",
        "login.status": "137",
        "plain.word": "/bin/go\n",
        "plain.go-version": "",
        "plain.status": "137",
    }
    snapshot = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE)
    assert (snapshot.login.started, snapshot.login.status, snapshot.login.noise) == (False, 137, "loading…")
    assert snapshot.plain.go_version == Answer(None)
    assert snapshot.plain.go_version.hung
    assert snapshot.plain.go_env is None


def test_what_we_guarded_go_with_is_not_what_the_user_has() -> None:
    sections = {
        "plain.word": "/bin/go\n",
        "plain.go-env": '{"GOPROXY": "off", "GOMODCACHE": "/dev/null/none", "GOTOOLCHAIN": "go1.99.0"}',
        "plain.go-env-local": '{"GOPROXY": "https://p.example", "GOMODCACHE": "/m", "GOTOOLCHAIN": "local"}',
    }
    shell = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE).plain
    assert dict(shell.go_values) == {"GOPROXY": "https://p.example", "GOMODCACHE": "/m", "GOTOOLCHAIN": "go1.99.0"}
    sections["plain.go-env"] = "go: download failed"
    shell = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE).plain
    assert shell.go("GOPROXY") == "https://p.example"


def test_a_static_shell_leaves_the_libc_to_the_loaders_that_are_there() -> None:
    elf = bytes.fromhex("7f454c460201010000000000000000000200" + "3e00") + bytes(100)
    sections = {
        "sh-head": elf.hex(" "),
        "loader /lib64/ld-linux-x86-64.so.2": "ld.so (Debian GLIBC 2.41-12) stable release version 2.41.\n",
    }
    platform = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE).platform
    assert (platform.libc, platform.arch) == ("glibc 2.41", "amd64")
    assert platform.evidence[-1] == "/bin/sh is static; there is /lib64/ld-linux-x86-64.so.2."


def test_a_target_without_stat_shows_modes_by_ls() -> None:
    lines = "drwxrwxrwt 2 0 0 4096 Nov 22 t\x1e/tmp\n-rwsr-x--- 1 1000 100 7 Nov 22 2020 /x\x1e/x y\nbroken\x1e/z\n"
    snapshot = parse_collected(output_of(known_paths=lines), NONCE)
    assert snapshot.stats == (
        PathStat("/tmp", 0o041777, 0, 0, None, 4096),
        PathStat("/x y", 0o104750, 1000, 100, None, 7),
    )


def test_the_start_of_pid_1_whatever_its_name() -> None:
    stat = "1 (a b) c) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 250 1 1\n"
    sections = {"btime": "1000\n", "clock-ticks": "100\n", "file /proc/1/stat": stat, "date": "1010\n"}
    assert parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE).clock.pid1_start == 1002.5


def test_a_linked_folder_lies_where_the_link_leads() -> None:
    mounts = "/dev/sdc / ext4 rw 0 0\nC:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\;uid=0,trans=fd 0 0\n"
    folders = "/root/go/bin\x1e/root/go\x1e/mnt/c/go\x1ew\n"
    space = "Filesystem 1024-blocks Used Available Capacity Mounted on\nC:\\ 100 40 60 40% /mnt/c\n"
    sections = {"file /proc/mounts": mounts, "folders": folders, "folder-space": space}
    snapshot = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE)
    assert snapshot.folders == (Folder("/root/go/bin", "/root/go", "/mnt/c/go/bin", True, None, 60 * 1024),)
    mount = snapshot.mount_of("/root/go/bin")
    assert mount is not None
    assert mount.drive == "C"


def test_a_wsl_machine_can_be_judged_from_its_sections() -> None:
    sections = {
        "uname": "Linux 5.15.167.4-microsoft-standard-WSL2 x86_64\n",
        "file /proc/mounts": recorded("mount_init_rootfs.txt"),
        "names-run-wsl": "1_interop\n",
        "names-binfmt": recorded("binfmt_dir_no_interop.txt"),
        "file /etc/wsl.conf": "[boot]\nsystemd=true\n",
        "unreadable /etc/resolv.conf": "",
        "links": "/usr/bin/wslpath\x1e/init\n",
        "plain.environ": recorded("env_wslg_old.txt").replace("\n", "\x1e"),
        "wsl-version": "2.5.10\n",
        "wsl-version.status": "0",
    }
    snapshot = parse_collected(collected({"begin": "", **sections, "end": ""}), NONCE)
    assert snapshot.platform.kind is PlatformKind.WSL2
    assert snapshot.text("/etc/wsl.conf") == "[boot]\nsystemd=true\n"
    assert [file.path for file in snapshot.files if file.text is None] == ["/etc/resolv.conf"]
    assert snapshot.evidence.binfmt[0] == "llvm-14-runtime.binfmt"
    assert snapshot.plain.get("PULSE_SERVER") == "/mnt/wslg/PulseServer"
    assert snapshot.answer("wsl-version") == Answer(0, "2.5.10\n")
    assert snapshot.link("/usr/bin/wslpath") == "/init"
