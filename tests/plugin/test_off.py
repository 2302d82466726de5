"""Without ``--wslgo`` a pytest run is what it was before the plugin was installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PROBE = """
import sys

import pytest

def test_probe(request):
    ours = sorted(name for name in sys.modules if name.startswith("pytest_wslgo"))
    assert ours == ["pytest_wslgo", "pytest_wslgo.plugin"]
    markers = [line.partition("(")[0] for line in request.config.getini("markers")]
    assert "claim" not in markers
    for name in ("go", "target", "snapshot"):
        with pytest.raises(pytest.FixtureLookupError):
            request.getfixturevalue(name)
"""


def test_only_the_entry_module_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PROBE)

    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=1)


def test_a_projects_own_fixtures_of_our_names_are_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def target():
            return "mine"

        def test_mine(target):
            assert target == "mine"
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=1)
    pytester.runpytest_subprocess(
        "--wslgo", "test_a_projects_own_fixtures_of_our_names_are_its_own.py"
    ).assert_outcomes(passed=1)


def test_our_other_options_alone_do_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")

    result = pytester.runpytest_subprocess("--wslgo-target=nosuch://x", "--wslgo-profile=nosuch")

    result.assert_outcomes(passed=1)
