"""Referrals of new debts, as the register dates them and as successive answers show them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.checks._referrals import Event, Sorting, referrals
from screening.model import EnforcementDebt, History, Origin, Provenance, Referral

TODAY = date(2026, 11, 30)
SORTING = Sorting(each_sek=Decimal(1), same_days=45, same_share=Decimal("0.05"))


def answer(as_of: date, sek: int, *claims: Referral) -> EnforcementDebt:
    came = Provenance(
        source="register", origin=Origin.AUTHORITY, as_of=as_of, fetched_at=datetime(2026, 11, 30, 6, tzinfo=UTC)
    )
    return EnforcementDebt(provenance=came, public_debt_sek=Decimal(sek), referrals=claims)


def found(*answers: EnforcementDebt) -> list[tuple[date, int]]:
    events = referrals(History(answers, answers[0].provenance.as_of), None, SORTING, TODAY)
    return [(item.on, int(item.amount_sek)) for item in events]


MARCH, APRIL, MAY, AUGUST = (date(2026, month, 1) for month in (3, 4, 5, 8))


def test_the_oldest_comes_first_whatever_order_the_register_lists_them_in() -> None:
    """A later claim of the same sum is compared with the earlier one, never the other way."""
    claims = (Referral(AUGUST, Decimal(5_000), "2"), Referral(MARCH, Decimal(5_000), "1"))
    assert found(answer(TODAY, 10_000, *claims)) == [(MARCH, 5_000), (AUGUST, 5_000)]


def test_of_two_like_claims_of_one_day_the_first_by_number_counts() -> None:
    """So that two runs on the same answer say the same."""
    claims = (Referral(MARCH, Decimal(5_100), "2"), Referral(MARCH, Decimal(5_000), "1"))
    assert found(answer(TODAY, 10_100, *claims)) == [(MARCH, 5_000)]


def test_the_day_goes_before_the_number() -> None:
    """A lower number may be of a later case."""
    claims = (Referral(MARCH, Decimal(5_100), "2"), Referral(APRIL, Decimal(5_000), "1"))
    assert found(answer(TODAY, 10_100, *claims)) == [(MARCH, 5_100)]


def test_a_claim_without_a_sum_is_of_nothing() -> None:
    """Not of a krona: it is never large enough to count by itself."""
    assert found(answer(TODAY, 0, Referral(MARCH, None, "1"))) == []


@pytest.mark.parametrize(("again", "new"), [(100_000, []), (20_000, [20_000]), (150_000, [150_000])])
def test_a_debt_that_was_gone_and_came_back_is_the_same(again: int, new: list[int]) -> None:
    """Of about the same sum; a much smaller or larger one is new."""
    answers = (answer(MARCH, 100_000), answer(APRIL, 0), answer(MAY, again))
    assert found(*answers) == [(MAY, sek) for sek in new]


def test_one_debt_comes_back_once() -> None:
    """A second rise of the same sum is another."""
    answers = (answer(MARCH, 100_000), answer(APRIL, 0), answer(date(2026, 4, 10), 100_000), answer(MAY, 200_000))
    assert found(*answers) == [(MAY, 100_000)]


def test_a_rise_is_known_on_the_day_of_the_answer_that_shows_it() -> None:
    """And what the first answer holds is of unknown age."""
    events = referrals(History((answer(MARCH, 1_000), answer(MAY, 4_000)), MARCH), None, SORTING, TODAY)
    assert events == (Event(MAY, Decimal(3_000)),)
