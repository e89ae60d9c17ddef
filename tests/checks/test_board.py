"""Changes on a board: what counts as one, and when it happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from screening.checks._board import Change, all_dated, changes, members
from screening.model import History, Officer, Officers, Origin, Provenance

TODAY = date(2026, 11, 30)


def officers(day: str, *people: tuple[str, str, str | None]) -> Officers:
    """An answer of the day: (key, role, from)."""
    as_of = date.fromisoformat(day)
    came = Provenance(
        source="r", origin=Origin.AUTHORITY, as_of=as_of, fetched_at=datetime.combine(as_of, time(6), UTC)
    )
    made = tuple(
        Officer(key, f"Namn {key}", role, from_on=date.fromisoformat(since) if since else None)
        for key, role, since in people
    )
    return Officers(provenance=came, people=made)


def found(*rows: Officers, registered_on: date | None = None) -> tuple[Change, ...]:
    return changes(History(rows, rows[0].provenance.as_of), registered_on, TODAY)


def test_one_who_takes_anothers_place_is_one_change() -> None:
    """Dated by the newcomer's own day where the register gives it."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("B", "LE", "2026-10-12"))
    assert found(before, after) == (Change(date(2026, 10, 12), came="Namn B", left="Namn A"),)


def test_one_who_leaves_without_a_successor_is_dated_the_day_it_was_seen() -> None:
    """The register gives no day of leaving."""
    before = officers("2026-09-30", ("A", "LE", None), ("B", "LE", None))
    assert found(before, officers("2026-10-31", ("A", "LE", None))) == (Change(date(2026, 10, 31), left="Namn B"),)


def test_a_date_far_from_the_answers_is_not_believed() -> None:
    """A newcomer dated years back was registered late or corrected: the day it was seen counts."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("A", "LE", None), ("B", "LE", "2019-01-01"))
    assert found(before, after) == (Change(date(2026, 10, 31), came="Namn B"),)


@pytest.mark.parametrize("role", ["SU", "REV", "PROK", "LIKV"])
def test_deputies_auditors_and_the_like_are_no_board(role: str) -> None:
    """Only those who lead count."""
    before = officers("2026-09-30", ("A", "LE", None))
    assert found(before, officers("2026-10-31", ("A", "LE", None), ("B", role, None))) == ()


def test_a_second_role_of_one_person_keeps_the_first_day() -> None:
    """A director who becomes managing director has been there since the first role."""
    both = officers("2026-10-31", ("A", "VD", "2026-10-01"), ("A", "LE", "2015-01-01"))
    assert members(both) == {"A": ("Namn A", date(2015, 1, 1))}


def test_the_founding_is_no_change() -> None:
    """By the day of registration, or where it is not known by the first arrival."""
    first = officers("2026-10-31", ("A", "LE", "2026-02-01"), ("B", "LE", "2026-02-20"), ("C", "LE", "2026-08-01"))
    assert [item.came for item in found(first, registered_on=date(2026, 1, 15))] == ["Namn C"]
    assert [item.came for item in found(first)] == ["Namn B", "Namn C"]
    assert found(officers("2026-10-31", ("A", "LE", None))) == ()


def test_the_future_is_not_known() -> None:
    """A role that begins after the day judged is no change yet."""
    first = officers("2026-10-31", ("A", "LE", "2015-01-01"), ("B", "LE", "2026-12-15"))
    assert found(first) == ()


def test_a_board_is_dated_when_every_member_is() -> None:
    """One undated member hides when the others' predecessors left."""
    assert all_dated(officers("2026-10-31", ("A", "LE", "2015-01-01"), ("R", "REV", None)))
    assert not all_dated(officers("2026-10-31", ("A", "LE", "2015-01-01"), ("B", "LE", None)))
