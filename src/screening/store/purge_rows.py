"""The rows of old sheets that are about persons without a flag: finished text, so found by what they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select

from screening.identity import from_stored, mask_text
from screening.store.base import fetch
from screening.store.schema import SHEET_ROWS, SHEETS
from screening.store.values import unpack

NUMBER, OWN = "Orgnr", "Leverantörsnr"
NAMES = ".names"  # kept beside the sheets: its first cell is the internal id


@dataclass(slots=True)
class _Persons:
    """The persons of one old run: (masked number, the buyer's own numbers) as rows show them, and internal ids."""

    unflagged: set[tuple[str, str]] = field(default_factory=set)
    flagged: set[tuple[str, str]] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def about(self, sheet: str, columns: Sequence[str], cells: Sequence[object]) -> bool:
        """Whether a row is about a person without a flag; one that may as well be about another is not."""
        if sheet == NAMES:
            return cells[0] in self.ids
        if NUMBER not in columns:
            return False
        number = str(cells[columns.index(NUMBER)] or "")
        if OWN in columns:
            shown = (number, str(cells[columns.index(OWN)] or ""))
            return shown in self.unflagged and shown not in self.flagged
        return number in {item[0] for item in self.unflagged} - {item[0] for item in self.flagged}


def rows_of_persons(connection: Connection, unflagged: str, before: str) -> int:
    """Deletes them from the sheets of runs before a day, and gives how many there were.

    Args:
        connection: in a transaction, before the run's own rows of these persons go.
        unflagged: the statement that selects the ids of persons without a flag.
        before: the day, as a stamp.
    """
    gone = 0
    for run_id, persons in _persons(connection, unflagged, before).items():
        sheets = select(SHEETS.c.name, SHEETS.c.columns).where(SHEETS.c.run_id == run_id)
        for sheet in connection.execute(sheets).all():
            columns = [str(name) for name in unpack(sheet.columns)]
            own = (SHEET_ROWS.c.run_id == run_id) & (SHEET_ROWS.c.name == sheet.name)
            rows = connection.execute(select(SHEET_ROWS.c.row, SHEET_ROWS.c.cells).where(own)).all()
            found = [row.row for row in rows if persons.about(sheet.name, columns, unpack(row.cells))]
            for number in found:
                connection.execute(delete(SHEET_ROWS).where(own, SHEET_ROWS.c.row == number))
            gone += len(found)
    return gone


def _persons(connection: Connection, unflagged: str, before: str) -> dict[str, _Persons]:
    """Run -> its persons; only runs that have one without a flag."""
    sql = f"""SELECT rs.run_id, rs.supplier_id, s.kind, s.digits, rs.supplier_numbers, s.id IN ({unflagged})
        FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id JOIN runs r ON r.id = rs.run_id
        WHERE s.kind IN ('personnummer', 'samordningsnummer') AND r.as_of < :before"""  # noqa: S608 - fixed text
    found: dict[str, _Persons] = defaultdict(_Persons)
    for run_id, supplier_id, kind, digits, numbers, without in fetch(connection, sql, {"before": before}):
        own = ", ".join(mask_text(str(item)) for item in unpack(numbers)) if numbers else ""
        shown = (from_stored(kind, "SE", digits).display, own)
        persons = found[run_id]
        (persons.unflagged if without else persons.flagged).add(shown)
        if without:
            persons.ids.add(supplier_id)
    return {run_id: persons for run_id, persons in found.items() if persons.ids}
