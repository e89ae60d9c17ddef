"""Draws one list: a header that stays, cells that say by colour, word and symbol, and columns to fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from screening.report.cells import as_date, clean
from screening.report.layout import NOTICES, Column
from screening.report.links import MOST, Links
from screening.report.style import Styles, tone
from screening.report.texts import Language, notices
from screening.report.widths import wrapped

Row = Sequence[object]
Put = Callable[[int, object, bool, str | None], None]

LINE, AIR, TALLEST = 12.0, 4.0, 240.0  # points: one line of a row, what it has besides, and the most
KEPT = 10_000  # different texts of a column whose look is remembered
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_FORMULA = ("=", "+", "-", "@", "\t")


def draw(
    sheet: Any, styles: Styles, columns: Sequence[Column], rows: Iterable[Row], links: Links, language: Language
) -> int:
    """Writes header and rows; gives how many rows there were."""
    _columns(sheet, columns)
    sheet.set_row(0, LINE * max(wrapped(column.name, column.width - 1) for column in columns) + 14)  # filters below
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, header(styles, column))
    names = [column.name for column in columns]
    puts = [_writer(sheet, styles, place, column) for place, column in enumerate(columns)]
    shown = [
        (place, column.width - 0.5)
        for place, column in enumerate(columns)
        if column.kind == "text" and not column.hidden and not column.detail
    ]
    noticed = _Noticed(columns)
    finders = [(place, finder) for place, column in enumerate(columns) if (finder := _finder(links, names, column))]
    left, count = MOST, 0
    for count, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            message = f"row {count} has {len(row)} cells; expected {len(columns)}: {', '.join(names)}"
            raise ValueError(message)
        lines = 1
        for place, width in shown:
            if isinstance(value := row[place], str):
                lines = max(lines, wrapped(value, width))
        sheet.set_row(count, min(LINE * lines + AIR, TALLEST))
        told = noticed.of(row)
        to: dict[int, str] = {}
        for place, finder in finders:
            if left and row[place] and (address := finder(row)) is not None:
                to[place] = address
                left -= 1
        for place, put in enumerate(puts):
            put(count, row[place], place in told, to.get(place))
    if count:
        _checks(sheet, columns, count, language)
    return count


def header(styles: Styles, column: Column) -> Any:
    """The look of a column's name."""
    return styles.header(fill=column.fill, detail=column.detail)


def _finder(links: Links, names: Sequence[str], column: Column) -> Callable[[Row], str | None] | None:
    return links.finder(names, column.link) if column.link else None


class _Noticed:
    """Which cells of a row stand out, by what its column *Observera* says."""

    def __init__(self, columns: Sequence[Column]) -> None:
        names = [column.name for column in columns]
        self.source = names.index(NOTICES.name) if NOTICES.name in names else -1
        self.cells = {column.notice: place for place, column in enumerate(columns) if column.notice}
        self.known: dict[str, frozenset[int]] = {"": frozenset()}

    def of(self, row: Row) -> frozenset[int]:
        """The places of the cells."""
        if self.source < 0 or not self.cells:
            return self.known[""]
        text = str(row[self.source] or "")
        if text not in self.known:
            self.known[text] = frozenset(self.cells[code] for code in notices(text) if code in self.cells)
        return self.known[text]


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


# --- cells ------------------------------------------------------------------------------------------------------------
def _writer(sheet: Any, styles: Styles, place: int, column: Column) -> Put:
    """What writes a cell of the column: numbers and dates as such, everything else as text."""
    blank = styles.cell(column.kind, fill=column.fill)
    text = _text_writer(sheet, styles, place, column)
    number, day = column.kind in ("money", "count"), column.kind == "date"

    def put(row: int, value: object, noticed: bool, link: str | None) -> None:
        if value is None or value == "":
            sheet.write_blank(row, place, None, blank)
        elif number and isinstance(value, int | float) and not isinstance(value, bool):
            if link:
                sheet.write_url(row, place, link, None, "")
            style = styles.cell(column.kind, fill=column.fill, link=True) if link else blank
            sheet.write_number(row, place, value, style)
        elif day and (found := as_date(value)) is not None:
            style = styles.cell("date", fill=column.fill, notice=column.notice) if noticed else blank
            moment = datetime(found.year, found.month, found.day)  # noqa: DTZ001 - Excel's dates have no zone
            sheet.write_datetime(row, place, moment, style)
        else:
            text(row, value, noticed, link)

    return put


def _text_writer(sheet: Any, styles: Styles, place: int, column: Column) -> Put:
    """What writes a text; how each text looks is remembered, since most columns hold few different ones."""
    known: dict[tuple[str, bool, bool], tuple[str, Any]] = {}

    def put(row: int, value: object, noticed: bool, link: str | None) -> None:
        key = (str(value), noticed, link is not None)
        found = known.get(key)
        if found is None:
            text = clean(key[0])
            style = styles.cell(
                column.kind,
                fill=column.fill,
                code=tone(column.kind, text),
                quote=text.startswith(_FORMULA),
                notice=column.notice if noticed else "",
                link=link is not None,
            )
            if len(known) >= KEPT:
                known.clear()
            found = known[key] = (text, style)
        if link is None:
            sheet.write_string(row, place, *found)
        else:
            sheet.write_url(row, place, link, found[1], found[0])

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
