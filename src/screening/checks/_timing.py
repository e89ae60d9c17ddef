"""Changes set against the supplier's contracts: near an award a change weighs more, near an option it should be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from screening.checks import Params
from screening.model import Context
from screening.model.timing import Moment, encode, moments

LATE = ("option", "end")
"""Dates before which a change should be known; around the others it weighs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing(Params):
    """How near the award of a contract (or a tender), or before an option, a change weighs more; how long before it is told."""

    may_be_zero = frozenset({"near_days", "option_days"})  # on the day itself alone

    near_days: int = 90  # rules from before it was weighed leave it out
    option_days: int = 180


@dataclass(frozen=True, slots=True)
class Near:
    """The contract dates that changes lie near, the weightiest first, each with the change that lies nearest.

    ``level``: ``near_award`` (also a tender, and a start where no award is dated), ``near_option``, ``before_option`` for one
    that is farther away than an award may be, or empty.
    """

    found: tuple[tuple[Moment, date], ...] = ()
    near_days: int = field(default=0, compare=False)

    @property
    def level(self) -> str:
        """The weight of the weightiest."""
        points = {moment.point for moment, _on in self.found}
        if points & {"tender", "award", "start"}:
            return "near_award"
        days = [-moment.days for moment, _on in self.found if moment.point == "option"]
        return "" if not days else "near_option" if min(days) <= self.near_days else "before_option"

    @property
    def first(self) -> Moment | None:
        """The weightiest, and nearest, of them."""
        return self.found[0][0] if self.found else None

    @property
    def on(self) -> date | None:
        """The day of the change that lies nearest to ``first``."""
        return self.found[0][1] if self.found else None

    @property
    def timing(self) -> str | None:
        """Every contract date, as evidence holds it."""
        return encode(moment for moment, _on in self.found)


def near(days: Iterable[date], c: Context, p: Timing) -> Near:
    """Each contract's dates that some of the changes lie near; of several changes the nearest counts."""
    nearest: dict[tuple[str, str], tuple[Moment, date]] = {}
    for on in days:
        for contract in c.contracts:
            for moment in moments(contract, on, c.today):
                key = (contract.id, moment.point)
                if _is_near(moment, p) and (key not in nearest or abs(moment.days) < abs(nearest[key][0].days)):
                    nearest[key] = (moment, on)
    order = sorted(
        nearest.values(),
        key=lambda item: (item[0].point in LATE, item[0].point == "end", abs(item[0].days), item[0].contract_id),
    )
    return Near(tuple(order), p.near_days)


def _is_near(moment: Moment, p: Timing) -> bool:
    if moment.point in LATE:
        return 0 <= -moment.days <= p.option_days
    return abs(moment.days) <= p.near_days
