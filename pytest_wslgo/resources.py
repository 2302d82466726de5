"""The only place that knows where the book (``suites/``) and its inputs (``fixtures/``) lie.

In a wheel both stand inside the package; in a checkout they stand beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


SUITES = _folder("suites")
FIXTURES = _folder("fixtures")
MODULES = FIXTURES / "modules"
C_SOURCES = FIXTURES / "c"
CLAIMS = SUITES / "claims.toml"
CATALOGUE = SUITES / "catalogue.toml"
PROFILES = SUITES / "profiles.toml"
DISTRIBUTIONS = SUITES / "distributions.toml"
VERSIONS = SUITES / "versions.toml"
UPSTREAM = SUITES / "upstream.toml"
