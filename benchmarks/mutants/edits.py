"""How a change is made: each gives, or is, a function that changes a node in place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Any

Edit = Callable[[Any], None]
PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def put(field: str, value: object) -> Edit:
    """Another value in a field."""
    return lambda node: setattr(node, field, copy.copy(value))


def put_in(field: str, place: int, value: ast.AST) -> Edit:
    """Another value in a field's list."""
    return lambda node: getattr(node, field).__setitem__(place, copy.copy(value))


def drop(field: str, place: int) -> Edit:
    """One less in a field's list."""
    return lambda node: getattr(node, field).__delitem__(place)


def drop_of(inner: str, field: str, place: int) -> Edit:
    """One less in a list of a node inside."""
    return lambda node: getattr(getattr(node, inner), field).__delitem__(place)


def both(field: str, other: str) -> Edit:
    """One operand in the place of the other too: ``a | b`` is ``a``."""
    return lambda node: setattr(node, field, copy.deepcopy(getattr(node, other)))


def rename(field: str, name: str) -> Edit:
    """Another function, or method, called."""
    return lambda node: setattr(node.func, field, name)


def keyword_none(place: int) -> Edit:
    """A keyword's value is ``None``."""
    return lambda node: setattr(node.keywords[place], "value", ast.Constant(None))


def bare(node: ast.UnaryOp) -> None:
    """``not x`` and ``-x`` become ``not not x`` and ``+x``."""
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    else:
        node.op = ast.UAdd()


def negate(node: ast.If | ast.IfExp | ast.While) -> None:
    """The condition turned round."""
    node.test = ast.UnaryOp(ast.Not(), node.test)


def only_argument(node: ast.Call) -> None:
    """``sorted(x, key=k)`` becomes ``list(x)``, and ``abs(x)`` becomes ``+x``."""
    if getattr(node.func, "id", "") == "abs":
        _become(node, ast.UnaryOp(ast.UAdd(), node.args[0]))
    else:
        node.func, node.args, node.keywords = ast.Name("list", ast.Load()), node.args[:1], []


def only_receiver(node: ast.Call) -> None:
    """``x.casefold()`` becomes ``str(x)``."""
    assert isinstance(node.func, ast.Attribute)
    node.args = [node.func.value]
    node.func = ast.Name("str", ast.Load())


def as_list(node: ast.SetComp) -> None:
    """``{x for …}`` becomes ``[x for …]``: with repeats, and in the order met."""
    _become(node, ast.ListComp(node.elt, node.generators))


def _become(node: ast.AST, other: ast.AST) -> None:
    """A node of another kind in the same place."""
    place = {key: value for key, value in vars(node).items() if key in PLACE}
    vars(node).clear()
    node.__class__ = other.__class__
    vars(node).update(vars(other), **place)


def is_docstring(statement: ast.stmt) -> bool:
    """Text that stands by itself: a docstring, or an attribute's."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
