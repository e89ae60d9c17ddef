"""Conditions that a rule names: a field of a fact, of the spend or of the contract, held against limits."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from screening.checks import Params

BUYERS: frozenset[str] = frozenset({"spend", "contract"})
"""What the buyer knows itself, beside the kinds of fact: what is bought of the supplier, and the contract judged."""

NUMBERS: tuple[type, ...] = (int, Decimal)
DATES: tuple[type, ...] = (date,)
WORDS: tuple[type, ...] = (str,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One field and its limits; every limit that is given must hold.

    Attributes:
        kind: a kind of fact, ``spend`` or ``contract``.
        older_than_days: ``older_than_months`` and this are counted together, as are the ``younger`` ones.
    """

    kind: str
    field: str
    at_least: Decimal | None = None
    below: Decimal | None = None
    one_of: tuple[str, ...] = ()
    older_than_days: int | None = None
    older_than_months: int | None = None
    younger_than_days: int | None = None
    younger_than_months: int | None = None

    @property
    def limits(self) -> Mapping[str, object]:
        """The limits that are given, by name."""
        named = {item.name: getattr(self, item.name) for item in fields(self)[2:]}
        return {name: value for name, value in named.items() if value not in (None, ())}

    @property
    def types(self) -> tuple[type, ...]:
        """What the field must hold for the limits to be held against; empty where they contradict each other."""
        wanted = {TYPES[name] for name in self.limits}
        return next(iter(wanted)) if len(wanted) == 1 else ()

    def holds(self, value: object, today: date) -> bool | None:
        """Whether the value is inside every limit; ``None`` where there is no value to judge by."""
        if value is None:
            return None
        return all(self._each(value, today))

    def _each(self, value: object, today: date) -> Iterator[bool]:
        if isinstance(value, date):
            if self.older_than_days is not None or self.older_than_months is not None:
                yield value < before(today, self.older_than_months or 0, self.older_than_days or 0)
            if self.younger_than_days is not None or self.younger_than_months is not None:
                yield value > before(today, self.younger_than_months or 0, self.younger_than_days or 0)
        elif isinstance(value, str):
            yield value in self.one_of
        else:
            number = Decimal(str(value))
            yield self.at_least is None or number >= self.at_least
            yield self.below is None or number < self.below


TYPES: Mapping[str, tuple[type, ...]] = {
    "at_least": NUMBERS,
    "below": NUMBERS,
    "one_of": WORDS,
    "older_than_days": DATES,
    "older_than_months": DATES,
    "younger_than_days": DATES,
    "younger_than_months": DATES,
}
"""What each limit is held against."""


def before(day: date, months: int, days: int = 0) -> date:
    """So many calendar months and days before; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) - timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Params):
    """Conditions on what the rule names: on at least one fact, verified when the rule is loaded."""

    of: tuple[Condition, ...]
