"""Changes on a board as dated events, from successive answers and from the register's own dates.

The first answers may be about days that lie months apart (``Provenance.historic``). Of a change between two such days only
the latest possible date is known: it is dated so, and ``Change.after`` tells how much earlier it may have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from screening.model import History, Officers

BOARD_ROLES: frozenset[str] = frozenset({"LE", "OF", "VD", "EVD", "VVD", "KPL", "BOLM"})
"""Those who lead: board members, chair, managing director, partners. Not deputies, auditors, procurists, liquidators."""

FOUNDING_DAYS = 60
"""Whoever came within so many days of registration was there from the start: a beginning is no change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: someone came, left, or one took another's place. Names as the register writes them.

    ``on`` is the latest day that it can have been; it was on that day, or when it was first seen, unless ``after`` says
    that it was some day after that one.
    """

    on: date
    came: str = ""
    left: str = ""
    after: date | None = None

    @property
    def earliest(self) -> date:
        """The first day that it can have been."""
        return self.on if self.after is None else self.after + timedelta(days=1)


def members(officers: Officers) -> dict[str, tuple[str, date | None]]:
    """Person -> (name, first day in any leading role); one who only changes role stays one person."""
    found: dict[str, tuple[str, date | None]] = {}
    for person in officers.people:
        if person.role_code not in BOARD_ROLES:
            continue
        earlier = found[person.person_key][1] if person.person_key in found else person.from_on
        days = [day for day in (earlier, person.from_on) if day is not None]
        found[person.person_key] = (person.name, min(days) if days else None)
    return found


def changes(history: History[Officers], registered_on: date | None, today: date) -> tuple[Change, ...]:
    """Every change known, oldest first.

    From the first answer: those who came after the founding, by the register's dates. Between two answers: who came
    (by their own date where given) and who left, paired, so that one who replaces another is one change.
    """
    found = _from_first(history.versions[0], registered_on)
    for before, after in history.changes():
        found += _between(before, after)
    return tuple(sorted((item for item in found if item.on <= today), key=lambda item: item.on))


def _from_first(first: Officers, registered_on: date | None) -> list[Change]:
    dated = sorted((since, name) for name, since in members(first).values() if since is not None)
    if not dated:
        return []
    beginning = registered_on + timedelta(days=FOUNDING_DAYS) if registered_on is not None else dated[0][0]
    return [Change(since, came=name) for since, name in dated if since > beginning]


def last_seen(before: Officers) -> date | None:
    """The last of the earlier days that a board was seen on, when no answer of its own day has shown it since."""
    came = before.provenance
    return came.held_on if came.historic and came.held_on < came.fetched_at.date() else None


def months(start: date, end: date) -> frozenset[int]:
    """The months of the year from one day to another."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return frozenset((start.month - 1 + step) % 12 + 1 for step in range(count + 1))


def _between(before: Officers, after: Officers) -> list[Change]:
    old, new = members(before), members(after)
    seen_on = after.provenance.as_of
    since = before.provenance.as_of
    not_before = last_seen(before)
    left = sorted(old[key][0] for key in old.keys() - new.keys())
    came = sorted((_day(new[key][1], since, seen_on), new[key][0]) for key in new.keys() - old.keys())
    found = []
    for number in range(max(len(left), len(came))):
        on, name = came[number] if number < len(came) else (seen_on, "")
        gone = left[number] if number < len(left) else ""
        found.append(Change(on, came=name, left=gone, after=not_before if on == seen_on else None))
    return found


def _day(own: date | None, after: date, seen_on: date) -> date:
    """The register's own date when it lies near the two answers (registration may lag by weeks), else the day it was seen."""
    return own if own is not None and after - timedelta(days=FOUNDING_DAYS) <= own <= seen_on else seen_on


def known_from(observed_from_on: date, window_from: date, registered_on: date | None) -> bool:
    """Whether answers since ``observed_from_on`` cover a window: from its first day, or from a young company's founding."""
    if registered_on is not None:
        window_from = max(window_from, registered_on + timedelta(days=FOUNDING_DAYS))
    return observed_from_on <= window_from


def all_dated(officers: Officers) -> bool:
    """Whether the register dates everyone now on the board, so that arrivals are known further back than our answers."""
    return all(since is not None for _name, since in members(officers).values())
