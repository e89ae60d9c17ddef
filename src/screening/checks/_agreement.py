"""Whether a payment plan or respite bars the ground of unpaid tax (LOU 13:5 third paragraph)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from screening.model import EnforcementDebt, History, PaymentAgreement


def ends_on(agreement: PaymentAgreement, open_ended_days: int) -> date | None:
    """Until when it counts: its own last day, or so many days from the decision when it names none; ``None``: unknown."""
    if agreement.valid_to_on is not None:
        return agreement.valid_to_on
    return agreement.decided_on + timedelta(days=open_ended_days) if agreement.decided_on is not None else None


def in_force(agreement: PaymentAgreement, today: date, open_ended_days: int) -> bool:
    """Decided, and not past its end. An agreement without any date is never in force."""
    end = ends_on(agreement, open_ended_days)
    decided = agreement.decided_on is None or agreement.decided_on <= today
    return decided and end is not None and end >= today


def bars(agreement: PaymentAgreement, today: date, open_ended_days: int) -> bool:
    """Whether it bars the ground: in force and documented. A plan that was only spoken of bars nothing."""
    return agreement.documented and in_force(agreement, today, open_ended_days)


def added_sek(agreement: PaymentAgreement, amounts: Iterable[tuple[date, Decimal]]) -> Decimal:
    """How much has come after the agreement, and so is not in it (only what was agreed is): by ``amounts``, oldest first.

    Each is (last day on which it is shown to hold, what is owed). The first one of the day of the decision or later tells
    how much was agreed on, at most; what a smaller one has left cannot grow again without a new debt.
    """
    since = agreed_on(agreement)
    later = [amount for held_on, amount in amounts if held_on >= since]
    return later[-1] - min(later) if later else Decimal(0)


def added_claims_sek(agreement: PaymentAgreement, debts: History[EnforcementDebt]) -> Decimal:
    """How much public claims have risen since the agreement, or were referred after it by the first answer since then."""
    since = agreed_on(agreement)
    rows = [row for row in debts.versions if row.provenance.held_on >= since]
    if not rows:
        return Decimal(0)
    new = sum((item.amount_sek or Decimal(0) for item in rows[0].referrals if item.on > since), Decimal(0))
    agreed = max(rows[0].public_debt_sek - new, Decimal(0))
    return added_sek(agreement, [(since, agreed), *((row.provenance.held_on, row.public_debt_sek) for row in rows)])


def agreed_on(agreement: PaymentAgreement) -> date:
    """The day of the decision; where none is given, the day from which it is on file."""
    return agreement.decided_on or agreement.provenance.as_of
