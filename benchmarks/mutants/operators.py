"""The small changes: what a tired programmer might have written instead."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, NamedTuple, TypeAlias

from benchmarks.mutants import edits

OTHER_WAY: Mapping[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
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
ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
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
METHODS = {"startswith": "endswith", "endswith": "startswith"}
BARE = ("sorted", "reversed", "abs")
"""Functions that may be forgotten around their argument."""
BARE_METHODS = ("casefold", "lower", "upper", "strip")
VERDICTS = ("flag", "clear", "unknown", "not_applicable")
"""What makes a verdict: a value that is ``None`` is the same as one that is left out."""
VARIADIC = ("flag", "clear", "min", "max")
"""Functions that take any number of arguments, so that one may be forgotten; elsewhere that is a plain error."""
OPTIONAL: tuple[type[ast.stmt], ...] = (ast.Expr, ast.Return, ast.Raise, ast.Continue, ast.Break, ast.AugAssign)
"""Statements that may be forgotten; a forgotten assignment is one of ``None``."""


class Change(NamedTuple):
    """One change of a node: in words, how to make it in a copy, and what part is meant where it is not the whole node."""

    words: str
    make: Callable[[Any], None]
    about: ast.AST | None = None


Changes: TypeAlias = Iterator[Change]


def changes(node: ast.AST) -> Changes:
    """What may be changed in one node; its children have their own."""
    for kinds, of_kind in CHANGES:
        if isinstance(node, kinds):
            yield from of_kind(node)


# --- expressions --------------------------------------------------------------------------------------------------------
def _compare(node: ast.Compare) -> Changes:
    for place, operator in enumerate(node.ops):
        for other in OTHER_WAY[type(operator)]:
            yield Change(other.__name__, edits.put_in("ops", place, other()))


def _bin_op(node: ast.BinOp) -> Changes:
    if (other := ARITHMETIC.get(type(node.op))) is not None:
        yield Change(other.__name__, edits.put("op", other()))
    if isinstance(node.op, ast.BitOr):
        yield Change("the left alone", edits.both("right", "left"))
        yield Change("the right alone", edits.both("left", "right"))


def _unary(node: ast.UnaryOp) -> Changes:
    yield Change(f"without {type(node.op).__name__}", edits.bare)


def _bool_op(node: ast.BoolOp) -> Changes:
    other = ast.And if isinstance(node.op, ast.Or) else ast.Or
    yield Change("and" if other is ast.And else "or", edits.put("op", other()))
    for place, _value in enumerate(node.values):
        yield Change(f"without part {place + 1}", edits.drop("values", place))


def _constant(node: ast.Constant) -> Changes:
    value = node.value
    if isinstance(value, bool):
        yield Change(str(not value), edits.put("value", not value))
    elif isinstance(value, int | float):
        yield Change(str(value + 1), edits.put("value", value + 1))
        if value > 0:
            yield Change(str(value - 1), edits.put("value", value - 1))
    elif isinstance(value, str):
        yield Change("other text", edits.put("value", f"XX{value}XX" if value else "XX"))


def _call(node: ast.Call) -> Changes:
    name = getattr(node.func, "id", "")
    if name in SWAPPED:
        yield Change(SWAPPED[name], edits.rename("id", SWAPPED[name]))
    if name in BARE:
        yield Change(f"without {name}", edits.only_argument)
    if isinstance(node.func, ast.Attribute):
        if other := METHODS.get(node.func.attr):
            yield Change(other, edits.rename("attr", other))
        if node.func.attr in BARE_METHODS:
            yield Change(f"without {node.func.attr}", edits.only_receiver)
    yield from _arguments(node, name)


def _arguments(node: ast.Call, name: str) -> Changes:
    for place, argument in enumerate(node.args):
        if not isinstance(argument, ast.Constant | ast.Starred):
            yield Change(f"argument {place + 1} None", edits.put_in("args", place, ast.Constant(None)))
        if isinstance(argument, ast.Starred) or (name in VARIADIC and (len(node.args) > 1 or name == "clear")):
            yield Change(f"without argument {place + 1}", edits.drop("args", place))
    for place, keyword in enumerate(node.keywords):
        yield Change(f"without {keyword.arg or '**'}", edits.drop("keywords", place))
        if name not in VERDICTS and keyword.arg not in (None, "key") and not isinstance(keyword.value, ast.Constant):
            yield Change(f"{keyword.arg} None", edits.keyword_none(place))


def _comprehension(node: ast.comprehension) -> Changes:
    for place, test in enumerate(node.ifs):
        yield Change("without the filter", edits.drop("ifs", place), test)


def _set_comp(_node: ast.SetComp) -> Changes:
    yield Change("with repeats", edits.as_list)


def _lambda(node: ast.Lambda) -> Changes:
    if isinstance(node.body, ast.Tuple):
        for place, _element in enumerate(node.body.elts):
            yield Change(f"without element {place + 1}", edits.drop_of("body", "elts", place))


def _display(node: ast.Tuple | ast.List | ast.Set) -> Changes:
    for place, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            yield Change(f"without element {place + 1}", edits.drop("elts", place))


def _slice(node: ast.Slice) -> Changes:
    for end in ("lower", "upper"):
        if getattr(node, end) is not None:
            yield Change(f"without its {end} end", edits.put(end, None))


def _yield(node: ast.Yield | ast.NamedExpr) -> Changes:
    if node.value is not None:
        yield Change("None", edits.put("value", ast.Constant(None)))


# --- statements -----------------------------------------------------------------------------------------------------------
def _branch(node: ast.If | ast.IfExp | ast.While) -> Changes:
    if not isinstance(node.test, ast.Compare | ast.BoolOp):
        yield Change("the other way", edits.negate, node.test)
    if not isinstance(node, ast.While):
        yield Change("always", edits.put("test", ast.Constant(value=True)), node.test)
        yield Change("never", edits.put("test", ast.Constant(value=False)), node.test)


def _return(node: ast.Return) -> Changes:
    """``None`` in the place of ``False`` or of nothing is the same to whoever asks: those have their own changes."""
    empty = (isinstance(node.value, ast.Constant) and not node.value.value) or (
        isinstance(node.value, ast.Tuple | ast.List) and not node.value.elts
    )
    if node.value is not None and not empty:
        yield Change("returns None", edits.put("value", ast.Constant(None)))


def _assign(node: ast.Assign | ast.AnnAssign) -> Changes:
    if node.value is not None:
        yield Change("is None", edits.put("value", ast.Constant(None)))


def _aug_assign(node: ast.AugAssign) -> Changes:
    other = ARITHMETIC.get(type(node.op), ast.Add)
    yield Change("the other way", edits.put("op", other()))


def _block(node: ast.FunctionDef | ast.If | ast.For | ast.While | ast.With) -> Changes:
    """Statements left out; the only one of a branch is the branch never taken, and the last ``return`` is ``None``."""
    for field in ("body", "orelse"):
        statements = getattr(node, field, [])
        alone = isinstance(node, ast.If) and len(statements) == 1
        for place, statement in enumerate(statements):
            if isinstance(statement, ast.Break):
                yield Change("continue", edits.put_in(field, place, ast.Continue()), statement)
            if isinstance(statement, ast.Continue):
                yield Change("break", edits.put_in(field, place, ast.Break()), statement)
            last = isinstance(node, ast.FunctionDef) and statement is statements[-1]
            if (
                isinstance(statement, OPTIONAL)
                and not edits.is_docstring(statement)
                and not alone
                and not (last and isinstance(statement, ast.Return))
            ):
                yield Change("left out", edits.put_in(field, place, ast.Pass()), statement)


CHANGES: tuple[tuple[type[ast.AST] | UnionType, Callable[[Any], Changes]], ...] = (
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
    (ast.SetComp, _set_comp),
    (ast.Lambda, _lambda),
    (ast.Tuple | ast.List | ast.Set, _display),
    (ast.Slice, _slice),
    (ast.Yield | ast.NamedExpr, _yield),
    (ast.FunctionDef | ast.If | ast.For | ast.While | ast.With, _block),
)
"""Kind of node -> what may be changed in it."""
