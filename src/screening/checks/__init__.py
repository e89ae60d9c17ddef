"""Judgement: one module per check, each with one pure function ``check``; no I/O, no clock, no logging.

The signature is the declaration::

    @dataclass(frozen=True, slots=True, kw_only=True)
    class P(Params):
        limit_sek: Decimal

    def check(debt: EnforcementDebt, turnover: Accounts | None, c: Context, p: P) -> Verdict: ...

A fact without ``None`` is needed (the engine answers ``unknown`` when it is missing), one with ``None`` is optional.
``History[X]`` is every row of a kind, ``tuple[X, ...]`` the current one per scope key. Helpers start with ``_``.

A general check takes ``Fact`` itself, and limits that are ``General``: which kind and which field it is, the rule says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Self

__all__ = ["General", "Params"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The limits of a rule as they are on a day. A subclass's own fields are checked against the rule's ``[[params]]``.

    Attributes:
        timeline: (valid from, limits) of every date.
        events_from_on: the oldest day of which an event may be used, by the rule's ``[[look_back]]``; ``None``: any.
    """

    may_be_zero: ClassVar[frozenset[str]] = frozenset()
    """Limits of the check that may lawfully be 0; else a share is above 0, as sums are, and days and counts at least 1."""

    timeline: tuple[tuple[date, Params], ...] = field(default=(), repr=False, compare=False)
    events_from_on: date | None = field(default=None, repr=False, compare=False)

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """Limit -> the services that it lists, as contracts spell them; held against those that the profiles match."""
        return {}

    def counts(self, day: date | None) -> bool:
        """Whether an event of that day may be used; one without a date may, since nothing says that it is too old."""
        return day is None or self.events_from_on is None or day >= self.events_from_on

    def at(self, day: date) -> Self:
        """The limits that were in force on ``day``; before the first valid-from date, the first ones."""
        chosen: Params = self
        for number, (start, version) in enumerate(self.timeline):
            if start <= day or number == 0:
                chosen = version
        return chosen  # type: ignore[return-value]  # the engine makes every version of one class


@dataclass(frozen=True, slots=True, kw_only=True)
class General(Params):
    """Limits of a check that judges whatever field the rule names; both are verified when the rule is loaded.

    Attributes:
        kind: the kind of fact, such as ``accounts``; the same in every ``[[params]]``.
        field: its field, such as ``equity_sek``; the same in every ``[[params]]``.
        holds: the types that the check can judge.
    """

    kind: str
    field: str
    holds: ClassVar[tuple[type, ...]] = ()
