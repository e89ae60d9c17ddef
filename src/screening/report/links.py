"""Where a click leads: from a supplier to its flags, from a flag to its supplier and its evidence, and back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Row = Sequence[object]
Key = Callable[[Row], Hashable]

MOST = 65_530  # links that Excel takes in one sheet
SUPPLIER = ("Leverantör", "Orgnr", "Leverantörsnr")
FLAG = "Flagg-ID"
ONE_ROW_EACH = frozenset({"Leverantörer"})
"""Sheets in which two rows that look the same are two suppliers: neither is linked to, rather than the wrong one."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rows of one sheet of the file: its name there, the header as stored, and the rows below it."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Row]


@dataclass(slots=True)
class Links:
    """The addresses of rows in the sheets of one workbook. ``places``: a list's name → the sheets that hold its rows."""

    places: Mapping[str, Sequence[Place]]
    _found: dict[tuple[str, tuple[str, ...]], dict[Hashable, str]] = field(default_factory=dict)

    def finder(self, columns: Sequence[str], to: str) -> Callable[[Row], str | None] | None:
        """What gives, for a row with these columns, the address of the same thing in ``to``; ``None`` without such."""
        names = _names(columns, to)
        places = self.places.get(to, ())
        if not names or any(name not in place.columns for place in places for name in names):
            return None
        key, rows = _key(columns, names), self._rows(to, names)
        return (lambda row: rows.get(key(row))) if rows else None

    def _rows(self, to: str, names: tuple[str, ...]) -> dict[Hashable, str]:
        if (to, names) not in self._found:
            rows: dict[Hashable, str] = {}
            twice = set()
            for place in self.places.get(to, ()):
                key = _key(place.columns, names)
                for number, row in enumerate(place.rows, start=2):
                    if (own := key(row)) not in rows:
                        rows[own] = f"internal:'{place.name}'!A{number}"
                    elif to in ONE_ROW_EACH:
                        twice.add(own)
            for own in twice:
                del rows[own]
            self._found[to, names] = rows
        return self._found[to, names]


def _names(columns: Sequence[str], to: str) -> tuple[str, ...]:
    """The columns by which a row is known again in ``to``."""
    wanted = SUPPLIER if to in ONE_ROW_EACH or FLAG not in columns else (FLAG,)
    return wanted if set(wanted) <= set(columns) else ()


def _key(columns: Sequence[str], names: tuple[str, ...]) -> Key:
    places = [list(columns).index(name) for name in names]
    if len(places) == 1:
        place = places[0]
        return lambda row: str(row[place])
    return lambda row: tuple(str(row[place]) for place in places)
