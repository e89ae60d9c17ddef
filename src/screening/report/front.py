"""The first page: stored blocks drawn on one printed A4, and below it, for the screen, the figures that its charts read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from screening.report.cells import LEADS, clean
from screening.report.charts import CHARTS, PLACES, Numbers, insert
from screening.report.layout import FLAGS
from screening.report.links import FLAG, Links
from screening.report.style import KRONOR, LINE, NAVY, PALE, Styles
from screening.report.texts import Language
from screening.report.widths import wrapped

Row = Sequence[object]

COLUMNS = 24
WIDTH = 4.6
UNITS = WIDTH + 5 / 7  # of a column that others are merged with: its padding holds text, too

TABLES: dict[str, tuple[int, ...]] = {
    "why": (6, 3, 4, 11),
    "news": (5, 10, 5, 3, 1),
    "late": (5, 10, 5, 3, 1),
}
"""How many of the columns each cell of a table's line spans."""

LOOKS: dict[str, tuple[dict[str, Any], ...]] = {
    "why": ({"bold": True}, {"num_format": "#,##0", "align": "right"}, {"num_format": KRONOR, "align": "right"}, {"align": "left", "indent": 1}),
    "news": ({"bold": True}, {}, {"align": "left", "indent": 1}, {"num_format": KRONOR, "align": "right"}, {"align": "center"}),
    "late": ({"bold": True}, {}, {"align": "left", "indent": 1}, {"align": "right"}, {"align": "center"}),
}  # fmt: skip
LINKED = {"news": 4, "late": 4}
"""Which cell of a line names the flag: an arrow is drawn there that leads to it."""
ARROW = "→"

_NUMBER = "#,##0"


