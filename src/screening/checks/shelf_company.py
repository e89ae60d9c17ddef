"""A shelf company put to use: name, board and business changed at once, or marked as one, and bought from soon after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks._timing import Timing, near
from screening.checks._window import all_dated, known_from
from screening.model import (
    CompanyRecord,
    Context,
    Credit,
    Event,
    History,
    Industry,
    Officers,
    Verdict,
    clear,
    events,
    flag,
    unknown,
)
from screening.model.states import board


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Timing):
    """Within how many days all three changed, how soon after it was bought from, and how long that is followed."""

    together_days: int
    first_invoice_days: int
    window_days: int
    statuses: tuple[str, ...]


def check(
    records: History[CompanyRecord],
    officers: History[Officers],
    industry: History[Industry],
    credit: Credit | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags what was activated within ``window_days`` and bought from, or contracted, within ``first_invoice_days``."""
    record = records.latest
    if credit is not None and _is_marked(credit, p):
        started = _started(c, c.today - timedelta(days=p.first_invoice_days), c.today)
        if started is None:
            return clear(credit, company_status=credit.company_status)
        at = near([c.today], c, p)
        return flag(
            credit,
            record,
            level=at.level,
            variant="marked",
            company_status=credit.company_status,
            started_on=started,
            contracts_timing=at.timing,
            as_of_on=credit.provenance.held_on,
        )
    first_day = c.today - timedelta(days=p.window_days)
    together = _together(records, officers, industry, first_day, c, p)
    if not together:
        if _too_short(records, officers, industry, first_day):
            return unknown("short_history", observed_from_on=records.observed_from_on)
        return clear(record, officers.latest, industry.latest)
    activated = max(item.on for item in together)
    started = _started(c, min(item.earliest for item in together), activated + timedelta(days=p.first_invoice_days))
    name = together[0]
    seen = {"activated_on": activated, "started_on": started, "name_before": name.before, "name_after": name.after}
    facts = [fact for item in together for fact in item.facts[:1]]
    if started is None:
        return clear(*facts, **seen)
    at = near([activated], c, p)
    return flag(
        facts[0],
        *facts[1:],
        level=at.level,
        variant="activated",
        contracts_timing=at.timing,
        as_of_on=record.provenance.held_on,
        **seen,
    )


def _is_marked(credit: Credit, p: P) -> bool:
    """Whether the bureau calls it a shelf company, in whatever case."""
    status = credit.company_status
    return status is not None and status.casefold() in map(str.casefold, p.statuses)


def _together(
    records: History[CompanyRecord],
    officers: History[Officers],
    industry: History[Industry],
    first_day: date,
    c: Context,
    p: P,
) -> tuple[Event, ...]:
    """The newest change of name that changes of board and of business lie near; empty where there is none."""
    born = records.latest.registered_on
    names = events("company_record", records.versions, registered_on=born, today=c.today, what=("name",))
    boards = events("officers", officers.versions, registered_on=born, today=c.today, what=("board",))
    objects = events("industry", industry.versions)
    for name in reversed([item for item in names if item.on >= first_day]):
        for seat in boards:
            for business in objects:
                found = (name, seat, business)
                if _span(found) <= p.together_days:
                    return found
    return ()


def _span(found: Sequence[Event]) -> int:
    """The fewest days that the changes can lie apart."""
    return (max(item.earliest for item in found) - min(item.on for item in found)).days


def _too_short(
    records: History[CompanyRecord], officers: History[Officers], industry: History[Industry], first_day: date
) -> bool:
    """Whether all three may have changed in the window without our knowing: one that is known not to have is enough."""
    record = records.latest
    born = record.registered_on
    current = next((name for name in record.names if name.kind == "name"), None)
    if current is not None and current.from_on is not None:
        return False  # the register itself dates the name: a change of it would be known
    name_known = known_from(records.observed_from_on, first_day, born)
    board_known = known_from(officers.observed_from_on, first_day, born) or all_dated(board(officers.latest).values())
    return not (name_known or board_known or known_from(industry.observed_from_on, first_day, born))


def _started(c: Context, since: date, until: date) -> date | None:
    """The first invoice, or the first award or tender, when it lies between the two days; none when bought from before."""
    awards = [
        day
        for contract in c.contracts
        if (day := _entered(c, contract.awarded_on or contract.starts_on, contract.phase))
    ]
    days = [day for day in (c.spend.first_on, *awards) if day is not None]
    first = min(days, default=None)
    return first if first is not None and since <= first <= until else None


def _entered(c: Context, on: date | None, phase: str) -> date | None:
    return c.today if on is None and phase == "tender" else on
