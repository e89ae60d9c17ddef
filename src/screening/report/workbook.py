"""Renders stored rows as an Excel workbook: nothing from outside becomes a formula, a link or a macro."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from screening.report import front, grid
from screening.report.cells import clean, sheet_name
from screening.report.layout import SUMMARY, Layout
from screening.report.links import Links, Place
from screening.report.printing import print_first_page, print_list
from screening.report.style import FONT, Styles
from screening.report.texts import Language

Row = Sequence[object]

ROWS = 1_048_575  # data rows of a sheet, below its header
IN_MEMORY_CELLS = 2_000_000  # about 400 MB in XlsxWriter; above it rows go to disk as they come, without a native table


class Rows(Protocol):
    """Rows that can be counted, and read more than once: those of a big sheet are not all in memory."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Page:
    """One list sheet to render: its layout, its header as stored, and its rows."""

    layout: Layout
    columns: Sequence[str]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Book:
    """What one workbook says about itself, and its first page."""

    title: str
    organisation: str
    run_id: str
    created: datetime
    language: Language
    simulated: bool
    summary: Sequence[Row] | None  # none: a list without a first page
    pages: Sequence[Page]


@dataclass(frozen=True, slots=True)
class _Part:
    """At most a sheet's worth of a list's rows, under the name of that sheet."""

    name: str
    page: Page
    start: int

    @property
    def rows(self) -> Iterable[Row]:
        return self.page.rows if self.whole else islice(iter(self.page.rows), self.start, self.start + ROWS)

    @property
    def whole(self) -> bool:
        return len(self.page.rows) <= ROWS

    @property
    def place(self) -> Place:
        return Place(self.name, self.page.columns, self.rows)


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
        parts = _parts(book.pages)
        links = Links({page.layout.name: [part.place for part in parts if part.page is page] for page in book.pages})
        if book.summary is not None:
            sheet = file.add_worksheet(SUMMARY)
            sheet.set_tab_color("#1F3A5F")
            last = front.render(file, sheet, styles, book.summary, links, book.language)
            print_first_page(sheet, last, front.COLUMNS - 1, book.organisation, book.run_id, book.language)
        for part in parts:
            _list(file, styles, part, book, links, table=not big)


def _parts(pages: Sequence[Page]) -> list[_Part]:
    """The sheets of each list: one, or more where it has more rows than a sheet holds."""
    found: list[_Part] = []
    for page in pages:
        for start in range(0, max(len(page.rows), 1), ROWS):
            name = sheet_name(page.layout.name, [SUMMARY, *(part.name for part in found)])
            found.append(_Part(name, page, start))
    return found


def _list(file: Any, styles: Styles, part: _Part, book: Book, links: Links, *, table: bool) -> None:
    """One list sheet: header in the first row, frozen, filtered, with choices in the columns to fill in."""
    layout = part.page.layout
    sheet = file.add_worksheet(part.name)
    sheet.set_tab_color(layout.tab)
    columns = [layout.column(name) for name in part.page.columns]
    rows = grid.draw(sheet, styles, columns, part.rows, links, book.language)
    if rows and table and layout.table:
        described = [{"header": column.name, "header_format": grid.header(styles, column)} for column in columns]
        shape = {"name": grid.table_name(part.name), "columns": described, "style": None, "autofilter": True}
        sheet.add_table(0, 0, rows, len(columns) - 1, shape)
    elif rows:
        sheet.autofilter(0, 0, rows, len(columns) - 1)
    sheet.freeze_panes(1, layout.frozen)
    print_list(sheet, layout, columns, book.organisation, book.run_id, book.language, simulated=book.simulated)
