"""What has been added after a payment plan, and so is not in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.checks._agreement import added_claims_sek, added_sek, agreed_on
from screening.model import EnforcementDebt, History, Origin, PaymentAgreement, Provenance, Referral

DECIDED = date(2026, 8, 10)


def dated(day: date) -> Provenance:
    """An answer of a day."""
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    return Provenance(
        source="x", origin=Origin.AUTHORITY, as_of=day, fetched_at=at, request_ref="", raw_sha256="0" * 64
    )


PLAN = PaymentAgreement(provenance=dated(date(2026, 8, 20)), agreement="payment_plan", decided_on=DECIDED)


def debt(on: date, sek: int, *referrals: Referral) -> EnforcementDebt:
    """What the register answered on a day."""
    return EnforcementDebt(provenance=dated(on), public_debt_sek=Decimal(sek), referrals=referrals)


def claims(*rows: EnforcementDebt) -> Decimal:
    """What has been added by these answers."""
    return added_claims_sek(PLAN, History(rows, rows[0].provenance.as_of))


@pytest.mark.parametrize(
    ("amounts", "added"),
    [
        ([], 0),
        ([(date(2026, 8, 9), 10)], 0),
        ([(DECIDED, 40)], 0),
        ([(DECIDED, 40), (date(2026, 9, 1), 70)], 30),
        ([(date(2026, 7, 1), 5), (DECIDED, 40), (date(2026, 9, 1), 70)], 30),
        ([(DECIDED, 40), (date(2026, 9, 1), 10), (date(2026, 10, 1), 25)], 15),
    ],
)
def test_what_has_grown_since_the_decision_is_added(amounts: list[tuple[date, int]], added: int) -> None:
    """Counted from the lowest since then: what was paid off cannot grow again without a new debt; earlier ones say nothing."""
    assert added_sek(PLAN, [(day, Decimal(sek)) for day, sek in amounts]) == added


def test_an_answer_of_the_day_of_the_decision_is_what_was_agreed() -> None:
    """So only what is above it later is new."""
    assert claims(debt(DECIDED, 40), debt(date(2026, 9, 1), 70)) == 30


def test_answers_from_before_the_decision_add_nothing() -> None:
    """The plan is about just that."""
    assert claims(debt(date(2026, 8, 9), 40)) == 0


@pytest.mark.parametrize(
    ("on", "sek", "added"),
    [(date(2026, 8, 11), 15, 15), (DECIDED, 15, 0), (date(2026, 8, 11), None, 0), (date(2026, 8, 11), 90, 40)],
)
def test_a_claim_dated_after_the_decision_is_added(on: date, sek: int | None, added: int) -> None:
    """One of the day itself is agreed on, one without a sum adds nothing that is known, and none adds more than is owed."""
    amount = None if sek is None else Decimal(sek)
    assert claims(debt(date(2026, 9, 1), 40, Referral(on, amount))) == added


def test_without_a_decision_day_it_is_agreed_on_when_it_came_on_file() -> None:
    """And on the decision's own day where that is told."""
    assert agreed_on(PLAN) == DECIDED
    spoken = PaymentAgreement(provenance=dated(date(2026, 8, 20)), agreement="respite")
    assert agreed_on(spoken) == date(2026, 8, 20)
