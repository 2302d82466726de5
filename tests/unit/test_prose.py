"""Text of a given width: wide characters, whole paths, and never more than a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.report.prose import columns, excerpt, fold, plain, shorten


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("go build", 8, id="ascii"),
        pytest.param("Go 语言", 7, id="chinese"),
        pytest.param("，。", 4, id="chinese-punctuation"),
        pytest.param("ﾊﾝｶｸ", 4, id="halfwidth-katakana"),
        pytest.param("한국어", 6, id="korean"),
        pytest.param("e\u0301", 1, id="combining-accent"),
        pytest.param("a\u200bb", 2, id="zero-width-space"),
        pytest.param("🚀", 2, id="emoji"),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\nb", "a\nb", id="line-ends-stay"),
        pytest.param("a\r\nb", "a\nb", id="crlf"),
        pytest.param("\x1b[1;31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b]0;title\x07x", "x", id="window-title"),
        pytest.param("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x1b[2Jgone", "gone", id="clear-screen"),
        pytest.param("bell\x07 \x00nul\x08", "bell nul", id="control-characters"),
        pytest.param("a\tb", "a    b", id="tab"),
        pytest.param("\u202eexe.go", "exe.go", id="bidi-override"),
        pytest.param("a\udcffb", "ab", id="undecodable-byte"),
        pytest.param("\x1b", "", id="lone-escape"),
    ],
)
def test_what_a_command_wrote_does_not_steer_the_terminal(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" \n \n", [], id="blank-lines"),
        pytest.param("one two three", ["one two", "three"], id="words"),
        pytest.param("one\ntwo", ["one", "two"], id="line-ends-are-kept"),
        pytest.param(
            "/a/very/long/path/to/x is there", ["/a/very/long/path/to/x", "is there"], id="a-path-stays-whole"
        ),
        pytest.param("see --a-long-option", ["see", "--a-long-option"], id="an-option-stays-whole"),
        pytest.param("可执行文件没有解释器", ["可执行文", "件没有解", "释器"], id="chinese"),
        pytest.param("可执行文。没有", ["可执行", "文。没有"], id="punctuation-stays-with-its-character"),
        pytest.param("用 gcc 编译程序", ["用 gcc 编", "译程序"], id="chinese-with-latin-words"),
    ],
)
def test_text_is_folded_to_nine_columns(text: str, lines: list[str]) -> None:
    assert fold(text, 9) == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("It is static.", "It is static.", id="fits"),
        pytest.param("It is static and small.", "It is static …", id="words"),
        pytest.param("可执行文件没有解释器", "可执行文件没 …", id="chinese"),
        pytest.param("/usr/local/go/bin/go", "/usr/local/go …", id="one-long-word"),
        pytest.param("two\nlines", "two lines", id="line-ends"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_text_is_shortened_to_fifteen_columns(text: str, shown: str) -> None:
    assert shorten(text, 15) == shown


def test_an_excerpt_of_short_text_is_all_of_it() -> None:
    assert excerpt("one two\nthree", 9, rows=12) == ["one two", "three"]


def test_an_excerpt_keeps_the_beginning_and_the_end() -> None:
    text = "\n".join(f"line {number}" for number in range(100))
    assert excerpt(text, 80, rows=8) == [
        *(f"line {number}" for number in range(5)),
        "… 93 more lines; the ledger (--wslgo-ledger FILE) keeps all …",
        "line 98",
        "line 99",
    ]


def test_a_word_of_some_rows_stays_whole_and_one_of_a_screen_does_not() -> None:
    assert excerpt("x" * 100, 40, rows=8) == ["x" * 100]
    shown = excerpt("x" * 10_000, 40, rows=8)
    assert [len(line) for line in shown if set(line) == {"x"}] == [40] * 7
    assert shown[5].startswith("… 243 more lines")


def test_a_command_that_wrote_without_end_is_no_burden() -> None:
    assert len(excerpt("word " * 50_000, 80, rows=12)) == 12
    assert len(excerpt("语" * 200_000, 80, rows=12)) == 12


@given(st.text(max_size=200), st.integers(4, 60))
def test_nothing_is_lost_and_no_line_is_too_wide_but_for_one_long_piece(text: str, width: int) -> None:
    lines = fold(text, width)
    assert "".join("".join(line.split()) for line in lines) == "".join(plain(text).split())
    for line in lines:
        assert columns(line) <= width or " " not in line


@given(st.text(max_size=2000), st.integers(4, 60))
def test_an_excerpt_never_takes_more_than_its_rows(text: str, width: int) -> None:
    lines = excerpt(text, width, rows=8)
    note = "more lines; the ledger"
    assert sum(1 if note in line else max(1, -(-columns(line) // width)) for line in lines) <= 8


@given(st.text(max_size=100), st.integers(4, 60))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert columns(shorten(text, width)) <= width
