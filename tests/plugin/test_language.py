"""The language of a run's report: by option, settings file or locale; the ledger is the same in each."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import CLAIM, RunWslgo, WriteCheck

REFUTED_EN = f"REFUTED   {CLAIM} on local (critical)"
REFUTED_ZH = f"不成立    {CLAIM}\uff08local\uff0c严重\uff09"
BODY = "assert not target, 'net has interpreter /lib/ld-x.so'"


def test_the_option_chooses_the_language_and_the_ledger_has_none(run_wslgo: RunWslgo, write_check: WriteCheck) -> None:
    check = str(write_check(BODY))
    english = run_wslgo(check, "--wslgo-lang=en")
    chinese = run_wslgo(check, "--wslgo-lang=zh")

    assert REFUTED_EN in english.output
    assert REFUTED_ZH in chinese.output
    assert "CGO_ENABLED=0 时" in chinese.output
    assert (english.status, chinese.status) == (1, 1)
    for key in ("verdict", "why", "remedy", "severity"):
        assert english.verdict()[key] == chinese.verdict()[key]


@pytest.mark.parametrize(
    ("settings", "args", "shown"),
    [
        pytest.param("", (), REFUTED_ZH, id="locale"),
        pytest.param("lang = 'en'", (), REFUTED_EN, id="settings-before-locale"),
        pytest.param("lang = 'en'", ("--wslgo-lang=zh",), REFUTED_ZH, id="option-before-settings"),
    ],
)
def test_the_language_is_that_of_the_option_then_the_settings_then_the_locale(
    run_wslgo: RunWslgo,
    write_check: WriteCheck,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    args: tuple[str, ...],
    shown: str,
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (pytester.path / "wslgo.toml").write_text(settings)

    assert shown in run_wslgo(str(write_check(BODY)), *args).output


@pytest.mark.parametrize("args", [("--wslgo",), ("--wslgo-list",), ("--wslgo-explain", CLAIM)])
def test_a_language_that_there_is_none_of_gets_one_sentence(run_wslgo: RunWslgo, args: tuple[str, ...]) -> None:
    run = run_wslgo(*args, "--wslgo-lang=zn", wslgo=False)

    assert run.status == 4, run.output
    assert "--wslgo-lang = 'zn' is not one of en, zh (did you mean 'zh'?)" in run.output
    assert "Traceback" not in run.output


def test_list_and_explain_speak_chinese_too(run_wslgo: RunWslgo) -> None:
    table = run_wslgo("--wslgo-list", "--wslgo-lang=zh", wslgo=False)
    told = run_wslgo("--wslgo-explain", CLAIM, "--wslgo-lang=zh", wslgo=False)

    assert "严重" in table.output
    assert "判定方法" in told.output
    assert "suites/test_linking.py:" in told.output


def test_a_terminal_that_knows_ascii_only_does_not_break_the_run(
    run_wslgo: RunWslgo, write_check: WriteCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    run = run_wslgo(str(write_check(BODY)), "--wslgo-lang=zh")
    told = run_wslgo("--wslgo-explain", CLAIM, "--wslgo-lang=zh", wslgo=False)

    assert (run.status, told.status) == (1, 0), run.output + told.output
