"""What the parts of intake share: the run's day and words, the counts of a file, one sheet being read, its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from screening.adapters.cells import clean, day, key
from screening.adapters.table import Row, Sheet, hash_of
from screening.adapters.table_texts import say
from screening.config import Config
from screening.exports import Export, Recognition
from screening.identity import mask_text
from screening.stages.intake.mentions import Mentions
from screening.store import Reject

MAX_NOTES = 20  # notes of one sort per file; the rest is counted

_TOTAL = re.compile(
    r"(?:del|slut|total|års|månads)?summa\b.*|total(?:t|er)?\b.*|s:a\b.*|antal rader\b.*", re.IGNORECASE
)


class Digest:
    """A file's hash, computed while the file is read: hashing a large file takes as long as a tenth of reading it."""

    def __init__(self, path: Path, pool: Executor) -> None:
        self._found = pool.submit(hash_of, path)

    @property
    def value(self) -> str:
        """The SHA-256, hex; empty when the file cannot be read."""
        return self._found.result()


@dataclass(slots=True)
class Tally:
    """The counts of one file. ``rows`` = ``accepted`` + ``merged`` + ``rejected`` when the file is done."""

    rows: int = 0
    accepted: int = 0
    merged: int = 0
    rejected: int = 0
    blank: int = 0
    title: int = 0
    header: int = 0
    total: int = 0
    after: int = 0
    unknown_words: Counter[tuple[str, str]] = field(default_factory=Counter)  # (column, meaning) -> rows
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of one file that a connector has taken.

    Attributes:
        file: the file's name as reports show it. sheet_name: empty for a text file.
        places: field -> the one column it is read from.
        expired: whether the sheet holds expired contracts.
        even: whether rows end where the header ends, so that a filled cell beyond it means a shifted row.
    """

    file: str
    digest: Digest
    sheet: Sheet
    export: Export
    found: Recognition
    places: Mapping[str, int]
    tally: Tally
    expired: bool = False
    even: bool = False

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return self.digest.value

    @property
    def sheet_name(self) -> str:
        """The sheet's name, masked; empty for a text file."""
        return mask_text(self.sheet.name)

    def column(self, name: str) -> str:
        """The header of the column that a field is read from, masked."""
        place = self.places.get(name)
        return name if place is None else mask_text(self.found.headers[place])


@dataclass(frozen=True, slots=True)
class Line:
    """One data row of a part."""

    part: Part
    number: int
    cells: Sequence[object]

    def raw(self, name: str) -> object:
        """The cell of a field as it stands; ``""`` when the file has no such column or the row is short."""
        place = self.part.places.get(name)
        return "" if place is None or place >= len(self.cells) else self.cells[place]

    def text(self, name: str) -> str:
        """The cell of a field as text, or the connector's default."""
        return clean(self.raw(name)) or self.part.export.table.options.defaults.get(name, "")

    def said(self, name: str) -> str:
        """The cell of a field as text, masked: people write numbers in any column."""
        return mask_text(self.text(name))

    def day(self, name: str) -> date | None:
        """The cell of a field as a date.

        Raises:
            Refusal: it is not one.
        """
        try:
            return day(self.raw(name), epoch_1904=self.part.sheet.epoch_1904)
        except ValueError:
            raise Refusal("date_wrong", column=self.part.column(name)) from None

    def meaning(self, name: str) -> str | None:
        """What the word of a field means: ``""`` for an empty cell, ``None`` for a word that the connector lacks."""
        word = self.text(name)
        if not word:
            return ""
        return self.part.export.meanings.get(name, {}).get(key(word))


