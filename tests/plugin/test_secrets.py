"""Nothing that looks like a credential leaves a run: canaries lie wherever one may, and every output is searched.

What is searched is all that the run has left in its directory (the inputs apart), what it printed, and what commands
print of its ledger.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "7f3aK9"
CANARIES = {
    "environment": f"env{NUMBER}canary",
    "token": "ghp_" + "c4N4" * 9,
    "goproxy": f"proxy{NUMBER}canary",
    "netrc": f"netrc{NUMBER}canary",
    "git-url": f"giturl{NUMBER}canary",
    "git-header": f"Z2l0{NUMBER}Y2FuYXJ5",
    "file-name": "glpat-" + "c4N4rY" * 4,
    "parameter": f"param{NUMBER}canary",
    "local": f"local{NUMBER}canary",
    "private-key": "b3BlbnNzaC1rZXktdjEAAAAAcanary",
}
OUTPUTS = ("ledger", "html", "sarif", "prometheus", "save-facts")
INPUTS = frozenset({"home", "test_own.py", "test_broken.py", "__pycache__"})

CHECKS = """
import logging, os, pathlib, warnings
import pytest

CLAIM = pytest.mark.claim("linking.cgo-off-is-static")
HOME = pathlib.Path(os.environ["HOME"])

@pytest.fixture
def put_away():
    yield
    print("put away", os.environ["GITHUB_TOKEN"])

@CLAIM
@pytest.mark.parametrize("url", ["https://bob:{parameter}@proxy.example/a", "https://bob:{parameter}@proxy.example/b"])
def test_refuted(target, snapshot, url, put_away, record_property):
    password = "{local}"
    netrc, config = (target.run(("cat", str(HOME / name))).text for name in (".netrc", ".gitconfig"))
    key = (HOME / "id_rsa").read_text()
    proxy = snapshot.plain.get("GOPROXY")
    print(netrc, config, key, os.environ["MY_SERVICE_TOKEN"])
    logging.getLogger("own").warning("GOPROXY=%s", os.environ["GOPROXY"])
    warnings.warn(f"header {{config}}")
    record_property("npm_token", os.environ["MY_SERVICE_TOKEN"])
    names = [path.name for path in HOME.iterdir()]
    assert not target, f"{{names}} {{netrc!r}} {{netrc}} {{config}} {{key}} {{os.environ['GOPROXY']}} {{proxy}} {{url}}"

@CLAIM
def test_could_not_check(target):
    from pytest_wslgo.errors import MissingTool
    target.run(("sh", "-c", "cat $0; printf %s $MY_SERVICE_TOKEN; exit 3", str(HOME / ".netrc"))).ok
    raise MissingTool(f"{{os.environ['GOPROXY']}} {{(HOME / '.netrc').read_text()}} {{os.environ['MY_SERVICE_TOKEN']}}")

@CLAIM
def test_broke(target, put_away):
    raise RuntimeError((HOME / ".gitconfig").read_text() + os.environ["GITHUB_TOKEN"])

def test_ordinary(tmp_path):
    secret = os.environ["MY_SERVICE_TOKEN"]
    assert secret == (HOME / ".netrc").read_text()

@pytest.mark.claim("linking.pie-is-not-static")
def test_teardown(target, request):
    request.addfinalizer(lambda: pytest.fail(os.environ["GOPROXY"]))
