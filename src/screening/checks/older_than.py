"""A general check: a date that a rule names is older than so many months and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from screening.checks import General
from screening.checks._condition import before
from screening.model import Context, Fact, Value, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(General):
    """A field with a date, and the age above which it flags: months and days are counted together."""

    holds = (date,)

    months: int
    days: int = 0


def check(fact: Fact, c: Context, p: P) -> Verdict:
    """Flags when the date lies further back than the limit; on the day of the limit it is clear."""
    day: object = getattr(fact, p.field)
    if not isinstance(day, date):
        return unknown("partial")
    seen: dict[str, Value] = {p.field: day, "age_days": (c.today - day).days, "as_of_on": fact.provenance.held_on}
    return flag(fact, level="", **seen) if day < before(c.today, p.months, p.days) else clear(fact, **seen)
