"""What the general checks share: which field of which kind of fact a rule names, and its value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import General
from screening.model import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(General):
    """A field with a number, and the number that it is held against."""

    holds = (int, Decimal)

    limit: Decimal


def number(fact: Fact, field: str) -> Decimal | None:
    """The field's number; ``None`` where the source did not give it."""
    value: object = getattr(fact, field)
    return Decimal(str(value)) if isinstance(value, int | Decimal) else None
