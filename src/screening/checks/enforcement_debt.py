"""Public claims at Kronofogden at or above a limit, unless a documented plan or respite is in force."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._agreement import added_claims_sek, agreed_on, bars, ends_on
from screening.checks._turnover import share_of_turnover
from screening.model import Accounts, Context, EnforcementDebt, History, PaymentAgreement, Verdict, clear, flag


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Limits: a claim that counts, and what is large in kronor or as a share of turnover."""

    limit_sek: Decimal
    large_sek: Decimal
    large_share: Decimal
    open_ended_days: int


def check(
    debts: History[EnforcementDebt],
    turnover: Accounts | None,
    agreement: PaymentAgreement | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags public claims from ``limit_sek``; ``large`` from ``large_sek`` or ``large_share`` of turnover.

    An agreement bars the ground unless what has been added after it is itself a claim that counts.
    """
    debt = debts.latest
    amount = debt.public_debt_sek
    if amount < p.limit_sek:
        return clear(debt, public_debt_sek=amount)
    plan = agreement if agreement is not None and bars(agreement, c.today, p.open_ended_days) else None
    added = added_claims_sek(plan, debts) if plan is not None else None
    if plan is not None and added is not None and added < p.limit_sek:
        return clear(debt, plan, public_debt_sek=amount, agreement_to_on=ends_on(plan, p.open_ended_days))
    share = share_of_turnover(amount, turnover)
    large = amount >= p.large_sek or (share is not None and share >= p.large_share)
    more = (turnover,) if turnover is not None and share is not None else ()
    return flag(
        debt,
        *more,
        *((plan,) if plan is not None else ()),
        level="large" if large else "",
        variant=_variant(debt),
        public_debt_sek=amount,
        public_cases=debt.public_cases,
        tax_debt_sek=debt.tax_debt_sek,
        turnover_sek=turnover.turnover_sek if turnover is not None else None,
        debt_share=share,
        last_case_on=debt.last_case_on,
        agreed_on=agreed_on(plan) if plan is not None else None,
        added_sek=added,
        as_of_on=debt.provenance.held_on,
    )


def _variant(debt: EnforcementDebt) -> str:
    """Only a known tax part may be called tax: public claims also hold fines, fees and congestion charges."""
    if debt.tax_debt_sek is None:
        return "split_unknown"
    return "with_tax" if debt.tax_debt_sek > 0 else "no_tax"
