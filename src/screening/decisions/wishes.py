"""What somebody wrote in a row: words, days and texts as they can be stored, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from screening.adapters import cells
from screening.decisions.answer import Place, Remark, remark
from screening.decisions.columns import DECIDED_BY, REVIEWER, SUPPLIER, WHO, Form
from screening.decisions.matching import Match, same
from screening.decisions.reading import Row
from screening.identity import mask_text
from screening.identity.offences import speaks_of_offence
from screening.store import Run

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
PEOPLE = frozenset({WHO, DECIDED_BY, REVIEWER})
LONGEST = 4_000  # characters of a reason that are kept; more belongs in the case file


@dataclass(frozen=True, slots=True)
class Wish:
    """What one row asks for.

    Attributes:
        key: what it is about; rows of the same key are weighed together.
        values: column -> word, day or text; what is empty is left out.
    """

    key: tuple[str, ...]
    place: Place
    form: Form
    run: Run
    supplier: str
    values: Mapping[str, str | date]
    remarks: tuple[Remark, ...] = ()
    problems: tuple[Remark, ...] = ()
    sha: str = ""

    def text(self, column: str) -> str:
        """A word or a text; empty when there is none."""
        value = self.values.get(column, "")
        return value if isinstance(value, str) else value.isoformat()

    def day(self, column: str) -> date | None:
        """A day."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def written(self) -> str:
        """What was written, in short."""
        return "; ".join(self.text(column) for column in self.form.fills if column in self.values)


def touched(row: Row, match: Match) -> bool:
    """Whether somebody wrote in the row; what the run itself filled in does not count, a formula does."""
    written = match.written or {}
    return bool(row.formulas) or any(not same(written.get(column), row.cells.get(column)) for column in row.form.fills)


def wish(row: Row, match: Match, sha: str) -> Wish:
    """What the row asks for; ``match.run`` is known."""
    assert match.run is not None
    reading = _Reading(row)
    values = {}
    for column, says in row.form.fills.items():
        value = reading.cell(column, says)
        if value is not None:
            values[column] = value
    problems = (*match.problems, *reading.problems)
    remarks = (*match.remarks, *reading.remarks)
    if not values and not problems:
        problems = tuple(reading.remarks) or (remark("cleared"),)
    run, supplier = match.run, mask_text(row.text(SUPPLIER))
    return Wish(_key(row, match), row.place, row.form, run, supplier, values, remarks, problems, sha)


def _key(row: Row, match: Match) -> tuple[str, ...]:
    return (row.form.kind, match.name)


@dataclass(slots=True)
class _Reading:
    """The cells of one row as they are read."""

    row: Row
    problems: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def cell(self, column: str, says: str) -> str | date | None:
        """One cell; ``None`` when it is empty or wrong."""
        raw = self.row.cells.get(column)
        if says == "day" and isinstance(raw, datetime | date) and column not in self.row.formulas:
            return self._day(column, raw)
        text = cells.clean(raw)
        if column in self.row.formulas:
            self.remarks.append(remark("formula", column=column, value=text[:60]))
        if not text:
            return None
        if says == "day":
            return self._day(column, raw)
        if says == "word":
            return self._word(column, text)
        return self._text(column, text)

    def _word(self, column: str, text: str) -> str | None:
        wanted = cells.header_key(text)
        found = next((word for word in self.row.form.words if cells.header_key(word) == wanted), None)
        if found is None:
            words = ", ".join(self.row.form.words)
            self.problems.append(remark("unknown_word", column=column, value=text[:60], words=words))
        return found

    def _day(self, column: str, raw: object) -> date | None:
        try:
            found = cells.day(raw, epoch_1904=self.row.epoch_1904)
        except ValueError:
            found = None
        if found is None:
            self.problems.append(remark("not_a_day", column=column, value=cells.clean(raw)[:40]))
            return None
        if not FIRST <= found <= LAST:
            self.problems.append(remark("far_day", column=column, day=found.isoformat()))
            return None
        if not isinstance(raw, date) and cells.is_month(raw):
            self.remarks.append(remark("month_day", column=column, value=cells.clean(raw), day=found.isoformat()))
        return found

    def _text(self, column: str, text: str) -> str:
        masked = mask_text(text)
        if masked != text:
            self.remarks.append(remark("masked", column=column))
        if speaks_of_offence(masked):
            self.remarks.append(remark("offence", column=column))
        return masked if len(masked) <= LONGEST else f"{masked[: LONGEST - 1]}…"


def merged(wishes: list[Wish]) -> Iterator[tuple[Wish, tuple[Remark, ...]]]:
    """Each wish with what stands against it: rows about the same thing that differ, or that could not be read.

    A cell that is empty in one of several rows does not differ from what stands in another.
    """
    refused = [item for item in wishes if item.problems]
    for item in wishes:
        against: list[Remark] = []
        if not item.problems:
            against = [remark("other_row_refused", place=other.place) for other in refused]
            against += [
                remark("conflict", place=other.place, written=other.written())
                for other in wishes
                if other is not item and not other.problems and _differ(item, other)
            ]
        yield item, tuple(against)


def _differ(one: Wish, two: Wish) -> bool:
    """Whether two rows say different things; who wrote them does not matter."""
    both = (one.values.keys() & two.values.keys()) - PEOPLE
    return any(one.values[column] != two.values[column] for column in both)


def together(wishes: list[Wish]) -> Wish:
    """Rows that agree, as one: the first, with what the others add."""
    first = min(wishes, key=lambda item: item.place)
    values: dict[str, str | date] = {}
    for item in sorted(wishes, key=lambda item: item.place):
        for column, value in item.values.items():
            values.setdefault(column, value)
            if column in PEOPLE and value not in str(values[column]).split(", "):
                values[column] = f"{values[column]}, {value}"
    return Wish(first.key, first.place, first.form, first.run, first.supplier, values, first.remarks, (), first.sha)
