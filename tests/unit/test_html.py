"""The page of a run: whole in one file, escaped, masked, and in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.catalogue import load_catalogue
from pytest_wslgo.model.claims import Remedy
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.verdicts import Verdict
from pytest_wslgo.report.html import page_of, write_page
from pytest_wslgo.report.truth import truth_ledger
from pytest_wslgo.resources import CATALOGUE
from tests.unit.making import a_claim, a_gate, a_run, a_verdict, a_waiver
from tests.unit.test_matrix import a_cell

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_wslgo.report.result import RunResult

ENTRIES = load_catalogue(CATALOGUE)
SECRET = "ghp_" + "a1B2" * 9
VOID = {"meta", "br"}


class Outline(HTMLParser):
    """Notes the tags of a page, its attributes and whether every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def a_bad_run(why: str = "/lib/ld.so is named", **changes: str) -> RunResult:
    claim = a_claim(impact="It does not start.", remedy=(Remedy("Look.", "go env GOFLAGS"),), **changes)
    other = a_claim("linking.other", statement="Another.")
    verdicts = [
        a_verdict(Verdict.REFUTED, why=why, evidence={"t::a": {"cells": [a_cell()]}}),
        a_verdict(Verdict.NOT_CHECKED, "linking.other", why="no gcc here"),
    ]
    claims = {one.id: one for one in (claim, other)}
    return a_run(a_gate(verdicts, claims=claims), claims=claims)


def test_a_page_holds_what_is_to_be_mended_what_was_not_checked_and_the_matrix() -> None:
    page = page_of(a_bad_run(), ENTRIES)
    for told in (
        "The gate is not met: 1 open",
        "linking.static on local (normal)",
        "/lib/ld.so is named",
        "It does not start.",
        "<pre>go env GOFLAGS</pre>",
        "NOT CHECKED on local: missing-tool",
        "no gcc here",
        "local: 1 of 1 trials of a binary on a distribution ended as predicted",
        "<svg ",
        "debian 12, amd64, glibc 2.36",
    ):
        assert told in page, told


@pytest.mark.parametrize("language", Language)
def test_a_page_is_one_whole_file_without_scripts(language: Language) -> None:
    outline = Outline(page_of(a_bad_run(), ENTRIES, language=language))
    assert outline.open == []
    assert "script" not in outline.tags
    assert "link" not in outline.tags
    fetched = [
        value for name, value in outline.attributes if name in ("src", "href") and not (value or "").startswith("#")
    ]
    assert fetched == []
    assert not any(name.startswith("on") for name, _ in outline.attributes)


def test_a_page_names_each_statement_of_the_article_once() -> None:
    page = page_of(a_bad_run(), ENTRIES)
    assert len(re.findall(r'<td class="rating ', page)) == len(ENTRIES)


def test_a_page_is_told_in_chinese() -> None:
    page = page_of(a_bad_run(statement_zh="它是静态的。"), ENTRIES, language=Language.ZH)
    assert "它是静态的。" in page
    assert "需要修正" in page
    assert 'lang="zh"' in page


def test_markup_and_secrets_do_not_get_into_a_page() -> None:
    page = page_of(a_bad_run(why=f"<img src=x onerror=alert(1)> {SECRET} \x1b[31mred"), ENTRIES)
    assert "<img" not in page
    assert SECRET not in page
    assert "\x1b" not in page


def test_a_good_run_has_no_section_of_faults() -> None:
    page = page_of(a_run(a_gate([a_verdict(Verdict.VERIFIED)])), ENTRIES)
    assert "The gate is met" in page
    assert 'id="refuted"' not in page
    assert 'id="unjudged"' not in page


def test_a_stale_waiver_is_told() -> None:
    gate = a_gate([a_verdict(Verdict.VERIFIED)], waivers=[a_waiver()])
    assert "the waiver of jane is stale" in page_of(a_run(gate), ENTRIES)


def test_a_page_without_a_place_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"cannot write the page .*/none/page.html: No such file or directory"):
        write_page(a_bad_run(), ENTRIES, tmp_path / "none" / "page.html", Language.EN)


def test_an_entry_has_the_worst_verdict_of_its_claims() -> None:
    entry = next(one for one in ENTRIES if one.unjudged is None)
    claims = {name: a_claim(name, catalogue=(entry.id,)) for name in ("a.one", "a.two", "a.three")}
    verdicts = [a_verdict(Verdict.VERIFIED, "a.one"), a_verdict(Verdict.NOT_CHECKED, "a.two")]
    (truth,) = truth_ledger([entry], claims, verdicts)
    assert (truth.claims, truth.verdict) == (("a.one", "a.two", "a.three"), Verdict.NOT_CHECKED)
    assert truth_ledger([entry], claims, [])[0].verdict is None
    assert (
        truth_ledger([entry], claims, [*verdicts, a_verdict(Verdict.REFUTED, "a.three")])[0].verdict is Verdict.REFUTED
    )
