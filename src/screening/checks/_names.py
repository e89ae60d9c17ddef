"""The names under which the company register has, or had, a supplier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from screening.model import CompanyRecord, History
from screening.names import best, is_hidden, likeness, normalise


def registered_names(records: History[CompanyRecord]) -> tuple[str, ...]:
    """Every registered name, the current ones first, none twice; names of earlier answers are former names."""
    found: dict[str, None] = {}
    for record in reversed(records.versions):
        found |= dict.fromkeys((*(item.name for item in record.names), *record.businesses))
    return tuple(found)


def likest(name: str, others: Sequence[str]) -> tuple[str, Decimal]:
    """The one of ``others`` most like ``name``, and how alike (0-1); nothing and 0 without others."""
    if name in others:  # most are spelled alike; comparing costs more than all else
        return name, Decimal(1)
    found, share = best(name, others)
    return found, Decimal(str(share))


def alike(one: str, other: str) -> Decimal:
    """How alike two names are (0-1), as limits are written."""
    return Decimal(str(likeness(one, other)))


def said(names: Iterable[str]) -> list[str]:
    """The names that say something: not empty, and not taken away by the publisher."""
    return [name for name in names if normalise(name) and not is_hidden(name)]
