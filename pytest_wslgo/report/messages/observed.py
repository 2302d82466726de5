"""Observed facts in another language: checks and models state them in English, filled in, and so the ledger keeps them.

As in gettext the English sentence is the key. It arrives with its placeholders filled in, so each English sentence of
``observed.zh.toml`` is a pattern; the one with the most words of its own that matches is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_wslgo.model.tables import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_JOINT = re.compile("; |: ")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One English sentence as a pattern, and the same in the other language; ``weight`` is its fixed characters."""

    pattern: re.Pattern[str]
    other: str
    weight: int


def sentence_of(english: str, other: str) -> Sentence:
    """Return the sentence of a pair with the same placeholders."""
    parts = _PLACEHOLDER.split(english)
    fixed, names = parts[::2], parts[1::2]
    pattern = re.escape(fixed[0])
    for name, text in zip(names, fixed[1:], strict=True):
        pattern += (f"(?P<{name}>.+?)" if f"(?P<{name}>" not in pattern else f"(?P={name})") + re.escape(text)
    return Sentence(re.compile(pattern, re.DOTALL), other, sum(map(len, fixed)))


def read_sentences(path: Path) -> tuple[Sentence, ...]:
    """Read pairs of sentences, those with the most fixed characters first."""
    pairs = read_toml(path, what="message catalogue")["sentences"]
    return tuple(sorted((sentence_of(*pair) for pair in pairs.items()), key=lambda one: -one.weight))


def translate(text: str, sentences: Iterable[Sentence]) -> str:
    """Return ``text`` in the other language, and so each fact in it that is a sentence of its own.

    Facts are joined by ``"; "``, and what is wrong with one stands behind ``": "``. What is longer than a sentence is
    (a command's output) stays.
    """
    known = tuple(sentences)
    if not known or len(text) > _LONGEST:
        return text
    joints = [joint for joint in _JOINT.finditer(text) if _is_closed(text[: joint.start()])]
    for joint in joints:
        first = _whole(text[: joint.start()], known)
        if first is not None:
            return f"{first}{joint[0]}{translate(text[joint.end() :], known)}"
    whole = _whole(text, known)
    return whole if whole is not None else _end(text, joints, known)


def _end(text: str, joints: list[re.Match[str]], sentences: tuple[Sentence, ...]) -> str:
    """Translate the last part of ``text`` when that is a sentence: what is wrong with a value that is none."""
    for joint in joints:
        last = _whole(text[joint.end() :], sentences)
        if last is not None:
            return f"{text[: joint.end()]}{last}"
    return text


def _is_closed(text: str) -> bool:
    """Tell whether every bracket is closed: a fact does not end within one."""
    return text.count("(") == text.count(")")


def _whole(text: str, sentences: tuple[Sentence, ...]) -> str | None:
    for sentence in sentences:
        found = sentence.pattern.fullmatch(text)
        if found and all(map(_is_closed, found.groups())):
            values = {name: translate(value, sentences) for name, value in found.groupdict().items()}
            return sentence.other.format(**values)
    return None
