from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.adapters.skattekonto import (
    Row,
    Statement,
    deficit_since,
    reconciliations_in_deficit,
    rows_of,
    tax_account,
)
from screening.model import Origin, Provenance

AS_OF = date(2026, 11, 14)  # first Saturdays: 5 September, 3 October, 7 November


def statement(balance: int, *rows: tuple[date, int | None], covers_from: date | None = None) -> Statement:
    made = tuple(Row(on, None if amount is None else Decimal(amount)) for on, amount in rows)
    return Statement(AS_OF, Decimal(balance), rows=made, rows_from=covers_from)


def test_a_deficit_began_on_the_day_the_balance_last_went_below_zero() -> None:
    """Two reconciliations have passed since."""
    shown = statement(-48_210, (date(2026, 8, 20), 1_790), (date(2026, 9, 12), -20_000), (date(2026, 11, 12), -30_000))
    assert deficit_since(shown) == date(2026, 9, 12)
    assert reconciliations_in_deficit(shown) == 2


def test_a_day_of_two_rows_counts_as_one() -> None:
    """A fee and its payment on one day leave no deficit."""
    shown = statement(-100, (date(2026, 10, 12), -5_000), (date(2026, 10, 12), 5_000), (date(2026, 11, 10), -100))
    assert deficit_since(shown) == date(2026, 11, 10)
    assert reconciliations_in_deficit(shown) == 0


def test_no_deficit_has_no_first_day_but_may_have_had_reconciliations() -> None:
    """Paid the day before yesterday."""
    shown = statement(0, (date(2026, 9, 12), -20_000), (date(2026, 11, 12), 20_000))
    assert deficit_since(shown) is None
    assert reconciliations_in_deficit(shown) == 2


def test_the_balance_before_the_first_row_is_known() -> None:
    """The first row itself made the deficit."""
    assert deficit_since(statement(-500, (date(2026, 10, 1), -500))) == date(2026, 10, 1)


def test_a_deficit_older_than_a_short_list_is_not_dated() -> None:
    """What came before is not shown."""
    shown = statement(-900, (date(2026, 10, 1), -500))
    assert deficit_since(shown) is None
    assert reconciliations_in_deficit(shown) is None


def test_a_year_of_nothing_but_deficit_is_stated_as_at_least_that() -> None:
    """Also when not one row was booked in it."""
    first = date(2025, 5, 8)
    shown = statement(-900, covers_from=first)
    assert deficit_since(shown) == first
    assert reconciliations_in_deficit(shown) == 18
    assert reconciliations_in_deficit(statement(-900, covers_from=date(2020, 1, 1))) == 36


def test_a_row_without_an_amount_ends_what_is_known() -> None:
    """It is never taken as zero."""
    after = (date(2026, 11, 1), None), (date(2026, 11, 10), -900)
    assert deficit_since(statement(-1_000, (date(2026, 6, 1), -10), *after)) is None
    assert reconciliations_in_deficit(statement(-1_000, *after)) is None
    assert deficit_since(
        statement(-900, (date(2026, 11, 1), None), (date(2026, 11, 2), 5), (date(2026, 11, 10), -905))
    ) == date(2026, 11, 10)


def test_rows_after_the_day_of_the_balance_do_not_count() -> None:
    """They are coming."""
    assert deficit_since(statement(-500, (date(2026, 10, 1), -500), (date(2026, 12, 12), -900))) == date(2026, 10, 1)


@pytest.mark.parametrize("rows", [None, ()])
def test_without_rows_no_length_is_stated(rows: tuple[Row, ...] | None) -> None:
    """The balance alone says nothing of time."""
    bare = Statement(AS_OF, Decimal(-900), rows=rows)
    assert (deficit_since(bare), reconciliations_in_deficit(bare)) == (None, None)


def test_a_row_without_a_day_could_be_anywhere() -> None:
    """So nothing before it is known."""
    rows = rows_of([(None, Decimal(5)), (date(2026, 10, 1), Decimal(-500))], AS_OF)
    assert rows == (Row(date(2026, 10, 1), Decimal(-500)), Row(AS_OF, None))


def test_the_fact_has_it_all() -> None:
    """With provenance."""
    provenance = Provenance(
        source="x", origin=Origin.AUTHORITY, as_of=AS_OF, fetched_at=datetime(2026, 11, 15, tzinfo=UTC)
    )
    shown = Statement(
        AS_OF, Decimal(-1), Decimal(2), Decimal(3), date(2026, 12, 5), signed=True, rows=(Row(AS_OF, Decimal(-1)),)
    )
    fact = tax_account(shown, provenance)
    assert (fact.balance_sek, fact.at_enforcement_sek, fact.due_sek) == (Decimal(-1), Decimal(2), Decimal(3))
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit, fact.signed) == (AS_OF, 0, True)
    assert fact.next_reconciliation_on == date(2026, 12, 5)