"""
BROKEN = 'import os\nraise RuntimeError(os.environ["GOPROXY"] + os.environ["GITHUB_TOKEN"])\n'


@pytest.fixture
def planted(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project and a home full of canaries; return the project's directory."""
    home = pytester.path / "home"
    home.mkdir()
    (home / ".netrc").write_text(f"machine proxy.example\nlogin bob\npassword {CANARIES['netrc']}\n")
    (home / ".gitconfig").write_text(
        f'[url "https://bob:{CANARIES["git-url"]}@github.com/"]\n\tinsteadOf = https://github.com/\n'
        f"[http]\n\textraheader = Authorization: Basic {CANARIES['git-header']}\n"
    )
    (home / "id_rsa").write_text(
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARIES['private-key']}\n-----END OPENSSH PRIVATE KEY-----\n"
    )
    (home / f"backup_{CANARIES['file-name']}").touch()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MY_SERVICE_TOKEN", CANARIES["environment"])
    monkeypatch.setenv("GITHUB_TOKEN", CANARIES["token"])
    monkeypatch.setenv("GOPROXY", f"https://bob:{CANARIES['goproxy']}@proxy.example,direct")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "step.md"))
    pytester.makepyfile(test_own=CHECKS.format(**CANARIES))
    return pytester.path


def leaks(texts: dict[str, str]) -> list[str]:
    """Each canary that is in a text, as ``output: canary``."""
    return [f"{name}: {canary}" for name, text in texts.items() for canary in CANARIES if CANARIES[canary] in text]


def left_by(folder: Path) -> dict[str, str]:
    """All files of a run that are no input, by path, and the paths themselves."""
    files = [path for path in folder.rglob("*") if path.is_file() and not INPUTS & set(path.relative_to(folder).parts)]
    found = {str(path.relative_to(folder)): path.read_text(errors="replace") for path in files}
    return {**found, "names of files": "\n".join(found)}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_no_canary_is_in_any_output(pytester: pytest.Pytester, planted: Path, workers: tuple[str, ...]) -> None:
    told = [f"--wslgo-{name}={planted / 'out' / name}" for name in OUTPUTS]
    (planted / "out").mkdir()
    args = ("--wslgo", *told, "--junitxml=junit.xml", "--alluredir=allure", "-vv", "-rA", "-l", *workers, "test_own.py")

    run = pytester.runpytest_subprocess(*args, timeout=180)

    ledger = str(planted / "out" / "ledger")
    commands = {
        words[0]: pytester.run(sys.executable, "-m", "pytest_wslgo", *words)
        for words in (("gate", ledger), ("gate", "--json", ledger), ("diff", ledger, ledger))
    }
    left = left_by(planted)
    printed = {name: f"{one.stdout.str()}{one.stderr.str()}" for name, one in {"terminal": run, **commands}.items()}
    assert {f"out/{name}" for name in OUTPUTS} | {"junit.xml", "step.md"} <= set(left), printed["terminal"]
    assert any(name.startswith("allure/") for name in left)
    assert run.ret == 1, printed["terminal"]
    assert "***" in left["out/ledger"]
    assert "::error " in printed["terminal"]
    assert leaks({**left, **printed}) == []


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["test_broken.py"], id="collection"),
        pytest.param(["--wslgo-target=podmann://bob:{goproxy}@box"], id="target"),
        pytest.param(["--wslgo-profile={token}"], id="profile"),
        pytest.param(["--wslgo-facts=https://bob:{goproxy}@x/facts.json"], id="facts"),
    ],
)
def test_no_canary_is_in_an_error(pytester: pytest.Pytester, planted: Path, args: list[str]) -> None:
    (planted / "test_broken.py").write_text(BROKEN)
    run = pytester.runpytest_subprocess("--wslgo", *(arg.format(**CANARIES) for arg in args), timeout=60)
    text = f"{run.stdout.str()}{run.stderr.str()}"

    assert run.ret in (2, 4), text
    assert leaks({"terminal": text, **left_by(planted)}) == []


def test_the_canaries_are_found_where_nothing_masks(pytester: pytest.Pytester, planted: Path) -> None:
    """The control: the same search, of a run of the same tests without the plugin."""
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef snapshot(): ...\n@pytest.fixture\ndef target(): ...\n")
    run = pytester.runpytest_subprocess("test_own.py", "-rA", "-l", timeout=60)

    assert {leak.partition(": ")[2] for leak in leaks({"terminal": run.stdout.str()})} >= {
        "environment",
        "netrc",
        "goproxy",
        "parameter",
    }
