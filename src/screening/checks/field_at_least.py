"""A general check: a number that a rule names is at least its limit."""

from __future__ import annotations

from screening.checks._field import Limit as P
from screening.checks._field import number
from screening.model import Fact, Value, Verdict, clear, flag, unknown


def check(fact: Fact, p: P) -> Verdict:
    """Flags when the field is at the limit or above it."""
    value = number(fact, p.field)
    if value is None:
        return unknown("partial")
    seen: dict[str, Value] = {p.field: value, "as_of_on": fact.provenance.held_on}
    return flag(fact, level="", **seen) if value >= p.limit else clear(fact, **seen)
