r"""The sections that our shell scripts print: each begins with ``\nNONCE NAME\n`` (see ``target/probe.sh``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_wslgo.model.facts import Answer
from pytest_wslgo.model.program_head import parse_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_wslgo.model.facts import Pairs
    from pytest_wslgo.model.program_head import ProgramHead

FIELD = "\x1e"  # which str.splitlines takes for the end of a line


class Sections:
    """The output of one script, by section. What is not there is empty or None; ``last`` names the last section."""

    def __init__(self, output: bytes, nonce: str) -> None:
        _, *parts = output.split(f"\n{nonce} ".encode())
        heads = [part.partition(b"\n") for part in parts]
        self._texts = {head.decode("utf-8", "replace"): body.decode("utf-8", "replace") for head, _, body in heads}
        self.last = next(reversed(self._texts), None)

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def text(self, name: str) -> str:
        return self._texts.get(name, "")

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(line for line in self.text(name).split("\n") if line)

    def pairs(self, name: str) -> Pairs:
        rows = (line.split(FIELD) for line in self.lines(name))
        return tuple((row[0], row[1]) for row in rows if len(row) == 2)

    def environ(self, name: str) -> Pairs:
        entries = (entry.partition("=") for entry in self.text(name).split(FIELD))
        return tuple((key.strip("\n"), value) for key, equals, value in entries if equals)

    def named(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield the rest of the name and the text of each section whose name begins with this word."""
        for name, text in self._texts.items():
            if name.startswith(f"{kind} "):
                yield name.removeprefix(f"{kind} "), text

    def answer(self, name: str) -> Answer | None:
        if name not in self:
            return None
        return Answer(number(self.text(f"{name}.status")), self.text(name), self.text(f"{name}.err"))

    def head(self, name: str) -> ProgramHead | None:
        try:
            data = bytes.fromhex(self.text(name))
        except ValueError:
            return None
        return parse_head(data) if data else None


def number(text: str) -> int | None:
    """Return the number that a section holds; None when it holds none."""
    return int(text) if text.strip().isdigit() else None
