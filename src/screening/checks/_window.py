"""Windows of time: whether what is known reaches back over one, and which months a change may have been in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from screening.model import Event
from screening.model.changes import founded_by
from screening.model.states import Member


def known_from(observed_from_on: date, window_from: date, registered_on: date | None) -> bool:
    """Whether answers since ``observed_from_on`` cover a window: from its first day, or from a young company's founding."""
    if registered_on is not None:
        window_from = max(window_from, founded_by(registered_on))
    return observed_from_on <= window_from


def all_dated(members: Collection[Member]) -> bool:
    """Whether the source dates everyone, so that arrivals are known further back than our answers."""
    return all(member.since_on is not None for member in members)


def at_latest(event: Event) -> bool:
    """Whether the change may have been earlier than the day by which it is known: the answer's day is not its own."""
    return event.earliest < event.on


def months(start: date, end: date) -> frozenset[int]:
    """The months of the year from one day to another."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return frozenset((start.month - 1 + step) % 12 + 1 for step in range(count + 1))
