"""When something happened against the dates of a contract: tender, award, start, option, end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from screening.model.supplier import Contract

Point = Literal["tender", "award", "start", "option", "end"]
ORDER: Final[tuple[Point, ...]] = ("tender", "award", "start", "option", "end")


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of one contract. ``days`` from it to the event: negative when the event came first.

    ``tender``: a bid that is being checked, dated the day of the check. ``award``: the award; ``start``: the start, where no
    award is dated. ``option``: the contract ends but may be prolonged, so that someone decides by then. ``end``: it may not.
    """

    point: Point
    contract_id: str
    on: date
    days: int


def moments(contract: Contract, event_on: date, today: date) -> Iterator[Moment]:
    """The contract's dates, each with the days from it to the event."""
    points: list[tuple[Point, date | None]] = []
    if contract.awarded_on is not None:
        points.append(("award", contract.awarded_on))
    elif contract.phase == "tender":
        points.append(("tender", today))
    else:
        points.append(("start", contract.starts_on))
    last, end = contract.option_until_on, contract.ends_on
    points.append(("option" if last is not None and end is not None and last > end else "end", end))
    for point, on in points:
        if on is not None:
            yield Moment(point, contract.id, on, (event_on - on).days)


def encode(found: Iterable[Moment]) -> str | None:
    """Moments as evidence holds them, in a field whose name ends in ``_timing``; ``None`` for none."""
    rows = [[item.point, item.contract_id, item.on.isoformat(), item.days] for item in found]
    return json.dumps(rows, ensure_ascii=False) if rows else None


def decode(text: str) -> tuple[Moment, ...]:
    """The moments of ``encode``."""
    return tuple(
        Moment(point, contract_id, date.fromisoformat(on), days) for point, contract_id, on, days in json.loads(text)
    )
