"""Referrals of new debts to Kronofogden, from the register's own dates or from successive answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from screening.model import EnforcementDebt, History, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What is one and the same debt: of an amount within ``same_share``, again within ``same_days``."""

    each_sek: Decimal
    same_days: int
    same_share: Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """One referral: the day it is dated, or first seen, and how much it was of."""

    on: date
    amount_sek: Decimal


def referrals(
    history: History[EnforcementDebt], registered_on: date | None, sorting: Sorting, today: date
) -> tuple[Event, ...]:
    """Every separate referral of at least ``each_sek``, oldest first: as the register dates them, else as answers rose."""
    dated = list(_dated(history))
    found = _without_repeats(dated, sorting) if dated else _rises(history.versions, registered_on, sorting)
    return tuple(item for item in found if item.on <= today)


def covered_from(history: History[EnforcementDebt]) -> date:
    """The first day from which a referral would be known."""
    listed = history.latest.referrals_from_on
    return history.observed_from_on if listed is None else min(listed, history.observed_from_on)


# --- the register's own dates -----------------------------------------------------------------------------------------
def _dated(history: History[EnforcementDebt]) -> Iterable[Referral]:
    """Every claim that some answer dated, once: a paid one may be gone from the newest answer."""
    found: dict[object, Referral] = {}
    for row in history.versions:
        for item in row.referrals:
            found.setdefault(item.ref or (item.on, item.amount_sek), item)
    return sorted(found.values(), key=lambda item: (item.on, item.ref))


def _without_repeats(dated: Iterable[Referral], sorting: Sorting) -> list[Event]:
    """Without the same amount again soon after: a debt that was re-registered, or instalments shown as cases."""
    found: list[Event] = []
    seen: list[Event] = []
    for item in dated:
        event = Event(item.on, item.amount_sek or Decimal(0))
        again = any(
            (event.on - earlier.on).days <= sorting.same_days and _same(event.amount_sek, earlier.amount_sek, sorting)
            for earlier in seen
        )
        seen.append(event)
        if not again and event.amount_sek >= sorting.each_sek:
            found.append(event)
    return found


# --- successive answers -----------------------------------------------------------------------------------------------
def _rises(versions: tuple[EnforcementDebt, ...], registered_on: date | None, sorting: Sorting) -> list[Event]:
    """Each rise between two answers, but for a debt that was gone and came back.

    What a first answer holds is of unknown age, unless the company itself is younger than that.
    """
    found: list[Event] = []
    gone: list[Event] = []
    first = versions[0]
    if registered_on is not None and first.public_debt_sek >= sorting.each_sek:
        found.append(Event(first.provenance.as_of, first.public_debt_sek))
    for before, after in pairwise(versions):
        on, rise = after.provenance.as_of, _rise(before, after)
        back = [
            item for item in gone if (on - item.on).days <= sorting.same_days and _same(rise, item.amount_sek, sorting)
        ]
        if rise < 0:
            gone.append(Event(on, -rise))
        elif back:
            gone.remove(back[0])
        elif rise >= sorting.each_sek:
            found.append(Event(on, rise))
    return found


def _rise(before: EnforcementDebt, after: EnforcementDebt) -> Decimal:
    """How much more is claimed: of tax, where both answers tell the split, else of all public claims.

    Several cases in the place of one leave the sum as it was, so instalments are no rise.
    """
    if before.tax_debt_sek is not None and after.tax_debt_sek is not None:
        return after.tax_debt_sek - before.tax_debt_sek
    return after.public_debt_sek - before.public_debt_sek


def _same(one: Decimal, other: Decimal, sorting: Sorting) -> bool:
    """Whether two amounts may be one debt, with interest."""
    return abs(one - other) <= max(one, other) * sorting.same_share
