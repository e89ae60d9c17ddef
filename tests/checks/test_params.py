"""The limits of a day: which were in force when, and which events are too old to be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from screening.checks import General, Params


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """A check's own limits."""

    limit_sek: int


FIRST, SECOND = P(limit_sek=10), P(limit_sek=20)
TIMELINE = ((date(2026, 1, 1), FIRST), (date(2026, 7, 1), SECOND))


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2020, 1, 1), 10),
        (date(2025, 12, 31), 10),
        (date(2026, 1, 1), 10),
        (date(2026, 6, 30), 10),
        (date(2026, 7, 1), 20),
        (date(2030, 1, 1), 20),
    ],
)
def test_the_limits_of_a_day_are_the_last_that_had_begun(day: date, limit: int) -> None:
    """From their first day on; before the first of them, the first."""
    assert P(limit_sek=30, timeline=TIMELINE).at(day).limit_sek == limit


def test_without_other_days_the_limits_are_those_of_any_day() -> None:
    """A rule with one block."""
    assert FIRST.at(date(2026, 1, 1)) is FIRST


@pytest.mark.parametrize(
    ("day", "may"), [(None, True), (date(2021, 6, 30), False), (date(2021, 7, 1), True), (date(2026, 1, 1), True)]
)
def test_an_event_before_the_look_back_may_not_be_used(day: date | None, may: bool) -> None:
    """Its first day counts; an event without a day may be used, since nothing says that it is too old."""
    assert P(limit_sek=1, events_from_on=date(2021, 7, 1)).counts(day) is may


def test_without_a_look_back_any_event_may_be_used() -> None:
    """However old."""
    assert P(limit_sek=1).counts(date(1950, 1, 1))


def test_limits_are_the_same_whatever_held_on_other_days() -> None:
    """They are compared, and shown, by themselves."""
    whole = P(limit_sek=10, timeline=TIMELINE, events_from_on=date(2021, 7, 1))
    assert whole == FIRST
    assert repr(whole) == repr(FIRST) == "P(limit_sek=10)"
    assert (FIRST.timeline, FIRST.events_from_on) == ((), None)


def test_a_general_check_judges_nothing_until_it_says_what() -> None:
    """No type is the same as any, so each check says its own."""
    assert General.holds == ()
