"""An annual report that has not come in so many months after the end of the fiscal year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from screening.checks import Params
from screening.model import Accounts, CompanyRecord, Context, Verdict, clear, flag, not_applicable, unknown

LONGEST_YEAR_MONTHS = 18
"""A fiscal year that is changed may be prolonged to so many months: bokföringslagen 3:3, from memory, not verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Months after the end of the fiscal year: late, later, and when winding-up may be ordered."""

    late_months: int
    later_months: int
    last_months: int


def check(accounts: Accounts, record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags the year after the newest report: base past ``late_months``, ``later`` and ``last`` after that."""
    if record is not None and record.state == "deregistered":
        return not_applicable("not_registered")
    newest = accounts.period_to_on
    if newest is None:
        return unknown("partial")
    ended = accounts.next_period_to_on or months_after(newest, 12)
    due = months_after(ended, p.late_months)
    if c.today <= due:
        return clear(accounts, period_to_on=newest, due_on=due)
    longest = months_after(newest, LONGEST_YEAR_MONTHS)
    level = "last" if c.today > months_after(ended, p.last_months) else ""
    level = level or ("later" if c.today > months_after(ended, p.later_months) else "")
    return flag(
        accounts,
        level=level,
        period_to_on=newest,
        year_end_on=ended,
        due_on=due,
        days_late=(c.today - due).days,
        longest_year_on=longest
        if accounts.next_period_to_on is None and c.today <= months_after(longest, p.late_months)
        else None,
        as_of_on=accounts.provenance.held_on,
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month when the day is the last of its own or there is none."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
