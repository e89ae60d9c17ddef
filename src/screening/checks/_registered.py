"""Whether a registration with the Tax Agency stands on a day, by its state and its own dates."""

from __future__ import annotations

from datetime import date
from typing import Literal

State = Literal["never", "active", "ended", "future"]


def state_on(state: State, from_on: date | None, to_on: date | None, today: date) -> State:
    """The state on ``today``, whatever it was when the register answered: first and last day count as registered.

    An end, or a start, of unknown day is taken as the register put it: it has ended, or has not begun.
    """
    if state == "never":
        return state
    if from_on is not None and from_on > today:
        return "future"
    if to_on is not None:
        return "ended" if to_on < today else "active"
    if state == "future" and from_on is not None:
        return "active"
    return state
