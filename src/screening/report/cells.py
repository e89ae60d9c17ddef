"""What a cell and a sheet of Excel can hold, and what of it a printed line can."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

CELL = 32_767  # characters that a cell of Excel may hold
CUT = " […]"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, at most 32,767 characters, the cut shown."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
    return text if len(text) <= CELL else text[: CELL - len(CUT)] + CUT


def capped(text: str, most: int) -> str:
    """At most ``most`` characters on one line, the cut shown: a name or text from outside must not push a page apart."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def sheet_name(name: str, taken: Iterable[str]) -> str:
    r"""``name`` as Excel takes it: no ``[]:*?/\\``, no outer apostrophe, at most 31 characters, unlike those taken."""
    used = {other.casefold() for other in taken}
    base = re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip().strip("'") or "Blad"
    candidate, number = base[:31].rstrip(), 1
    while candidate.casefold() in used:
        number += 1
        ending = f" ({number})"
        candidate = base[: 31 - len(ending)] + ending
    return candidate


def as_date(value: object) -> date | None:
    """A stored ISO day as a date that Excel can show (from 1900-03-01, after the leap day that it invents)."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if day >= date(1900, 3, 1) else None


_WIDTHS = {  # of Arial, in thousandths of its size; letters that are not here are as wide as a digit
    222: "ijl'|",
    278: " !,./:;[]\\ftI\u00a0",
    333: '()-r`"*',
    500: "ckxyzvsJ",
    584: "+<=>",
    611: "FTZ",
    667: "ABEKPSVXYÅÄÉ&",
    722: "CDHNRUwÜ",
    778: "GOQÖ",
    833: "mM",
    944: "W%",
    1000: "…→—★■▲●○✓@",
}
_WIDTH = {char: width for width, chars in _WIDTHS.items() for char in chars}
_DIGIT = 556
_UNIT = 7 * 1000  # a unit of a column's width is a digit of the workbook's font: 7 pixels


def wrapped(text: str, width: float, points: float = 9) -> int:
    """How many lines ``text`` takes in a column of ``width`` at that size of Arial: words are kept whole where they can."""
    room = width * _UNIT / (points * 4 / 3) * 0.97
    return sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in re.findall(r"[^ -]*-| +|[^ -]+", line):
        wide = sum(_WIDTH.get(char, _DIGIT) for char in word)
        if used + wide > room and word.strip():
            if used:
                lines, used = lines + 1, 0.0
            more = math.ceil(wide / room) - 1
            lines, used = lines + more, wide - more * room
        else:
            used += wide
    return lines
