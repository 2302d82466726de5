"""Which language a locale asks for: POSIX's order of the variables, and gettext's LANGUAGE before it."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.language import Language, language_of_locale

EN, ZH = Language.EN, Language.ZH


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        pytest.param({}, EN, id="nothing"),
        pytest.param({"LANG": "zh_CN.UTF-8"}, ZH, id="lang"),
        pytest.param({"LANG": "zh_TW"}, ZH, id="another-country"),
        pytest.param({"LANG": "zh_Hans_CN@modifier"}, ZH, id="script"),
        pytest.param({"LANG": "zh"}, ZH, id="language-alone"),
        pytest.param({"LANG": "de_DE.UTF-8"}, EN, id="none-of-ours"),
        pytest.param({"LANG": "zhx_XX"}, EN, id="another-language-that-begins-so"),
        pytest.param({"LANG": "\udcff"}, EN, id="garbage"),
        pytest.param({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, ZH, id="messages-before-lang"),
        pytest.param({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, EN, id="all-before-messages"),
        pytest.param({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, ZH, id="empty-is-unset"),
        pytest.param({"LC_CTYPE": "zh_CN.UTF-8"}, EN, id="other-categories-do-not-count"),
        pytest.param({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, ZH, id="language-before-lang"),
        pytest.param({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_GB:zh"}, EN, id="first-of-the-list"),
        pytest.param({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN"}, ZH, id="first-of-the-list-that-is-ours"),
        pytest.param({"LANG": "zh_CN.UTF-8", "LANGUAGE": "fr:de"}, ZH, id="none-of-the-list"),
        pytest.param({"LANG": "zh_CN.UTF-8", "LANGUAGE": ""}, ZH, id="empty-list"),
        pytest.param({"LC_ALL": "C", "LANGUAGE": "zh_CN"}, EN, id="c-knows-no-language"),
        pytest.param({"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN"}, EN, id="c-utf8-neither"),
        pytest.param({"LANG": "POSIX", "LANGUAGE": "zh_CN"}, EN, id="posix"),
        pytest.param({"LANGUAGE": "zh_CN"}, EN, id="no-locale-is-c"),
    ],
)
def test_the_locale_asks_for_a_language(environment: dict[str, str], language: Language) -> None:
    assert language_of_locale(environment) is language
