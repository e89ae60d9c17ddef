"""How much of a text a printed line holds: Excel does not fit rows by itself when a file is opened."""

from __future__ import annotations

import math
import re
from functools import lru_cache

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
_DIGIT = 556


class _Widths(dict[str, int]):
    """Of each letter; one that is not there is as wide as a digit."""

    def __missing__(self, _letter: str) -> int:
        return _DIGIT


_WIDTH = _Widths({char: width for width, chars in _WIDTHS.items() for char in chars})
_UNIT = 7 * 1000  # a unit of a column's width is a digit of the workbook's font: 7 pixels


_WIDEST = 1000
_PARTS = re.compile(r"[^ -]*-| +|[^ -]+")


def wrapped(text: str, width: float, points: float = 9) -> int:
    """How many lines ``text`` takes in a column of ``width`` at that size of Arial: words are kept whole where they can."""
    room = width * _UNIT / (points * 4 / 3) * 0.97
    if "\n" not in text:
        return 1 if len(text) * _WIDEST <= room else _lines(text, room)
    return sum(1 if len(line) * _WIDEST <= room else _lines(line, room) for line in text.split("\n"))


@lru_cache(maxsize=1 << 15)
def _lines(line: str, room: float) -> int:
    """Of one line as written. Many rows say the same (a rule's action, a unit), so answers are kept."""
    lines, used = 1, 0.0
    for word in _PARTS.findall(line):
        wide = _wide(word)
        if used + wide > room and word.strip():
            if used:
                lines, used = lines + 1, 0.0
            more = math.ceil(wide / room) - 1
            lines, used = lines + more, wide - more * room
        else:
            used += wide
    return lines


@lru_cache(maxsize=1 << 15)
def _wide(word: str) -> int:
    return sum(map(_WIDTH.__getitem__, word))
