"""A rule with other limits, as it would have been had they held all along: to try a change before it is written down."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import get_args

from screening.checks._condition import Condition
from screening.errors import ConfigError, UsageError
from screening.model import Severity
from screening.rules.binding import param_hints, typed
from screening.rules.conditions import condition
from screening.rules.rule import Rule
from screening.rules.texts import NO_BREAK, shown, written

SEVERITY, AGE = "severity", "max_age_days"
"""What can be tried beside the limits."""
_FIXED = frozenset({"kind", "field"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding that the change makes, takes away or alters.

    ``before`` and ``after`` are a severity or an outcome; ``decision`` is the newest assessment of it, empty without one.
    """

    finding_id: str
    supplier: str
    number: str
    before: str
    after: str
    amount_sek: Decimal | None
    bought_sek: Decimal
    decision: str


@dataclass(slots=True)
class Month:
    """What the change would have meant in one finished monthly run."""

    run_id: str
    period: str
    as_of: date
    flags_before: int = 0
    flags_after: int = 0
    came: list[Difference] = field(default_factory=list)
    went: list[Difference] = field(default_factory=list)
    altered: list[Difference] = field(default_factory=list)


def settings(rule: Rule, given: Sequence[str]) -> Mapping[str, object]:
    """``limit_sek=20000`` and the like as values of the check's own types.

    Raises:
        UsageError: not ``name=value``, a name that the rule does not have, or a value that is not of its type.
    """
    found: dict[str, object] = {}
    for text in given:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or not name:
            message = f"--set {text}: skriv gränsens namn och värde, som --set limit_sek=20000"
            raise UsageError(message)
        if name in found:
            message = f"--set {name}: står två gånger; ange varje gräns en gång"
            raise UsageError(message)
        found[name] = _value(rule, name, value.strip())
    if not found:
        message = f"--set saknas; ange vad som ska prövas, till exempel --set {_names(rule)[0]}=…"
        raise UsageError(message)
    return found


def _names(rule: Rule) -> list[str]:
    if several := _conditions(rule):
        return [*several, AGE, SEVERITY]
    fixed = _FIXED if rule.binding.general else frozenset()
    return [name for name in param_hints(rule.binding) if name not in fixed] + [AGE, SEVERITY]


def _conditions(rule: Rule) -> Mapping[str, tuple[Condition, str]]:
    """Of a rule on several fields, each limit by the name that its texts have for it; none of other rules."""
    versions = rule.limits.versions
    of = versions[-1][1].get("of", ()) if versions else ()
    items = [item for item in of if isinstance(item, Condition)] if isinstance(of, tuple) else []
    return {f"{limit}_{item.field}": (item, limit) for item in items for limit in item.limits}


def _value(rule: Rule, name: str, text: str) -> object:
    if name not in _names(rule):
        message = f"--set {name}: {rule.id} har ingen sådan gräns; ange en av {', '.join(_names(rule))}"
        raise UsageError(message)
    try:
        value: object = tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        value = text  # a word without quotation marks, which many shells take away
    if name == SEVERITY:
        if value not in get_args(Severity):
            raise _wrong(rule, name, text)
        return value
    if name == AGE:
        if type(value) is not int or value < 0:
            raise _wrong(rule, name, text)
        return value
    if name in (several := _conditions(rule)):
        item, limit = several[name]
        try:
            made = condition({"kind": item.kind, "field": item.field, limit: value})
        except ConfigError:
            raise _wrong(rule, name, text) from None
        return getattr(made, limit)
    try:
        return typed(rule.file, rule.binding, {name: value})[name]
    except ConfigError:
        raise _wrong(rule, name, text) from None


def _wrong(rule: Rule, name: str, text: str) -> UsageError:
    """What was expected, told by what the limit is now."""
    return UsageError(
        f"--set {name}={text}: går inte att använda; skriv ett värde av samma slag som nu, {now(rule, name)}"
    )


def now(rule: Rule, name: str) -> str:
    """What a setting is in the rule's file, the newest where it is dated, as people read it."""
    if name == SEVERITY:
        return rule.severity
    if name == AGE:
        return str(rule.table.max_age_days)
    several = _conditions(rule)
    value = getattr(*several[name]) if name in several else rule.limits.versions[-1][1][name]
    return written(name, shown({name: value})[name]).replace(NO_BREAK, " ")


def changed(rule: Rule, values: Mapping[str, object]) -> Rule:
    """The rule with these settings on every day; limits that a profile has of its own still go before."""
    limits = {name: value for name, value in values.items() if name not in (SEVERITY, AGE)}
    table = {name: value for name, value in values.items() if name in (SEVERITY, AGE)}
    versions = tuple((start, _with(old, limits)) for start, old in rule.limits.versions)
    return replace(rule, limits=replace(rule.limits, versions=versions), table=rule.table.model_copy(update=table))


def _with(old: Mapping[str, object], new: Mapping[str, object]) -> Mapping[str, object]:
    """The limits with the new ones; those of a condition in its place in the list."""
    of = old.get("of")
    if not isinstance(of, tuple):
        return {**old, **new}
    items = [item for item in of if isinstance(item, Condition)]
    given = [{limit: new.get(f"{limit}_{item.field}", value) for limit, value in item.limits.items()} for item in items]
    changed_items = [replace(item, **own) for item, own in zip(items, given, strict=True)]  # type: ignore[arg-type]  # typed when read
    return {**old, "of": tuple(changed_items)}
