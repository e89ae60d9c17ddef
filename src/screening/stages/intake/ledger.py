"""Ledgers of any size, in chunks: each row counted once, summed per supplier and unit, and let go.

A row counts once per (buyer, voucher, content) over all files of the run; content is every column but those that the
connector calls volatile, with numbers and dates compared by value. A row without a voucher is known by its content and by
how many times that content has come before in the same file, so that two equal rows of one file both count while
the same rows in an overlapping file do not.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import numpy as np
import pandas as pd

from screening.adapters.cells import DecimalSign, clean, day, decimal_sign, is_month, month, month_end, month_in
from screening.adapters.table import Chunk, Column, Row
from screening.adapters.table_texts import Refused
from screening.identity import mask_text
from screening.model import Spend
from screening.stages.intake.amounts import (
    MISSING,
    OK,
    WRONG,
    Hashes,
    Ints,
    Mask,
    Ordinals,
    Seen,
    amounts,
    days,
    joined,
    marks,
    mixed,
    texts,
)
from screening.stages.intake.desk import Desk, Line, Part, Refusal, count, sort_of
from screening.stages.intake.monthly_sums import Months, Vat

_SUPPLIER = ("supplier_name", "supplier_id", "supplier_no")
_UNITS = 1 << 20  # more units than any buyer has: (mention, unit) pairs as one integer
_TOTAL_START = re.compile(r"(?i)(?:del|slut|total|års|månads)?summa\b|total|s:a\b|antal rader\b")


@dataclass(frozen=True, slots=True)
class Windows:
    """First day numbers (exclusive) of the windows that end on the run's day (inclusive)."""

    today: int
    year: int
    quarter: int
    population: int

    @classmethod
    def until(cls, today: date, months: int) -> Windows:
        """Twelve months, ninety days, and the months within which a payment puts a supplier in scope."""
        end = today.toordinal()
        return cls(end, months_before(today, 12).toordinal(), end - 90, months_before(today, months).toordinal())


def months_before(today: date, months: int) -> date:
    """The same day some months earlier, or that month's last."""
    year, place = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, place + 1, min(today.day, monthrange(year, place + 1)[1]))


@dataclass(slots=True)
class Paid:
    """What one supplier was paid: sums in öre."""

    year: int = 0
    quarter: int = 0
    population: int = 0
    paid_rows: int = 0  # rows of a positive amount within the population's months
    rows: int = 0
    first: int = 0
    last: int = 0
    units: dict[str, int] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)

    def spend(self) -> Spend:
        """As the model has it."""
        return Spend(
            last_12_months_sek=kronor(self.year),
            last_90_days_sek=kronor(self.quarter),
            first_on=date.fromordinal(self.first) if self.first else None,
            last_on=date.fromordinal(self.last) if self.last else None,
            rows=self.rows,
            by_unit=tuple(
                (unit, kronor(total))
                for unit, total in sorted(self.units.items(), key=lambda item: (-item[1], item[0]))
                if total
            ),
            by_month=tuple((month, kronor(total)) for month, total in sorted(self.months.items()) if total),
        )


def kronor(total: int) -> Decimal:
    """Öre as kronor."""
    return Decimal(int(total)) / 100


