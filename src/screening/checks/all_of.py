"""A general check: every condition that a rule names holds, on facts, on what is bought and on the contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from screening.checks._condition import Condition
from screening.checks._condition import Several as P
from screening.model import Context, Fact, Value, Verdict, clear, flag, unknown


def check(facts: tuple[Fact, ...], c: Context, p: P) -> Verdict:
    """Flags when all hold; one that does not makes it clear, also where another could not be judged."""
    values = {condition.field: _value(condition, facts, c) for condition in p.of}
    held = [condition.holds(values[condition.field], c.today) for condition in p.of]
    seen: dict[str, Value] = {**values, "as_of_on": min(fact.provenance.held_on for fact in facts)}
    if False in held:
        return clear(*facts, **seen)
    if None in held:
        return unknown("partial", **values)
    return flag(facts[0], *facts[1:], level="", **seen)


def _value(condition: Condition, facts: tuple[Fact, ...], c: Context) -> Value:
    """What the field holds; ``None`` where the source, the ledger or the register of contracts does not say."""
    places: dict[str, object] = {fact.kind: fact for fact in facts}
    places |= {"spend": c.spend, "contract": c.contract}
    value: object = getattr(places[condition.kind], condition.field, None)
    return value if isinstance(value, str | int | date | Decimal) else None
