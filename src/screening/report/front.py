"""The first page: stored blocks drawn on one printed A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screening.report.cells import clean
from screening.report.style import KRONOR, LINE, NAVY, PALE, TONES, Styles, tone
from screening.report.texts import Language
from screening.report.widths import wrapped

Row = Sequence[object]

COLUMNS = 24
WIDTH = 4.6
UNITS = WIDTH + 5 / 7  # of a column that others are merged with: its padding holds text, too

TABLES: dict[str, tuple[int, ...]] = {
    "why": (6, 3, 15),
    "urgent": (6, 10, 5, 3),
    "news": (6, 10, 5, 3),
}
"""How many of the columns each cell of a table's line spans."""

SIDES = {"severity": 0, "unit": 13}
LABEL, FIGURE = 5, 2
"""Where the two small tables start, and how many columns their cells span."""

_NUMBER = "#,##0"


def render(file: Any, sheet: Any, styles: Styles, blocks: Sequence[Row], language: Language) -> int:
    """Draws the blocks from the top and gives the last row; a kind that this version does not know is written as text."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, COLUMNS - 1, WIDTH)
    page = _Page(file, sheet, styles, language)
    tiles = [cells for kind, cells in map(_split, blocks) if kind == "tile"]
    for kind, cells in map(_split, blocks):
        if kind == "tile":
            if tiles:
                page.tiles(tiles)
                tiles = []
        elif kind in ("severity", "unit"):
            page.side(kind, cells)
        else:
            page.side_done()
            page.block(kind, cells)
    page.side_done()
    return page.row


def _split(row: Row) -> tuple[str, list[object]]:
    return str(row[1]), list(row[2:])


class _Page:
    """The drawing: where the next line goes, and the two small tables that the charts read."""

    def __init__(self, file: Any, sheet: Any, styles: Styles, language: Language) -> None:
        self.file, self.sheet, self.styles, self.language = file, sheet, styles, language
        self.row = 0
        self.sides: dict[str, list[list[object]]] = {"severity": [], "unit": []}

    def span(self, first: int, width: int, value: object, style: Any) -> None:
        """One value over several columns of the current row."""
        last = first + width - 1
        if width > 1:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(self.row, first, value, style)
        else:
            self.sheet.write_string(self.row, first, _text(value), style)

    def line(
        self, spans: Sequence[int], values: Sequence[object], looks: Sequence[dict[str, Any]], height: float
    ) -> None:
        """One line of a table."""
        self.sheet.set_row(self.row, height)
        first = 0
        for width, value, look in zip(spans, values, looks, strict=False):
            self.span(first, width, value, self.styles.of(**look))
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
            looks = [look | ({"align": "right"} if _numeric(kind[:-5], place) else {}) for place in range(len(spans))]
            for place in range(len(spans)):
                if _indented(kind[:-5], place):
                    looks[place] |= {"align": "left", "indent": 1}
            self.line(spans, cells, looks, 13)
        elif kind in TABLES:
            self.table(kind, cells)
        else:
            self.line(
                [COLUMNS], cells, [{"text_wrap": True, "font_size": 9.5}], 13.0 * _lines(cells[0], COLUMNS, 9.5) + 2
            )

    def heading(self, text: str, link: str) -> None:
        """A heading; ``link`` names the sheet with all of it."""
        look = {"bold": True, "font_size": 11, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY}
        self.sheet.set_row(self.row, 17)
        self.span(0, 18, text, self.styles.of(**look))
        style = self.styles.of(font_size=8, font_color=NAVY, align="right", bottom=2, bottom_color=NAVY, underline=1)
        if link:
            self.sheet.merge_range(self.row, 18, self.row, COLUMNS - 1, "", style)
            words = ("Bladet", "Sheet")[self.language == "en"]
            self.sheet.write_url(self.row, 18, f"internal:'{link}'!A1", style, f"{words} {link} →")
        else:
            self.span(18, 6, "", self.styles.of(bottom=2, bottom_color=NAVY))
        self.row += 1

    def table(self, kind: str, cells: list[object]) -> None:
        """One line of a table over the whole width."""
        spans = TABLES[kind]
        base: dict[str, Any] = {"text_wrap": True, "bottom": 1, "bottom_color": LINE, "font_size": 8.5}
        looks = []
        for place in range(len(spans)):
            look = dict(base)
            if _numeric(kind, place):
                look |= {"num_format": KRONOR if kind != "why" else _NUMBER, "align": "right"}
            if place == 0:
                look |= {"bold": True}
            if _indented(kind, place):
                look |= {"align": "left", "indent": 1}
            looks.append(look)
        lines = max(
            _lines(value, width, 8.5, indented=_indented(kind, place))
            for place, (value, width) in enumerate(zip(cells, spans, strict=False))
        )
        self.line(spans, cells, looks, 11.5 * lines + 3)

    def tiles(self, tiles: Sequence[list[object]]) -> None:
        """Up to four figures side by side: label, value, note."""
        looks: list[dict[str, Any]] = [
            {"font_size": 8.5, "font_color": "#475569", "bg_color": PALE, "top": 5, "top_color": NAVY},
            {
                "font_size": 20,
                "bold": True,
                "bg_color": PALE,
                "valign": "vcenter",
                "num_format": _NUMBER,
            },
            {"font_size": 8, "font_color": "#475569", "bg_color": PALE, "text_wrap": True},
        ]
        self.sheet.set_row(self.row, 6)
        self.row += 1
        for part, (look, height) in enumerate(zip(looks, (15, 29, 25), strict=True)):
            self.sheet.set_row(self.row, height)
            for place, tile in enumerate(tiles[:4]):
                warning = {"top_color": "#7F1D1D", "font_color": "#7F1D1D"} if tile[3] == "warning" else {}
                own = look | {key: value for key, value in warning.items() if part < 2 and (key in look or part == 1)}
                if part != 0:
                    own.pop("top_color", None)
                self.span(
                    place * 6,
                    6,
                    tile[part],
                    self.styles.of(**own, right=2, right_color="#FFFFFF", align="left", indent=1),
                )
            self.row += 1

    def side(self, kind: str, cells: list[object]) -> None:
        """A line of one of the two small tables; drawn when both are whole."""
        self.sides[kind].append(cells)

    def side_done(self) -> None:
        """The two small tables side by side, and a chart under each."""
        severity, unit = self.sides["severity"], self.sides["unit"]
        if not severity and not unit:
            return
        self.sides = {"severity": [], "unit": []}
        top = self.row
        for number in range(max(len(severity), len(unit))):
            self.sheet.set_row(self.row, 13)
            for kind, lines in (("severity", severity), ("unit", unit)):
                if number < len(lines):
                    self._side_line(lines[number], SIDES[kind], header=number == 0)
            self.row += 1
        self.sheet.set_row(self.row, 6)
        self.row += 1
        bars = max(len(severity), len(unit)) - 1
        height = 75 + 18 * max(bars, 4)  # pixels: every bar has its name beside it
        if len(severity) > 1:
            self._chart(severity, top, SIDES["severity"], height)
        if len(unit) > 1:
            self._chart(unit, top, SIDES["unit"], height)
        self.row += height // 17 + 1

    def _side_line(self, cells: list[object], start: int, *, header: bool) -> None:
        look: dict[str, Any] = {"font_size": 8.5, "bottom": 1, "bottom_color": LINE}
        if header:
            look |= {"bold": True, "bg_color": PALE}
        code = tone("severity", cells[0])
        first = look | ({} if header else TONES.get(code, {}))
        self.span(start, LABEL, cells[0], self.styles.of(**first))
        for place, value in enumerate(cells[1:4]):
            self.span(
                start + LABEL + FIGURE * place, FIGURE, value, self.styles.of(**look, align="right", num_format=_NUMBER)
            )

    def _chart(self, lines: list[list[object]], top: int, start: int, height: int) -> None:
        """Bars of the last two figures of each line, stacked: what is new or worse, and what remains."""
        chart = self.file.add_chart({"type": "bar", "subtype": "stacked"})
        name = self.sheet.get_name()
        first, last = top + 1, top + len(lines) - 1
        for place, colour in ((start + LABEL + FIGURE, "#7F1D1D"), (start + LABEL + 2 * FIGURE, "#9CA3AF")):
            chart.add_series(
                {
                    "name": [name, top, place],
                    "categories": [name, first, start, last, start],
                    "values": [name, first, place, last, place],
                    "fill": {"color": colour},
                    "border": {"color": "#FFFFFF"},
                    "gap": 45,
                }
            )
        font = {"name": "Arial", "size": 8, "color": "#1F2937"}
        chart.set_title(
            {"name": str(lines[0][5] or ""), "name_font": font | {"size": 9, "bold": True}, "overlay": False}
        )
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": LINE}, "interval_unit": 1})
        chart.set_x_axis(
            {
                "num_font": font,
                "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
                "min": 0,
                "num_format": "0",
                "label_position": "high",
                "line": {"none": True},
            }
        )
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": 400, "height": height})
        self.sheet.insert_chart(self.row, start, chart, {"object_position": 2, "description": str(lines[0][5] or "")})


def _numeric(kind: str, place: int) -> bool:
    return place == (1 if kind == "why" else 3)


def _indented(kind: str, place: int) -> bool:
    """Cells that stand right of a number or a long text, and need air before them."""
    return place == 2 or (place == 1 and kind != "why")


def _lines(value: object, span: int, points: float, *, indented: bool = False) -> int:
    return wrapped(_text(value), span * UNITS - (2 if indented else 0.8), points)


def _text(value: object) -> str:
    return clean("" if value is None else str(value))
