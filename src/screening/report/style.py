"""How cells look: one font, four severities told apart by word, symbol and lightness, and tinted columns to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from screening.report.texts import AREA_STATE, SEVERITY, STATUS, SYMBOL

FONT = "Arial"  # on every Windows and Mac, and Liberation Sans has the same widths
SIZE = 9
INK = "#1F2937"
NAVY = "#1F3A5F"
AMBER = "#8A4B08"
FILL_IN = "#FFF7DF"
LINE = "#CBD5E1"
PALE_LINE = "#E2E8F0"
PALE = "#F1F5F9"

KRONOR = '#,##0" kr";[Red]-#,##0" kr"'
WHOLE = "#,##0"
DAY = "yyyy-mm-dd"

TONES: dict[str, dict[str, Any]] = {
    "critical": {"bg_color": "#7F1D1D", "font_color": "#FFFFFF", "bold": True},
    "high": {"bg_color": "#F0A63A", "font_color": "#1F2937", "bold": True},
    "medium": {"bg_color": "#FCE9A9", "font_color": "#1F2937"},
    "low": {"bg_color": "#E6EEF7", "font_color": "#1F2937"},
    "ok": {"font_color": "#14532D"},
    "flag": {"bg_color": "#F0A63A", "font_color": "#1F2937", "bold": True},
    "unknown": {"bg_color": "#D1D5DB", "font_color": "#1F2937", "italic": True},
    "none": {"font_color": "#6B7280"},
    "new": {"bold": True},
    "worse": {"bold": True, "font_color": "#7F1D1D"},
    "unverified": {"italic": True},
}
"""Colours that differ in lightness, so that grey print and colour-blind readers see the order too."""

MARKS = {**SYMBOL, "ok": "✓", "flag": "!", "unknown": "?", "none": "–", "new": "★", "worse": "▲"}
"""Shown before the word by the number format: the cell itself holds only the word, so filters and programs see that."""

_CODES = {
    "severity": {word: key for key, words in SEVERITY.items() for word in words},
    "state": {word: key for key, words in AREA_STATE.items() for word in words},
    "status": {word: key for key, words in STATUS.items() for word in words},
}


def tone(kind: str, value: object) -> str:
    """The code behind a word in a column of that kind (``KRITISK`` → ``critical``); empty when it has no look."""
    return _CODES.get(kind, {}).get(str(value), "")


@dataclass(slots=True)
class Styles:
    """The formats of one workbook, each made once."""

    book: Any
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def of(self, **look: Any) -> Any:
        """A format with our font and this look."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "top"}
            self._made[key] = self.book.add_format(base | look)
        return self._made[key]

    def header(self, *, fill: bool, detail: bool) -> Any:
        """A column's name: dark blue, amber where people write, grey where it is folded away."""
        ground = AMBER if fill else "#475569" if detail else NAVY
        return self.of(
            bold=True,
            font_color="#FFFFFF",
            bg_color=ground,
            text_wrap=True,
            bottom=1,
            right=1,
            right_color="#FFFFFF",
        )

    def cell(self, kind: str, *, fill: bool = False, code: str = "", quote: bool = False) -> Any:
        """A cell of a list. ``quote``: outside text that looks like a formula stays text also when it is edited."""
        look: dict[str, Any] = {
            "text_wrap": True,
            "bottom": 1,
            "bottom_color": LINE,
            "right": 1,
            "right_color": PALE_LINE,
        }
        if fill:
            look |= {"bg_color": FILL_IN, "right": 4, "right_color": LINE, "locked": False}
        if kind == "money":
            look |= {"num_format": KRONOR, "align": "right", "indent": 1}
        elif kind == "count":
            look |= {"num_format": WHOLE, "align": "right", "indent": 1}
        elif kind == "date":
            look |= {"num_format": DAY, "align": "right", "indent": 1}
        elif kind == "orgnr":
            look |= {"num_format": "@"}
        if code:
            look |= TONES.get(code, {})
            if kind == "state":
                look |= {"align": "left", "indent": 1}
            if code in MARKS:
                look |= {"num_format": f'"{MARKS[code]} "@', "text_wrap": False}
        if quote:
            look |= {"quote_prefix": True}
        return self.of(**look)
