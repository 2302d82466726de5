"""What the reports say in the reader's language: one TOML file a language, with the same keys and placeholders.

TOML because the book is TOML: Python reads it without a compile step, which gettext's .mo files need, and a reviewer
sees both languages of a sentence side by side. Neither language here needs gettext's plural forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_wslgo.model.language import Language
from pytest_wslgo.model.tables import read_toml
from pytest_wslgo.report.messages.observed import Sentence, read_sentences, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_wslgo.model.catalogue import Entry
    from pytest_wslgo.model.claims import Claim, Remedy

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Messages:
    """The reports' sentences in one language, by key (``label.claim``); ``sentences`` turn observed facts into it."""

    language: Language
    texts: Mapping[str, str]
    sentences: tuple[Sentence, ...] = ()

    def say(self, key: str, **values: object) -> str:
        """Return the sentence of ``key`` with its placeholders filled in."""
        return self.texts[key].format(**values)

    def statement(self, about: Claim | Entry) -> str:
        """Return what a claim or an entry of the catalogue states; in English where there is no Chinese."""
        return self._own(about.statement, about.statement_zh)

    def impact(self, claim: Claim) -> str:
        """Return what it costs the user when the claim does not hold; empty when that is not said."""
        return self._own(claim.impact or "", claim.impact_zh)

    def remedy(self, remedy: Remedy) -> str:
        """Return the sentence of a remedy."""
        return self._own(remedy.text, remedy.text_zh)

    def observed(self, why: str) -> str:
        """Return an observed fact, which checks state in English; what no sentence matches stays as it is."""
        return translate(why, self.sentences)

    def _own(self, english: str, chinese: str | None) -> str:
        return chinese if chinese and self.language is Language.ZH else english


@cache
def messages_in(language: Language) -> Messages:
    """Return the messages of a language."""
    texts = {
        f"{section}.{name}": text
        for section, table in read_toml(_FOLDER / f"{language}.toml", what="message catalogue").items()
        for name, text in table.items()
    }
    sentences = _FOLDER / f"observed.{language}.toml"
    return Messages(language, texts, read_sentences(sentences) if sentences.exists() else ())
