"""Replace values of a stored snapshot, for faults that no box can show (README.md, Facts)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_wslgo.model.platform import PlatformEvidence, detect_platform
from pytest_wslgo.model.snapshot import load
from tests.faults.kernels import facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.fault import Fault

Json = dict[str, Any] | list[Any] | str | int | float | bool | None

NONE = "<none>"
_KEYS = ("path", "name", "target")


def change(snapshot: bytes, fault: Fault) -> bytes:
    """Return the stored snapshot with what the fault's box only pretends, and with the fault's facts."""
    tree = json.loads(snapshot)
    pretended = facts_of(fault.box, tree["clock"]["start"]) if fault.box else {}
    replace(tree, pretended)
    replace(tree, {key: value for key, value in fault.facts.items() if key != "platform"})
    if "evidence" in (*pretended, *fault.facts):
        told = msgspec.convert(tree["evidence"], PlatformEvidence)
        tree["platform"] = msgspec.to_builtins(detect_platform(told))
    replace(tree["platform"], fault.facts.get("platform", {}))
    changed = json.dumps(tree).encode()
    load(changed, "the snapshot with the facts of the fault")
    return changed


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
