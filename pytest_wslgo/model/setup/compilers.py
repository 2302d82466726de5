"""The C compiler that cgo would use: is it there, and does it compile for this machine and its C library?"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import DeadlineExceeded, MissingTool
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.setup.setting import Setting, settings_of
from pytest_wslgo.model.setup.telling import short
from pytest_wslgo.model.setup.triple import Triple, parse_triple
from pytest_wslgo.model.setup.words import split_words

if TYPE_CHECKING:
    from pytest_wslgo.model.facts import Answer
    from pytest_wslgo.model.snapshot import Snapshot

_NOT_FOUND = (126, 127)


@dataclass(frozen=True, slots=True)
class CgoCompiler:
    """A compiler that cgo would use in some shells. ``triple`` None: it is not there.

    ``asked_for`` tells that somebody set CC or CGO_ENABLED; Go before 1.20 turns cgo on by itself and then does without
    a compiler for its own packages.
    """

    setting: Setting
    asked_for: tuple[Setting, ...]
    triple: Triple | None
    libc: Libc | None
    problem: str

    @property
    def told(self) -> str:
        """State the compiler, its origin, and what is wrong with it."""
        asked = "".join(f", {setting.told}" for setting in self.asked_for if setting.name != "CC")
        return f"{self.setting.told}{asked}: {self.problem}"


def cgo_compilers(snapshot: Snapshot) -> tuple[CgoCompiler, ...]:
    """Return the compilers of the shells in which cgo is on; none where it is off.

    Raises Waits without a go, DeadlineExceeded for a compiler that never answered, MissingTool for one that does not
    say what it compiles for.
    """
    on = [setting for setting in settings_of(snapshot, "CGO_ENABLED") if setting.value == "1"]
    shells = {shell for setting in on for shell in setting.shells}
    used = (setting for setting in settings_of(snapshot, "CC") if shells.intersection(setting.shells))
    return tuple(_asked(snapshot, setting, on) for setting in used)


def missing_compilers(snapshot: Snapshot) -> tuple[CgoCompiler, ...]:
    """Return the compilers that were asked for and are not there. Raises as ``cgo_compilers``."""
    return tuple(cc for cc in cgo_compilers(snapshot) if cc.triple is None and cc.asked_for)


def foreign_compilers(snapshot: Snapshot) -> tuple[CgoCompiler, ...]:
    """Return the compilers for another system, processor or C library. Raises as ``cgo_compilers``."""
    return tuple(cc for cc in cgo_compilers(snapshot) if cc.triple is not None and cc.problem)


def _asked(snapshot: Snapshot, setting: Setting, cgo: list[Setting]) -> CgoCompiler:
    asked_for = (setting, *(on for on in cgo if set(on.shells) & set(setting.shells)))
    explicit = tuple(asked for asked in asked_for if asked.explicit)
    answer = snapshot.answer(f"cc {setting.value}")
    if answer is None or answer.status in _NOT_FOUND:
        return CgoCompiler(setting, explicit, None, None, "there is no such compiler on the login shell's PATH")
    triple = parse_triple(_said(setting, answer))
    libc = _libc(setting.value, triple)
    return CgoCompiler(setting, explicit, triple, libc, _mismatch(snapshot, triple, libc))


def _said(setting: Setting, answer: Answer) -> str:
    if answer.hung:
        raise DeadlineExceeded(f"{setting.told}: {setting.value} -dumpmachine did not end within 5 s")
    said = answer.out.strip().split("\n")[0]
    if not answer.ok or "-" not in said:
        error = short(answer.err or answer.out)
        raise MissingTool(f"{setting.told}: with -dumpmachine it does not say what it compiles for ({error})")
    return said


def _libc(cc: str, triple: Triple) -> Libc | None:
    """Tell what a compiler links to: musl-gcc wraps gcc and says so, and zig names its own libc, not its target's."""
    names = {posixpath.basename(word) for word in split_words(cc).words}
    if any(name.startswith("musl-") for name in names):
        return Libc.MUSL
    return None if names & {"zig", "ziglang"} else triple.libc


def _mismatch(snapshot: Snapshot, triple: Triple, libc: Libc | None) -> str:
    machine = snapshot.platform
    own = next((known for known in Libc if (machine.libc or "").startswith(known)), None)
    here = f"linux/{machine.arch}{f' with {machine.libc}' if machine.libc else ''}"
    if (triple.system, triple.arch) != ("linux", machine.arch):
        return f"it compiles for {triple.text}, and this machine is {here}"
    if libc and own and libc is not own:
        return f"it links to {libc} (-dumpmachine says {triple.text}), and this machine is {here}"
    return ""
