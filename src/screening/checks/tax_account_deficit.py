"""A deficit on the tax account that is past its due date: large, or small but long-standing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._agreement import added_sek, agreed_on, bars, ends_on
from screening.model import Context, History, PaymentAgreement, TaxAccount, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Limits after Skatteverket's own for referral to Kronofogden."""

    limit_sek: Decimal
    long_limit_sek: Decimal
    long_days: int
    reconciliations: int
    open_ended_days: int


def check(accounts: History[TaxAccount], agreement: PaymentAgreement | None, c: Context, p: P) -> Verdict:
    """Flags an overdue deficit; ``repeated`` when it has stood over several reconciliations in a row.

    An agreement bars the ground unless what has been added after it is itself a deficit that counts.
    """
    account = accounts.latest
    overdue = overdue_sek(account)
    since = account.deficit_since_on
    if overdue < p.long_limit_sek:
        return clear(account, overdue_sek=overdue, balance_sek=account.balance_sek)
    plan = agreement if agreement is not None and bars(agreement, c.today, p.open_ended_days) else None
    added = added_deficit_sek(plan, accounts) if plan is not None else None
    if plan is not None and added is not None and added < p.limit_sek:
        return clear(account, plan, overdue_sek=overdue, agreement_to_on=ends_on(plan, p.open_ended_days))
    days = (c.today - since).days if since is not None else None
    if overdue < p.limit_sek:
        if days is None:
            return _without_start(account, p)
        if days < p.long_days:
            return clear(account, overdue_sek=overdue, deficit_since_on=since)
    counted = account.reconciliations_in_deficit
    stands_long = days is not None and days >= p.long_days  # outlasts any two monthly reconciliations
    repeated = counted >= p.reconciliations if counted is not None else stands_long
    variant = "since_unknown" if since is None else "small_and_long" if overdue < p.limit_sek else "since_known"
    return flag(
        account,
        *((plan,) if plan is not None else ()),
        level="repeated" if repeated else "",
        variant=variant,
        overdue_sek=overdue,
        balance_sek=account.balance_sek,
        deficit_since_on=since,
        deficit_days=days,
        reconciliations_in_deficit=counted,
        agreed_on=agreed_on(plan) if plan is not None else None,
        added_sek=added,
        as_of_on=account.provenance.held_on,
    )


def overdue_sek(account: TaxAccount) -> Decimal:
    """The unpaid amount past its due date as a positive sum; the whole deficit where the extract does not say."""
    if account.balance_sek >= 0:
        return Decimal(0)
    return -account.balance_sek if account.due_sek is None else abs(account.due_sek)


def added_deficit_sek(agreement: PaymentAgreement, accounts: History[TaxAccount]) -> Decimal:
    """How much the overdue deficit has grown since the agreement: all of one that began after it."""
    latest = accounts.latest
    if latest.deficit_since_on is not None and latest.deficit_since_on > agreed_on(agreement):
        return overdue_sek(latest)
    return added_sek(agreement, [(row.provenance.held_on, overdue_sek(row)) for row in accounts.versions])


def _without_start(account: TaxAccount, p: P) -> Verdict:
    """A small deficit whose age is not given: few reconciliations show that it is young, else nobody knows."""
    counted = account.reconciliations_in_deficit
    if counted is not None and (counted + 1) * 31 < p.long_days:
        return clear(account, overdue_sek=overdue_sek(account), reconciliations_in_deficit=counted)
    return unknown("partial", overdue_sek=overdue_sek(account))
