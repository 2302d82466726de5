"""Reports that the real Allure 3 makes of our results, its quality gate, and the report in a real browser.

Allure comes from npm, once, into a cache folder; its gate needs Node 22, which comes from there, too (allure3 issue
977). Without npm, the registry or a browser the tests skip and say so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from pytest_wslgo.report.allure import ALLURERC
from pytest_wslgo.report.prose import plain

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pytest-wslgo" / "test-allure"
_PACKAGES = ("allure@3.18", "node@22")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_BOOK = "buildinfo or stripping"
_CLAIM = "buildinfo.version-matches-toolchain"


@pytest.fixture(scope="session")
def allure() -> Path:
    """The folder of an npm project with Allure 3 and Node 22."""
    if shutil.which("npm") is None:
        pytest.skip("no npm: install npm (Debian, Ubuntu: `sudo apt-get install npm`) to test with the real Allure")
    _CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(_CACHE / "lock", timeout=600):
        if not (_CACHE / "node_modules" / ".bin" / "allure").exists():
            argv = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(_CACHE), *_PACKAGES]
            done = subprocess.run(argv, capture_output=True, text=True, timeout=500, check=False)
            if done.returncode != 0:
                pytest.skip(f"npm cannot fetch {' and '.join(_PACKAGES)}: {done.stderr.strip()[-200:]}")
    shutil.copy(ALLURERC, _CACHE)
    return _CACHE


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a healthy run of a small part of the book."""
    folder = tmp_path_factory.mktemp("book")
    argv = [sys.executable, "-m", "pytest", "--wslgo", "--wslgo-go=embedded", "-p", "no:cacheprovider", "-k", _BOOK]
    done = subprocess.run(
        [*argv, "--alluredir=results"], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"the book does not run on the embedded SDK here: {done.stdout[-300:]}")
    return folder / "results"


@pytest.fixture
def results(healthy: Path, tmp_path: Path) -> Path:
    """A copy of the healthy results, to be changed."""
    return Path(shutil.copytree(healthy, tmp_path / "results"))


def run_allure(allure: Path, results: Path, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the real Allure with the configuration that the project ships."""
    node = allure / "node_modules" / "node" / "bin" / "node"
    cli = (allure / "node_modules" / ".bin" / "allure").resolve()
    argv = [str(node), str(cli), command, "-c", str(allure / ALLURERC.name), *options, str(results)]
    environ = {**os.environ, "WSLGO_ALLURE_RESULTS": str(results), "ALLURE_NO_ANALYTICS": "true"}
    return subprocess.run(argv, env=environ, cwd=allure, capture_output=True, text=True, timeout=120, check=False)


def results_of(results: Path, claim: str) -> list[Path]:
    return [path for path in results.glob("*-result.json") if f'"{claim}"' in path.read_text()]


def change(results: Path, **values: Any) -> None:  # noqa: ANN401 - any value of a result
    for path in results_of(results, _CLAIM):
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def lose(results: Path) -> None:
    for path in results_of(results, _CLAIM):
        path.unlink()


FAULTS = [
    pytest.param(lose, f"have no result: {_CLAIM} on local", id="required-is-missing"),
    pytest.param(lambda results: change(results, status="skipped"), "were not judged", id="required-is-skipped"),
    pytest.param(lambda results: change(results, status="unknown"), "were not judged", id="required-is-unknown"),
    pytest.param(lambda results: change(results, status="failed"), "The number of failed tests 1", id="refuted"),
    pytest.param(lambda results: change(results, status="broken"), "The number of failed tests 1", id="broken"),
    pytest.param(
        lambda results: (results / "wslgo-required.json").unlink(), "wslgo-required.json is not there", id="no-manifest"
    ),
]


def test_the_gate_passes_a_healthy_run(allure: Path, results: Path) -> None:
    gate = run_allure(allure, results, "quality-gate")
    assert gate.returncode == 0, gate.stdout + gate.stderr


@pytest.mark.parametrize(("fault", "says"), FAULTS)
def test_the_gate_fails_and_says_why(allure: Path, results: Path, fault: Callable[[Path], None], says: str) -> None:
    fault(results)
    gate = run_allure(allure, results, "quality-gate")
    assert gate.returncode == 1, gate.stdout + gate.stderr
    assert says in " ".join(plain(gate.stdout + gate.stderr).split())


def test_the_report_opens_in_a_browser(allure: Path, results: Path, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        pytest.skip("no browser: install chromium to open the report in one")
    made = run_allure(allure, results, "generate", "-o", str(tmp_path / "report"))
    assert made.returncode == 0, made.stdout + made.stderr
    (page,) = (tmp_path / "report").rglob("index.html")
    seen = _shown_by(browser, page, tmp_path / "profile")
    for word in ("pytest-wslgo", "devbox", "buildinfo", "linking"):
        assert word in seen, f"the browser does not show {word!r}"


def _shown_by(browser: str, page: Path, profile: Path) -> str:
    """Return the document of the page as the browser has built it; it looks for nothing on the network."""
    quiet = ("networking", "component-update", "sync", "background-networking", "gpu", "quic")
    argv = [browser, "--headless", "--no-sandbox", "--no-first-run", *(f"--disable-{word}" for word in quiet)]
    argv += [f"--user-data-dir={profile}", "--virtual-time-budget=10000", "--dump-dom", page.as_uri()]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False).stdout
