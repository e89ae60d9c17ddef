"""The list as CSV 1.1: ``;`` between 118 columns, and several rows for each entity, one per name, address, birth and so on.

Columns are found by name, never by place. Whether a name is strong is read where a column says so (``NameAlias_Strong``);
published files have been seen without it, and then it is not known.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from screening.adapters.eu_sanctions.listing import (
    STRONG,
    SUBJECT,
    Alias,
    Entity,
    List,
    Unreadable,
    countries,
    day,
    whole,
)

NEEDED = ("fileGenerationDate", "Entity_LogicalId", "NameAlias_WholeName")
_PARTS = ("namealias_firstname", "namealias_middlename", "namealias_lastname")
_PLACES = ("citizenship_countryiso2code", "address_countryiso2code", "identification_countryiso2code")
_SUBJECTS = ("entity_subjecttype_classificationcode", "entity_subjecttype")
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})")

Row = Mapping[str, str]


@dataclass(slots=True)
class _Gathered:
    """What the rows of one entity say, together."""

    id: str
    first: Row
    aliases: dict[str, bool | None] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=lambda: {column: [] for column in _PLACES})

    def add(self, row: Row) -> None:
        name = whole([row.get("namealias_wholename", "") or " ".join(row.get(part, "") for part in _PARTS)])
        strong = STRONG.get(row.get("namealias_strong", "").casefold())
        if name and self.aliases.get(name) is None:
            self.aliases[name] = strong
        for column, codes in self.places.items():
            codes.append(row.get(column, "").upper())

    def entity(self) -> Entity:
        return Entity(
            id=self.id,
            subject=next(
                (kind for column in _SUBJECTS if (kind := SUBJECT.get(self.first.get(column, "").casefold()))), None
            ),
            aliases=tuple(Alias(name, strong) for name, strong in self.aliases.items()),
            countries=countries(code for codes in self.places.values() for code in codes),
            regulation=self.first.get("entity_regulation_numbertitle") or None,
            programme=self.first.get("entity_regulation_programme") or None,
            listed_on=day(self.first.get("entity_regulation_publicationdate")),
        )


def read(content: bytes) -> List:
    """The list from the bytes of a file.

    Raises:
        Unreadable: a web page, not the list, cut short, or of more than one date.
    """
    gathered: dict[str, _Gathered] = {}
    days: set[date | None] = set()
    for row in _rows(_text(content)):
        days.add(_generated(row["filegenerationdate"]))
        logical = row["entity_logicalid"]
        if not logical:
            raise Unreadable("en rad saknar Entity_LogicalId; filen är skadad")
        known = gathered.get(logical)
        if known is None:
            known = gathered[logical] = _Gathered(
                row.get("entity_eu_referencenumber", "") or f"logicalId {logical}", row
            )
        known.add(row)
    if len(days) > 1 or None in days:
        raise Unreadable("raderna har inte en och samma fileGenerationDate; filen är skadad eller ihopklippt")
    entities = [item.entity() for item in gathered.values() if item.aliases]
    return List(next(iter(days), None) or date.min, sha256(content).hexdigest(), entities)


def _text(content: bytes) -> str:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise Unreadable("filen är en webbsida eller XML, inte CSV")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("filen är inte i UTF-8; hämta den på nytt utan att spara om den") from None


def _rows(text: str) -> Iterator[Row]:
    """Each row by the names of its columns, in lower case."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        columns = [name.strip().casefold() for name in next(reader, [])]
        if missing := [name for name in NEEDED if name.casefold() not in columns]:
            raise Unreadable(f"filen är inte EU:s konsoliderade lista (kolumnen {missing[0]} saknas)")
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(columns):
                raise Unreadable(
                    f"rad {reader.line_num} har {len(cells)} kolumner av {len(columns)}; filen är avhuggen"
                )
            yield dict(zip(columns, (cell.strip() for cell in cells), strict=True))
    except csv.Error:
        raise Unreadable("filen är skadad eller avhuggen: inte CSV") from None


def _generated(text: str) -> date | None:
    """``20/11/2026``, day first as the file has it, or ``2026-11-20``."""
    if found := _DAY_FIRST.fullmatch(text[:10]):
        return day(f"{found[3]}-{found[2]}-{found[1]}")
    return day(text)
