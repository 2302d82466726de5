"""Every recorded sample of WSL is read to the facts in its index: here, or in the test that this file names."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo.model.binfmt import parse_handler
from pytest_wslgo.model.mounts import mount_of, parse_mounts
from pytest_wslgo.model.platform import PlatformEvidence, detect_platform
from pytest_wslgo.model.wsl.binfmt import interop_registered
from pytest_wslgo.model.wsl.captures import Encoding, decode
from pytest_wslgo.model.wsl.drvfs_options import strips_exec
from pytest_wslgo.model.wsl.effects.session import WSLG_VARIABLES
from pytest_wslgo.model.wsl.generated import parse_resolv_conf
from pytest_wslgo.model.wsl.log_lines import parse_log, parse_warnings
from pytest_wslgo.model.wsl.symptoms import find_symptoms
from pytest_wslgo.model.wsl.windows_path import windows_entries
from pytest_wslgo.model.wsl.wslconf import parse_wsl_conf
from pytest_wslgo.model.wsl.wslconfig import parse_wslconfig
from pytest_wslgo.model.wsl.wslexe import (
    DistroList,
    parse_list,
    parse_list_online,
    parse_list_verbose,
    parse_status,
    parse_version,
)
from tests.recordings import RECORDINGS, index, recorded, recorded_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).resolve().parents[2]
DRIVES = parse_mounts("C:\\134 /c drvfs rw 0 0\nD:\\134 /d drvfs rw 0 0\n")
WSL2 = PlatformEvidence(mounts=parse_mounts(recorded("mount_init_rootfs.txt")))
WITHOUT_TEXT = {
    "go_fmask_111.txt": "the report has no output; what it tells is a rule of the drive's options",
    "go_golangci_cache_wsl1.txt": "`permission denied` alone says nothing of its cause",
    "go_slow_build.txt": "the report has no output; slowness is measured, not read",
}
"""Samples whose fact cannot be read from their text."""

TOLD = {"note", "format", "context", "path", "set_by", "wsl_version", "dir", "meaning", "symptom", "cause", "builder"}
"""Facts that the report tells beside its output, in words of its own."""

TOLD_OF = {"path_wsl1_env.txt": {"platform"}, "go_exec_format_32bit.txt": {"platform"}}
"""The same, of single samples."""

Read = dict[str, Any]


def flags_of(entry: str) -> str | None:
    handler = parse_handler("WSLInterop", entry)
    return handler.flags if handler else None


def listed(read: DistroList) -> Read:
    rows = [[one.name, one.state, one.version] for one in read.distros]
    plain = [one.name for one in read.distros]
    return {"default": read.default, "distros": rows if rows and rows[0][1] else plain, "is_list": read.is_list}


def version(name: str) -> Read:
    read = parse_version(recorded_bytes(name))
    return {"wsl": read.wsl, "kernel": read.kernel, "systemd_supported": read.systemd_supported}


def status(name: str) -> Read:
    read = parse_status(recorded_bytes(name))
    return {"default": read.default, "default_version": read.default_version, "kernel": read.kernel}


def log(name: str) -> Read:
    first = parse_log(recorded_bytes(name))[0]
    return {
        "thread_name": first.thread, "systemd": first.systemd, "pid": first.pid, "errno": first.errno,
        "network.hostname": first.hostname,
    }  # fmt: skip


def stderr(name: str) -> Read:
    (one,) = parse_warnings(recorded_bytes(name)) or parse_log(recorded_bytes(name))
    paths = {"warn_translate_new.txt": r"C:\Windows\system32", "warn_translate_old2.txt": "X:\\"}
    assert one.untranslated == paths.get(name)
    return {"key": getattr(one, "key", None)}


def mounts(name: str) -> Read:
    table = parse_mounts(recorded(name))
    mount, root = table[-1], mount_of("/", table)
    options = dict(word.partition("=")[::2] for word in mount.drvfs_options)
    flags = dict(word.partition("=")[::2] for word in mount.flags)
    return {
        "fstype": mount.fstype,
        "drive": mount.drive,
        "target": mount.target,
        "source": mount.source,
        "tag": mount.source,
        "is_drvfs": mount.on_windows,
        "uid": int(options.get("uid", -1)),
        "gid": int(options.get("gid", -1)),
        "metadata": "metadata" in options,
        "symlinkroot": options.get("symlinkroot"),
        "transport": flags.get("trans"),
        "root_fstype": root.fstype if root else None,
        "drvfs": [one.target for one in table if one.is_windows_drive],
        "fields": len(recorded(name).strip().split(" ")),
        "gpu_enabled": any(one.target.startswith("/usr/lib/wsl/") for one in table),
        "platform": detect_platform(PlatformEvidence(mounts=table)).kind,
    }


def conf(name: str) -> Read:
    oracle = index()[name]["oracle"]
    read = parse_wsl_conf(recorded_bytes(name))
    assert [warned.text for warned in read.warnings] == oracle["warnings"]
    assert {key: read.value(key) for key in oracle["non_default"]} == oracle["non_default"]
    return {}


def wslconfig(name: str) -> Read:
    moved = b"\n" * 5 if name == "wslconfig_hyphen_section.wslconfig" else b""
    read = parse_wslconfig(moved + recorded_bytes(name), "F")
    short = [warned.text.replace(" in F", " ") for warned in read.warnings]
    memory = read.value("wsl2.memory")
    return {
        "unknown": [warned.key for warned in read.warnings],
        "memory": f"{memory >> 30}GB" if isinstance(memory, int) else None,
        "processors": read.value("wsl2.processors"),
        "warnings": short,
        "warnings_if_first_line_is_6": short,
    }


def kernel(name: str) -> Read:
    text = recorded(name).strip()
    words = text.split()
    evidence = replace(PlatformEvidence(), proc_version=text) if len(words) > 2 else replace(WSL2, kernel=text)
    kind = str(detect_platform(evidence).kind)
    return {"platform": {"linux": "native"}.get(kind, kind), "osrelease": words[2] if len(words) > 2 else text}


def container(name: str) -> Read:
    if name == "container_in_wsl.txt":
        evidence = PlatformEvidence(proc_version=recorded(name), dockerenv=True)
    else:
        evidence = PlatformEvidence(systemd_container=recorded(name))
    kind = str(detect_platform(evidence).kind)
    return {"platform": kind, "is_container": kind == "container"}


def environ(name: str) -> Read:
    values = dict(line.partition("=")[::2] for line in recorded(name).splitlines())
    on_windows = windows_entries(values.get("PATH", "").split(":"), DRIVES)
    root = mount_of(values.get("GOPATH", "/nowhere"), DRIVES)
    return {
        "gopath_on_drvfs": bool(root and root.on_windows),
        "windows_go_on_path": next((entry for entry in on_windows if "/Go/" in entry), None),
    }


def path(name: str) -> Read:
    entries = recorded(name).strip().split(":")
    return {"windows_entries": len(windows_entries(entries, DRIVES)), "go_dir": entries[-1]}


def listing(name: str) -> Read:
    lines = [line.split() for line in recorded(name).splitlines()]
    sockets = [words[-1].rstrip("=") for words in lines if words[0].startswith("s")]
    return {"mode": {"srwxrwxrwx": "0777"}[lines[1][0]], "WSL_INTEROP": f"/run/WSL/{sockets[1]}"}


SYMPTOMS = {
    "err_exec_format.txt": "interop-not-registered",
    "go_exec_format_32bit.txt": "foreign-program",
    "go_path_unquoted.txt": "path-unquoted",
    "go_rename_permission.txt": "rename-denied",
    "go_toolchain_unavailable.txt": "toolchain-not-available",
}
"""What we call what the message of a sample tells."""


def symptom(name: str) -> Read:
    (found,) = find_symptoms(recorded(name), parse_mounts(recorded("mount_9p_6_6.txt")))
    assert found.name == SYMPTOMS[name]
    return {"platform": found.platform}


READERS: dict[str, Callable[[str], Read]] = {
    "binfmt": lambda name: {"flags": flags_of(recorded(name))},
    "binfmt_dir": lambda name: {"interop_registered": interop_registered(recorded(name).split())},
    "container_marker": container,
    "dmesg": log,
    "env": environ,
    "go_bug": symptom,
    "kernel_string": kernel,
    "ls": listing,
    "mounts": mounts,
    "path": path,
    "resolv_conf": lambda name: {
        "generated": parse_resolv_conf(recorded(name)).generated,
        "nameservers": list(parse_resolv_conf(recorded(name)).nameservers),
    },
    "stderr": symptom,
    "wsl_conf": conf,
    "wsl_list": lambda name: listed(parse_list(recorded_bytes(name))),
    "wsl_list_online": lambda name: {"names": [one for one, _ in parse_list_online(recorded_bytes(name))]},
    "wsl_list_verbose": lambda name: listed(parse_list_verbose(recorded_bytes(name))),
    "wsl_status": status,
    "wsl_stderr": stderr,
    "wsl_usage": lambda name: listed(parse_list_verbose(recorded_bytes(name))),
    "wsl_version": version,
    "wslconfig": wslconfig,
}
"""The reader of each kind of sample: what it finds, in the words of the index."""

ELSEWHERE = {"collected": "tests/unit/test_snapshot.py"}
"""Kinds that another test reads."""

SAMPLES = [name for name, one in index().items() if one["kind"] in READERS and name not in WITHOUT_TEXT]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_to_its_facts(name: str) -> None:
    told = TOLD | TOLD_OF.get(name, set())
    facts = {key: value for key, value in index()[name]["facts"].items() if key not in told}
    read = READERS[index()[name]["kind"]](name)
    assert {key: read[key] for key in facts} == facts


def test_every_sample_has_a_reader_or_a_reason() -> None:
    kinds = {one["kind"] for one in index().values()}
    assert kinds <= set(READERS) | set(ELSEWHERE), "a new kind of sample needs a reader"
    assert set(SAMPLES) | set(WITHOUT_TEXT) | {n for n, one in index().items() if one["kind"] in ELSEWHERE} == set(
        index()
    )
    assert {path.name for path in RECORDINGS.iterdir()} == {*index(), "index.json"}


def test_what_a_sample_without_text_tells_is_a_rule_of_ours() -> None:
    assert strips_exec("fmask=111")
    assert {name for name in WITHOUT_TEXT if not recorded(name)} == {"go_fmask_111.txt", "go_slow_build.txt"}


def test_the_samples_are_all_that_there_are() -> None:
    shared = Path(os.environ.get("WSLGO_SHARED", CHECKOUT.parent / "shared")) / "data" / "wsl-samples"
    if not shared.is_dir():
        pytest.skip(f"no {shared}: set WSLGO_SHARED to the folder that holds data/wsl-samples")
    given = {path.name: path.read_bytes() for path in shared.iterdir() if path.name != "index.json"}
    assert {name: recorded_bytes(name) for name in given} == given


def test_samples_whose_facts_are_notes_are_read_to_what_these_say() -> None:
    usage = decode(recorded_bytes("usage_utf16le_crcrlf.txt"))
    assert (usage.encoding, usage.lossy, len(usage.lines)) == (Encoding.UTF16, False, 2)
    assert "\r" not in usage.text
    missing = [
        [name for name in WSLG_VARIABLES if f"\n{name}=" not in f"\n{recorded(env)}"]
        for env in ("env_systemd_go.txt", "env_wslg_old.txt")
    ]
    assert missing == [["WAYLAND_DISPLAY", "PULSE_SERVER", "XDG_RUNTIME_DIR"], []]
