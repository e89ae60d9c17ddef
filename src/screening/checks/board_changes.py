"""Many changes of board or managing director in a year, or most of the board replaced in a short time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from screening.checks._timing import Timing, near
from screening.checks._window import all_dated, at_latest, known_from, months
from screening.model import (
    CompanyRecord,
    Context,
    Event,
    History,
    Officers,
    Value,
    Verdict,
    clear,
    events,
    flag,
    not_applicable,
    unknown,
)
from screening.model.changes import dated, difference
from screening.model.states import board, directors

WITH_BOARD = ("AB", "BAB", "EK")
"""Legal forms that always have a board: where an answer shows nobody, it lacks something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Timing):
    """How many changes in which window, how much of the board in which span, and when annual meetings are held."""

    changes: int
    window_days: int
    replaced_share: Decimal
    replaced_days: int
    meeting_months: tuple[int, ...]
    meeting_changes: int


def check(officers: History[Officers], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags ``changes`` events in ``window_days``, or more than ``replaced_share`` of a board gone in ``replaced_days``."""
    first_day = c.today - timedelta(days=p.window_days)
    registered_on = record.registered_on if record is not None else None
    known = events("officers", officers.versions, registered_on=registered_on, today=c.today, what=("board",))
    in_window = [item for item in known if item.on >= first_day]
    recent = without_meetings(in_window, p)
    share, since = _replaced(officers, first_day, p)
    members = board(officers.latest).values()
    seen: dict[str, Value] = {
        "changes": len(recent),
        "window_days": p.window_days,
        "first_on": recent[0].on if recent else None,
        "last_on": recent[-1].on if recent else None,
        "changed_people": _people(recent),
        "board_size": len(members),
    }
    many = len(recent) >= p.changes
    if many or share > p.replaced_share:
        variant = "many" if many else "replaced"
        if any(at_latest(item) for item in in_window):
            variant += "_at_latest"
        at = near([item.on for item in recent or in_window], c, p)
        first = at.first
        seen |= {
            "variant": variant,
            "contracts_timing": at.timing,
            "contract_id": first.contract_id if first is not None else None,
            "replaced_share": share,
            "replaced_from_on": since,
            "replaced_days": p.replaced_days,
        }
        return replace(flag(*_shown(officers, recent), level=at.level), seen=seen)
    if not members and (any(map(board, officers.versions)) or (record is not None and record.legal_form in WITH_BOARD)):
        gone = record is not None and record.state == "deregistered"
        return not_applicable("not_registered") if gone else unknown("doubtful", changes=len(recent))
    if not known_from(officers.observed_from_on, first_day, registered_on) and not all_dated(members):
        return unknown("short_history", observed_from_on=officers.observed_from_on, changes=len(recent))
    return replace(clear(officers.latest), seen={**seen, "replaced_share": share})


def _shown(officers: History[Officers], recent: Sequence[Event]) -> tuple[Officers, ...]:
    """The answers behind it, the newest first: the last ones, and the one before the first change."""
    oldest = [fact for item in recent[:1] for fact in item.facts[-1:] if isinstance(fact, Officers)]
    last = officers.versions[-2:][::-1]
    return (*last, *(fact for fact in oldest if fact not in last))


def without_meetings(recent: Sequence[Event], p: P) -> list[Event]:
    """The changes without each year's annual meeting: one day in the season, with at most ``meeting_changes`` changes.

    Changes that may have been in the season are taken for a meeting's.
    """
    by_day: defaultdict[date, int] = defaultdict(int)
    for item in recent:
        if months(item.earliest, item.on) & set(p.meeting_months):
            by_day[item.on] += 1
    meetings: dict[int, date] = {}
    for day, count in by_day.items():
        if count <= p.meeting_changes and count > by_day.get(meetings.get(day.year, date.min), 0):
            meetings[day.year] = day
    return [item for item in recent if meetings.get(item.on.year) != item.on]


def _replaced(officers: History[Officers], first_day: date, p: P) -> tuple[Decimal, date | None]:
    """The largest share of a board that was gone again within ``replaced_days``, and since when.

    A managing director who is not on the board is not counted, and nobody at all is no board.
    A board that only lost ``meeting_changes`` members in the season of annual meetings is not counted.
    """
    worst, since = Decimal(0), None
    versions = [row for row in officers.versions if board(row)]
    for start, before in enumerate(versions[:-1]):
        members = directors(before)
        changed_on = versions[start + 1].provenance.as_of
        opened = _in_season(before, versions[start + 1], p)
        for last, after in pairwise(versions[start:]):
            on = after.provenance.as_of
            if not members or on < first_day or (on - changed_on).days > p.replaced_days:
                continue
            gone = len(difference(members, board(after))[1])
            meeting = opened and _in_season(last, after, p) and gone <= p.meeting_changes
            share = Decimal(gone) / len(members)
            if share > worst and not meeting:
                worst, since = share, changed_on
    return worst, since


def _in_season(before: Officers, after: Officers, p: P) -> bool:
    """Whether a change between two answers may have been at an annual meeting."""
    end, held, _by = dated(None, before, after)
    start = end if held is None else held + timedelta(days=1)
    return bool(months(start, end) & set(p.meeting_months))


def _people(recent: Sequence[Event]) -> str:
    """Who left and came, as the register names them; at most ten changes, so that the cell can be read."""
    told = [" → ".join(name for name in (item.before or "–", item.after or "–")) for item in recent[-10:]]
    return "; ".join(told)
