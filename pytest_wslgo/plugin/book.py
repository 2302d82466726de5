"""Collection: where the book lies, which claims each check judges, and whether they are about this target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput, DeclaredAbsent, NoNetwork
from pytest_wslgo.model.claims import find_claim
from pytest_wslgo.model.redaction import mask
from pytest_wslgo.plugin.masking import mask_nodeids
from pytest_wslgo.plugin.plan import Plan, PlannedCheck, store_plan
from pytest_wslgo.plugin.verdicts import CHECK, Check
from pytest_wslgo.toolchain.discovery import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_wslgo.model.claims import Claim
    from pytest_wslgo.plugin.stage import Stage

USAGE_ERROR = "wslgo_usage_error"


def point_at_book(config: pytest.Config) -> bool:
    """Run the bundled book when the caller names no path; tell whether it does.

    The book is then all that is collected, so that its own naming may be added to what the project set.
    """
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return False
    config.args[:] = [str(resources.SUITES)]
    config.addinivalue_line("python_files", "test_*.py")
    config.addinivalue_line("python_functions", "test_*")
    return True


class Book:
    """Reads the ``claim`` markers at collection and holds each check to its claims' platforms and Go versions."""

    def __init__(self, config: pytest.Config, claims: Mapping[str, Claim], stage: Stage, *, whole: bool) -> None:
        self._config = config
        self._claims = claims
        self._stage = stage
        self._partial = not whole
        self._deselected: list[PlannedCheck] = []

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run every check that asks for a target (a toolchain) once for each that the caller named."""
        if "_wslgo_target" in metafunc.fixturenames:
            metafunc.parametrize("_wslgo_target", list(self._stage.settings.targets), indirect=True, scope="session")
        if "_wslgo_go" in metafunc.fixturenames:
            which = self._stage.settings.go
            metafunc.parametrize("_wslgo_go", which, indirect=True, scope="session", ids=_go_ids(which))
        if "_wslgo_distro" in metafunc.fixturenames:
            metafunc.parametrize("_wslgo_distro", self._stage.distros.names, indirect=True, scope="session")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Resolve the markers before ``-m`` and ``-k`` select; an unknown claim is a usage error."""
        try:
            mask_nodeids(items)
            for item in items:
                self._prepare(item)
        except BadInput as error:
            told = mask(str(error))
            if hasattr(self._config, "workeroutput"):
                self._config.workeroutput[USAGE_ERROR] = told
            raise pytest.UsageError(told) from None

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self._partial = True
        self._deselected += _checks_of(items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Leave the plan where the controller finds it: xdist's controller collects nothing itself."""
        plan = Plan(self._partial, tuple(_checks_of(session.items)), tuple(self._deselected))
        store_plan(plan, self._stage.run_dir)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a check none of whose claims is about this target and toolchain; say why."""
        check = item.stash.get(CHECK, None)
        if check is None:
            return
        platform = self._stage.platform(check.target)
        go = self._stage.toolchain(check.target, check.go) if check.go else None
        for claim_id in check.claims:
            why = self._claims[claim_id].inapplicable(
                platform.kind,
                go.version if go else None,
                distro=platform.distro,
                libc=platform.libc,
                origin=go.origin if go else None,
            )
            if why is not None:
                check.inapplicable[claim_id] = why
        if len(check.inapplicable) == len(check.claims):
            pytest.skip("; ".join(check.inapplicable.values()))
        self._ask_for_lane(check)
        self._ask_for_network(check)
        self._ask_for_own_go(check)

    def _ask_for_lane(self, check: Check) -> None:
        """A lane takes its time: it runs where the caller's ``-m`` names it, and is told otherwise."""
        asked = set(re.findall(r"\w+", self._config.option.markexpr))
        for claim_id in check.claims:
            lane = self._claims[claim_id].lane
            if lane is not None and lane not in asked:
                raise DeclaredAbsent(f"this was not asked for: give -m {lane}, or name {lane} in your -m")

    def _ask_for_network(self, check: Check) -> None:
        needing = [claim_id for claim_id in check.claims if self._claims[claim_id].network]
        if needing and not self._stage.settings.network:
            raise NoNetwork(f"{needing[0]} needs the network; give --wslgo-network to allow it")

    def _ask_for_own_go(self, check: Check) -> None:
        """Whoever judges the embedded SDK on a machine without Go says that there is none to judge."""
        about_own = any(self._claims[claim_id].own_go for claim_id in check.claims)
        if not about_own or self._stage.settings.go != (EMBEDDED,):
            return
        if not any(shell.word for shell in self._stage.snapshot(check.target).shells):
            raise DeclaredAbsent("this machine has no Go of its own, and --wslgo-go=embedded names another to judge")

    def _prepare(self, item: pytest.Item) -> None:
        claims = tuple(dict.fromkeys(_claims_of(item, self._claims)))
        if not claims:
            return
        params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        first_target = next(iter(self._stage.settings.targets))
        check = Check(claims, target=params.get("_wslgo_target", first_target), go=params.get("_wslgo_go"))
        item.stash[CHECK] = check
        item.user_properties += [("claim", claim) for claim in claims] + [("target", check.target)]
        for claim in claims:
            for word in filter(None, (self._claims[claim].kind, self._claims[claim].lane)):
                item.add_marker(str(word))


def _checks_of(items: Iterable[pytest.Item]) -> Iterable[PlannedCheck]:
    for item in items:
        if check := item.stash.get(CHECK, None):
            yield PlannedCheck(item.nodeid, check.claims, check.target)


def _claims_of(item: pytest.Item, known: Mapping[str, Claim]) -> Iterable[str]:
    for marker in item.iter_markers("claim"):
        if not marker.args or marker.kwargs or not all(isinstance(arg, str) for arg in marker.args):
            raise BadInput(f'{item.nodeid}: write @pytest.mark.claim("area.what-holds"), one or more claim ids')
        for claim_id in marker.args:
            try:
                yield find_claim(claim_id, known)
            except BadInput as error:
                raise BadInput(f"{item.nodeid}: {error}") from None


def _go_ids(which: tuple[str, ...]) -> list[str]:
    """Return short ids: the last folders of a path say which SDK it is, the whole path clutters every line."""
    return [word if "/" not in word else "-".join(part for part in word.split("/")[-2:] if part) for word in which]
