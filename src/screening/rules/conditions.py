"""Conditions of a rule's TOML (``of = [{ kind = …, field = …, at_least = … }]``): typed, and held against the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, Field

from screening.checks._condition import BUYERS, TYPES, Condition
from screening.config import Strict, validate
from screening.errors import ConfigError
from screening.model import KINDS, Contract, Spend, Value


def _number(given: object) -> object:
    """A text is never read as a number, nor a yes as one."""
    if isinstance(given, bool | str):
        message = "expected a number"
        raise ValueError(message)  # noqa: TRY004 - pydantic reads it as the key's problem
    return given


Number = Annotated[Decimal, BeforeValidator(_number)]
Days = Annotated[int, Field(ge=0, le=36_525, strict=True)]


class ConditionTable(Strict):
    """One condition as the file says."""

    kind: str
    field: str
    at_least: Number | None = None
    below: Number | None = None
    one_of: tuple[str, ...] = ()
    older_than_days: Days | None = None
    older_than_months: Days | None = None
    younger_than_days: Days | None = None
    younger_than_months: Days | None = None


def condition(given: object) -> Condition:
    """One condition.

    Raises:
        ConfigError: an unknown key or a wrong type.
    """
    for key in given if isinstance(given, Mapping) else ():
        if key not in ConditionTable.model_fields:
            message = f"{key}: unknown; expected one of {', '.join(ConditionTable.model_fields)}"
            raise ConfigError(message)
    return Condition(**validate("condition", given, ConditionTable).model_dump())


def verify(where: str, of: Iterable[Condition], scope: str) -> tuple[str, ...]:
    """Every condition names a field that is there and that its limits can be held against.

    Returns:
        The kinds of fact that are needed, in order.

    Raises:
        ConfigError: names the condition and what was expected.
    """
    named: set[str] = set()
    kinds: dict[str, None] = {}
    for number, item in enumerate(of, 1):
        here = f"{where}: condition {number}"
        verify_field(here, item.kind, item.field, item.types, BUYERS)
        if not item.types:
            message = (
                f"{here}: {', '.join(item.limits) or 'no limit'}; expected limits of one type, of {', '.join(TYPES)}"
            )
            raise ConfigError(message)
        if item.field in named:
            message = f"{here}: {item.field} twice; expected each field once, with all its limits"
            raise ConfigError(message)
        if item.kind == "contract" and scope != "contract":
            message = f'{here}: a field of the contract; expected scope = "contract"'
            raise ConfigError(message)
        named.add(item.field)
        if item.kind not in BUYERS:
            kinds[item.kind] = None
    if not kinds:
        message = f"{where}: of: no condition on a fact; expected at least one, since a flag shows its evidence"
        raise ConfigError(message)
    return tuple(kinds)


def verify_field(where: str, kind: str, field: str, types: tuple[type, ...], also: Iterable[str] = ()) -> None:
    """The field is there, and holds one of the types; any where none is given.

    Raises:
        ConfigError: lists the kinds or fields that are there.
    """
    places: Mapping[str, type] = {**KINDS, **{name: _BUYERS[name] for name in also}}
    if kind not in places:
        message = f"{where}.kind: {kind!r}; expected one of {', '.join(sorted(places))}"
        raise ConfigError(message)
    hints = get_type_hints(places[kind])
    own = (item.name for item in fields(places[kind]) if item.name not in ("scope_key", "provenance"))
    fitting = sorted(name for name in own if not types or _holds(hints[name], types))
    if field not in fitting:
        expected = f"one of {', '.join(fitting)}" if fitting else f"another kind; {kind} has none that it can judge"
        message = f"{where}.field: {field!r} of {kind}; expected {expected}"
        raise ConfigError(message)


_BUYERS: Mapping[str, type] = {"spend": Spend, "contract": Contract}


def _holds(hint: Any, types: tuple[type, ...]) -> bool:
    """Whether a field so annotated, or one that may also be absent, is of one of the types."""
    if get_origin(hint) in (Union, UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return len(rest) == 1 and _holds(rest[0], types)
    if get_origin(hint) is Literal:
        return all(type(item) in types for item in get_args(hint))
    return hint in types


def limits_of(of: Iterable[Condition]) -> dict[str, Value | tuple[str, ...]]:
    """The limits under the names that texts use: limit and field, such as ``at_least_turnover_sek``."""
    found: dict[str, Value | tuple[str, ...]] = {}
    for item in of:
        for name in item.limits:
            found[f"{name}_{item.field}"] = getattr(item, name)
    return found
