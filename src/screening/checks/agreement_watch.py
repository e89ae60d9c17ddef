"""A debt that would be flagged, were it not for a payment plan or respite: watched while that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._agreement import added_claims_sek, agreed_on, ends_on, in_force
from screening.checks.tax_account_deficit import added_deficit_sek, overdue_sek
from screening.model import (
    Context,
    EnforcementDebt,
    History,
    PaymentAgreement,
    TaxAccount,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Limits as for the debt and the deficit themselves; ``ending_days`` before the end it asks for attention."""

    limit_sek: Decimal
    long_limit_sek: Decimal
    long_days: int
    ending_days: int
    open_ended_days: int


def check(
    debts: History[EnforcementDebt] | None,
    accounts: History[TaxAccount] | None,
    agreement: PaymentAgreement | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags a debt under an agreement; ``watch`` when that is undocumented, soon ends, or a new debt has come after it."""
    if agreement is None:
        return not_applicable("no_agreement")
    end = ends_on(agreement, p.open_ended_days)
    if not in_force(agreement, c.today, p.open_ended_days) and end is not None:
        return not_applicable("agreement_ended", agreement_to_on=end)
    debt, account = debts.latest if debts is not None else None, accounts.latest if accounts is not None else None
    owed = _owed(debt, account)
    if owed < p.limit_sek and not _stands_long(account, c, p):
        if debt is None or account is None:
            return unknown("partial")
        return clear(debt, account, agreement, debt_sek=owed)
    days = (end - c.today).days if end is not None else None
    ending = days is None or days <= p.ending_days
    added = _added(agreement, debts, accounts)
    outgrown = added >= p.limit_sek
    return flag(
        agreement,
        *(fact for fact in (debt, account) if fact is not None),
        level="watch" if ending or outgrown or not agreement.documented else "",
        variant=_variant(agreement, ending=ending, outgrown=outgrown),
        debt_sek=owed,
        added_sek=added if outgrown else None,
        agreement_to_on=end,
        days_left=days,
        documented=agreement.documented,
        decided_on=agreement.decided_on,
        agreed_on=agreed_on(agreement),
    )


def _added(
    agreement: PaymentAgreement, debts: History[EnforcementDebt] | None, accounts: History[TaxAccount] | None
) -> Decimal:
    """The larger of what claims and deficit have grown by since the agreement."""
    claims = added_claims_sek(agreement, debts) if debts is not None else Decimal(0)
    return max(claims, added_deficit_sek(agreement, accounts) if accounts is not None else Decimal(0))


def _owed(debt: EnforcementDebt | None, account: TaxAccount | None) -> Decimal:
    """The larger of the claims and the deficit: a referred deficit may be in both."""
    claims = debt.public_debt_sek if debt is not None else Decimal(0)
    return max(claims, overdue_sek(account) if account is not None else Decimal(0))


def _stands_long(account: TaxAccount | None, c: Context, p: P) -> bool:
    """Whether a small deficit is old enough to be flagged, were it not for the agreement."""
    if account is None or account.deficit_since_on is None:
        return False
    return overdue_sek(account) >= p.long_limit_sek and (c.today - account.deficit_since_on).days >= p.long_days


def _variant(agreement: PaymentAgreement, *, ending: bool, outgrown: bool) -> str:
    if not agreement.documented:
        return "undocumented"
    if outgrown:
        return "outgrown"
    return f"{agreement.agreement}_ending" if ending else agreement.agreement
