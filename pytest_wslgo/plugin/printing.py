"""The options that only print: ``--wslgo-list`` and ``--wslgo-explain``."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo import resources
from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.catalogue import load_catalogue
from pytest_wslgo.model.claims import find_claim, load_claims
from pytest_wslgo.model.settings import find_settings
from pytest_wslgo.plugin.settings import choose_language
from pytest_wslgo.report import listing
from pytest_wslgo.report.checks import checks_in

if TYPE_CHECKING:
    from collections.abc import Iterator


def print_claims(config: pytest.Config) -> int:
    """Print what was asked for and return the exit status; a claim that does not exist is a usage error."""
    try:
        for line in _lines(config):
            print(_printable(line))  # noqa: T201 - the product of these options is their output, also without a terminal plugin
    except BadInput as error:
        raise pytest.UsageError(str(error)) from None
    return int(pytest.ExitCode.OK)


def _printable(line: str) -> str:
    """Return ``line`` with what the output's encoding cannot say as escapes, as pytest's own terminal writes it."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def _lines(config: pytest.Config) -> Iterator[str]:
    stored, _ = find_settings(config.invocation_params.dir)
    language = choose_language(config, stored)
    claims = load_claims(resources.CLAIMS)
    catalogue = load_catalogue(resources.CATALOGUE)
    width = min(shutil.get_terminal_size().columns, 120)
    explained = config.getoption("wslgo_explain")
    if explained:
        claim = claims[find_claim(explained, claims)]
        checks = checks_in(resources.SUITES)
        yield from listing.explain(claim, catalogue, checks, width=width, language=language)
    elif config.getoption("wslgo_list") == "json":
        yield listing.as_json(claims, catalogue)
    else:
        yield from listing.as_table(claims, catalogue, width=width, language=language)