class Ledger:
    """The sums of every ledger of the run."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.windows = Windows.until(desk.as_of, desk.config.population.paid_within_months)
        self._seen = Seen()
        self._units: dict[str, int] = {}
        self._keys: list[Ints] = []
        self._sums: list[Ints] = []  # rows of (year, quarter, population, paid rows, rows, first, last)
        self._months = Months(desk.as_of)
        self.vat = Vat(desk)

    def read(self, part: Part) -> None:
        """Adds every row of a sheet.

        Raises:
            Refused: its rows cannot be placed in time.
        """
        reading = _Sheet(self._desk, part, self._dated(part))
        width = len(part.found.headers)
        for chunk in part.sheet.chunks(part.found.header, width, reading.as_written, reading.decimal):
            if len(chunk):
                self._add(reading, chunk)

    def _dated(self, part: Part) -> int:
        """The day number of every row when only the file's name says the month, else 0."""
        if "booked_on" in part.places or "month" in part.places:
            return 0
        found = _file_month(part)
        if found is None:
            raise Refused("no_date")
        year, number = found
        if number is None:
            part.tally.conflicts.append(self._desk.say("year_only"))
        return min(month_end(year, number or 12), max(self._desk.as_of, date(year, number or 1, 1))).toordinal()

    def _add(self, reading: _Sheet, chunk: Chunk) -> None:
        ready = reading.take(chunk, self._unit_codes)
        tally = reading.part.tally
        repeats = self._seen.repeats(ready.hashes)
        merged = int(repeats.sum())
        tally.rows += len(repeats)
        tally.merged += merged
        tally.accepted += len(repeats) - merged
        late = ~repeats & (ready.days > self.windows.today)
        tally.after += int(late.sum())
        take = ~repeats & ~late
        mentions, values, dates = ready.mentions[take], ready.ore[take], ready.days[take]
        self._sum(mentions * _UNITS + ready.units[take], values, dates)
        self._months.add(mentions, values, dates)
        if ready.vat is not None:
            told = take & ready.vat.told
            vat, invoiced = ready.vat.ore[told], ready.vat.days[told]
            self.vat.add(reading.part, ready.mentions[told], vat, invoiced, self.windows.year)

    def _unit_codes(self, names: Sequence[str]) -> Ints:
        """The run's code of each unit name."""
        units = self._units
        return np.fromiter(
            (units.setdefault(self._desk.unit(name), len(units)) for name in names), np.int64, len(names)
        )

    def _sum(self, keys: Ints, values: Ints, dates: Ints) -> None:
        if not len(keys):
            return
        inverse, found = pd.factorize(keys)
        sums = np.zeros((7, len(found)), dtype=np.int64)
        paid = dates > self.windows.population
        for place, window in enumerate((dates > self.windows.year, dates > self.windows.quarter, paid)):
            np.add.at(sums[place], inverse[window], values[window])
        sums[3] = np.bincount(inverse[paid & (values > 0)], minlength=len(found))
        sums[4] = np.bincount(inverse, minlength=len(found))
        sums[5] = np.iinfo(np.int64).max
        np.minimum.at(sums[5], inverse, dates)
        np.maximum.at(sums[6], inverse, dates)
        self._keys.append(found)
        self._sums.append(sums)

    def paid(self, party_of: Sequence[int]) -> dict[int, Paid]:
        """Supplier -> what it was paid."""
        names = list(self._units)
        parties: dict[int, Paid] = {}
        for keys, sums in zip(self._keys, self._sums, strict=True):
            for key, year, quarter, population, paid_rows, rows, first, last in zip(
                keys.tolist(), *sums.tolist(), strict=True
            ):
                one = parties.setdefault(party_of[key // _UNITS], Paid())
                one.year += year
                one.quarter += quarter
                one.population += population
                one.paid_rows += paid_rows
                one.rows += rows
                one.first = min(one.first or first, first)
                one.last = max(one.last, last)
                unit = names[key % _UNITS]
                if unit:
                    one.units[unit] = one.units.get(unit, 0) + year
        for party, months in self._months.of(party_of).items():
            parties[party].months = months
        return parties


def _file_month(part: Part) -> tuple[int, int | None] | None:
    """Year and month that the file's name says, by the connector's expression or the usual spellings."""
    name = unquote(PurePosixPath(part.file).stem)
    pattern = part.export.table.options.file_month
    if pattern and (match := re.search(pattern, name)):
        groups = match.groupdict()
        return int(groups["year"]), int(groups["month"]) if groups.get("month") else None
    return month_in(name)


@dataclass(frozen=True, slots=True)
class _Ready:
    """The rows of a chunk that can be counted, as equally long columns."""

    mentions: Ints
    units: Ints
    ore: Ints
    days: Ints
    hashes: Hashes
    vat: _Vat | None = None


@dataclass(frozen=True, slots=True)
class _Vat:
    """The VAT of each row: whether it is told, how much, and the day of the invoice."""

    told: Mask
    ore: Ints
    days: Ints

    def of(self, rows: Mask) -> _Vat:
        """Of some of the rows."""
        return _Vat(self.told[rows], self.ore[rows], self.days[rows])


class _Sheet:
    """How the columns of one sheet become rows that can be counted."""

    def __init__(self, desk: Desk, part: Part, dated: int) -> None:
        self.desk = desk
        self.part = part
        self.places = part.places
        self._dated = dated
        self._ordinals = Ordinals()
        self._met: dict[tuple[str, str, str], int] = {}  # spellings of this sheet, and their numbers in the run
        self._today = desk.as_of
        options = part.export.table.options
        self._sign = -1 if options.negate else 1
        volatile = {clean(item).casefold() for item in options.volatile}
        self._other = tuple(
            place
            for place, header in enumerate(part.found.headers)
            if place not in part.places.values() and header.casefold() not in volatile
        )
        self.decimal: DecimalSign = options.decimal or self._shown_decimal()
        self.as_written = frozenset(
            self.places[name]
            for name in (*_SUPPLIER, "unit", *(() if self.decimal else ("amount_sek", "vat_sek")))
            if name in self.places
        )

    def _shown_decimal(self) -> DecimalSign:
        place = self.places["amount_sek"]
        sample = [
            row.cells[place]
            for row in self.part.sheet.head()
            if row.number > self.part.found.header and place < len(row.cells)
        ]
        return decimal_sign([clean(cell) for cell in sample if isinstance(cell, str)])

    def take(self, chunk: Chunk, unit_codes: Any) -> _Ready:
        """The rows that count; the others are counted by sort or rejected with their reason."""
        values, amount_states = amounts(chunk.columns[self.places["amount_sek"]], self.decimal)
        dates, date_states = self._dates(chunk)
        codes, spellings, firsts = self._suppliers(chunk)
        nobody = np.fromiter((_is_nobody(*item) for item in spellings), bool, len(spellings))[codes]
        sums = np.fromiter((_may_be_sum(*item) for item in spellings), bool, len(spellings))[codes]
        shifted = chunk.overflow if self.part.even else np.zeros_like(chunk.overflow)
        bad = shifted | (amount_states != OK) | (date_states != OK) | nobody
        good = ~bad
        for at in np.flatnonzero(bad | sums).tolist():
            row = Row(chunk.first_number + at, [_plain(column[at]) for column in chunk.columns])
            sort = "data" if shifted[at] else sort_of(self.part, row)
            if sort != "data":
                count(self.part.tally, sort)
                good[at] = False
            elif bad[at]:
                self._reject(row, bool(shifted[at]), amount_states[at], date_states[at], nobody=bool(nobody[at]))
        mentions = self._mentions(chunk, good, codes, spellings, firsts)
        units = self._units(chunk, unit_codes)
        hashes = self._hashes(chunk, mentions, units, values, dates)
        vat = self._vat(chunk, dates)
        return _Ready(
            mentions[good],
            units[good],
            self._sign * values[good],
            dates[good],
            hashes[good],
            vat.of(good) if vat is not None else None,
        )

    def _vat(self, chunk: Chunk, dates: Ints) -> _Vat | None:
        """The column for VAT, where there is one; a cell that is no amount tells nothing, and is counted."""
        if "vat_sek" not in self.places:
            return None
        values, states = amounts(chunk.columns[self.places["vat_sek"]], self.decimal)
        if wrong := int((states == WRONG).sum()):
            self.part.tally.unknown_words[self.part.column("vat_sek"), "–"] += wrong
        invoiced = dates
        if "invoice_on" in self.places:
            own, read = days(chunk.columns[self.places["invoice_on"]], self._parse)
            invoiced = np.where(read == OK, own, dates)
        return _Vat(states == OK, self._sign * values, invoiced)

    # --- time -----------------------------------------------------------------------------------------------------------
    def _dates(self, chunk: Chunk) -> tuple[Ints, Any]:
        """Day numbers; a row whose date cell is empty takes its month's last day."""
        size = len(chunk)
        if self._dated:
            return np.full(size, self._dated, dtype=np.int64), np.zeros(size, dtype=np.uint8)
        found = np.zeros(size, dtype=np.int64)
        states = np.full(size, MISSING, dtype=np.uint8)
        for name in ("booked_on", "month"):
            if name in self.places and (states == MISSING).any():
                values, own = days(chunk.columns[self.places[name]], self._parse)
                take = states == MISSING
                found[take], states[take] = values[take], own[take]
        return found, states

    def _parse(self, cell: Any) -> date | None:
        """A date; the month of the run's day ends on that day, so that a bare month is not in the future."""
        if cell == "":
            return None
        if not is_month(cell):
            return day(cell, epoch_1904=self.part.sheet.epoch_1904)
        year, number = month(cell)
        today = self._today
        return today if (year, number) == (today.year, today.month) else month_end(year, number)

    # --- suppliers ------------------------------------------------------------------------------------------------------
    def _suppliers(self, chunk: Chunk) -> tuple[Ints, list[tuple[str, str, str]], Ints]:
        """Code of each row's spelling, the spellings, and each one's first row."""
        codes = np.zeros(len(chunk), dtype=np.int64)
        columns: list[tuple[Ints, list[str]]] = []
        for name in _SUPPLIER:
            if name in self.places:
                columns.append(texts(chunk.columns[self.places[name]]))
            else:
                columns.append((codes, [""]))
        for own, uniques in columns:
            codes = codes * len(uniques) + own
        found, distinct = pd.factorize(codes)
        firsts = np.zeros(len(distinct), dtype=np.int64)
        firsts[found[::-1]] = np.arange(len(found) - 1, -1, -1)  # the last assignment stands: the first row of each
        spellings = [
            (columns[0][1][columns[0][0][at]], columns[1][1][columns[1][0][at]], columns[2][1][columns[2][0][at]])
            for at in firsts.tolist()
        ]
        return found.astype(np.int64, copy=False), spellings, firsts

    def _mentions(
        self, chunk: Chunk, good: Mask, codes: Ints, spellings: list[tuple[str, str, str]], firsts: Ints
    ) -> Ints:
        """The run's number of each row's spelling; counts the rows and keeps where each was first met."""
        counts = np.bincount(codes[good], minlength=len(spellings)).tolist()
        run_codes = np.zeros(len(spellings), dtype=np.int64)
        rows = firsts.tolist()
        sheet = (self.part.file, self.part.sheet_name)
        mentions = self.desk.mentions
        met = self._met
        for place, spelling in enumerate(spellings):
            if not counts[place]:
                continue
            found = met.get(spelling)
            if found is None:
                found = met[spelling] = mentions.index(*spelling, "")
                mentions.seen(found, (*sheet, chunk.first_number + rows[place]), counts[place], first_only=True)
            else:
                mentions.rows[found] += counts[place]
            run_codes[place] = found
        return run_codes[codes]

    def _units(self, chunk: Chunk, unit_codes: Any) -> Ints:
        if "unit" not in self.places:
            return np.full(len(chunk), unit_codes([self.part.export.table.options.defaults.get("unit", "")])[0])
        codes, names = texts(chunk.columns[self.places["unit"]])
        return np.asarray(unit_codes(names)[codes], dtype=np.int64)

    # --- content --------------------------------------------------------------------------------------------------------
    def _hashes(self, chunk: Chunk, mentions: Ints, units: Ints, values: Ints, dates: Ints) -> Hashes:
        """What each row is known by."""
        found = mixed(values.view(np.uint64))
        for column in (dates, mentions, units):
            found = joined(found, mixed(column.view(np.uint64)))
        for name in ("buyer_id", "buyer", "voucher", "account", "account_text", "invoice_no", "vat_sek", "invoice_on"):
            found = (
                joined(found, marks(chunk.columns[self.places[name]])) if name in self.places else joined(found, _NONE)
            )
        for place in self._other:
            found = joined(found, marks(chunk.columns[place]))
        loose = _empty(chunk, self.places, "voucher")
        if loose.any():
            found[loose] = joined(found[loose], mixed(self._ordinals.of(found[loose]).view(np.uint64)))
        return found

    # --- rows that do not count -------------------------------------------------------------------------------------------
    def _reject(self, row: Row, overflow: bool, amount: int, dated: int, *, nobody: bool) -> None:
        """One row that holds data and cannot be counted."""
        line = Line(self.part, row.number, row.cells)
        time = "booked_on" if "booked_on" in self.places else "month"
        cell = ""
        if overflow:
            refusal = Refusal("too_many_cells")
        elif amount != OK:
            refusal, cell = (
                (Refusal("amount_wrong"), "amount_sek") if amount == WRONG else (Refusal("amount_missing"), "")
            )
        elif nobody:
            refusal = Refusal("supplier_missing")
        elif dated == WRONG:
            refusal, cell = Refusal("date_wrong", column=self.part.column(time)), time
        else:
            refusal = Refusal("date_missing")
        self.part.tally.rows += 1
        written = mask_text(line.text(cell))[:40] if cell else ""
        self.desk.reject(line, refusal, written=written, name=mask_text(line.text("supplier_name")))


_NONE = np.zeros(1, dtype=np.uint64)


def _is_nobody(name: str, number: str, own: str) -> bool:
    """Whether a row names no supplier."""
    return not (name or number.strip("0") or own)


def _may_be_sum(name: str, number: str, own: str) -> bool:
    """Whether the name may be the word of a sum, so that the row must be looked at."""
    return not (number or own) and _TOTAL_START.match(name) is not None


def _empty(chunk: Chunk, places: Any, name: str) -> Mask:
    """Which rows have nothing in a column; all of them when the file has no such column."""
    if name not in places:
        return np.ones(len(chunk), dtype=bool)
    column: Column = chunk.columns[places[name]]
    return np.asarray(marks(column) == 0)


def _plain(cell: Any) -> object:
    """A cell of a column as a plain value; NaN is an empty cell."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN is the only value unlike itself
        return ""
    return cell.item() if isinstance(cell, np.generic) else cell
