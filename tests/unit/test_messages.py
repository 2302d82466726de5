"""Both languages say everything: the reports' own sentences, the book's claims, and what checks observed."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from pytest_wslgo.model.claims import Article, Claim, Kind, Remedy, Severity, Who, load_claims
from pytest_wslgo.model.language import Language
from pytest_wslgo.model.tables import read_toml
from pytest_wslgo.report import messages
from pytest_wslgo.report.messages import messages_in
from pytest_wslgo.report.messages.observed import sentence_of, translate
from pytest_wslgo.resources import CLAIMS
from tests.unit.making import a_claim

EN, ZH = messages_in(Language.EN), messages_in(Language.ZH)
REPORT = Path(messages.__file__).parents[1]
OBSERVED = read_toml(REPORT / "messages" / "observed.zh.toml", what="message catalogue")["sentences"]
CHINESE = re.compile("[\u4e00-\u9fff]")
WITHOUT_WORDS = frozenset(
    {"finding.check", "remedy.user", "head.finding", "head.waived-claim", "explain.head"} | {"explain.check"}
)
"""Messages that hold placeholders only."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def keys_in_code() -> set[str]:
    """The keys that the reports' code asks for; what follows a placeholder in a key is any of the section."""
    asked: set[str] = set()
    for path in REPORT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in EN.texts:
                asked.add(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("self.page.labelled", "page.labelled"):
                asked.add(f"label.{ast.literal_eval(node.args[0])}")
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                section = str(node.values[0].value)
                asked |= {key for key in EN.texts if section.endswith(".") and key.startswith(section)}
    return asked | keys_in_templates()


def keys_in_templates() -> set[str]:
    """The keys that the pages ask for: ``say("page.title", …)``, ``say("reason." ~ reason)``, ``row("claim", …)``."""
    asked: set[str] = set()
    for path in REPORT.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'say\("([a-z.-]+[a-z])"', text)) | {
            f"label.{key}" for key in re.findall(r'row\("(.*?)"', text)
        }
        for section in re.findall(r'say\("([a-z]+\.)" ~', text):
            asked |= {key for key in EN.texts if key.startswith(section)}
    return asked


def test_no_message_is_missing_in_either_language() -> None:
    assert set(EN.texts) == set(ZH.texts)


@pytest.mark.parametrize("key", EN.texts)
def test_the_placeholders_of_a_message_agree(key: str) -> None:
    assert placeholders(EN.texts[key]) == placeholders(ZH.texts[key])


@pytest.mark.parametrize("key", sorted(set(ZH.texts) - WITHOUT_WORDS))
def test_a_chinese_message_is_chinese(key: str) -> None:
    assert CHINESE.search(ZH.texts[key])


def test_code_asks_for_every_message_and_no_other() -> None:
    assert keys_in_code() == set(EN.texts)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("severity", Severity),
        ("kind", Kind),
        ("article", Article),
        ("who", Who),
        ("remedy", Who),
    ],
)
def test_there_is_a_message_for_every_word_of_the_model(section: str, words: type[Severity]) -> None:
    assert {f"{section}.{word}" for word in words} <= set(EN.texts)


def test_there_is_a_message_for_every_reason_and_verdict() -> None:
    from pytest_wslgo.errors import Reason
    from pytest_wslgo.model.verdicts import Verdict

    assert {f"verdict.{word}" for word in Verdict} == {key for key in EN.texts if key.startswith("verdict.")}
    assert {f"reason.{word}" for word in Reason} == {key for key in EN.texts if key.startswith("reason.")}


def _english_only(claim: Claim) -> list[str]:
    missing = [] if claim.statement_zh else ["statement_zh"]
    missing += ["impact_zh"] if claim.impact and not claim.impact_zh else []
    return missing + [f"remedy {n}: text_zh" for n, one in enumerate(claim.remedy, 1) if not one.text_zh]


def test_the_setup_and_wsl_claims_are_told_in_chinese() -> None:
    claims = [claim for claim in load_claims(CLAIMS).values() if claim.area in ("setup", "wsl")]
    assert [f"{claim.id}: {', '.join(missing)}" for claim in claims if (missing := _english_only(claim))] == []


