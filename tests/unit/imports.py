"""Reads the imports of a tree of modules, without importing any, and says which of them point up (DESIGN section 3).

``pytest_wslgo`` and ``suites`` are the packages of the house. Every broken rule is a sentence.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

RANKS = {
    "": 0,
    "errors": 0,
    "resources": 0,
    "model": 1,
    "target": 2,
    "toolchain": 3,
    "report": 4,
    "commands": 5,
    "__main__": 5,
    "plugin": 5,
    "suites": 6,
}
"""The layers from the ground up; ``report`` stands below ``plugin``, which prints it. ``""`` is the package itself."""

THIRD_PARTIES = {
    "errors": frozenset[str](),
    "resources": frozenset[str](),
    "": frozenset[str](),
    "model": frozenset({"elftools", "jsonc", "lief", "msgspec", "packaging"}),
    "target": frozenset({"filelock", "msgspec", "pexpect", "testinfra"}),
    "toolchain": frozenset({"filelock", "msgspec"}),
    "report": frozenset({"jinja2", "markupsafe", "msgspec"}),
    "commands": frozenset[str](),
    "__main__": frozenset[str](),
    "plugin": frozenset({"msgspec", "pytest", "_pytest", "allure", "allure_commons", "xdist"}),
    "suites": frozenset({"pytest"}),
}
STARTERS = frozenset({"subprocess", "pexpect", "testinfra", "pty", "multiprocessing"})
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Import:
    """One import: ``name`` is the module, or the name in it; ``runs`` tells that the import is not for types only."""

    module: str
    name: str
    line: int
    runs: bool
    at_top: bool


def imports_of(module: str, source: str, *, package: bool = False) -> list[Import]:
    """Return the imports of a module's source; relative ones are made absolute."""
    tree = ast.parse(source)
    home = module if package else module.rpartition(".")[0]
    found: list[Import] = []
    _walk(tree, module, home, found, runs=True, at_top=True)
    return found


def _walk(node: ast.AST, module: str, home: str, found: list[Import], *, runs: bool, at_top: bool) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            found += [Import(module, alias.name, child.lineno, runs, at_top) for alias in child.names]
        elif isinstance(child, ast.ImportFrom):
            base = ".".join(part for part in (_above(home, child.level), child.module) if part)
            found += [Import(module, f"{base}.{alias.name}", child.lineno, runs, at_top) for alias in child.names]
        elif isinstance(child, ast.If) and _is_type_checking(child.test):
            for inner in child.body:
                _walk(ast.Module([inner], []), module, home, found, runs=False, at_top=False)
            for inner in child.orelse:
                _walk(ast.Module([inner], []), module, home, found, runs=runs, at_top=at_top)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            _walk(child, module, home, found, runs=runs, at_top=at_top and not inside)


def _above(home: str, level: int) -> str:
    return ".".join(home.split(".")[: len(home.split(".")) - level + 1]) if level else ""


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def read_tree(root: Path) -> dict[str, list[Import]]:
    """Return the imports of every module of ``pytest_wslgo`` and ``suites`` below ``root``, by module."""
    modules: dict[str, list[Import]] = {}
    for path in sorted([*root.glob("pytest_wslgo/**/*.py"), *root.glob("suites/**/*.py")]):
        parts = path.relative_to(root).with_suffix("").parts
        package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if package else parts)
        modules[module] = imports_of(module, path.read_text(encoding="utf-8"), package=package)
    return modules


def layer_of(module: str) -> str | None:
    """Return the layer of a module of the house, None for one from outside."""
    first, _, rest = module.partition(".")
    if first == "suites":
        return "suites"
    return rest.partition(".")[0] if first == "pytest_wslgo" else None


def complaints(modules: Mapping[str, list[Import]]) -> list[str]:
    """Return a sentence for every import that the house does not allow, and for every cycle."""
    found = [sentence for module in modules for sentence in _of_module(module, modules)]
    return found + [f"cycle: {' -> '.join(cycle)}" for cycle in _cycles(modules)]


def _of_module(module: str, modules: Mapping[str, list[Import]]) -> Iterator[str]:
    layer = layer_of(module)
    if layer not in RANKS:
        yield f"{module} is in no layer; the layers are {', '.join(word for word in RANKS if word)}"
        return
    if "utils" in module.split("."):
        yield f"{module} is called utils: name it after its idea"
    for one in modules[module]:
        trouble = _trouble(layer, one, modules)
        if trouble:
            yield f"{module}:{one.line} imports {one.name}: {trouble}"


def _trouble(layer: str, one: Import, modules: Mapping[str, list[Import]]) -> str | None:
    top = one.name.partition(".")[0]
    if top in STARTERS and layer != "target":
        return "only target starts processes"
    goal = layer_of(_module_of(one.name, modules))
    if goal is None:
        return _outside(layer, top)
    if goal not in RANKS:
        return "there is no such layer"
    if layer == "suites":
        return None if not one.runs or goal in ("suites", "model") else "a suite has fixtures, and pytest_wslgo.model"
    if layer == "" and goal != "":
        return "the package's own module holds the version only"
    if {layer, goal} == {"errors", "resources"}:
        return "errors and resources stand side by side"
    return f"{layer} is below {goal}" if RANKS[goal] > RANKS[layer] else None


def _outside(layer: str, top: str) -> str | None:
    if top in sys.stdlib_module_names or top in THIRD_PARTIES[layer]:
        return None
    return (
        "only plugin and suites import pytest"
        if top in ("pytest", "_pytest")
        else f"{layer or 'the package'} does without"
    )


def _module_of(name: str, modules: Iterable[str]) -> str:
    """Return the module that an import names: ``pkg.module`` of ``pkg.module.Class``."""
    while name not in modules and "." in name:
        name = name.rpartition(".")[0]
    return name


def _cycles(modules: Mapping[str, list[Import]]) -> Iterator[list[str]]:
    """Yield one cycle for each module that closes one, along the imports that run when a module is imported."""
    edges = {
        module: [
            goal for one in many if one.at_top and (goal := _module_of(one.name, modules)) in modules and goal != module
        ]
        for module, many in modules.items()
    }
    done: set[str] = set()
    for start in modules:
        yield from _closed(start, edges, [], done)


def _closed(module: str, edges: Mapping[str, list[str]], path: list[str], done: set[str]) -> Iterator[list[str]]:
    if module in path:
        yield [*path[path.index(module) :], module]
    elif module not in done:
        for goal in edges[module]:
            yield from _closed(goal, edges, [*path, module], done)
        done.add(module)


def too_long(root: Path, folders: Iterable[str]) -> list[str]:
    """Return a sentence for every Python file of ``folders`` that is longer than a reader's patience."""
    counted = [
        (path.relative_to(root), len(path.read_text(encoding="utf-8").splitlines()))
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
    ]
    return [f"{path} has {lines} lines; {LONGEST} is the limit" for path, lines in counted if lines > LONGEST]
