"""The rows of a run's sheets as it stored them: of the whole organisation, and of one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from screening.config import Report
from screening.report.layout import LAYOUTS, RISKS, Layout, own_rows
from screening.report.risks import risk_layout
from screening.report.workbook import Page, Row, Rows
from screening.store import Run, Store

CELLS_IN_MEMORY = 2_000_000
"""A sheet of more is read from the store each time that it is gone through."""


@dataclass(slots=True)
class Stored:
    """The rows of one sheet, in memory when they are few."""

    store: Store
    run_id: str
    name: str
    count: int
    columns: Sequence[str]
    _few: list[Row] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        if self.count * len(self.columns) > CELLS_IN_MEMORY:
            yield from self.store.sheet(self.run_id, self.name)[1]
            return
        if self._few is None:
            self._few = list(self.store.sheet(self.run_id, self.name)[1])
        yield from self._few


@dataclass(slots=True)
class OfUnit:
    """The rows of one unit among those of all. ``place``: of the column that names the units, one a line."""

    rows: Rows
    place: int
    unit: str
    own: Mapping[tuple[int, str], Row]
    _count: int = -1

    def __len__(self) -> int:
        if self._count < 0:
            self._count = sum(1 for _row in self)
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self.rows):
            units = str(row[self.place] or "")
            if units == self.unit:
                yield row
            elif self.unit in units.split("\n"):
                yield self.own.get((number, self.unit)) or self._named(row)

    def _named(self, row: Row) -> Row:
        """The row without the names of other units."""
        return [*row[: self.place], self.unit, *row[self.place + 1 :]]


def pages(store: Store, run: Run, report: Report) -> list[Page]:
    """Every sheet of the run, in the order of the workbook."""
    found = []
    for name in store.sheets(run.id):
        columns, _rows = store.sheet(run.id, name)
        rows = Stored(store, run.id, name, store.sheet_length(run.id, name), columns)
        found.append(Page(layout_of(name, report), columns, rows))
    return found


def layout_of(name: str, report: Report) -> Layout:
    """How a sheet is shown; one of an older version that this one does not know is plain text."""
    if name == RISKS.name:
        return risk_layout(report)
    return LAYOUTS.get(name) or Layout(name, ())


def unit_pages(
    store: Store, run: Run, whole: Sequence[Page]
) -> Iterator[tuple[Page, int, Mapping[tuple[int, str], Row]]]:
    """The sheets that have rows of units, with the place of the unit's name and the rows that read otherwise there."""
    for page in whole:
        if page.layout.unit and page.layout.unit in page.columns:
            yield page, list(page.columns).index(page.layout.unit), _own(store, run, page.layout.name)


def _own(store: Store, run: Run, name: str) -> Mapping[tuple[int, str], Row]:
    try:
        _columns, rows = store.sheet(run.id, own_rows(name))
    except KeyError:
        return {}
    return {(int(str(number)), str(unit)): cells for number, unit, *cells in rows}
