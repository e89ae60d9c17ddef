"""Wages, as the employer contributions imply them, that cannot explain the hours delivered or what was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from screening.checks import Params
from screening.checks._services import of_services, sub_suppliers
from screening.model import (
    Context,
    DeliveredHours,
    EmployerContributions,
    Value,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The rate of contributions, the lowest wage and share that are plausible, over how many months, in which services."""

    services: tuple[str, ...]
    rate_share: Decimal
    min_hourly_sek: Decimal
    min_wage_share: Decimal
    months: int

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"services": self.services}


def check(contributions: EmployerContributions, hours: DeliveredHours | None, c: Context, p: P) -> Verdict:
    """Flags an implied wage per hour below the lowest, or wages below a share of the payments, ``months`` running."""
    concerned = of_services(c.contracts, p.services)
    if not concerned:
        return not_applicable("service")
    months = _latest(contributions, p.months)
    if not months:
        return unknown("short_history", months=len(contributions.months))
    wages = {month: amount / p.rate_share for month, amount in contributions.months if month in months}
    total = sum(wages.values(), Decimal(0))
    worked = _sum_of(dict(hours.months) if hours is not None else {}, months)
    paid = _each_of(dict(c.spend.by_month), months)
    if worked is None and paid is None:
        return not_applicable("nothing_to_compare")
    hourly = None if worked is None else total / worked
    shares = {} if paid is None else {month: wages[month] / paid[month] for month in months}
    seen: dict[str, Value] = {
        "wages_sek": round(total, 2),
        "hours": worked,
        "hourly_sek": None if hourly is None else round(hourly, 2),
        "paid_sek": None if paid is None else sum(paid.values(), Decimal(0)),
        "wage_share": round(max(shares.values()), 4) if shares else None,
        "from_month": months[0],
        "to_month": months[-1],
    }
    more = () if hours is None or worked is None else (hours,)
    low = hourly is not None and hourly < p.min_hourly_sek
    thin = bool(shares) and all(share < p.min_wage_share for share in shares.values())
    if not low and not thin:
        return clear(contributions, *more, **seen)
    subs = sub_suppliers(concerned)
    return flag(
        contributions,
        *more,
        level="with_subs" if subs else "",
        variant="both" if low and thin else "hourly" if low else "share",
        sub_suppliers=subs,
        **seen,
    )


def _latest(contributions: EmployerContributions, count: int) -> tuple[str, ...]:
    """The latest months known, when so many follow upon each other; else none."""
    months = sorted(month for month, _amount in contributions.months)[-count:]
    if len(months) < count or any(_following(one) != other for one, other in pairwise(months)):
        return ()
    return tuple(months)


def _following(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year}-{number + 1:02}" if number < 12 else f"{year + 1}-01"


def _each_of(known: Mapping[str, Decimal], months: Sequence[str]) -> dict[str, Decimal] | None:
    """What is known of every month; ``None`` when something is not, or is nothing."""
    found = {month: known[month] for month in months if known.get(month, Decimal(0)) > 0}
    return found if len(found) == len(months) else None


def _sum_of(known: Mapping[str, Decimal], months: Sequence[str]) -> Decimal | None:
    found = _each_of(known, months)
    return None if found is None else sum(found.values(), Decimal(0))
