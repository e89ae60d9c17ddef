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

KINDS: dict[str, dict[str, Any]] = {
    "money": {"num_format": KRONOR, "align": "right", "indent": 1},
    "count": {"num_format": WHOLE, "align": "right", "indent": 1},
    "date": {"num_format": DAY, "align": "right", "indent": 1},
    "orgnr": {"num_format": "@"},
}
"""How cells of a column of that kind look, whatever they hold."""

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

NOTICED: dict[str, dict[str, Any]] = {
    "new_supplier": {"bg_color": "#DCEBE3", "bold": True, "num_format": '"★ "@'},
    "contract": {"bg_color": "#FCE9A9", "bold": True, "num_format": '"► "yyyy-mm-dd'},
    "overdue": {"font_color": "#7F1D1D", "bold": True, "num_format": '"! "yyyy-mm-dd'},
    "reply_overdue": {"font_color": "#7F1D1D", "bold": True, "num_format": '"! "yyyy-mm-dd'},
    "expired": {"font_color": "#7F1D1D", "bold": True, "num_format": '"! "yyyy-mm-dd'},
}
"""How a cell stands out that the row's *Observera* speaks of: weight and a sign too, not colour alone."""

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
    _cells: dict[tuple[object, ...], Any] = field(default_factory=dict)

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

    def cell(
        self,
        kind: str,
        *,
        fill: bool = False,
        code: str = "",
        quote: bool = False,
        notice: str = "",
        link: bool = False,
    ) -> Any:
        """A cell of a list.

        Args:
            kind: of its column.
            fill: people write in it.
            code: behind a word that has a look of its own.
            quote: outside text that looks like a formula stays text also when it is edited.
            notice: what about the row makes the cell stand out.
            link: a click leads somewhere.
        """
        key = (kind, fill, code, quote, notice, link)
        if key not in self._cells:
            self._cells[key] = self.of(**_look(*key))
        return self._cells[key]


def _look(kind: str, fill: bool, code: str, quote: bool, notice: str, link: bool) -> dict[str, Any]:
    look: dict[str, Any] = {
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": LINE,
        "right": 1,
        "right_color": PALE_LINE,
    }
    if fill:
        look |= {"bg_color": FILL_IN, "right": 4, "right_color": LINE, "locked": False}
    look |= KINDS.get(kind, {})
    if code:
        look |= TONES.get(code, {})
        if kind == "state":
            look |= {"align": "left", "indent": 1}
        if code in MARKS:
            look |= {"num_format": f'"{MARKS[code]} "@', "text_wrap": False}
    if link:
        look |= {"font_color": NAVY, "underline": 1}
    look |= NOTICED.get(notice, {})
    if quote:
        look |= {"quote_prefix": True}
    return look
