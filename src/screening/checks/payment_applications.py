"""Applications for payment orders: claims that nobody has tried, so they weigh less than any that was decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._turnover import share_of_turnover
from screening.model import Accounts, EnforcementDebt, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How many applications count, of how much together, and below which share of turnover they are small."""

    limit: int
    limit_sek: Decimal
    small_share: Decimal


def check(debt: EnforcementDebt, turnover: Accounts | None, p: P) -> Verdict:
    """Flags ``limit`` standing applications of ``limit_sek`` together, unless they are small in proportion."""
    count, amount = debt.applications, debt.applications_sek
    if count is None:
        return unknown("partial")
    if count < p.limit:
        return clear(debt, applications=count, applications_sek=amount)
    if amount is None:
        return unknown("partial", applications=count)
    share = share_of_turnover(amount, turnover)
    if amount < p.limit_sek or (share is not None and share < p.small_share):
        return clear(debt, applications=count, applications_sek=amount, applications_share=share)
    return flag(
        debt,
        *((turnover,) if turnover is not None and share is not None else ()),
        level="",
        applications=count,
        applications_sek=amount,
        turnover_sek=turnover.turnover_sek if turnover is not None else None,
        applications_share=share,
        private_debt_sek=debt.private_debt_sek,
        as_of_on=debt.provenance.held_on,
    )
