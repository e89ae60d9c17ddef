"""Draws one list: a header that stays, cells that say by colour, word and symbol, and columns to fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter.url import Url

from screening.report.cells import LEADS, as_date, clean
from screening.report.layout import NOTICES, Column
from screening.report.links import MOST, Links
from screening.report.style import FONT, Styles, tone
from screening.report.texts import Language, notices
from screening.report.widths import wrapped

Row = Sequence[object]
Put = Callable[[int, object], int]
"""Writes a cell of one column in a row, and says how many lines it takes."""

LINE, AIR, TALLEST = 12.0, 4.0, 240.0  # points: one line of a row, what it has besides, and the most
KEPT = 10_000  # different texts of a column whose look and lines are remembered
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def draw(
    sheet: Any, styles: Styles, columns: Sequence[Column], rows: Iterable[Row], links: Links, language: Language
) -> int:
    """Writes header and rows; gives how many rows there were.

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """
    _columns(sheet, columns)
    sheet.set_row(0, LINE * max(wrapped(column.name, column.width - 1) for column in columns) + 14)  # filters below
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, header(styles, column))
        if note := column.note[language == "en"]:
            sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.4, "font_name": FONT, "font_size": 9})
    special = _Special(sheet, styles, columns, links)
    puts = [(place, _writer(sheet, styles, place, column)) for place, column in enumerate(columns)]
    plain = [(place, put) for place, put in puts if place not in special.places]
    count, width = 0, len(columns)
    for count, row in enumerate(rows, start=1):
        if len(row) != width:
            message = f"row {count} has {len(row)} cells; expected {width}: {', '.join(map(str, row))[:200]}"
            raise ValueError(message)
        lines = special.put(count, row)
        for place, put in plain:
            if (needed := put(count, row[place])) > lines:
                lines = needed
        sheet.set_row(count, min(LINE * lines + AIR, TALLEST))
    if count:
        _checks(sheet, columns, count, language)
    return count


def header(styles: Styles, column: Column) -> Any:
    """The look of a column's name."""
    return styles.header(fill=column.fill, detail=column.detail)


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


# --- cells that lead somewhere or stand out ---------------------------------------------------------------------------
class _Special:
    """The columns whose cells lead somewhere, or stand out by what the row's *Observera* says."""

    def __init__(self, sheet: Any, styles: Styles, columns: Sequence[Column], links: Links) -> None:
        names = [column.name for column in columns]
        self.sheet, self.styles, self.columns = sheet, styles, columns
        self.source = names.index(NOTICES.name) if NOTICES.name in names else -1
        self.noticed = {column.notice: place for place, column in enumerate(columns) if column.notice}
        self.finders = {
            place: finder
            for place, column in enumerate(columns)
            if column.link and (finder := links.finder(names, column.link)) is not None
        }
        self.places = {*self.finders, *(self.noticed.values() if self.source >= 0 else ())}
        self.plain = {place: _writer(sheet, styles, place, columns[place]) for place in self.places}
        self.known: dict[str, frozenset[int]] = {"": frozenset()}
        self.urls: dict[tuple[str, str], Url] = {}
        self.left = MOST

    def put(self, row: int, cells: Row) -> int:
        """Writes these cells of a row; gives how many lines the tallest takes."""
        told = self._told(cells)
        lines = 1
        for place, put in self.plain.items():
            value = cells[place]
            finder = self.finders.get(place)
            address = finder(cells) if finder is not None and value and self.left else None
            if address is not None:
                self._link(row, place, value, address)
                self.left -= 1
            elif place in told and value:
                lines = max(lines, self._stand_out(row, place, value))
            else:
                lines = max(lines, put(row, value))
        return lines

    def _told(self, cells: Row) -> frozenset[int]:
        """The places of the cells that stand out in this row."""
        if self.source < 0:
            return self.known[""]
        text = str(cells[self.source] or "")
        if text not in self.known:
            if len(self.known) >= KEPT:
                self.known = {"": frozenset()}
            self.known[text] = frozenset(self.noticed[code] for code in notices(text) if code in self.noticed)
        return self.known[text]

    def _link(self, row: int, place: int, value: object, address: str) -> None:
        """A number or a short text that a click leads from."""
        column = self.columns[place]
        style = self.styles.cell(column.kind, fill=column.fill, link=True)
        text = "" if isinstance(value, int) else clean(str(value))
        url = self.urls.get((address, text))
        if url is None:
            url = self.urls[address, text] = Url(address)
            url.text = text
        self.sheet.write_url(row, place, url, style)
        if isinstance(value, int):
            self.sheet.write_number(row, place, value, style)

    def _stand_out(self, row: int, place: int, value: object) -> int:
        column = self.columns[place]
        if column.kind == "date" and (day := as_date(value)) is not None:
            style = self.styles.cell("date", fill=column.fill, notice=column.notice)
            self.sheet.write_datetime(row, place, _moment(day), style)
            return 1
        text = clean(str(value))
        style = self.styles.cell(column.kind, fill=column.fill, quote=text.startswith(LEADS), notice=column.notice)
        self.sheet.write_string(row, place, text, style)
        return wrapped(text, column.width - 2)


