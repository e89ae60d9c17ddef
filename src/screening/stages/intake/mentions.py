"""Suppliers as they are written in files, and who they are once every file has been read.

A *mention* is one spelling: (name, number, supplier number, country). Mentions meet in one supplier by the number that
was read, by a number that a person has accepted for that name, or by the buyer's own supplier number where a file gives
exactly one number for it; else by name, as a supplier without identity. Names alone never join two numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from screening.identity import Identity, Kind, Reading, read
from screening.model import SupplierKind
from screening.names import is_hidden, normalise

Place = tuple[str, str, int]  # file, sheet, row number
MAX_PLACES = 40  # places kept per mention: what a person can look up


class Mentions:
    """Every spelling met in the run, with how often and where."""

    def __init__(self) -> None:
        self._index: dict[tuple[str, str, str, str], int] = {}
        self.written: list[tuple[str, str, str, str]] = []
        self.rows: list[int] = []
        self.places: list[dict[tuple[str, str], tuple[int, ...]]] = []

    def __len__(self) -> int:
        return len(self.written)

    def index(self, name: str, number: str, own: str, country: str) -> int:
        """The number of a spelling; made when it is new."""
        item = (name, number, own, country)
        found = self._index.get(item)
        if found is None:
            found = self._index[item] = len(self.written)
            self.written.append(item)
            self.rows.append(0)
            self.places.append({})
        return found

    def add(self, name: str, number: str, own: str, country: str, place: Place) -> int:
        """One row with a spelling."""
        found = self.index(name, number, own, country)
        self.seen(found, place, 1)
        return found

    def seen(self, mention: int, place: Place, rows: int, *, first_only: bool = False) -> None:
        """Counts rows of a mention and keeps where: every place, or for ledgers the first of each sheet."""
        self.rows[mention] += rows
        sheets = self.places[mention]
        kept = sheets.get(place[:2], ())
        if not kept or (not first_only and len(kept) < MAX_PLACES):
            sheets[place[:2]] = (*kept, place[2])


@dataclass(slots=True)
class Party:
    """One supplier of the run: its mentions and who it is."""

    identity: Identity | None
    accepted: bool = False
    mentions: list[int] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, None] = field(default_factory=dict)  # the buyer's own, in order met
    country: str = ""
    id: str = ""

    @property
    def kind(self) -> SupplierKind:
        """What sort of supplier the number makes it."""
        if self.identity is None:
            return "unidentified"
        if self.identity.is_person:
            return "person"
        return "foreign" if self.identity.kind is Kind.FOREIGN else "organisation"

    @property
    def hidden(self) -> bool:
        """Whether neither number nor name is left in the files: persons that the publisher masked, nobody knows how many."""
        return self.identity is None and bool(self.names) and all(map(is_hidden, self.names))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Names, the most often written first."""
        return tuple(self.names if len(self.names) < 2 else (name for name, _ in self.names.most_common()))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mention whose number could not be used. ``by_number``: the supplier number that told who it is."""

    mention: int
    reading: Reading
    party: int
    by_number: str = ""


@dataclass(slots=True)
class Resolved:
    """Who every mention is."""

    parties: list[Party]
    party_of: list[int]
    doubts: list[Doubt]
    conflicting: tuple[str, ...]  # supplier numbers that stand for several organisation numbers
    by_name: dict[str, list[int]]  # normalised name -> parties with a number


def resolve(mentions: Mentions, accepted: Mapping[tuple[str, str], Identity], today: date) -> Resolved:
    """Joins mentions into suppliers."""
    readings = [read(number, country=country or None, today=today) for _, number, _, country in mentions.written]
    taken = [_accepted(written, reading, accepted) for written, reading in zip(mentions.written, readings, strict=True)]
    identities = [one or reading.identity for one, reading in zip(taken, readings, strict=True)]
    by_own, conflicting = _by_own_number(mentions.written, identities)
    parties: list[Party] = []
    places: dict[object, int] = {}
    party_of: list[int] = []
    doubts: list[Doubt] = []
    for index, (name, _, own, country) in enumerate(mentions.written):
        identity = identities[index] or by_own.get(own)
        reading = readings[index]
        called = name or (f"Leverantörsnr {own}" if own else f"Nummer {reading.written}")
        where: object = identity or ("name", normalise(called) or called)
        place = places.get(where)
        if place is None:
            place = places[where] = len(parties)
            parties.append(Party(identity))
        party = parties[place]
        party_of.append(place)
        party.mentions.append(index)
        party.accepted = party.accepted or taken[index] is not None
        party.country = party.country or (identity.country if identity else country)
        if name or identity is None:
            party.names[called] += max(mentions.rows[index], 1)
        if own:
            party.numbers[own] = None
        if identities[index] is None and (identity is None or not _is_empty(reading)):
            doubts.append(Doubt(index, reading, place, own if identity is not None else ""))
    return Resolved(parties, party_of, doubts, conflicting, _named(parties) if doubts else {})


def _is_empty(reading: Reading) -> bool:
    """Whether nothing was written at all, so that there is nothing wrong to show."""
    return reading.problem is not None and not reading.written.strip("0")


def _accepted(
    written: tuple[str, str, str, str], reading: Reading, accepted: Mapping[tuple[str, str], Identity]
) -> Identity | None:
    """The number that a person has accepted for this name with this number, as written or as it was shown masked."""
    if not len(accepted):
        return None
    name = normalise(written[0])
    return accepted.get((name, written[1])) or accepted.get((name, reading.written))


def _by_own_number(
    written: Sequence[tuple[str, str, str, str]], identities: Sequence[Identity | None]
) -> tuple[dict[str, Identity], tuple[str, ...]]:
    """Supplier number -> the one identity it stands for, and the numbers that stand for several."""
    found: dict[str, set[Identity]] = {}
    for (_, _, own, _), identity in zip(written, identities, strict=True):
        if own and identity is not None:
            found.setdefault(own, set()).add(identity)
    single = {own: next(iter(several)) for own, several in found.items() if len(several) == 1}
    return single, tuple(own for own, several in found.items() if len(several) > 1)


def _named(parties: Sequence[Party]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, party in enumerate(parties):
        if party.identity is not None:
            for name in party.names:
                found.setdefault(normalise(name), []).append(place)
    return found
