"""Will a program start on a userland? Told from its ELF facts and the userland's, without running anything.

In the order in which a start can fail: the kernel looks at the machine, then for the interpreter (execve(2)); the
loader looks for every library (ld.so(8); musl, ldso/dynlink.c), then at the symbol versions that they offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pytest_wslgo.model.elf import Linkage
from pytest_wslgo.model.libc import Libc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pytest_wslgo.model.elf import Elf
    from pytest_wslgo.model.userland import Loader, Userland


class Mechanism(StrEnum):
    """How a start ends: well, or by which of the things that must be there; UNKNOWN agrees with nothing."""

    STARTS = "starts"
    NO_INTERPRETER = "interpreter-missing"
    BAD_INTERPRETER = "interpreter-unusable"
    NO_LIBRARY = "library-missing"
    BAD_LIBRARY = "library-unusable"
    OLD_GLIBC = "glibc-too-old"
    NO_SYMBOL = "symbol-missing"
    FOREIGN = "foreign-format"
    NOT_PERMITTED = "not-permitted"
    KILLED = "killed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What will happen, and why in one clause (empty when it starts): ``needs GLIBC_2.38, has 2.36``.

    ``missing`` are the libraries or symbol versions that it fails for; ``given`` are libraries that are taken to be
    there because nothing is known of them.
    """

    mechanism: Mechanism
    why: str = ""
    missing: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @property
    def starts(self) -> bool:
        """Whether the program will start."""
        return self.mechanism is Mechanism.STARTS


# Start-up libraries that every glibc has, also since 2.34, when most became part of libc.so.6 (its NEWS).
_GLIBC_HAS: Final = ("libc.so.6", "libc.so.6.1", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1",
    "libutil.so.1", "libresolv.so.2", "libanl.so.1", "libBrokenLocale.so.1")  # fmt: skip
# musl's loader is these libraries itself and looks for no file (ldso/dynlink.c, load_library: reserved).
_MUSL_IS: Final = tuple(f"lib{name}." for name in ("c", "pthread", "rt", "m", "dl", "util", "xnet"))
_FOREIGN_SYSTEMS: Final = ("freebsd", "netbsd", "openbsd", "solaris", "aix", "hpux", "irix", "tru64")


def predict(elf: Elf, userland: Userland, *, beside: Collection[str] | None = ()) -> Prediction:
    """Say whether the program starts on the userland.

    ``beside`` are the names of the libraries in the program's own run path; None: not known, it is taken to have them.
    """
    if elf.linkage in (Linkage.SHARED_LIBRARY, Linkage.NOT_LINKED):
        return Prediction(Mechanism.FOREIGN, "is no program")
    if elf.osabi in _FOREIGN_SYSTEMS:
        return Prediction(Mechanism.FOREIGN, f"is for {elf.osabi}")
    if userland.arch and (elf.goarch or elf.machine) not in (userland.arch, *userland.foreign):
        return Prediction(Mechanism.FOREIGN, f"is for {elf.goarch or elf.machine}")
    if elf.interpreter is None:
        return Prediction(Mechanism.STARTS)
    loader = userland.loader(elf.interpreter)
    if loader is None:
        return Prediction(Mechanism.NO_INTERPRETER, f"interpreter {elf.interpreter} is missing")
    if loader.arch is None or (elf.goarch and loader.arch != elf.goarch):
        what = f"is for {loader.arch}" if loader.arch else "is damaged"
        return Prediction(Mechanism.BAD_INTERPRETER, f"interpreter {elf.interpreter} {what}")
    return _loaded(elf, loader, beside)


def _loaded(elf: Elf, loader: Loader, beside: Collection[str] | None) -> Prediction:
    """Say what the loader will make of it."""
    absent = tuple(name for name in dict.fromkeys(elf.needed) if not _has(loader, name))
    here = absent if elf.runpath and beside is None else tuple(n for n in absent if elf.runpath and n in (beside or ()))
    missing = tuple(name for name in absent if name not in here)
    if missing and loader.libraries is not None:
        noun = "library" if len(missing) == 1 else "libraries"
        verb = "is" if len(missing) == 1 else "are"
        return Prediction(Mechanism.NO_LIBRARY, f"{noun} {', '.join(missing)} {verb} missing", missing)
    floor = elf.floor()
    if loader.libc is Libc.GLIBC and floor and loader.version and floor > loader.version:
        why = f"needs GLIBC_{floor}, has {loader.version}"
        return Prediction(Mechanism.OLD_GLIBC, why, (f"GLIBC_{floor}",))
    return Prediction(Mechanism.STARTS, given=absent if beside is None or loader.libraries is None else ())


def _has(loader: Loader, library: str) -> bool:
    if "/" in library and loader.libraries is not None:  # a path: there is no search, but its folder was read, too
        return library.rpartition("/")[2] in loader.libraries
    if loader.libc is Libc.MUSL and library.startswith(_MUSL_IS):
        return True
    if loader.libraries is None:
        return loader.libc is Libc.GLIBC and (library in _GLIBC_HAS or library == loader.path.rpartition("/")[2])
    return library in loader.libraries


def in_one_sentence(predictions: Iterable[tuple[str, Prediction]], order: Sequence[str] = ()) -> str:
    """Say where a program runs, where it does not, and why, by the names of the places.

    With ``order``, neighbouring releases in it are told as one, and so is a glibc that is too old: ``debian 10 to 11``.
    Sample: ``runs on debian 12, ubuntu 24.04; not on alpine 3.20: interpreter /lib64/ld-linux-x86-64.so.2 is missing``.
    """
    places = list(predictions)
    runs = [name for name, prediction in places if prediction.starts]
    parts = (
        [f"runs on {_listed(runs, order)}"] if runs else ["runs on none of them"] if places else ["was tried nowhere"]
    )
    reasons: dict[str, list[str]] = {}
    for name, prediction in places:
        if not prediction.starts:
            old = order and prediction.mechanism is Mechanism.OLD_GLIBC
            why = f"{prediction.why.partition(',')[0]}, has an older one" if old else prediction.why
            reasons.setdefault(why, []).append(name)
    parts += [f"not on {_listed(names, order)}: {why}" for why, names in reasons.items()]
    given = dict.fromkeys(library for _, prediction in places for library in prediction.given)
    return "; ".join(parts) + (f"; provided that {' and '.join(given)} can be found there" if given else "")


def _listed(names: list[str], order: Sequence[str]) -> str:
    return ", ".join(condensed(names, order) if order else names)


def condensed(places: Iterable[str], order: Iterable[str]) -> Iterator[str]:
    """Join neighbours in ``order`` that are releases of one distribution, given as ``name release``.

    >>> list(condensed(["alpine 3.17", "alpine 3.18", "debian 12"], ["alpine 3.17", "alpine 3.18", "debian 12"]))
    ['alpine 3.17 to 3.18', 'debian 12']
    """
    wanted = set(places)
    run: list[str] = []
    for place in order:
        if run and (place not in wanted or place.partition(" ")[0] != run[0].partition(" ")[0]):
            yield _joined(run)
            run = []
        if place in wanted:
            run.append(place)
    if run:
        yield _joined(run)


def _joined(run: list[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]} to {run[-1].partition(' ')[2]}"
