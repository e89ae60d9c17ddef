"""Payment remarks (betalningsanmärkningar): decided or admitted non-payment, by number and against turnover."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._turnover import share_of_turnover
from screening.model import Accounts, EnforcementDebt, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How many remarks count, below which share of turnover their sum is small, and how many are many."""

    limit: int
    small_share: Decimal
    many: int


def check(debt: EnforcementDebt, turnover: Accounts | None, p: P) -> Verdict:
    """Flags ``limit`` remarks or more unless their sum is small in proportion; ``many`` whatever they come to."""
    count = debt.remarks
    if count is None:
        return unknown("partial")
    share = share_of_turnover(debt.remarks_sek, turnover) if debt.remarks_sek is not None else None
    small = share is not None and share < p.small_share
    if count < p.limit or (small and count < p.many):
        return clear(debt, remarks=count, remarks_sek=debt.remarks_sek, remarks_share=share)
    return flag(
        debt,
        *((turnover,) if turnover is not None and share is not None else ()),
        level="many" if count >= p.many else "",
        variant="with_share" if share is not None else "no_turnover",
        remarks=count,
        remarks_sek=debt.remarks_sek,
        last_remark_on=debt.last_remark_on,
        turnover_sek=turnover.turnover_sek if turnover is not None else None,
        remarks_share=share,
        as_of_on=debt.provenance.held_on,
    )
