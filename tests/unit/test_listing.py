"""``--wslgo-list`` and ``--wslgo-explain``: claims and catalogue as text of a width and as JSON."""

from __future__ import annotations

import json

import pytest

from pytest_wslgo.model.catalogue import Basis, Chapter, Entry, Rating, load_catalogue
from pytest_wslgo.model.claims import Article, Remedy, Severity, Who, load_claims
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.platform import PlatformKind
from pytest_wslgo.report.checks import CheckSource
from pytest_wslgo.report.listing import as_json, as_table, explain
from pytest_wslgo.report.prose import columns
from pytest_wslgo.resources import CATALOGUE, CLAIMS
from tests.unit.making import a_claim

STATIC = a_claim(
    "linking.static",
    statement="With CGO_ENABLED=0 a Linux executable names no interpreter and needs no shared library.",
    statement_zh="不用 cgo 时,可执行文件没有解释器。",
    impact="It does not start on Alpine.",
    impact_zh="在 Alpine 上无法启动。",
    article=Article.PARTLY,
    severity=Severity.CRITICAL,
    platforms=(PlatformKind.WSL2, PlatformKind.LINUX),
    go=">=1.21",
    catalogue=("2.1-static", "2.1-second"),
    remedy=(
        Remedy("Look at GOFLAGS.", "go env GOFLAGS\ngo env -u GOFLAGS", text_zh="查看 GOFLAGS。"),
        Remedy("Ask.", None, Who.ADMIN),
    ),
)
PIE = a_claim("linking.pie", statement="It is PIE.", severity=Severity.MINOR)
CHECKS = (
    CheckSource(("linking.other",), "another", (), "suites/test_linking.py:3"),
    CheckSource(("linking.static",), "without cgo it is static", ("elf.is_static",), "suites/test_linking.py:42"),
)
CLAIMS_HERE = {claim.id: claim for claim in (STATIC, PIE)}


def an_entry(entry_id: str, *, chapter: Chapter | None = None, unjudged: str | None = None) -> Entry:
    return Entry(
        id=entry_id,
        section="2.1",
        article=Rating.PARTLY,
        statement="Without cgo it is static.",
        truth="Only when nothing asks for PIE.",
        basis=Basis.MEASURED,
        unjudged=unjudged,
        chapter=chapter,
        statement_zh=None,
    )


CATALOGUE_HERE = (
    an_entry("2.1-static"),
    an_entry("2.1-opinion", unjudged="An opinion."),
    an_entry("2.1-a", chapter=Chapter.SERVICES),
    an_entry("2.1-b", chapter=Chapter.SETUP),
    an_entry("2.1-c", chapter=Chapter.SERVICES),
    an_entry("2.1-second", chapter=Chapter.SETUP),
)


def test_the_table_has_a_line_for_each_claim_and_what_is_to_come() -> None:
    assert list(as_table(CLAIMS_HERE, CATALOGUE_HERE, width=80)) == [
        "linking.static  behaviour  critical  With CGO_ENABLED=0 a Linux executable …",
        "linking.pie     behaviour  minor     It is PIE.",
        "",
        "2 claims; `pytest --wslgo-explain CLAIM` tells all of one",
        "catalogue: 6 statements of the article; 2 judged by these claims, 1 that no test can judge",
        "  chapters to come: services 2, setup 1",
    ]


def test_without_a_claim_the_table_says_so() -> None:
    assert list(as_table({}, ())) == [
        "",
        "0 claims; `pytest --wslgo-explain CLAIM` tells all of one",
        "catalogue: 0 statements of the article; 0 judged by these claims, 0 that no test can judge",
    ]


def test_all_of_a_claim_is_told() -> None:
    assert list(explain(STATIC, CATALOGUE_HERE, CHECKS, width=60)) == [
        "linking.static (behaviour, critical)",
        "",
        "  With CGO_ENABLED=0 a Linux executable names no interpreter",
        "  and needs no shared library.",
        "  Why it matters: It does not start on Alpine.",
        "",
        "  Judged on wsl2, linux, Go >=1.21.",
        "  The article is right in part. Source: cmd/link",
        "",
        "  article 2.1 (partly): Without cgo it is static.",
        "  what is true: Only when nothing asks for PIE.",
        "",
        "  article 2.1 (partly): Without cgo it is static.",
        "  what is true: Only when nothing asks for PIE.",
        "",
        "  How it is judged:",
        "  - without cgo it is static (suites/test_linking.py:42)",
        "      holds when elf.is_static",
        "  A fault in the project's tests shows that this check can",
        "  fail.",
        "",
        "  When it is refuted:",
        "  - Look at GOFLAGS. (who: user)",
        "      $ go env GOFLAGS",
        "      $ go env -u GOFLAGS",
        "  - Ask. (who: admin)",
    ]