# --- other cells ------------------------------------------------------------------------------------------------------
def _writer(sheet: Any, styles: Styles, place: int, column: Column) -> Put:
    """What writes a cell of the column: numbers and dates as such, everything else as text."""
    plain = styles.cell(column.kind, fill=column.fill)
    text = _text_writer(sheet, styles, place, column)

    def number(row: int, value: object) -> int:
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, place, value, plain)
            return 1
        return text(row, value)

    def day(row: int, value: object) -> int:
        found = as_date(value) if value else None
        if found is not None:
            sheet.write_datetime(row, place, _moment(found), plain)
            return 1
        return text(row, value)

    return number if column.kind in ("money", "count") else day if column.kind == "date" else text


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel's dates have no zone


def _text_writer(sheet: Any, styles: Styles, place: int, column: Column) -> Put:
    """What writes a text; its look and lines are remembered, since most columns hold few different texts."""
    known: dict[str, tuple[str, Any, int]] = {}
    blank = styles.cell(column.kind, fill=column.fill)
    seen = column.kind == "text" and not column.hidden and not column.detail
    width = column.width - 0.5

    def put(row: int, value: object) -> int:
        if value is None or value == "":
            sheet.write_blank(row, place, None, blank)
            return 1
        key = str(value)
        found = known.get(key)
        if found is None:
            text = clean(key)
            code = tone(column.kind, text)
            style = styles.cell(column.kind, fill=column.fill, code=code, quote=text.startswith(LEADS))
            if len(known) >= KEPT:
                known.clear()
            found = known[key] = (text, style, wrapped(text, width) if seen else 1)
        sheet.write_string(row, place, found[0], found[1])
        return found[2]

    return put


# --- what people may write --------------------------------------------------------------------------------------------
def _checks(sheet: Any, columns: Sequence[Column], rows: int, language: Language) -> None:
    """Lists, date checks and a word of help in the columns that people fill in."""
    english = language == "en"
    for number, column in enumerate(columns):
        if not column.fill:
            continue
        options: dict[str, object] = {"validate": "any"}
        if column.choices:
            options = {
                "validate": "list",
                "source": list(column.choices),
                "error_message": "Choose a word in the list." if english else "Välj ett ord i listan.",
            }
        elif column.kind == "date":
            options = {
                "validate": "date",
                "criteria": "between",
                "minimum": FIRST_DAY,
                "maximum": LAST_DAY,
                "error_message": "Write a date: 2026-11-30." if english else "Skriv ett datum: 2026-11-30.",
            }
        if options["validate"] != "any":
            options["error_title"] = column.name[:32]
        if hint := column.hint[english]:
            options |= {"input_title": column.name[:32], "input_message": hint}
        if len(options) > 1:
            sheet.data_validation(1, number, rows, number, options)


def table_name(name: str) -> str:
    """A table's name: letters, digits and underscores."""
    return re.sub(r"\W", "_", name)
