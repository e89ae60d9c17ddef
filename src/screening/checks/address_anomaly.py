"""A registered address that is a box, a c/o, often moved, shared by many suppliers, or other than the bid's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from screening.checks._timing import Timing, near
from screening.checks._window import known_from
from screening.model import (
    Address,
    AddressInBid,
    CompanyRecord,
    Context,
    History,
    SharedAddress,
    Verdict,
    clear,
    events,
    flag,
    unknown,
)
from screening.model.states import place_key

_BOX = re.compile(r"\s*(?:box|p\.?\s?o\.?\s?box|postbox|fack)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Timing):
    """How many moves in which window, more than how many suppliers at one address, and whether a c/o at a street counts."""

    may_be_zero = Timing.may_be_zero | {"window_days"}  # before there is a history: what stands that day

    moves: int
    window_days: int
    suppliers: int
    care_of_counts: bool


def check(
    addresses: History[Address],
    shared: SharedAddress | None,
    bid: AddressInBid | None,
    record: CompanyRecord | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags any of the five; the finding tells all that hold. A protected address is never a fact, so never judged."""
    address = addresses.latest
    first_day = c.today - timedelta(days=p.window_days)
    born = record.registered_on if record is not None else None
    known = events("address", addresses.versions, what=("address",))
    moves = [item for item in known if item.on >= first_day]
    box = _box(address)
    care_of = address.care_of if p.care_of_counts and not box and address.care_of else None
    many = shared if shared is not None and shared.suppliers > p.suppliers else None
    other = bid if bid is not None and _differs(addresses, bid) else None
    often = len(moves) >= p.moves
    if box or care_of or many is not None or other is not None or often:
        at = near([item.on for item in moves if often], c, p)
        return flag(
            address,
            *_given(many, other),
            *(item.facts[-1] for item in moves if often),
            level=at.level,
            address=_text(address),
            box=box or None,
            care_of=care_of,
            moves=len(moves) if often else None,
            moved_on=moves[-1].on if often else None,
            contracts_timing=at.timing,
            suppliers=many.suppliers if many is not None else None,
            bid_address=_text(other) if other is not None else None,
            stated_on=other.stated_on if other is not None else None,
            as_of_on=address.provenance.held_on,
        )
    if not known_from(addresses.observed_from_on, first_day, born):
        return unknown("short_history", observed_from_on=addresses.observed_from_on, moves=len(moves))
    return clear(address, *_given(shared, bid), address=_text(address), moves=len(moves))


def _given(shared: SharedAddress | None, bid: AddressInBid | None) -> list[SharedAddress | AddressInBid]:
    return [fact for fact in (shared, bid) if fact is not None]


def _box(address: Address) -> str:
    """The box or the c/o, when the register has nothing else."""
    if address.street and not _BOX.match(address.street):
        return ""
    return address.street or (f"c/o {address.care_of}" if address.care_of else "")


def _differs(addresses: History[Address], bid: AddressInBid) -> bool:
    """Whether the bid gave a place that the register has not had since: a move after the bid is a move, no difference."""
    if not bid.street:
        return False
    stated = place_key(bid.street, bid.postcode, bid.city)
    own = [place_key(row.street, row.postcode, row.city) for row in _since(addresses, bid)]
    return bool(own) and not any(_same_place(stated, key) for key in own)


def _since(addresses: History[Address], bid: AddressInBid) -> list[Address]:
    """The address now, and those that stood on the day of the bid or later."""
    day = bid.stated_on
    rows = [row for row in addresses.versions if row.street]
    return rows[-1:] if day is None else [row for row in rows if row.provenance.held_on >= day or row is rows[-1]]


def _same_place(one: str, other: str) -> bool:
    """Street and postcode; where one of them has no postcode, street and city."""
    street, postcode, city = one.split("|")
    street_, postcode_, city_ = other.split("|")
    return street == street_ and (
        postcode == postcode_ if postcode and postcode_ else not city or not city_ or city == city_
    )


def _text(address: Address | AddressInBid) -> str:
    care_of = getattr(address, "care_of", None)
    parts = (f"c/o {care_of}" if care_of else None, address.street, address.postcode, address.city)
    return ", ".join(part for part in parts if part)
