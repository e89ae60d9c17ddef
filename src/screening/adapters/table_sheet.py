"""Workbooks as sheets, by calamine; what calamine refuses is tried once with openpyxl in streaming mode."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from screening.adapters.cells import DecimalSign
from screening.adapters.table import CHUNK_ROWS, HEAD_ROWS, Chunk, Row, Table
from screening.adapters.table_guard import FileKind
from screening.adapters.table_text import chunk_of
from screening.adapters.table_texts import Refused

_MAX_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet, loaded when it is first read and let go after."""

    book: Any  # CalamineWorkbook or openpyxl's Workbook
    place: int
    name: str
    hidden: bool
    epoch_1904: bool
    cache: dict[str, Any]  # of the workbook: the sheet loaded last, and the head of each
    delimiter: str = ""

    def _cells(self) -> Iterator[Sequence[object]]:
        if isinstance(self.book, calamine.CalamineWorkbook):
            try:
                yield from self._loaded().iter_rows()
            except (calamine.CalamineError, ValueError) as error:
                raise Refused("damaged") from error
            return
        sheet = self.book.worksheets[self.place]
        sheet.reset_dimensions()  # a declared range to the last row is read row by row for ever
        try:
            for cells in islice(sheet.iter_rows(values_only=True), _MAX_ROWS):
                yield ["" if cell is None else cell for cell in cells]
        except (ValueError, TypeError, KeyError, SyntaxError) as error:  # SyntaxError: what XML parsing raises
            raise Refused("damaged") from error

    def _loaded(self) -> calamine.CalamineSheet:
        """The sheet, parsed once while no other sheet is read between."""
        if self.cache.get("place") != self.place:
            self.cache.pop("sheet", None)
            self.cache.update(sheet=self.book.get_sheet_by_index(self.place), place=self.place)
        sheet: calamine.CalamineSheet = self.cache["sheet"]
        return sheet

    def head(self) -> list[Row]:
        """The first rows."""
        name = f"head {self.place}"
        if name not in self.cache:
            self.cache[name] = [Row(number, cells) for number, cells in enumerate(islice(self._cells(), HEAD_ROWS), 1)]
        head: list[Row] = self.cache[name]
        return head

    def rows(self, after: int) -> Iterator[Row]:
        """Every row after ``after``."""
        return (Row(number, cells) for number, cells in enumerate(self._cells(), 1) if number > after)

    def chunks(self, after: int, width: int, text: frozenset[int], decimal: DecimalSign) -> Iterator[Chunk]:  # noqa: ARG002 - cells are typed
        """Rows as columns."""
        rows = self.rows(after)
        while batch := list(islice(rows, CHUNK_ROWS // 4)):
            yield chunk_of(batch, width)


def open_workbook(path: Path, kind: FileKind) -> Table:
    """A workbook's sheets, hidden ones marked.

    Raises:
        Refused: protected by a password, or damaged.
    """
    epoch_1904 = kind == "xlsx" and _counts_from_1904(path)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except (calamine.CalamineError, ValueError) as error:
        if kind != "xlsx":
            raise Refused("damaged") from error
        return _by_openpyxl(path, epoch_1904=epoch_1904)
    cache: dict[str, Any] = {}
    sheets = tuple(
        WorkbookSheet(book, place, item.name, item.visible is not calamine.SheetVisibleEnum.Visible, epoch_1904, cache)
        for place, item in enumerate(book.sheets_metadata)
        if item.typ is calamine.SheetTypeEnum.WorkSheet
    )
    return Table(path, sheets, close=book.close)


def _by_openpyxl(path: Path, *, epoch_1904: bool) -> Table:
    """The second opinion on a workbook that calamine cannot open."""
    import openpyxl  # noqa: PLC0415 - needed for odd workbooks alone

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parsing met: KeyError, TypeError, ParseError …
        raise Refused("damaged") from error
    cache: dict[str, Any] = {}
    sheets = tuple(
        WorkbookSheet(book, place, sheet.title, sheet.sheet_state != "visible", epoch_1904, cache)
        for place, sheet in enumerate(book.worksheets)
    )
    return Table(path, sheets, close=book.close)


def _counts_from_1904(path: Path) -> bool:
    """Whether the workbook's bare day numbers count from 1904 (workbooks first made on an old Macintosh)."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            return bool(re.search(rb'date1904="(?:1|true)"', part.read(65_536)))
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
