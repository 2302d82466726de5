"""Claims: the loader's errors, what a claim applies to, and the book's own claims file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.claims import Article, Kind, Lane, Remedy, Severity, Who, find_claim, load_claims
from pytest_wslgo.model.go import GoVersion
from pytest_wslgo.model.libc import Libc
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.resources import CLAIMS
from tests.unit.making import a_claim

if TYPE_CHECKING:
    from pathlib import Path

TABLE = {
    "statement": '"It is static."',
    "article": '"true"',
    "kind": '"behaviour"',
    "platforms": '["wsl1", "wsl2", "linux", "container"]',
    "severity": '"critical"',
    "source": '"cmd/link"',
}
WHOLE = """
[linking.cgo-off-is-static]
statement = "Without cgo it is static."
statement_zh = "不用 cgo 就是静态的。"
impact = "It does not start on Alpine."
impact_zh = "在 Alpine 上无法启动。"
catalogue = ["2.1-cgo0-static"]
article = "contradicted"
kind = "release"
platforms = ["wsl2", "linux"]
go = ">=1.21"
severity = "minor"
source = "cmd/link"
network = true
lane = "upstream"
unproven = "It would take a second CPU."
remedy = [{ text = "Look.", run = "go env GOFLAGS", text_zh = "看一看。" }, { text = "Ask.", who = "admin" }]
"""


def write(folder: Path, changes: dict[str, str | None] | None = None, *, claim_id: str = "linking.static") -> Path:
    """Write a claims file of one claim; values are TOML, a key changed to None is left out."""
    keys = {key: value for key, value in {**TABLE, **(changes or {})}.items() if value is not None}
    path = folder / "claims.toml"
    path.write_text(
        "\n".join([f"[{claim_id}]", *(f"{key} = {value}" for key, value in keys.items())]), encoding="utf-8"
    )
    return path


def test_a_claim_is_read_with_all_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert load_claims(path) == {
        "linking.cgo-off-is-static": a_claim(
            "linking.cgo-off-is-static",
            statement="Without cgo it is static.",
            statement_zh="不用 cgo 就是静态的。",
            impact="It does not start on Alpine.",
            impact_zh="在 Alpine 上无法启动。",
            catalogue=("2.1-cgo0-static",),
            article=Article.CONTRADICTED,
            kind=Kind.RELEASE,
            platforms=(PlatformKind.WSL2, PlatformKind.LINUX),
            go=">=1.21",
            distros=(),
            libc=None,
            origins=(),
            own_go=False,
            severity=Severity.MINOR,
            source="cmd/link",
            network=True,
            lane=Lane.UPSTREAM,
            unproven="It would take a second CPU.",
            remedy=(Remedy("Look.", "go env GOFLAGS", Who.USER, "看一看。"), Remedy("Ask.", None, Who.ADMIN)),
        )
    }


def test_claims_keep_the_order_of_the_file_and_know_their_area(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    keys = "\n".join(f"{key} = {value}" for key, value in TABLE.items())
    path.write_text("".join(f"[{claim_id}]\n{keys}\n" for claim_id in ("b.x", "a.y", "b.a-1")), encoding="utf-8")
    assert [(claim.id, claim.area) for claim in load_claims(path).values()] == [
        ("b.x", "b"),
        ("b.a-1", "b"),
        ("a.y", "a"),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"artikel": '"true"'},
            "unknown key 'artikel' (did you mean 'article'?); valid keys are article, catalogue, distros, go, impact, "
            "impact_zh, kind, lane, libc, network, origins, own_go, platforms, remedy, severity, source, statement, "
            "statement_zh, unproven",
            id="unknown-key",
        ),
        pytest.param({"severity": None}, "key 'severity' is missing", id="missing-key"),
        pytest.param({"statement": "3"}, "key 'statement' expects a string, got an integer", id="ill-typed"),
        pytest.param(
            {"source": '" "'},
            "key 'source' is blank; write a value, or leave out a key that may be left out",
            id="blank",
        ),
        pytest.param(
            {"article": '"tru"'},
            "article = 'tru' is not one of true, partly, false, omitted, contradicted (did you mean 'true'?)",
            id="article",
        ),
        pytest.param({"article": "true"}, "key 'article' expects a string, got a boolean", id="article-without-quotes"),
        pytest.param(
            {"kind": '"behavior"'},
            "kind = 'behavior' is not one of setup, behaviour, budget, release (did you mean 'behaviour'?)",
            id="kind",
        ),
        pytest.param(
            {"severity": '"major"'},
            "severity = 'major' is not one of critical, normal, minor (did you mean 'minor'?)",
            id="severity",
        ),
        pytest.param(
            {"platforms": '["linux", "wls2"]'},
            "platforms = 'wls2' is not one of wsl1, wsl2, linux, container (did you mean 'wsl2'?)",
            id="platform",
        ),
        pytest.param(
            {"platforms": "[]"},
            "key 'platforms' is empty, so nothing would ever judge the claim; name at least one",
            id="no-platform",
        ),
        pytest.param(
            {"go": '"1.21+"'},
            "key 'go': '1.21+' is not a constraint on Go versions: write bounds without 'go', such as >=1.21 or "
            ">=1.21,<1.26",
            id="go",
        ),
        pytest.param({"network": '"yes"'}, "key 'network' expects a boolean, got a string", id="network"),
        pytest.param({"remedy": '"run it"'}, "key 'remedy' expects an array, got a string", id="remedy-not-a-table"),
    ],
)
def test_a_mistake_is_a_sentence_with_file_claim_and_key(
    tmp_path: Path, changes: dict[str, str | None], sentence: str
) -> None:
    with pytest.raises(BadInput) as raised:
        load_claims(write(tmp_path, changes))
    assert str(raised.value) == f"claims.toml [linking.static]: {sentence}"


@pytest.mark.parametrize(
    ("remedy", "sentence"),
    [
        pytest.param(
            '{ text = "Do.", rnu = "x" }',
            "unknown key 'rnu' (did you mean 'run'?); valid keys are run, text, text_zh, who",
            id="typo",
        ),
        pytest.param('{ run = "x" }', "key 'text' is missing", id="no-text"),
        pytest.param(
            '{ text = "Do.", who = "root" }', "who = 'root' is not one of user, admin, windows", id="who-nothing-near"
        ),
        pytest.param(
            '{ text = "Do.", who = "window" }',
            "who = 'window' is not one of user, admin, windows (did you mean 'windows'?)",
            id="who",
        ),
    ],
)
def test_a_mistake_in_a_remedy_names_which_one(tmp_path: Path, remedy: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        load_claims(write(tmp_path, {"remedy": f'[{{ text = "Look." }}, {remedy}]'}))
    assert str(raised.value) == f"claims.toml [linking.static] [[remedy]] 2: {sentence}"


@pytest.mark.parametrize(
    "claim_id",
    [
        "Linking.static",
        "linking.Static",
        "linking.is_static",
        "linking.-x",
        "linking.x-",
        '"l g".x',
        "\"linking\".'x\ty'",
        '"a".""',
    ],
)
def test_an_id_of_another_form_is_refused(tmp_path: Path, claim_id: str) -> None:
    with pytest.raises(BadInput, match=r": a claim id is area\.what-holds in lower-case words joined by '-'$"):
        load_claims(write(tmp_path, claim_id=claim_id))


def test_an_id_that_ends_in_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a claim id is area"):
        load_claims(write(tmp_path, claim_id='linking."static\\n"'))


def test_a_key_outside_of_a_claim_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text("version = 1\n", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load_claims(path)
    assert str(raised.value) == "claims.toml: expected tables [area.what-holds], got the key 'version' outside of one"


def test_a_claim_without_the_word_after_the_dot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        load_claims(write(tmp_path, claim_id="linking"))
    assert str(raised.value) == "claims.toml [linking.statement]: expected a table, got a string"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        load_claims(tmp_path / "none.toml")
    assert str(raised.value) == f"cannot read claims file {tmp_path / 'none.toml'}: No such file or directory"


GO_1_22 = GoVersion.parse("go1.22.3")


@pytest.mark.parametrize(
    ("platforms", "constraint", "platform", "go", "why"),
    [
        pytest.param(("linux",), ">=1.21", "linux", GO_1_22, None, id="applies"),
        pytest.param(("linux",), None, "linux", GO_1_22, None, id="any-go"),
        pytest.param(("linux",), ">=1.30", "linux", None, None, id="a-check-without-a-toolchain"),
        pytest.param(("linux",), ">=1.21", None, GO_1_22, None, id="a-target-that-was-not-read"),
        pytest.param(
            ("wsl1", "wsl2"),
            ">=1.30",
            "linux",
            GO_1_22,
            "linking.static is about wsl1, wsl2; this target is linux",
            id="platform",
        ),
        pytest.param(
            ("linux",),
            ">=1.23",
            "linux",
            GO_1_22,
            "linking.static is about Go >=1.23; this toolchain is go1.22.3",
            id="go",
        ),
    ],
)
def test_a_claim_says_why_it_is_not_about_a_target(
    platforms: tuple[str, ...], constraint: str | None, platform: str | None, go: GoVersion | None, why: str | None
) -> None:
    claim = a_claim(platforms=tuple(map(PlatformKind, platforms)), go=constraint)
    assert claim.inapplicable(PlatformKind(platform) if platform else None, go) == why


@pytest.mark.parametrize(
    ("libc", "why"),
    [
        pytest.param("glibc 2.36", None, id="this"),
        pytest.param("musl 1.2.5", "linking.static is about glibc; this target has musl 1.2.5", id="another"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_a_claim_may_be_about_one_libc(libc: str | None, why: str | None) -> None:
    assert a_claim(libc=Libc.GLIBC).inapplicable(PlatformKind.LINUX, None, libc=libc) == why
    assert a_claim().inapplicable(PlatformKind.LINUX, None, libc=libc) is None


def test_a_known_claim_is_found() -> None:
    assert find_claim("linking.static", ["linking.static", "linking.pie"]) == "linking.static"


@pytest.mark.parametrize(
    ("given", "near"),
    [
        pytest.param("linking.statc", " (did you mean 'linking.static'?)", id="typo"),
        pytest.param("zzz", "", id="nothing-near"),
    ],
)
def test_an_unknown_claim_is_named_with_the_nearest(given: str, near: str) -> None:
    with pytest.raises(BadInput) as raised:
        find_claim(given, ["linking.static", "linking.pie"])
    assert str(raised.value) == f"unknown claim '{given}'{near}; `pytest --wslgo-list` shows all claims"


def test_the_books_claims_can_be_read() -> None:
    claims = load_claims(CLAIMS)
    assert "linking.cgo-off-is-static" in claims
    assert all(claim.id == claim_id for claim_id, claim in claims.items())
