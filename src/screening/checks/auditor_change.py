"""An auditor who left outside the season of annual meetings, several changes of auditor, or none where one is required."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from screening.checks._timing import Timing, near
from screening.checks._window import all_dated, at_latest, known_from, months
from screening.model import (
    Accounts,
    CompanyRecord,
    Context,
    Event,
    History,
    Officers,
    Verdict,
    clear,
    events,
    flag,
    unknown,
)
from screening.model.states import auditors


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Timing):
    """How long an early exit is told, how many changes in which window, the season, and when an auditor is required."""

    exit_days: int
    changes: int
    window_days: int
    meeting_months: tuple[int, ...]
    employees: int
    assets_sek: Decimal
    turnover_sek: Decimal


def check(
    officers: History[Officers], accounts: Accounts | None, record: CompanyRecord | None, c: Context, p: P
) -> Verdict:
    """Flags ``missing`` (where two of three sizes are passed), ``repeated`` changes, or an ``early`` exit."""
    born = record.registered_on if record is not None else None
    known = events("officers", officers.versions, registered_on=born, today=c.today, what=("auditor",))
    in_window = [item for item in known if item.before != "" and _within(item, c, p.window_days)]  # a first one is none
    early = [item for item in in_window if item.before and _within(item, c, p.exit_days) and not _at_meeting(item, p)]
    required = _required(accounts, p)
    now = auditors(officers.latest)
    missing = not now and required is True
    if missing or len(in_window) >= p.changes or early:
        variant = "missing" if missing else "repeated" if len(in_window) >= p.changes else "early"
        shown = early[-1:] if variant == "early" else in_window[-1:]
        at = near([item.on for item in shown], c, p)
        return flag(
            officers.latest,
            *(fact for item in shown for fact in item.facts[1:]),
            *([accounts] if missing and accounts is not None else []),
            level=at.level,
            variant=variant,
            changes=len(in_window),
            auditor_before=shown[0].before if shown else None,
            auditor_after=(shown[0].after or None) if shown else None,
            changed_on=shown[0].on if shown else None,
            changed_after_on=shown[0].after_day if shown and at_latest(shown[0]) else None,
            employees=accounts.employees if accounts is not None else None,
            turnover_sek=accounts.turnover_sek if accounts is not None else None,
            contracts_timing=at.timing,
            as_of_on=officers.latest.provenance.held_on,
        )
    first_day = c.today - timedelta(days=p.window_days)
    dated = bool(now) and all_dated(now.values()) and not in_window
    if not dated and not known_from(officers.observed_from_on, first_day, born):
        return unknown("short_history", observed_from_on=officers.observed_from_on, changes=len(in_window))
    return clear(officers.latest, auditors=len(now), required=required, changes=len(in_window))


def _within(item: Event, c: Context, days: int) -> bool:
    return item.on >= c.today - timedelta(days=days)


def _at_meeting(item: Event, p: P) -> bool:
    """Whether the exit may have been at an annual meeting, registered after it."""
    return bool(months(item.earliest, item.on) & set(p.meeting_months))


def _required(accounts: Accounts | None, p: P) -> bool | None:
    """Whether more than one of the three sizes is passed; ``None`` where too few of them are known to say."""
    if accounts is None:
        return None
    sizes = (
        (accounts.employees, p.employees),
        (accounts.assets_sek, p.assets_sek),
        (accounts.turnover_sek, p.turnover_sek),
    )
    known = [value > limit for value, limit in sizes if value is not None]
    if sum(known) >= 2:
        return True
    return False if len(known) - sum(known) >= 2 else None
