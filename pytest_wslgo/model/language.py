"""The language of a report, and how a locale asks for one (POSIX, and LANGUAGE of GNU gettext)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(StrEnum):
    """The languages that reports are written in."""

    EN = "en"
    ZH = "zh"


_FIRST_OF = ("LC_ALL", "LC_MESSAGES", "LANG")
_WORD = re.compile(r"[A-Za-z]*")


def language_of_locale(environment: Mapping[str, str]) -> Language:
    """Return the language that the locale variables ask for; English when it is none of ours.

    The first of LC_ALL, LC_MESSAGES and LANG that is not empty holds. LANGUAGE is a list that goes before it, unless
    that locale is C or POSIX (gettext manual, "The LANGUAGE variable").

    >>> language_of_locale({"LANG": "zh_CN.UTF-8"})
    <Language.ZH: 'zh'>
    >>> language_of_locale({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN"})
    <Language.ZH: 'zh'>
    """
    locale = next((environment[name] for name in _FIRST_OF if environment.get(name)), "C")
    if _word_of(locale) in ("c", "posix"):
        return Language.EN
    wanted = [word for word in environment.get("LANGUAGE", "").split(":") if word] + [locale]
    ours = (word for word in map(_word_of, wanted) if word in tuple(Language))
    return Language(next(ours, Language.EN))


def _word_of(locale: str) -> str:
    """Return ``zh`` of ``zh_CN.UTF-8``."""
    found = _WORD.match(locale)
    return found[0].lower() if found else ""
