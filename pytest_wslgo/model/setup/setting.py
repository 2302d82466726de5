"""What one Go setting is in each of the user's shells, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.errors import Waits
from pytest_wslgo.model.setup.origin import Origin, origin_of
from pytest_wslgo.model.setup.telling import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_wslgo.model.facts import Shell
    from pytest_wslgo.model.snapshot import Snapshot

DEFAULT = "go's default"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with one value, the shells that have it, and its origin; ``value`` is empty when it is not set."""

    name: str
    value: str
    shells: tuple[str, ...]
    where: str
    everywhere: bool

    @property
    def explicit(self) -> bool:
        """Tell whether somebody has set it: the environment or a file, and not Go itself."""
        return bool(self.value) and self.where != DEFAULT

    @property
    def told(self) -> str:
        """State the value, its shells and its origin."""
        return f"{self.name} is {short(self.value) or 'empty'} in {self.place} ({self.where})"

    @property
    def place(self) -> str:
        """Name the shells: ``the login shell``, ``the plain and bare shells``, ``every shell``."""
        if self.everywhere:
            return "every shell"
        *most, last = self.shells
        return f"the {', '.join(most)} and {last} shells" if most else f"the {last} shell"


def settings_of(snapshot: Snapshot, name: str) -> tuple[Setting, ...]:
    """Return the values that Go uses for a setting, one entry for each value and origin.

    A setting that go env does not tell without starting a compiler (CGO_CFLAGS) is read where Go reads it. Raises Waits
    when there is no go to use it, or when go is broken by something else.
    """
    return _grouped(name, {shell.name: _seen(snapshot, shell, name) for shell in shells_with_go(snapshot, name)})


def variables_of(snapshot: Snapshot, name: str) -> tuple[Setting, ...]:
    """Return the values of an environment variable that is not empty, whether a go is there or not."""
    seen = {shell.name: shell.get(name) or "" for shell in snapshot.shells if shell.started}
    return _grouped(name, {shell: origin_of(snapshot, name, shell) for shell, value in seen.items() if value})


def shells_with_go(snapshot: Snapshot, *names: str) -> tuple[Shell, ...]:
    """Return the shells in which go tells its environment, or in which somebody has set one of these settings.

    A bad setting can be what keeps go from telling it (GOWORK, GO111MODULE, GOFLAGS). Raises Waits when there is none.
    """
    found = tuple(shell for shell in snapshot.shells if shell.go_path)
    if not found:
        raise Waits("waits for setup.go-on-path: no shell of the user finds a go")
    answering = tuple(shell for shell in found if shell.go_values or _sets(snapshot, shell, names))
    if not answering:
        raise Waits(f"waits for setup.go-runs: {found[0].go_path} does not tell its environment{_error(found[0])}")
    return answering


def _sets(snapshot: Snapshot, shell: Shell, names: tuple[str, ...]) -> bool:
    return any(origin_of(snapshot, name, shell.name).value for name in names)


def _error(shell: Shell) -> str:
    said = short(shell.go_env.err) if shell.go_env else ""
    return f": {said}" if said else ""


def _seen(snapshot: Snapshot, shell: Shell, name: str) -> Origin:
    told = shell.go(name)
    origin = origin_of(snapshot, name, shell.name)
    if told is None or told == origin.value:
        return origin
    return Origin(name, told, DEFAULT if not origin.value else origin.where, origin.told)


def _grouped(name: str, origins: dict[str, Origin]) -> tuple[Setting, ...]:
    by_value: dict[tuple[str, str], list[str]] = {}
    for shell, origin in origins.items():
        by_value.setdefault((origin.value or "", origin.where), []).append(shell)
    return tuple(
        Setting(name, value, tuple(shells), where, len(shells) == len(origins) > 1)
        for (value, where), shells in by_value.items()
    )


def judged(settings: tuple[Setting, ...], holds: Callable[[str], bool]) -> tuple[Setting, ...]:
    """Return the settings whose value does not hold."""
    return tuple(setting for setting in settings if not holds(setting.value))
