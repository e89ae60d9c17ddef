"""Renders stored rows as an Excel workbook: nothing from outside becomes a formula, a link or a macro."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from screening.report import front
from screening.report.cells import as_date, clean, sheet_name, wrapped
from screening.report.layout import SUMMARY, Column, Layout
from screening.report.style import FONT, Styles, tone
from screening.report.texts import Language

Row = Sequence[object]

ROWS = 1_048_575  # data rows of a sheet, below its header
IN_MEMORY_CELLS = 2_000_000  # about 400 MB in XlsxWriter; above it rows go to disk as they come, without a native table
A4, A3 = 9, 8
ON_A4 = 190  # units of width that can still be read when they are fitted to an A4
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Page:
    """One list sheet to render: its layout, its header as stored, and its rows."""

    layout: Layout
    columns: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Book:
    """What one workbook says about itself, and its first page."""

    title: str
    organisation: str
    run_id: str
    created: datetime
    language: Language
    simulated: bool
    summary: Sequence[Row]
    pages: Sequence[Page]


def render(book: Book, path: Path) -> None:
    """Writes ``book`` to ``path``. The same rows give the same bytes.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    big = sum(len(page.rows) * len(page.columns) for page in book.pages) > IN_MEMORY_CELLS
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": big,
        "default_format_properties": {"font_name": FONT, "font_size": 10},  # what widths of columns are counted in
        "default_row_height": 17,
        "tmpdir": str(path.parent),
    }
    try:
        _fill(book, path, options, big=big)
    except FileCreateError as error:
        raise error.args[0] from error  # the system's own error, with its number and file


def _fill(book: Book, path: Path, options: Mapping[str, object], *, big: bool) -> None:
    """Properties, the first page, then list after list."""
    with xlsxwriter.Workbook(str(path), options) as file:
        file.set_properties(
            {
                "title": clean(book.title),
                "author": clean(book.organisation),
                "comments": book.run_id,
                "created": book.created.replace(tzinfo=None, microsecond=0),
            }
        )
        file.set_size(2400, 1500)
        styles = Styles(file)
        sheet = file.add_worksheet(SUMMARY)
        sheet.set_tab_color("#1F3A5F")
        front.render(file, sheet, styles, book.summary, book.language)
        _print_setup(sheet, book)
        for page in book.pages:
            for start in range(0, max(len(page.rows), 1), ROWS):
                part = Page(page.layout, page.columns, page.rows[start : start + ROWS])
                _list(file, styles, part, book, table=not big)


def _list(file: Any, styles: Styles, page: Page, book: Book, *, table: bool) -> None:
    """One list sheet: header in the first row, frozen, filtered, with choices in the columns to fill in."""
    name = sheet_name(page.layout.name, (sheet.get_name() for sheet in file.worksheets()))
    sheet = file.add_worksheet(name)
    sheet.set_tab_color(page.layout.tab)
    columns = [page.layout.column(name) for name in page.columns]
    last = len(columns) - 1
    _columns(sheet, columns)
    headers = [styles.header(fill=column.fill, detail=column.detail) for column in columns]
    sheet.set_row(0, 12.0 * max(wrapped(column.name, column.width - 1) for column in columns) + 14)  # filters below
    for number, (column, style) in enumerate(zip(columns, headers, strict=True)):
        sheet.write_string(0, number, column.name, style)
    for number, row in enumerate(page.rows, start=1):
        sheet.set_row(number, _height(columns, row))
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            write(sheet, styles, (number, place), column, value)
    if page.rows:
        if table:
            described = [
                {"header": column.name, "header_format": style} for column, style in zip(columns, headers, strict=True)
            ]
            shape = {"name": _table_name(name), "columns": described, "style": None, "autofilter": True}
            sheet.add_table(0, 0, len(page.rows), last, shape)
        else:
            sheet.autofilter(0, 0, len(page.rows), last)
        _choices(sheet, columns, len(page.rows), book.language)
    sheet.freeze_panes(1, page.layout.frozen)
    sheet.repeat_rows(0)
    if page.layout.pages_wide > 1:
        sheet.repeat_columns(0)
    _print_setup(sheet, book, page.layout.pages_wide, wide=_width(columns) > ON_A4)


