"""The identity of a supplier: a value whose text is masked for persons."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NoReturn


class Kind(StrEnum):
    """What sort of number it is. ``GD`` is the number (302…) of an organisation without an organisation number."""

    ORGNR = "orgnr"
    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    GD = "gd"
    FOREIGN = "foreign"


PERSONS = (Kind.PERSONNUMMER, Kind.SAMORDNINGSNUMMER)

# For callers without a day of their own. A supplier born later than this is not of age before 2045.
PIVOT = date(2026, 12, 31)

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Identity:
    """One supplier's number: immutable, hashable, and masked in every text of it when it is a person's.

    Not a dataclass on purpose: ``dataclasses.asdict`` of whatever holds it copies the object, never its digits.

    Args:
        kind: what sort of number.
        country: ISO 3166 alpha-2.
        digits: 10 for organisations and GD, 12 for persons, the compact number without country for foreign.
    """

    __slots__ = ("_country", "_digits", "_kind")
    _country: str
    _digits: str
    _kind: Kind

    def __init__(self, kind: Kind, country: str, digits: str) -> None:
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_country", country)
        object.__setattr__(self, "_digits", digits)

    @property
    def kind(self) -> Kind:
        """What sort of number."""
        return self._kind

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2; ``SE`` for every Swedish number."""
        return self._country

    @property
    def is_person(self) -> bool:
        """Whether the number is a natural person's."""
        return self._kind in PERSONS

    @property
    def compact(self) -> str:
        """``5599999017``; ``NO923609016``; for persons the masked form."""
        if self.is_person:
            return self.display
        return self._digits if self._kind is not Kind.FOREIGN else f"{self._country}{self._digits}"

    @property
    def display(self) -> str:
        """``559999-9017``; ``NO 923609016``; for persons ``19850101-****``."""
        if self.is_person:
            return f"{self._digits[:8]}-****"
        if self._kind is Kind.FOREIGN:
            return f"{self._country} {self._digits}"
        return f"{self._digits[:6]}-{self._digits[6:]}"

    def reveal(self) -> str:
        """The digits: 10 for organisations and GD, 12 for persons, as they are for foreign. Adapters and store only."""
        return self._digits

    def reveal_twelve(self) -> str:
        """Twelve digits: ``16`` before an organisation's; foreign numbers as they are. Adapters and store only."""
        return f"16{self._digits}" if self._kind in (Kind.ORGNR, Kind.GD) else self._digits

    def __str__(self) -> str:
        return self.display

    def __repr__(self) -> str:
        return f"<Identity {self._kind.value} {self.display}>"

    def __format__(self, spec: str) -> str:
        return format(self.display, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash((self._kind, self._country, self._digits))

    def __reduce__(self) -> tuple[type[Identity], tuple[Kind, str, str]]:
        return Identity, (self._kind, self._country, self._digits)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an identity cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an identity cannot be changed: {name}")


def from_stored(kind: str, country: str, digits: str) -> Identity:
    """An identity from the store's columns, taken as it stands.

    Raises:
        ValueError: no such kind.
    """
    return Identity(Kind(kind), country, digits)


def luhn(digits: str) -> bool:
    """Whether ASCII digits end in the right check digit (modulus 10)."""
    odd = sum(map(int, digits[-1::-2]))
    return (odd + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def person_kind(twelve: str, latest: date) -> Kind | None:
    """The kind of a twelve-digit personal number by its date; ``None`` when that does not exist or lies after ``latest``.

    A coordination number has 60 added to its day; its month and day may be unknown (month 00, day 60).
    """
    year, month, day = int(twelve[:4]), int(twelve[4:6]), int(twelve[6:8])
    kind = Kind.PERSONNUMMER
    if day >= 60:
        kind = Kind.SAMORDNINGSNUMMER
        day = day - 60 or 1
        month = month or 1
    if not 1800 <= year <= latest.year:
        return None
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    return kind if born <= latest else None


def with_century(ten: str, latest: date, *, plus: bool = False) -> str | None:
    """Twelve digits of a ten-digit personal number, or ``None`` when no century gives a date.

    The newest century that does not lie after ``latest``; ``plus`` says that the person turns at least 100 that year.
    """
    limit = latest.year - 100 if plus else latest.year
    newest = limit // 100
    for century in (newest, newest - 1):
        twelve = f"{century:02d}{ten}"
        if int(twelve[:4]) <= limit and person_kind(twelve, latest) is not None:
            return twelve
    return None
