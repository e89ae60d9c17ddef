"""Unpaid private claims at Kronofogden (enskilda mål), weighed against the supplier's turnover."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._turnover import share_of_turnover
from screening.model import Accounts, EnforcementDebt, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """From which sum a claim counts, below which share of turnover it is small, and what is large."""

    limit_sek: Decimal
    small_share: Decimal
    large_share: Decimal


def check(debt: EnforcementDebt, turnover: Accounts | None, p: P) -> Verdict:
    """Flags private claims from ``limit_sek`` unless they are small in proportion; ``large`` from ``large_share``."""
    amount = debt.private_debt_sek
    if amount is None:
        return unknown("partial")
    share = share_of_turnover(amount, turnover)
    if amount < p.limit_sek or (share is not None and share < p.small_share):
        return clear(debt, private_debt_sek=amount, debt_share=share)
    return flag(
        debt,
        *((turnover,) if turnover is not None and share is not None else ()),
        level="large" if share is not None and share >= p.large_share else "",
        variant="with_share" if share is not None else "no_turnover",
        private_debt_sek=amount,
        private_cases=debt.private_cases,
        turnover_sek=turnover.turnover_sek if turnover is not None else None,
        debt_share=share,
        applied_limit_sek=_applied(turnover if share is not None else None, p),
        as_of_on=debt.provenance.held_on,
    )


def _applied(turnover: Accounts | None, p: P) -> Decimal:
    """Below which sum the supplier would have been clear: the limit, or the small share of its turnover where that is more."""
    if turnover is None or turnover.turnover_sek is None:
        return p.limit_sek
    return max(p.limit_sek, p.small_share * turnover.turnover_sek)