def _columns(sheet: Any, columns: Sequence[Column]) -> None:
    """Widths, hidden columns and groups of detail that open with a click on the plus sign."""
    for number, column in enumerate(columns):
        options: dict[str, object] = {}
        if column.hidden:
            options = {"hidden": True}
        elif column.detail:
            options = {"level": 1, "hidden": True}
        elif number and columns[number - 1].detail:
            options = {"collapsed": True}
        sheet.set_column(number, number, column.width, None, options)


def write(sheet: Any, styles: Styles, at: tuple[int, int], column: Column, value: object) -> None:
    """One cell: numbers and dates as such, everything else as text."""
    if value is None or value == "":
        sheet.write_blank(*at, None, styles.cell(column.kind, fill=column.fill))
        return
    if column.kind in ("money", "count") and isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value, styles.cell(column.kind, fill=column.fill))
        return
    if column.kind == "date" and (day := as_date(value)) is not None:
        sheet.write_datetime(*at, datetime(day.year, day.month, day.day), styles.cell("date", fill=column.fill))  # noqa: DTZ001 - Excel's dates have no zone
        return
    text = clean(str(value))
    code = tone(column.kind, text)
    style = styles.cell(column.kind, fill=column.fill, code=code, quote=text.startswith(_FORMULA))
    sheet.write_string(*at, text, style)


def _width(columns: Sequence[Column]) -> float:
    """Of the columns that are seen."""
    return sum(column.width for column in columns if not column.hidden and not column.detail)


def _height(columns: Sequence[Column], row: Row) -> float:
    """Points for a row whose longest visible cell is wrapped: Excel does not fit rows by itself when a file is opened."""
    lines = 1
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, str) and column.kind == "text" and not column.hidden and not column.detail:
            lines = max(lines, wrapped(value, column.width))
    return min(12.0 * lines + 4, 240.0)


def _choices(sheet: Any, columns: Sequence[Column], rows: int, language: Language) -> None:
    """Lists and date checks in the columns that people fill in."""
    english = language == "en"
    for number, column in enumerate(columns):
        if column.choices:
            sheet.data_validation(
                1,
                number,
                rows,
                number,
                {
                    "validate": "list",
                    "source": list(column.choices),
                    "error_title": column.name[:32],
                    "error_message": "Choose a word in the list." if english else "Välj ett ord i listan.",
                },
            )
        elif column.fill and column.kind == "date":
            sheet.data_validation(
                1,
                number,
                rows,
                number,
                {
                    "validate": "date",
                    "criteria": "between",
                    "minimum": date(2000, 1, 1),
                    "maximum": date(2099, 12, 31),
                    "error_title": column.name[:32],
                    "error_message": "Write a date: 2026-11-30." if english else "Skriv ett datum: 2026-11-30.",
                },
            )


def _print_setup(sheet: Any, book: Book, pages_wide: int = 1, *, wide: bool = False) -> None:
    """A4, or A3 for a wide list, as wide as the paper, with what it is and where it comes from on every page."""
    if sheet.get_name() == SUMMARY:
        sheet.set_portrait()
        sheet.fit_to_pages(1, 1)
        sheet.set_margins(0.5, 0.5, 0.55, 0.6)
    else:
        sheet.set_landscape()
        sheet.fit_to_pages(pages_wide, 0)
        sheet.set_margins(0.35, 0.35, 0.6, 0.6)
    sheet.set_paper(A3 if wide else A4)
    english = book.language == "en"
    organisation = clean(book.organisation).replace("&", "&&")[:80]
    page = "Page &P of &N" if english else "Sida &P av &N"
    sheet.set_footer(f"&L&8{organisation}&C&8{book.run_id}&R&8{page}")
    warning = "SIMULATED SOURCES" if english else "SIMULERADE KÄLLOR"
    head = f"&L&8&A&R&8&B{warning}" if book.simulated else "&L&8&A"
    if sheet.get_name() != SUMMARY:
        sheet.set_header(head)


def _table_name(name: str) -> str:
    """A table's name: letters, digits and underscores."""
    return re.sub(r"\W", "_", name)
