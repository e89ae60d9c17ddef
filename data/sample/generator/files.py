"""Writers whose files come out the same, byte for byte, whenever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - document properties hold no time zone
ZIP_TIME = (2026, 1, 1, 0, 0, 0)
Cell = str | int | float | date | None
Rows = Iterable[Sequence[Cell]]


def write_xlsx(path: Path, sheets: Sequence[tuple[str, Rows]], *, hidden: Sequence[str] = ()) -> None:
    """A workbook of plain sheets: texts, numbers, real dates, empty cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"author": "Sjövika kommun (fiktiv)", "created": MADE})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 20, 18)
            if name in hidden:
                sheet.hide()
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(y, x, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                    elif value is not None and value != "":
                        sheet.write(y, x, value)


def write_xls(path: Path, sheet_name: str, rows: Rows) -> None:
    """A BIFF workbook with one sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(sheet_name)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(y, x, value, day)
            elif value is not None:
                sheet.write(y, x, value)
    book.save(str(path))


def write_ods(path: Path, sheet_name: str, rows: Rows) -> None:
    """An OpenDocument sheet, its parts packed again with a fixed time."""
    document = OpenDocumentSpreadsheet()
    table = Table(name=sheet_name)
    document.spreadsheet.addElement(table)
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for value in row:
            line.addElement(_ods_cell(value))
    packed = io.BytesIO()
    document.save(packed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, ZIP_TIME), source.read(name), compress_type=how)


def _ods_cell(value: Cell) -> Any:
    if value is None or value == "":
        return TableCell()
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, (int, float)):
        cell = TableCell(valuetype="float", value=str(value))
    else:
        cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def write_text(path: Path, rows: Rows, *, delimiter: str, encoding: str, newline: str) -> None:
    """Delimited text in any encoding and with any line ends; cells are quoted only where they must be."""
    lines = [delimiter.join(_quoted(value, delimiter) for value in row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((newline.join(lines) + newline).encode(encoding))


def _quoted(value: Cell, delimiter: str) -> str:
    text = "" if value is None else str(value)
    if delimiter in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text
