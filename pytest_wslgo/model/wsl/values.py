"""A value as WSL takes it, or what it says of one that it cannot take.

Sources: ``ConfigKey::ParseImpl`` of microsoft/WSL, ``src/shared/configfile/configfile.cpp``, and ``ParseBool``,
``ParseMemorySize`` and ``ParseMacAddressNoThrow`` of ``src/shared/inc/stringshared.h``.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.wsl.keys import Kind

if TYPE_CHECKING:
    from pytest_wslgo.model.wsl.keys import Key

Value = bool | int | str | None

_SPACE: Final = r"[ \t\n\v\f\r]*"
_NUMBER: Final = re.compile(_SPACE + r"([+-]?)(?:(0[xX][0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))", re.ASCII)
_SIZE: Final = re.compile(_SPACE + r"([+-]?)([0-9]+)(.*)", re.ASCII | re.DOTALL)
_PORT: Final = re.compile(_SPACE + r"\+?([0-9]+)", re.ASCII)
_MAC: Final = re.compile(r"[0-9a-fA-F]{2}([-:])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}")
_UNITS: Final = {"": 1, "B": 1} | {
    word: 1 << (10 * power) for power, unit in enumerate("KMGT", 1) for word in (unit, f"{unit}B")
}
_INT: Final = (-(1 << 31), (1 << 31) - 1)
_WORD: Final = 1 << 64
_COMPLAINTS: Final = {
    Kind.BOOL: "Invalid boolean value '{value}' for key '{key}'",
    Kind.INT: "Invalid integer value '{value}' for key '{key}'",
    Kind.PORTS: "Invalid integer value '{value}' for key '{key}'",
    Kind.ENUM: "Invalid value '{value}' for config key '{key}'",
    Kind.MEMORY: "Invalid memory string '{value}' for .wslconfig entry '{key}'",
    Kind.IP: "Invalid IP value '{value}' for key '{key}'",
    Kind.MAC: "Invalid MAC address '{value}' for key '{key}'",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What WSL makes of a written value. ``value`` means nothing when it is not ``valid``: the default holds then.

    ``complaints``: how often WSL prints its warning; more than once for a list, of which it keeps what is good.
    """

    value: Value
    valid: bool = True
    complaints: int = 0


def take(key: Key, written: str, *, windows: bool = False) -> Taken:
    """Read a value as WSL reads one of this kind; ``windows``: in ``.wslconfig``, where a long has 32 bits."""
    match key.kind:
        case Kind.BOOL:
            return _bool(written)
        case Kind.INT:
            return _int(written, saturates=windows)
        case Kind.ENUM:
            found = next((word for word in key.values if word.lower() == written.lower() and written.isascii()), None)
            return _taken(found, valid=found is not None)
        case Kind.MEMORY:
            return _memory(written)
        case Kind.PORTS:
            return _ports(written)
        case Kind.IP:
            return _taken(written, valid=_is_ip(written))
        case Kind.MAC:
            return _taken(written, valid=_MAC.fullmatch(written) is not None)
        case Kind.STRING:
            return Taken(written)


def complaint(key: Key, spelled: str, written: str, place: str) -> str:
    """Return WSL's warning of a value that it cannot take; ``place`` is ``/etc/wsl.conf:3``."""
    text = f"{_COMPLAINTS[key.kind].format(value=written, key=spelled)} in {place}"
    return f"{text} (Valid values: {', '.join(key.values)})" if key.kind is Kind.ENUM else text


def _taken(value: Value, *, valid: bool) -> Taken:
    return Taken(value, valid, 0 if valid else 1)


def _bool(written: str) -> Taken:
    word = written.lower() if written.isascii() else written
    return _taken(word in ("1", "true"), valid=word in ("1", "true", "0", "false"))


def _int(written: str, *, saturates: bool) -> Taken:
    """Read what strtol(3) reads with base 0, to the end: 0022 is octal, 0x1f hexadecimal."""
    found = _NUMBER.fullmatch(written)
    if not found:
        return _taken(None, valid=False)
    sign, hexadecimal, octal, decimal = found.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else _number(decimal)
    number = -number if sign == "-" else number
    least, most = _INT
    if saturates:
        return Taken(min(max(number, least), most))
    return _taken(number, valid=least <= number <= most)


def _memory(written: str) -> Taken:
    found = _SIZE.fullmatch(written)
    if not found or found[3] not in _UNITS:
        return _taken(None, valid=False)
    number = min(_number(found[2]), _WORD - 1)
    if number == 0 and not (written[0] == "0" and len(found[2]) == 1):
        return _taken(None, valid=False)
    number = -number % _WORD if found[1] == "-" else number
    return Taken(number * _UNITS[found[3]] % _WORD)


def _number(digits: str) -> int:
    """Return a decimal number, or one that is too large for WSL in place of one that is too large for Python."""
    return int(digits) if len(digits.lstrip("0")) < 40 else 10**40


def _ports(written: str) -> Taken:
    """Keep what begins with a port's number; what follows the number does not matter to WSL."""
    words = [word for word in written.split(",") if word]
    numbers = [_number(found[1]) for word in words if (found := _PORT.match(word))]
    ports = [number for number in numbers if 0 < number <= 0xFFFF]
    return Taken(",".join(map(str, ports)), bool(ports) or not words, len(words) - len(ports))


def _is_ip(written: str) -> bool:
    try:
        ipaddress.IPv4Address(written)
    except ValueError:
        return False
    return True