def test_a_claim_is_told_in_the_readers_language_and_in_english_where_there_is_no_other() -> None:
    remedy = Remedy("Look.", text_zh="看。")
    claim = a_claim(statement="A.", statement_zh="甲。", impact="B.", impact_zh="乙。")
    assert (EN.statement(claim), EN.impact(claim), EN.remedy(remedy)) == ("A.", "B.", "Look.")
    assert (ZH.statement(claim), ZH.impact(claim), ZH.remedy(remedy)) == ("甲。", "乙。", "看。")
    plain = a_claim(statement="A.", impact=None)
    assert (ZH.statement(plain), ZH.impact(plain), ZH.remedy(Remedy("Look."))) == ("A.", "", "Look.")


@pytest.mark.parametrize(("english", "chinese"), OBSERVED.items())
def test_an_observed_sentence_has_the_same_placeholders(english: str, chinese: str) -> None:
    assert placeholders(english) == placeholders(chinese)
    assert CHINESE.search(chinese)


@pytest.mark.parametrize("english", OBSERVED)
def test_an_observed_sentence_is_its_own_pattern(english: str) -> None:
    """No other pair takes what this one says; values that no sentence can be show where they went."""
    values = {name: f"«{name}»" for name in placeholders(english)}
    assert ZH.observed(english.format(**values)) == OBSERVED[english].format(**values)


SENTENCES = (
    sentence_of("waits for {claim}: {why}", "等待 {claim}:{why}"),
    sentence_of("{path} is gone", "{path} 不见了"),
    sentence_of("{name} is {name}", "{name} 就是 {name}"),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("/a b is gone", "/a b 不见了", id="whole"),
        pytest.param("waits for a.b: /x is gone", "等待 a.b:/x 不见了", id="a-sentence-in-a-sentence"),
        pytest.param("/x is gone; nobody knows; /y is gone", "/x 不见了; nobody knows; /y 不见了", id="several"),
        pytest.param("x is x", "x 就是 x", id="twice-the-same"),
        pytest.param("x is y", "x is y", id="not-the-same"),
        pytest.param("go {0} is gone", "go {0} 不见了", id="braces"),
        pytest.param("two\nlines is gone", "two\nlines 不见了", id="lines"),
        pytest.param("", "", id="nothing"),
        pytest.param("no sentence", "no sentence", id="unknown"),
    ],
)
def test_what_was_observed_is_told_in_the_other_language(text: str, told: str) -> None:
    assert translate(text, SENTENCES) == told


SEEN = {
    "GOBIN is rel in the plain, login and interactive shells (the environment of the session): no absolute path": (
        "GOBIN 在普通、登录和交互式 shell 中为 rel（会话的环境）: 不是绝对路径"
    ),
    "waits for setup.go-runs: the login shell finds /usr/local/go/bin/go (PATH: exported in /root/.bashrc line 27); "
    "`go version` ends with status 2: go: cannot find GOROOT directory: /x; GOROOT is /x (go's default)": (
        "等待 setup.go-runs：登录 shell 找到 /usr/local/go/bin/go（PATH：由 /root/.bashrc 第 27 行导出）; "
        "`go version` 以状态 2 结束：go: cannot find GOROOT directory: /x; GOROOT 为 /x（go 的默认值）"
    ),
    "GOCACHE is /c in every shell (inherited: set before the shell started): 0 bytes is free there; "
    "a small program takes up to 128 MiB": (
        "GOCACHE 在每个 shell 中为 /c（继承而来：在 shell 启动之前已设置）: "
        "那里剩余 0 bytes; 一个小程序最多需要 128 MiB"
    ),
}


@pytest.mark.parametrize(("english", "chinese"), SEEN.items(), ids=["setting", "waits", "inherited"])
def test_what_real_checks_observed_is_told_in_chinese(english: str, chinese: str) -> None:
    assert ZH.observed(english) == chinese


def test_a_screen_of_output_is_no_sentence() -> None:
    text = "x; " * 100_000
    assert ZH.observed(text) == text


def test_english_facts_stay_as_they_are() -> None:
    assert EN.observed("waits for a.b: it is gone") == "waits for a.b: it is gone"