def render(file: Any, sheet: Any, styles: Styles, blocks: Sequence[Row], links: Links, language: Language) -> int:
    """Draws the blocks from the top and gives the last row that prints.

    A block of a kind that this version does not know is written as text.
    """
    sheet.hide_gridlines(2)
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    page = _Page(sheet, styles, links, language)
    tiles = [cells for kind, cells in map(_split, blocks) if kind == "tile"]
    numbers: dict[str, list[list[object]]] = {}
    for kind, cells in map(_split, blocks):
        if kind == "tile":
            if tiles:
                page.tiles(tiles)
                tiles = []
        elif kind in CHARTS or kind == "severity":
            numbers.setdefault(kind, []).append(cells)
        else:
            page.block(kind, cells)
    top = page.row
    shown = [kind for kind in CHARTS if len(numbers.get(kind, ())) > 1]
    if shown:
        page.row += -(-PLACES.height // PLACES.row) + 1
    last = max(page.row - 1, 0)
    if numbers:
        page.row += 2
        heading = ("Siffrorna bakom diagrammen (skrivs inte ut)", "The figures behind the charts (not printed)")
        page.heading(heading[language == "en"], "")
    for kind, lines in numbers.items():
        found = page.numbers(lines)
        if kind in shown:
            insert(file, sheet, top, kind, found)
    return last


def _split(row: Row) -> tuple[str, list[object]]:
    return str(row[1]), list(row[2:])


class _Page:
    """The drawing: where the next line goes."""

    def __init__(self, sheet: Any, styles: Styles, links: Links, language: Language) -> None:
        self.sheet, self.styles, self.language = sheet, styles, language
        self.row = 0
        self.sheets = set(links.places)
        self.flag: Callable[[Row], str | None] = links.finder([FLAG], FLAGS.name) or (lambda _row: None)

    def span(self, first: int, width: int, value: object, style: Any, link: str | None = None) -> None:
        """One value over several columns of the current row."""
        last = first + width - 1
        if width > 1:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        if link is not None:
            self.sheet.write_url(self.row, first, link, style, _text(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(self.row, first, value, style)
        else:
            self.sheet.write_string(self.row, first, _text(value), style)

    def line(
        self,
        spans: Sequence[int],
        values: Sequence[object],
        looks: Sequence[dict[str, Any]],
        height: float,
        link: str | None = None,
    ) -> None:
        """One line of a table; ``link``: where a click on its last cell leads."""
        self.sheet.set_row(self.row, height)
        first = 0
        for place, (width, value, look) in enumerate(zip(spans, values, looks, strict=False)):
            to = link if place == len(spans) - 1 else None
            own = look | {"font_color": NAVY, "underline": 1} if to else look
            if isinstance(value, str) and _text(value).startswith(LEADS):
                own = own | {"quote_prefix": True}  # outside text stays text also when it is edited
            self.span(first, width, value, self.styles.of(**own), to)
            first += width
        self.row += 1

    def block(self, kind: str, cells: list[object]) -> None:
        """Any block that takes whole rows."""
        if kind == "title":
            self.line([COLUMNS], cells, [{"bold": True, "font_size": 18, "font_color": NAVY, "valign": "vcenter"}], 27)
            self.line([COLUMNS], cells[1:], [{"font_color": "#475569"}], 14)
        elif kind == "simulated":
            look = {
                "bold": True,
                "bg_color": "#111827",
                "font_color": "#FFFFFF",
                "align": "center",
                "valign": "vcenter",
            }
            self.line([COLUMNS], cells, [look | {"text_wrap": True}], 20)
        elif kind == "heading":
            self.sheet.set_row(self.row, 7)
            self.row += 1
            self.heading(str(cells[0]), str(cells[1] or ""))
        elif kind.endswith("_head") and (spans := TABLES.get(kind[:-5])):
            look = {"bold": True, "bg_color": PALE, "bottom": 1, "bottom_color": LINE, "font_size": 8.5}
            looks = [look | _placed(own) for own in LOOKS[kind[:-5]]]
            self.line(spans, cells, looks, 13)
        elif kind in TABLES:
            self.table(kind, cells)
        else:
            look = {"text_wrap": True, "font_size": 9.5}
            self.line([COLUMNS], cells, [look], 13.0 * _lines(cells[0], COLUMNS, 9.5) + 2)

    def heading(self, text: str, link: str) -> None:
        """A heading; ``link`` names the sheet with all of it."""
        look = {"bold": True, "font_size": 11, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY}
        self.sheet.set_row(self.row, 17)
        self.span(0, 18, text, self.styles.of(**look))
        style = self.styles.of(font_size=8, font_color=NAVY, align="right", bottom=2, bottom_color=NAVY, underline=1)
        if link and link in self.sheets:
            words = ("Bladet", "Sheet")[self.language == "en"]
            self.span(18, COLUMNS - 18, f"{words} {link} →", style, f"internal:'{link}'!A1")
        else:
            self.span(18, COLUMNS - 18, "", self.styles.of(bottom=2, bottom_color=NAVY))
        self.row += 1

    def table(self, kind: str, cells: list[object]) -> None:
        """One line of a table over the whole width."""
        spans = TABLES[kind]
        base: dict[str, Any] = {"text_wrap": True, "bottom": 1, "bottom_color": LINE, "font_size": 8.5}
        looks = [base | look for look in LOOKS[kind]]
        to = None
        if kind in LINKED:
            place = LINKED[kind]
            to = self.flag([cells[place]]) if cells[place] else None
            cells = [*cells[:place], ARROW if to else ""]
        lines = max(
            _lines(value, width, 8.5, bold="bold" in look, indented="indent" in look)
            for value, width, look in zip(cells, spans, looks, strict=False)
        )
        self.line(spans, cells, looks, 11.5 * lines + 3, to)

    def tiles(self, tiles: Sequence[list[object]]) -> None:
        """Up to four figures side by side: label, value, note."""
        looks: list[dict[str, Any]] = [
            {"font_size": 9, "bold": True, "font_color": NAVY, "bg_color": PALE, "top": 5, "top_color": NAVY},
            {"font_size": 20, "bold": True, "bg_color": PALE, "valign": "vcenter", "num_format": _NUMBER},
            {"font_size": 8, "font_color": "#475569", "bg_color": PALE, "text_wrap": True},
        ]
        self.sheet.set_row(self.row, 6)
        self.row += 1
        for part, (look, height) in enumerate(zip(looks, (15, 29, 25), strict=True)):
            self.sheet.set_row(self.row, height)
            for place, tile in enumerate(tiles[:4]):
                own = dict(look)
                if tile[3] == "warning" and part < 2:
                    own |= {"font_color": "#7F1D1D"} | ({"top_color": "#7F1D1D"} if part == 0 else {})
                style = self.styles.of(**own, right=2, right_color="#FFFFFF", align="left", indent=1)
                self.span(place * 6, 6, tile[part], style)
            self.row += 1

    def numbers(self, lines: Sequence[list[object]]) -> Numbers:
        """The table of one chart; gives where it stands."""
        spans, top = (8, 3, 3, 3, 3), self.row
        base: dict[str, Any] = {"font_size": 8.5, "bottom": 1, "bottom_color": LINE}
        figure = base | {"align": "right", "num_format": _NUMBER}
        bold = {"bold": True, "bg_color": PALE}
        for place, cells in enumerate(lines):
            own = bold if place == 0 else {}
            count = 1 + sum(cell is not None for cell in cells[1:5])
            self.line(spans[:count], cells, [base | own, *[figure | own] * 4], 13)
        self.row += 1
        title = _text(lines[0][5])
        columns = [sum(spans[:place]) for place in range(len(spans))]
        return Numbers(title, self.sheet.get_name(), top, top + len(lines) - 1, columns)


def _placed(look: dict[str, Any]) -> dict[str, Any]:
    """Where a cell's text stands, without how it looks."""
    return {name: value for name, value in look.items() if name in ("align", "indent")}


def _lines(value: object, span: int, points: float, *, bold: bool = False, indented: bool = False) -> int:
    return wrapped(_text(value), span * UNITS - (2 if indented else 0.8), points * (1.06 if bold else 1))


def _text(value: object) -> str:
    return clean("" if value is None else str(value))
