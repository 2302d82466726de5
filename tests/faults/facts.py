"""Replace values of a stored snapshot, for faults that no box can show (README.md, Facts)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_wslgo.model.platform import PlatformEvidence, detect_platform
from pytest_wslgo.model.snapshot import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.fault import Fault

Json = dict[str, Any] | list[Any] | str | int | float | bool | None

NONE = "<none>"
_KEYS = ("path", "name", "target")
_DRIVE = {
    "source": "C:\\",
    "fstype": "9p",
    "options": "rw,noatime,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,cache=5,access=client,msize=65536",
}
_KERNELS = {
    "wsl2": ("5.15.167.4-microsoft-standard-WSL2", {"target": "/init", "source": "rootfs", "fstype": "rootfs"}),
    "wsl1": ("4.4.0-19041-Microsoft", {"target": "/", "source": "rootfs", "fstype": "wslfs"}),
}


def change(snapshot: bytes, fault: Fault) -> bytes:
    """Return the stored snapshot with what the fault's box only pretends, and with the fault's facts."""
    tree = json.loads(snapshot)
    evidence = _pretended(fault)
    if evidence:
        replace(tree["evidence"], evidence)
    replace(tree, {key: value for key, value in fault.facts.items() if key != "platform"})
    if evidence or "evidence" in fault.facts:
        told = msgspec.convert(tree["evidence"], PlatformEvidence)
        tree["platform"] = msgspec.to_builtins(detect_platform(told))
    replace(tree["platform"], fault.facts.get("platform", {}))
    changed = json.dumps(tree).encode()
    load(changed, "the snapshot with the facts of the fault")
    return changed


def _pretended(fault: Fault) -> dict[str, Any]:
    box = fault.box
    if box is None:
        return {}
    mounts = {place: _DRIVE for place, words in box.mounts.items() if words.split(",")[0] == "drive"}
    evidence: dict[str, Any] = {"mounts": mounts} if mounts else {}
    if box.kernel:
        release, mount = _KERNELS[box.kernel]
        evidence |= {"kernel": release, "proc_version": f"Linux version {release} (root@f9c826d3017f) (gcc)"}
        evidence["mounts"] = {**mounts, mount["target"]: {"options": "rw", "root": "/", **mount}}
    return evidence


def replace(tree: dict[str, Any] | list[Any], values: Mapping[str, Any]) -> None:
    """Go down into ``tree``, a dictionary or a list, and put ``values`` there."""
    for key, value in values.items():
        if isinstance(tree, dict):
            _put(tree, key, value)
        else:
            _put_in_list(tree, key, value)


def _put(tree: dict[str, Any], key: str, value: Json) -> None:
    if key not in tree:
        raise KeyError(f"facts: no {key!r} here; there are {', '.join(sorted(tree))}")
    if isinstance(value, dict) and isinstance(tree[key], dict | list):
        replace(tree[key], value)
    else:
        tree[key] = None if value == NONE else value


def _put_in_list(tree: list[Any], key: str, value: Json) -> None:
    found = [number for number, member in enumerate(tree) if _key_of(member) == key]
    if value == NONE:
        for number in reversed(found):
            del tree[number]
    elif not found:
        tree.append(
            {_name_of(tree): key, **value} if isinstance(value, dict) and not _has_pairs(tree) else [key, value]
        )
    else:
        _put_in_member(tree[found[-1]], value)


def _put_in_member(member: dict[str, Any] | list[Any], value: Json) -> None:
    if isinstance(member, dict):
        replace(member, _table(value))
    elif isinstance(member[1], dict):
        replace(member[1], _table(value))
    else:
        member[1] = value


def _table(value: Json) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise KeyError(f"facts: expected a table of keys, got {value!r}")
    return value


def _key_of(member: Json) -> Json:
    if isinstance(member, dict):
        return next((member[name] for name in _KEYS if name in member), None)
    return member[0] if isinstance(member, list) and member else member


def _name_of(tree: list[Any]) -> str:
    return next((name for name in _KEYS if tree and name in tree[0]), "path")


def _has_pairs(tree: list[Any]) -> bool:
    return not tree or isinstance(tree[0], list)
