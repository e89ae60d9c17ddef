"""Several separate debts handed to Kronofogden within a year: persistence says more than one slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from screening.checks import Params
from screening.checks._referrals import Sorting, covered_from, referrals
from screening.model import CompanyRecord, Context, EnforcementDebt, History, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How many referrals in which window, of how much each, and what is the same debt again."""

    referrals: int
    window_days: int
    each_sek: Decimal
    same_days: int
    same_share: Decimal


def check(debts: History[EnforcementDebt], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags ``referrals`` separate ones in ``window_days``; fewer are clear only where the whole window is known."""
    registered_on = record.registered_on if record is not None else None
    first_day = c.today - timedelta(days=p.window_days)
    young = registered_on if registered_on is not None and registered_on >= first_day else None
    sorting = Sorting(each_sek=p.each_sek, same_days=p.same_days, same_share=p.same_share)
    recent = [item for item in referrals(debts, young, sorting, c.today) if item.on >= first_day and p.counts(item.on)]
    if len(recent) >= p.referrals:
        previous, last = recent[-2:][0], recent[-1]
        return flag(
            *debts.versions[::-1][: len(recent) + 1],
            variant="tax" if debts.latest.tax_debt_sek is not None else "split_unknown",
            referrals=len(recent),
            last_on=last.on,
            last_sek=last.amount_sek,
            previous_on=previous.on,
            previous_sek=previous.amount_sek,
            total_sek=sum((item.amount_sek for item in recent), Decimal(0)),
            public_debt_sek=debts.latest.public_debt_sek,
            as_of_on=debts.latest.provenance.held_on,
        )
    since = covered_from(debts)
    if since > (young or first_day):
        return unknown("short_history", observed_from_on=since, referrals=len(recent))
    return clear(debts.latest, referrals=len(recent), observed_from_on=since)
