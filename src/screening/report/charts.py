"""The native charts of the first page: flags by severity over the months, by unit, and coverage by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.report.style import FONT, LINE


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the figures of a chart stand: header row, last row, and the column of each cell of a line."""

    title: str
    sheet: str
    top: int
    last: int
    columns: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Places:
    """Pixels: of the row of charts, and of a row of the sheet."""

    height: int = 272
    row: int = 17
    width: int = 297


@dataclass(frozen=True, slots=True)
class Series:
    """One series: which cell of the line it reads, its colour, and a pattern that grey print shows too."""

    cell: int
    colour: str
    pattern: str = ""


PLACES = _Places()
NEW = Series(2, "#7F1D1D")
OLD = Series(3, "#B8C0CC")

CHARTS: Mapping[str, tuple[int, str, Sequence[Series]]] = {
    "month": (
        0,
        "column",
        (
            Series(1, "#7F1D1D"),
            Series(2, "#F0A63A", "wide_upward_diagonal"),
            Series(3, "#FCE9A9"),
            Series(4, "#9DB4D0", "percent_20"),
        ),
    ),
    "unit": (8, "bar", (NEW, OLD)),
    "source": (16, "bar", (Series(2, "#1F3A5F"), Series(3, "#D1D5DB", "wide_upward_diagonal"))),
}
"""Block → the column that its chart starts in, its shape, and what it stacks. Lightness and pattern tell the parts apart."""


def insert(file: Any, sheet: Any, row: int, kind: str, numbers: Numbers) -> None:
    """Puts the chart of a block at ``row``."""
    start, shape, series = CHARTS[kind]
    whole = kind == "source"
    chart = file.add_chart({"type": shape, "subtype": "percent_stacked" if whole else "stacked"})
    first = numbers.columns[0]
    for item in series:
        place = numbers.columns[item.cell]
        look: dict[str, object] = {"fill": {"color": item.colour}}
        if item.pattern:
            look = {"pattern": {"pattern": item.pattern, "fg_color": "#1F2937", "bg_color": item.colour}}
        chart.add_series(
            {
                "name": [numbers.sheet, numbers.top, place],
                "categories": [numbers.sheet, numbers.top + 1, first, numbers.last, first],
                "values": [numbers.sheet, numbers.top + 1, place, numbers.last, place],
                "border": {"color": "#4B5563", "width": 0.5},
                "gap": 45,
                **look,
            }
        )
    _dress(chart, numbers.title, shape, whole=whole)
    placed = {"object_position": 2, "description": numbers.title, "x_offset": 2}
    sheet.insert_chart(row, start, chart, placed)


def _dress(chart: Any, title: str, shape: str, *, whole: bool) -> None:
    """Title, legend, axes and size."""
    font = {"name": FONT, "size": 7, "color": "#1F2937"}
    chart.set_title({"name": title, "name_font": font | {"size": 9, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    names = {"num_font": font, "line": {"color": LINE}, "interval_unit": 1}
    figures = {
        "num_font": font,
        "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
        "min": 0,
        "num_format": "0%" if whole else "0",
        "line": {"none": True},
    }
    if shape == "bar":  # names down the side, from the top; figures below
        chart.set_y_axis(names | {"reverse": True})
        chart.set_x_axis(figures | {"label_position": "high"})
    else:
        chart.set_x_axis(names | {"text_axis": True})
        chart.set_y_axis(figures)
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": PLACES.width, "height": PLACES.height})
