"""The small changes: what a tired programmer might have written instead."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from types import UnionType
from typing import Any, NamedTuple

OTHER_WAY: dict[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Mod: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One changed module. ``line`` and ``what`` say where and how."""

    line: int
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of a module, one at a time. Docstrings, annotations and imports are left alone."""
    tree = ast.parse(source)
    places = list(_places(tree))
    for number, node in enumerate(places):
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            other = list(_places(changed))[number]
            change(other)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(getattr(node, "lineno", 0), f"{ast.unparse(node)[:90]}: {what}", text)


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs, in a fixed order."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom | ast.expr_context):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring
            if isinstance(child, ast.Assign) and any(
                getattr(target, "id", "") == "__all__" for target in child.targets
            ):
                continue
            yield child
            yield from _places(child)


Change = tuple[str, Callable[[ast.AST], None]]


def _changes(node: ast.AST) -> Iterator[Change]:
    """What may be changed in one node, as (words, change)."""
    for kinds, changes in CHANGES:
        if isinstance(node, kinds):
            yield from changes(node)


def _compare(node: ast.Compare) -> Iterator[Change]:
    for place, operator in enumerate(node.ops):
        for other in OTHER_WAY[type(operator)]:
            yield other.__name__, _set_in("ops", place, other)


def _bin_op(node: ast.BinOp) -> Iterator[Change]:
    if (other := ARITHMETIC.get(type(node.op))) is not None:
        yield other.__name__, _set("op", other)


def _branch(node: ast.If | ast.IfExp | ast.While) -> Iterator[Change]:
    if not isinstance(node.test, ast.Compare | ast.BoolOp):
        yield "the other way", _negate


def _return(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "returns None", _set_constant("value", value=None)


def _assign(node: ast.Assign | ast.AnnAssign) -> Iterator[Change]:
    if node.value is not None:
        yield "is None", _set_constant("value", value=None)


def _aug_assign(node: ast.AugAssign) -> Iterator[Change]:
    yield "the other way", _set("op", ast.Sub if isinstance(node.op, ast.Add) else ast.Add)


def _comprehension(node: ast.comprehension) -> Iterator[Change]:
    for place, _test in enumerate(node.ifs):
        yield f"without filter {place + 1}", _drop("ifs", place)


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    yield f"without {type(node.op).__name__}", _bare


def _bool_op(node: ast.BoolOp) -> Iterator[Change]:
    yield "and" if isinstance(node.op, ast.Or) else "or", _set("op", ast.And if isinstance(node.op, ast.Or) else ast.Or)
    for place, _value in enumerate(node.values):
        yield f"without part {place + 1}", _drop("values", place)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield str(not value), _set_constant("value", value=not value)
    elif isinstance(value, int | float):
        yield str(value + 1), _set_constant("value", value=value + 1)
        if value > 0:
            yield str(value - 1), _set_constant("value", value=value - 1)
    elif isinstance(value, str):
        yield "other text", _set_constant("value", value=f"XX{value}XX" if value else "XX")


def _call(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield SWAPPED[node.func.id], _rename
    for place, argument in enumerate(node.args):
        if not isinstance(argument, ast.Constant | ast.Starred):
            yield f"argument {place + 1} None", _set_in_constant("args", place)
    for place, keyword in enumerate(node.keywords):
        yield f"without {keyword.arg or '**'}", _drop("keywords", place)


def _is_type(node: ast.Assign) -> bool:
    """A name for a type: ``Right = Literal["yes", "no"]``."""
    return isinstance(node.value, ast.Subscript) and getattr(node.targets[0], "id", "").istitle()


CHANGES: tuple[tuple[type[ast.AST] | UnionType, Callable[[Any], Iterator[Change]]], ...] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _bool_op),
    (ast.BinOp, _bin_op),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.If | ast.IfExp | ast.While, _branch),
    (ast.Return, _return),
    (ast.Assign | ast.AnnAssign, _assign),
    (ast.AugAssign, _aug_assign),
    (ast.Call, _call),
    (ast.comprehension, _comprehension),
)
"""Kind of node -> what may be changed in it."""


# --- changes of a node in place ---------------------------------------------------------------------------------------------
def _set(field: str, kind: type[ast.AST]) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, kind())


def _set_in(field: str, place: int, kind: type[ast.AST]) -> Callable[[ast.AST], None]:
    return lambda node: getattr(node, field).__setitem__(place, kind())


def _set_constant(field: str, *, value: str | bool | float | None) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        setattr(node, field, value if isinstance(node, ast.Constant) else ast.Constant(value))

    return change


def _set_in_constant(field: str, place: int) -> Callable[[ast.AST], None]:
    return lambda node: getattr(node, field).__setitem__(place, ast.Constant(None))


def _drop(field: str, place: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        del getattr(node, field)[place]

    return change


def _bare(node: ast.AST) -> None:
    """``not x`` and ``-x`` become ``+x`` or a double negation of nothing: the operand alone."""
    assert isinstance(node, ast.UnaryOp)
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    else:
        node.op = ast.UAdd()


def _negate(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.IfExp | ast.While)
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _rename(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    node.func.id = SWAPPED[node.func.id]
