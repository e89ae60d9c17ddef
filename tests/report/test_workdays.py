from datetime import date

import pytest

from screening.model import Severity
from screening.report.workdays import add, handle_by, is_working


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 28), date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1),
        date(2026, 5, 14), date(2025, 6, 6), date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31),
    ],
)  # fmt: skip
def test_offices_are_closed(day: date) -> None:
    """Weekends, holidays that move with Easter, and the eves."""
    assert not is_working(day)


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 1, 7), date(2026, 4, 2), date(2026, 12, 23)])
def test_offices_are_open(day: date) -> None:
    """An ordinary day, also beside a holiday."""
    assert is_working(day)


@pytest.mark.parametrize(
    ("severity", "day"),
    [
        ("critical", date(2026, 12, 1)),
        ("high", date(2026, 12, 7)),
        ("medium", date(2026, 12, 30)),
        ("low", None),
        (None, None),
    ],
)
def test_by_when_a_flag_is_handled(severity: Severity | None, day: date | None) -> None:
    """KRITISK the next working day, HÖG within five, MEDEL within thirty days; LÅG has no date."""
    assert handle_by(severity, date(2026, 11, 30)) == day


def test_a_deadline_never_falls_on_a_holiday() -> None:
    """Thirty days from 25 November end on Christmas Day, so it is the 28th."""
    assert handle_by("medium", date(2026, 11, 25)) == date(2026, 12, 28)
    assert add(date(2026, 12, 23), 1) == date(2026, 12, 28)
