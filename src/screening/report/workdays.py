"""Swedish working days: by when a flag should be handled."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from screening.model import Finding, Severity
from screening.store import Run

WORKING_DAYS: dict[Severity, int] = {"critical": 1, "high": 5}
"""KRITISK before the next payment or award, HÖG within five working days."""

DAYS: dict[Severity, int] = {"medium": 30}
"""MEDEL at the next follow-up. LÅG has no date: it is noted and weighs together with others."""


def deadline(finding: Finding, run: Run) -> date | None:
    """By when to handle it: counted from the newest run in which it was new, came back or got worse."""
    if finding.status in ("new", "worse"):
        return handle_by(finding.severity, run.as_of)
    return handle_by(finding.severity, finding.since or reported_on(finding.first_seen, run))


def reported_on(first_seen: str, run: Run) -> date:
    """The day of the report of a period: its last, or the run's own in the run's period."""
    if first_seen >= run.period:
        return run.as_of
    year, month = (int(part) for part in first_seen.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def handle_by(severity: Severity | None, since: date) -> date | None:
    """The last day to handle a flag first reported on ``since``."""
    if severity in WORKING_DAYS:
        return add(since, WORKING_DAYS[severity])
    if severity in DAYS:
        return add(since + timedelta(days=DAYS[severity] - 1), 1)
    return None


def add(start: date, days: int) -> date:
    """``start`` plus that many working days."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working(day)
    return day


def is_working(day: date) -> bool:
    """Whether offices are open: not a weekend, a public holiday, or one of the eves that offices keep."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    moving = [easter + timedelta(days=days) for days in (-2, 1, 39)]
    midsummer_eve = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == calendar.FRIDAY)
    return frozenset([*(date(year, month, day) for month, day in fixed), *moving, midsummer_eve])


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - leap - rest % 4) % 7
    late = (golden + 11 * leap + 22 * week) // 451
    month, day = divmod(leap + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
