"""Whether a payment plan or respite bars the ground of unpaid tax (LOU 13:5 third paragraph)."""

from __future__ import annotations

from datetime import date, timedelta

from screening.model import PaymentAgreement


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
