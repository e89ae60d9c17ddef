"""Every place of a module where a small change may be made, and the module with it made."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.mutants.edits import is_docstring
from benchmarks.mutants.operators import changes

SHOWN = 90  # characters of the code that is changed


class Mutant(NamedTuple):
    """One changed module.

    Attributes:
        line: where, as the module is now.
        where: the function or class, by which a mutant is known again when lines have moved.
        what: the code, and how it is changed; unlike every other ``what`` of the same ``where``.
        source: the whole module.
    """

    line: int
    where: str
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of a module, one at a time. Docstrings, annotations, decorators and imports are left alone."""
    tree = ast.parse(source)
    seen, met = {ast.unparse(tree)}, Counter[tuple[str, str]]()
    for number, (where, node) in enumerate(_places(tree, "")):
        for change in changes(node):
            changed = copy.deepcopy(tree)
            change.make(list(_places(changed, ""))[number][1])
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text in seen:
                continue
            seen.add(text)
            about = change.about or node
            what = f"{_shown(about)}: {change.words}"
            met[where, what] += 1
            again = f" ({met[where, what]})" if met[where, what] > 1 else ""
            yield Mutant(getattr(about, "lineno", getattr(node, "lineno", 0)), where, what + again, text)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _places(tree: ast.AST, where: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node that runs, in a fixed order, with the function or class that it stands in."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(child):
                inside = where
                if isinstance(child, ast.FunctionDef | ast.ClassDef):
                    inside = f"{where}.{child.name}".lstrip(".")
                yield inside, child
                yield from _places(child, inside)


def _is_left_alone(node: ast.AST) -> bool:
    """What does not run, or runs for the type checker alone."""
    if isinstance(node, ast.Assign):
        name = getattr(node.targets[0], "id", "")
        return name == "__all__" or (isinstance(node.value, ast.Subscript) and name.istitle())
    return isinstance(node, ast.Import | ast.ImportFrom | ast.expr_context) or (
        isinstance(node, ast.stmt) and is_docstring(node)
    )
