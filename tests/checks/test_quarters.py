"""Quarters of attestations: their days, and which is due."""

from __future__ import annotations

from datetime import date

import pytest

from screening.checks._quarters import due_on, end, latest_due, start, timing


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(quarter: str, first: date, last: date) -> None:
    """Also the last of the year."""
    assert (start(quarter), end(quarter)) == (first, last)


@pytest.mark.parametrize(
    ("today", "when"),
    [
        (date(2026, 10, 30), "later"),
        (date(2026, 10, 31), "due"),
        (date(2027, 1, 30), "due"),
        (date(2027, 1, 31), "older"),
    ],
)
def test_one_quarter_at_a_time_is_due(today: date, when: str) -> None:
    """From the day after its last day until the day that the next one's has passed."""
    assert due_on("2026Q3", 30) == date(2026, 10, 30)
    assert timing("2026Q3", today, 30) == when


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2026, 10, 30), "2026Q2"),
        (date(2026, 10, 31), "2026Q3"),
        (date(2027, 1, 30), "2026Q3"),
        (date(2027, 1, 31), "2026Q4"),
    ],
)
def test_the_latest_quarter_due_is_the_one_that_is_due(today: date, quarter: str) -> None:
    """Its last day of grace has passed, and the next one's has not."""
    assert latest_due(today, 30) == quarter
    assert timing(quarter, today, 30) == "due"


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2026, 1, 30), "2025Q3"),
        (date(2026, 1, 31), "2025Q4"),
        (date(2026, 4, 30), "2025Q4"),
        (date(2026, 5, 1), "2026Q1"),
        (date(2026, 7, 15), "2026Q1"),
        (date(2026, 12, 15), "2026Q3"),
    ],
)
def test_the_latest_quarter_due_is_the_last_whose_day_has_passed(today: date, quarter: str) -> None:
    """Also over the end of a year."""
    assert latest_due(today, 30) == quarter