class Refusal(Exception):  # noqa: N818 - a row's outcome
    """One row is rejected: the code of the sentence and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(slots=True)
class Desk:
    """The run that intake works for, and where rejected rows go."""

    config: Config
    as_of: date
    at: datetime
    mentions: Mentions
    put_rejects: Callable[[Sequence[Reject]], None]
    is_finding: Callable[[str], bool]
    _units: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit in self.config.unit:
            for spelling in (unit.name, *unit.match):
                self._units[key(spelling)] = unit.name

    @property
    def language(self) -> str:
        """In which language results are told."""
        return self.config.report.language

    def say(self, code: str, **values: object) -> str:
        """A sentence of the catalogue in the organisation's language."""
        return say(code, self.language, **values)

    def unit(self, written: str) -> str:
        """The unit that a spelling means; the spelling itself, masked, when no unit has it."""
        return self._units.get(key(written)) or mask_text(written)

    def mention(self, line: Line) -> int:
        """The supplier of a row as it is written there.

        Raises:
            Refusal: neither name nor number.
        """
        name, number, own = line.text("supplier_name"), line.text("supplier_id"), line.text("supplier_no")
        name = name if name.strip("0") else ""
        if not (name or number.strip("0") or own):
            raise Refusal("supplier_missing")
        part = line.part
        return self.mentions.add(name, number, own, line.text("country"), (part.file, part.sheet_name, line.number))

    def reject(self, line: Line, refusal: Refusal, written: str = "", name: str = "") -> None:
        """Counts and shows a row that is not taken."""
        line.part.tally.rejected += 1
        self.put_rejects(
            [
                Reject(
                    file=line.part.file,
                    sheet=line.part.sheet_name,
                    row=line.number,
                    reason=self.say(refusal.code, **refusal.values),
                    code=refusal.code,
                    written=written,
                    name=name,
                )
            ]
        )


def data_lines(part: Part) -> Iterator[Line]:
    """The data rows of a sheet; what is not data is counted by sort."""
    for row in part.sheet.rows(part.found.header):
        sort = sort_of(part, row)
        if sort == "data":
            part.tally.rows += 1
            yield Line(part, row.number, row.cells)
        else:
            count(part.tally, sort)


def check_even(line: Line) -> None:
    """Refuses a row whose cells have moved: filled beyond the header in a file where no other is.

    Raises:
        Refusal: it has.
    """
    if line.part.even and any(clean(cell) for cell in line.cells[len(line.part.found.headers) :]):
        raise Refusal("too_many_cells")


def count(tally: Tally, sort: str) -> None:
    """Counts one row that is not data."""
    setattr(tally, sort, getattr(tally, sort) + 1)


def sort_of(part: Part, row: Row) -> str:
    """``data``, or why a row is none: ``blank``, ``header`` (repeated), ``total``, ``title``."""
    filled = {place: text for place, cell in enumerate(row.cells) if (text := clean(cell)) and text != "0.0"}
    if part.export.kind == "contracts":  # e-Avrop fills what it has nothing for with the number 0
        filled = {place: text for place, text in filled.items() if text != "0"}
    if not filled:
        return "blank"
    if _repeats_header(part, filled):
        return "header"
    at, first = next(iter(filled.items()))
    number = part.places.get("supplier_id", -1)
    dates = (
        part.places.get(name, -1) for name in ("booked_on", "month", "voucher", "starts_on", "ends_on", "contract_id")
    )
    if _TOTAL.fullmatch(first) and number not in filled and not any(place in filled and place != at for place in dates):
        return "total"
    if len(filled) == 1 and len(part.places) > 2 and not _is_supplier_alone(part, next(iter(filled))):
        return "title"
    return "data"


def _repeats_header(part: Part, filled: Mapping[int, str]) -> bool:
    """Whether at least two mapped columns hold their own header, and none that is filled holds anything else."""
    own = [place for place in part.places.values() if place in filled]
    return len(own) > 1 and all(key(filled[place]) == key(part.found.headers[place]) for place in own)


def _is_supplier_alone(part: Part, place: int) -> bool:
    """Whether the only filled cell names a supplier in a list where that is enough."""
    return part.export.kind == "suppliers" and place in (
        part.places.get("supplier_name"),
        part.places.get("supplier_id"),
    )
