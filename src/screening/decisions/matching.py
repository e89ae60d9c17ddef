"""Whose row it is, and whether its cells are as they were written: against the hidden check value and the stored sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from screening.adapters import cells
from screening.decisions.answer import Remark, remark
from screening.decisions.columns import CHECK, FINDING, ORGANISATION, SAMPLE_FIXED, UNIT, Form
from screening.decisions.reading import Book, Row
from screening.decisions.seal import Seal, opened, plain, sealed
from screening.errors import StoreError
from screening.store import Run, Store

CELL = 32_000  # characters after which a long text may have been cut when it was written
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Match:
    """What a row is known to be.

    Attributes:
        name: whose row it is: see ``Seal.name``.
        run: the run whose workbook it was written in.
        written: what the run wrote in the columns to fill in; empty when that is not known.
        problems: why the row cannot be taken.
        remarks: what else was changed in it.
    """

    name: str = ""
    run: Run | None = None
    written: Mapping[str, object] | None = None
    problems: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Matcher:
    """Matches the rows of workbooks with what this store's runs wrote; each stored sheet is read once."""

    def __init__(self, store: Store, organisation: str) -> None:
        self.store, self.organisation = store, organisation
        self._runs: dict[str, Run | None] = {}
        self._sheets: dict[tuple[str, str], _Stored] = {}

    def match(self, book: Book, row: Row) -> Match:
        """What ``row`` is known to be."""
        seal = opened(row.cells.get(CHECK))
        owner = row.text(ORGANISATION)
        if row.form.kind == "flags" and owner and owner.casefold() != self.organisation.casefold():
            return Match(problems=(remark("other_organisation", organisation=owner, own=self.organisation),))
        run_id = seal.run_id if seal else book.run_id
        if not run_id:
            return Match(problems=(remark("no_check"),))
        run = self._run(run_id)
        if run is None:
            return Match(problems=(remark("unknown_run", run=run_id),))
        finding_id = row.text(FINDING).upper()
        if seal and row.form.kind == "flags" and finding_id != seal.name:
            return Match(problems=(remark("mixed_row", id=finding_id or "–", sealed=seal.name),))
        return self._compared(row, run, seal)

    def _run(self, run_id: str) -> Run | None:
        if run_id not in self._runs:
            try:
                self._runs[run_id] = self.store.run(run_id)
            except StoreError:
                self._runs[run_id] = None
        return self._runs[run_id]

    def _compared(self, row: Row, run: Run, seal: Seal | None) -> Match:
        stored = self._sheet(run, row.form)
        found = stored.find(row, seal)
        if found is None:
            if seal is None:
                unknown = remark("unknown_id", id=row.text(FINDING), run=run.id) if row.text(FINDING) else None
                return Match(problems=(unknown or remark("no_check"),))
            if row.form.kind == "sample" and self._intact(row, seal):
                return Match(seal.name, run, {})  # written after the run, in a workbook of its own
            return Match(seal.name, run, problems=(remark("seal_broken"),))
        name = seal.name if seal else stored.name(found)
        values = dict(zip(stored.columns, found, strict=True))
        written = {column: values.get(column) for column in row.form.fills}
        changed = list(_changed(row, values))
        problems = tuple(item for column, item in changed if column in row.form.own)
        remarks = tuple(item for column, item in changed if column not in row.form.own)
        return Match(name, run, written, problems, remarks)

    def _intact(self, row: Row, seal: Seal) -> bool:
        """Whether every cell that the check value covers is as it was written."""
        fixed = [row.cells.get(column) for column in SAMPLE_FIXED]
        return sealed(self.store, seal.run_id, seal.name, fixed).endswith(f" {seal.mark}")

    def _sheet(self, run: Run, form: Form) -> _Stored:
        key = (run.id, form.name)
        if key not in self._sheets:
            try:
                columns, rows = self.store.sheet(run.id, form.name)
                self._sheets[key] = _Stored(form, columns, list(rows))
            except KeyError:
                self._sheets[key] = _Stored(form, [], [])
        return self._sheets[key]


class _Stored:
    """The rows of a sheet as a run stored them, found by check value, else by whose row it is and of which unit."""

    def __init__(self, form: Form, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self.form, self.columns, self.rows = form, list(columns), rows
        self._check = self.columns.index(CHECK) if CHECK in self.columns else -1
        self._unit = self.columns.index(UNIT) if form.kind == "flags" and UNIT in self.columns else -1
        self._by_check = {plain(row[self._check]): row for row in rows} if self._check >= 0 else {}
        self._by_name = {(self.name(row), plain(row[self._unit]) if self._unit >= 0 else ""): row for row in rows}

    def find(self, row: Row, seal: Seal | None) -> Sequence[object] | None:
        """The stored row, whatever has become of its cells."""
        found = self._by_check.get(plain(row.cells.get(CHECK))) if seal else None
        if found is not None or row.form.kind == "numbers":  # whose rows have no name of their own
            return found
        name = seal.name if seal else row.text(FINDING).upper()
        return self._by_name.get((name, row.text(UNIT) if self._unit >= 0 else ""))

    def name(self, found: Sequence[object]) -> str:
        """Whose row it is, by its stored check value."""
        seal = opened(found[self._check]) if self._check >= 0 else None
        return seal.name if seal else ""


def _changed(row: Row, stored: Mapping[str, object]) -> Iterator[tuple[str, Remark]]:
    """The cells outside the columns to fill in that are no longer as they were written; columns taken away are not told."""
    for column, was in stored.items():
        if column == CHECK or column in row.form.fills or column not in row.cells:
            continue
        now = row.cells[column]
        if same(was, now, epoch_1904=row.epoch_1904) or (column == UNIT and plain(now) in _lines(was)):
            continue
        code = "own_changed" if column in row.form.own else "cell_changed"
        yield column, remark(code, column=column, was=_short(was), now=_short(now))


def same(stored: object, found: object, *, epoch_1904: bool = False) -> bool:
    """Whether a cell still says what was stored: numbers, days and texts however another program has saved them."""
    if stored == found or (stored is None and found == ""):  # nearly every cell
        return True
    was, now = cells.clean(plain(stored)), cells.clean(plain(found))
    if was == now or not was or not now:
        return was == now
    if len(was) > CELL:
        return now[:CELL] == was[:CELL]
    if isinstance(stored, int | float | Decimal) and not isinstance(stored, bool):
        return _ore(stored) == _ore(found)
    if isinstance(found, int | float) and not isinstance(found, bool) and was.isdigit():
        return was.lstrip("0") == now.lstrip("0")  # zeros that a spreadsheet trimmed
    return _iso(was) is not None and _day(found, epoch_1904=epoch_1904) == _iso(was)


def _ore(value: object) -> int | None:
    try:
        return cells.ore(value)
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _day(value: object, *, epoch_1904: bool) -> date | None:
    try:
        return cells.day(value, epoch_1904=epoch_1904)
    except ValueError:
        return None


def _lines(value: object) -> list[str]:
    """The units of a cell that holds several: a unit's own workbook shows only its own."""
    return [plain(line) for line in str(value or "").split("\n")]


def _short(value: object) -> str:
    text = plain(value) if not isinstance(value, datetime) else value.date().isoformat()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
