"""L3: ``python -m pytest_wslgo COMMAND``. Each command has a module with ``add`` (its arguments) and ``run``.

Exit statuses are those of a run: 0, 1, 10, 11, and 2 interrupted, 3 internal error, 4 usage error, 5 nothing to judge.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

from pytest_wslgo import __version__
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.redaction import mask

if TYPE_CHECKING:
    from collections.abc import Sequence


class Stop(IntEnum):
    """Exit statuses beside the gate's, as pytest has them."""

    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE_ERROR = 4
    NOTHING = 5


class _Parser(argparse.ArgumentParser):
    """argparse with the usage error of this project: one sentence and status 4."""

    def error(self, message: str) -> NoReturn:
        self.exit(Stop.USAGE_ERROR, f"{self.prog}: error: {mask(message)}; `{self.prog} --help` tells more\n")


def main(args: Sequence[str]) -> int:
    """Run a command and return its exit status."""
    from pytest_wslgo.commands import allure_config, diff, gate, schema

    parser = _Parser(
        prog="python -m pytest_wslgo",
        description="Work on stored ledgers (pytest --wslgo --wslgo-ledger FILE), without running anything.",
        epilog="Exit status: 0 good, 1 refuted, 10 not checked, 11 a waiver expired or is stale, 2 interrupted, "
        "3 internal error, 4 usage error, 5 nothing to judge.",
    )
    parser.add_argument("--version", action="version", version=f"pytest-wslgo {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for command in (gate, diff, schema, allure_config):
        command.add(commands)
    given = parser.parse_args(args)
    try:
        return int(given.run(given))
    except BadInput as error:
        sys.stderr.write(f"{parser.prog} {given.command}: error: {mask(str(error))}\n")
        return Stop.USAGE_ERROR
    except KeyboardInterrupt:
        return Stop.INTERRUPTED
    except Exception:  # whatever it is, it is not "refuted", which status 1 would say
        sys.stderr.write(mask(traceback.format_exc()))
        return Stop.INTERNAL_ERROR
