"""The finished rows of every sheet, and the hash of every workbook that was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, func, insert, select

from screening.store.base import CHUNK, Base, chunks
from screening.store.schema import SHEET_ROWS, SHEETS, WORKBOOKS
from screening.store.values import pack, unpack


class Sheets(Base):
    """``report --run`` renders these and judges nothing."""

    def put_sheet(self, run_id: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """One sheet, in place of what the run had under the name; sheets keep the order in which they were first put."""
        rows_of = (SHEET_ROWS.c.run_id == run_id) & (SHEET_ROWS.c.name == name)
        one = (SHEETS.c.run_id == run_id) & (SHEETS.c.name == name)
        with self._write() as connection:
            connection.execute(delete(SHEET_ROWS).where(rows_of))
            position = connection.execute(select(SHEETS.c.position).where(one)).scalar()
            if position is None:
                highest = connection.execute(select(func.max(SHEETS.c.position)).where(SHEETS.c.run_id == run_id))
                position = (highest.scalar() or 0) + 1
            connection.execute(delete(SHEETS).where(one))
            connection.execute(
                insert(SHEETS).values(run_id=run_id, name=name, position=position, columns=pack(columns))
            )
        numbered = enumerate(rows, start=1)
        for chunk in chunks(numbered, CHUNK):
            with self._write() as connection:
                connection.execute(
                    insert(SHEET_ROWS),
                    [{"run_id": run_id, "name": name, "row": number, "cells": pack(cells)} for number, cells in chunk],
                )

    def sheets(self, run_id: str) -> list[str]:
        """The names of the run's sheets, in order; those that start with a dot are kept beside them, never shown."""
        statement = select(SHEETS.c.name).where(SHEETS.c.run_id == run_id).order_by(SHEETS.c.position)
        return [row.name for row in self._all(statement) if not row.name.startswith(".")]

    def sheet(self, run_id: str, name: str) -> tuple[list[str], Iterator[list[object]]]:
        """Columns, and rows to iterate over once: text, numbers, Decimals, dates, ``None``.

        Raises:
            KeyError: the run has no such sheet.
        """
        row = self._one(select(SHEETS.c.columns).where(SHEETS.c.run_id == run_id, SHEETS.c.name == name))
        if row is None:
            raise KeyError(name)
        return list(unpack(row.columns)), self._rows(run_id, name)

    def sheet_length(self, run_id: str, name: str) -> int:
        """How many rows the run stored under that name."""
        statement = select(func.count()).where(SHEET_ROWS.c.run_id == run_id, SHEET_ROWS.c.name == name)
        return int(self._one(statement)[0])

    def _rows(self, run_id: str, name: str) -> Iterator[list[object]]:
        statement = (
            select(SHEET_ROWS.c.row, SHEET_ROWS.c.cells)
            .where(SHEET_ROWS.c.run_id == run_id, SHEET_ROWS.c.name == name)
            .order_by(SHEET_ROWS.c.row)
            .limit(CHUNK)
        )
        last = 0
        while rows := self._all(statement.where(SHEET_ROWS.c.row > last)):
            last = rows[-1].row
            yield from (list(unpack(row.cells)) for row in rows)

    def put_workbook(self, run_id: str, path: str, sha256: str) -> None:
        """What was written where (relative path)."""
        with self._write() as connection:
            connection.execute(insert(WORKBOOKS).values(run_id=run_id, path=path, sha256=sha256))

    def workbook_sha(self, path: str) -> str | None:
        """The hash of what was last written there; a file with another hash holds people's work."""
        statement = select(WORKBOOKS.c.sha256).where(WORKBOOKS.c.path == path).order_by(WORKBOOKS.c.id.desc())
        row = self._one(statement)
        return None if row is None else row.sha256