def test_all_of_a_claim_is_told_in_chinese() -> None:
    assert list(explain(STATIC, CATALOGUE_HERE[:1], CHECKS, width=60, language=Language.ZH)) == [
        "linking.static（行为，严重）",
        "",
        "  不用 cgo 时,可执行文件没有解释器。",
        "  影响：在 Alpine 上无法启动。",
        "",
        "  适用于 wsl2, linux，Go >=1.21。",
        "  文章只说对了一部分。依据：cmd/link",
        "",
        "  文章 2.1（部分正确）：Without cgo it is static.",
        "  事实：Only when nothing asks for PIE.",
        "",
        "  判定方法：",
        "  - without cgo it is static（suites/test_linking.py:42）",
        "      成立的条件：elf.is_static",
        "  项目测试中的故障证明这项检查会失败。",
        "",
        "  不成立时：",
        "  - 查看 GOFLAGS。（执行者：用户）",
        "      $ go env GOFLAGS",
        "      $ go env -u GOFLAGS",
        "  - Ask.（执行者：管理员）",
    ]


def test_the_table_in_chinese_keeps_its_columns() -> None:
    lines = list(as_table(CLAIMS_HERE, CATALOGUE_HERE, width=80, language=Language.ZH))
    assert [line.split()[:3] for line in lines[:2]] == [
        ["linking.static", "行为", "严重"],
        ["linking.pie", "行为", "轻微"],
    ]
    assert columns(lines[0][: lines[0].index("严重")]) == columns(lines[1][: lines[1].index("轻微")]) == 27
    assert lines[3].startswith("共 2 条声明")


def test_a_claim_that_no_fault_refutes_is_marked() -> None:
    claim = a_claim(unproven="It takes a second CPU.")
    assert next(as_table({claim.id: claim}, ())).endswith("(unproven) It is static.")
    assert "  Unproven, no fault in the project's tests shows that this check can fail: It takes a second CPU." in list(
        explain(claim, ())
    )


def test_a_claim_that_says_little_is_told_without_gaps() -> None:
    assert list(explain(PIE, ())) == [
        "linking.pie (behaviour, minor)",
        "",
        "  It is PIE.",
        "",
        "  Judged on wsl1, wsl2, linux, container, Go of every version.",
        "  The article says so too. Source: cmd/link",
    ]


@pytest.mark.parametrize("article", Article)
def test_there_are_words_for_whatever_the_article_says(article: Article) -> None:
    assert any(line.startswith("  The article ") for line in explain(a_claim(article=article), ()))


def test_the_json_has_all_of_claims_and_catalogue() -> None:
    listed = json.loads(as_json(CLAIMS_HERE, CATALOGUE_HERE))
    assert set(listed) == {"claims", "catalogue"}
    assert [claim["id"] for claim in listed["claims"]] == ["linking.static", "linking.pie"]
    assert listed["claims"][0] == {
        "id": "linking.static",
        "statement": STATIC.statement,
        "statement_zh": STATIC.statement_zh,
        "impact": "It does not start on Alpine.",
        "impact_zh": "在 Alpine 上无法启动。",
        "article": "partly",
        "kind": "behaviour",
        "severity": "critical",
        "platforms": ["wsl2", "linux"],
        "go": ">=1.21",
        "network": False,
        "lane": None,
        "unproven": None,
        "catalogue": ["2.1-static", "2.1-second"],
        "source": "cmd/link",
        "remedy": [
            {
                "text": "Look at GOFLAGS.",
                "text_zh": "查看 GOFLAGS。",
                "run": "go env GOFLAGS\ngo env -u GOFLAGS",
                "who": "user",
            },
            {"text": "Ask.", "text_zh": None, "run": None, "who": "admin"},
        ],
    }
    assert listed["catalogue"][2] == {
        "id": "2.1-a",
        "section": "2.1",
        "article": "partly",
        "statement": "Without cgo it is static.",
        "statement_zh": None,
        "truth": "Only when nothing asks for PIE.",
        "basis": "measured",
        "chapter": "services",
        "unjudged": None,
    }


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_book_keeps_to_the_width(width: int) -> None:
    claims, catalogue = load_claims(CLAIMS), load_catalogue(CATALOGUE)
    for claim in claims.values():
        _, *lines = explain(claim, catalogue, width=width)
        for line in lines:
            assert columns(line) <= width or line.lstrip().startswith("$ ") or " " not in line.strip()


def test_the_json_of_the_book_can_be_read_and_names_every_claim() -> None:
    claims = load_claims(CLAIMS)
    assert [claim["id"] for claim in json.loads(as_json(claims, load_catalogue(CATALOGUE)))["claims"]] == list(claims)
