"""How claims are judged, read from the sources of the book's checks: nothing is imported and nothing is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CheckSource:
    """One check as it is written: ``says`` is its docstring's sentence or its name in words, ``conditions`` what it
    asserts, ``place`` the file and line."""

    claims: tuple[str, ...]
    says: str
    conditions: tuple[str, ...]
    place: str


def checks_in(suites: Path) -> tuple[CheckSource, ...]:
    """Return the checks of the modules ``test_*.py`` of a folder, in the order of files and lines."""
    return tuple(
        check
        for path in sorted(suites.glob("test_*.py"))
        for check in _checks_of(ast.parse(path.read_text(encoding="utf-8")), f"{suites.name}/{path.name}")
    )


def _checks_of(module: ast.Module, file: str) -> Iterator[CheckSource]:
    tables = {
        goal.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for goal in node.targets
        if isinstance(goal, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            claims = tuple(dict.fromkeys(_claims_of(node, tables)))
            conditions = tuple(ast.unparse(part.test) for part in ast.walk(node) if isinstance(part, ast.Assert))
            if claims:
                yield CheckSource(claims, _says(node), conditions, f"{file}:{node.lineno}")


def _claims_of(check: ast.FunctionDef, tables: dict[str, ast.expr]) -> Iterator[str]:
    """Yield the ids of the ``claim`` markers on a check, and on the cases of a table that it is parametrized with."""
    for decorator in check.decorator_list:
        named = [tables[node.id] for node in ast.walk(decorator) if isinstance(node, ast.Name) and node.id in tables]
        for expression in (decorator, *named):
            for node in ast.walk(expression):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "claim":
                    yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


def _says(check: ast.FunctionDef) -> str:
    told = ast.get_docstring(check)
    if told:
        return told.splitlines()[0].rstrip(".")
    return check.name.removeprefix("test_").replace("_", " ")
