"""How sheets print: A4, every page with what it is, where it comes from and its number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from screening.report.cells import clean
from screening.report.layout import Column, Layout
from screening.report.texts import Language

A4 = 9
SIDE, TOP = 0.3, 0.6  # margins, inches
_PAPER = 11.69 * 96  # the long side of an A4 in pixels of the screen, by which widths of columns are counted
_LEAST, _MOST = 40, 100  # per cent
_WIDER = 1.06  # LibreOffice draws columns so much wider than Excel


def print_list(sheet: Any, layout: Layout, columns: Sequence[Column], organisation: str, run_id: str, language: Language, *, simulated: bool) -> None:  # fmt: skip
    """A list on lying A4: one page wide, or the pages that its layout says, with the supplier on each."""
    sheet.set_landscape()
    sheet.set_margins(SIDE, SIDE, TOP, TOP)
    names = [column.name for column in columns]
    breaks = [names.index(name) for name in layout.breaks if name in names]
    sheet.repeat_rows(0)
    if breaks:
        repeated: Sequence[int] = ()
        if layout.repeat is not None and set(layout.repeat) <= set(names):
            first, last = (names.index(name) for name in layout.repeat)
            sheet.repeat_columns(first, last)
            repeated = range(first, last + 1)
        sheet.set_v_pagebreaks(breaks)
        sheet.set_print_scale(_scale(columns, breaks, repeated))
    else:
        sheet.fit_to_pages(1, 0)
    sheet.set_paper(A4)
    warning = ("SIMULERADE KÄLLOR", "SIMULATED SOURCES")[language == "en"]
    sheet.set_header(f"&L&8&A&R&8&B{warning}" if simulated else "&L&8&A")
    footer(sheet, organisation, run_id, language)


def print_first_page(sheet: Any, last_row: int, last_column: int, organisation: str, run_id: str, language: Language) -> None:  # fmt: skip
    """The first page on one standing A4; what is below ``last_row`` is for the screen."""
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(0.5, 0.5, 0.5, 0.6)
    sheet.set_paper(A4)
    sheet.print_area(0, 0, last_row, last_column)
    footer(sheet, organisation, run_id, language)


def footer(sheet: Any, organisation: str, run_id: str, language: Language) -> None:
    """Who, which run, and which page."""
    who = clean(organisation).replace("&", "&&")[:80]
    page = ("Sida &P av &N", "Page &P of &N")[language == "en"]
    sheet.set_footer(f"&L&8{who}&C&8{run_id}&R&8{page}")


def _scale(columns: Sequence[Column], breaks: Sequence[int], repeated: Sequence[int]) -> int:
    """The per cent at which the widest page fits the paper; what is folded away takes no room."""
    edges = [0, *breaks, len(columns)]
    again = sum(_pixels(columns[place]) for place in repeated)
    pages = [sum(map(_pixels, columns[start:end])) for start, end in pairwise(edges)]
    widest = max([pages[0], *(again + page for page in pages[1:])])
    room = _PAPER - 2 * SIDE * 96
    return max(_LEAST, min(_MOST, int(100 * room / (widest * _WIDER))))


def _pixels(column: Column) -> float:
    return 0 if column.hidden or column.detail else column.width * 7 + 5
