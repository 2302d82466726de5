r"""What WSL does not say of an /etc/wsl.conf: what was dropped, the nearest valid key, and traps without a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_wslgo.errors import nearest
from pytest_wslgo.model.wsl.configfile import Fault
from pytest_wslgo.model.wsl.drvfs_options import parse_drvfs_options, strips_exec
from pytest_wslgo.model.wsl.hostname import clean_hostname
from pytest_wslgo.model.wsl.keys import Kind, wsl_conf_keys, wslconfig_keys
from pytest_wslgo.model.wsl.settings import Trouble
from pytest_wslgo.model.wsl.wslconf import with_slash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.wsl.keys import Key
    from pytest_wslgo.model.wsl.settings import Setting, Warned
    from pytest_wslgo.model.wsl.wslconf import WslConf

_SHOWN: Final = 3
_YES: Final = {"yes": "true", "on": "true", "enabled": "true", "no": "false", "off": "false", "disabled": "false"}
_RULES: Final = {
    Fault.SECTION_NAME: "a section is [name], with a letter right behind the bracket",
    Fault.KEY_NAME: "a line begins with a letter, with [ or with #",
    Fault.NO_EQUALS: "a line is key = value, and a key has letters and digits alone",
    Fault.NO_BRACKET: "a section is [name], and the name has letters and digits alone",
    Fault.AFTER_SECTION: "behind ] only a comment may follow; write the key on a line of its own",
    Fault.NO_QUOTE: 'a " must be closed on its line; one that is meant is written \\"',
    Fault.ESCAPE: "a backslash that is meant is written twice",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence or two on a line (as an editor counts it); ``warning`` is what WSL says of it, empty: nothing."""

    at: int
    text: str
    warning: str = ""


def advise(conf: WslConf) -> tuple[Advice, ...]:
    """Return what there is to say of a file, WSL's warnings first, in their order."""
    return (*(Advice(one.place.at, _on(one, conf), one.text) for one in conf.warnings), *_silent(conf))


def _on(warned: Warned, conf: WslConf) -> str:
    match warned.trouble:
        case Trouble.MALFORMED:
            return _malformed(conf)
        case Trouble.UNKNOWN:
            return unknown_key(warned.key)
        case Trouble.DUPLICATE:
            return "The first value holds; take one of the two lines out."
        case Trouble.BAD_VALUE:
            key = wsl_conf_keys().find(warned.key)
            return _bad_value(key, warned.written) if key else ""


def unknown_key(name: str) -> str:
    """Say what a key may have been meant to be, in a sentence.

    >>> unknown_key("user.defualt")
    "[user] has no key defualt (did you mean 'default'?); it has default."
    """
    old, keys = wsl_conf_keys().find(name), wsl_conf_keys().current().keys
    if old:
        return f"{old.name} was a key before WSL {old.until}; newer WSL ignores it."
    if theirs := wslconfig_keys().find(name):
        return f"{theirs.name} is a key of %UserProfile%\\.wslconfig, on the Windows side; here it does nothing."
    section, _, last = name.rpartition(".")
    homes = [key.section for key in keys if key.last.lower() == last.lower()]
    if homes and not section:
        return f"{last} stands before any section; it belongs below [{'] or ['.join(homes)}]."
    if homes:
        return f"[{section}] has no key {last}; it belongs below [{'] or ['.join(homes)}]."
    here = [key.last for key in keys if key.section.lower() == section.lower()]
    if here:
        return f"[{section}] has no key {last}{nearest(last, here)}; it has {', '.join(here)}."
    return f"/etc/wsl.conf has no key {name}{nearest(name, [key.name for key in keys])}."


def _bad_value(key: Key, written: str) -> str:
    default = f"0{key.default:03o}" if key.name == "filesystem.umask" else str(key.default).lower()
    word = _YES.get(written.lower())
    if ";" in written:
        hint = "; begins no comment here, # does."
    elif key.kind is Kind.BOOL:
        hint = f"WSL takes true, false, 1 and 0 alone{f': write {word}' if word else nearest(written, _YES.values())}."
    elif key.kind is Kind.INT:
        hint = "WSL takes a whole number, with 0 before an octal and 0x before a hexadecimal one."
    else:
        hint = f"WSL takes {' or '.join(key.values)}{nearest(written, key.values)}."
    return f"{hint} The default holds ({default})."


def _malformed(conf: WslConf) -> str:
    line, stopped = conf.stopped_line, conf.stopped
    if line is None or stopped is None:
        return ""
    text = line.text.strip(" \t")
    if "\0" in text or text.startswith("\ufffd\ufffd"):
        return "The file is UTF-16, of which WSL reads nothing; save it as UTF-8 without a byte order mark."
    if text.startswith("\ufeff"):
        return "The file begins with a byte order mark, and WSL reads nothing of it; save it as UTF-8 without one."
    return f"Line {line.at} is {_quoted(text)}: {_rule(stopped.fault, text)}. {_dropped(conf)}"


def _rule(fault: Fault, text: str) -> str:
    if text.startswith(";"):
        return "; begins no comment here, # does"
    if fault is Fault.NO_EQUALS and ":" in text and "=" not in text.partition(":")[0]:
        return "between key and value stands =, no colon"
    if fault is Fault.NO_EQUALS and text.startswith(("export ", "set ")):
        return "this is no shell script; a line is key = value"
    return _RULES[fault]


def _dropped(conf: WslConf) -> str:
    if not conf.dropped:
        return "WSL stops there; nothing stands below it."
    shown = ", ".join(f"{_quoted(line.text)} (line {line.at})" for line in conf.dropped[:_SHOWN])
    more = len(conf.dropped) - _SHOWN
    return f"WSL stops there and drops all below it: {shown}{f' and {more} more' if more > 0 else ''}."


def _quoted(text: str) -> str:
    return f"`{text}`" if text.isprintable() else repr(text)


def _silent(conf: WslConf) -> Iterator[Advice]:
    """Yield what WSL takes without a warning, and what is hardly meant."""
    if conf.crashes:
        yield Advice(0, "The file ends with a lone backslash: WSL fails over its own warning, and nothing starts.")
    for setting in conf.settings:
        if setting.valid:
            yield from (Advice(setting.place.at, text) for text in _trap(setting))


def _trap(setting: Setting) -> Iterator[str]:
    key, written = setting.key, setting.written
    if isinstance(setting.value, str) and len(written) > 1 and written[0] == written[-1] == "'":
        yield f"The ' around the value of {key} are part of it; leave them out, or write \"."
    elif isinstance(setting.value, str) and " ;" in written and key != "boot.command":
        yield f"The ; in the value of {key} is part of it: only # begins a comment."
    if key == "automount.options":
        yield from (
            f"automount.options: {option.problem}." for option in parse_drvfs_options(written) if option.problem
        )
        if strips_exec(written):
            yield "automount.options take x from every file, so that no program on a Windows drive can start."
    if key == "filesystem.umask" and written.strip()[:1] not in "0-+" and isinstance(setting.value, int):
        yield f"filesystem.umask = {written} is decimal and means 0{setting.value:03o}; the octal number is 0{written}."
    if key == "network.hostname" and written and clean_hostname(written) != written:
        yield f"The host name becomes {clean_hostname(written)}: WSL takes letters, digits, one dot and single hyphens."
    if key == "user.default" and not written:
        yield "user.default is empty, which is the name of nobody; leave the line out."
    if key == "automount.root" and not written.startswith("/"):
        yield f"automount.root is {_quoted(written)}, no absolute path; drives are mounted below {with_slash(written)}."
