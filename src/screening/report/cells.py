"""What a cell and a sheet of Excel can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

CELL = 32_767  # characters that a cell of Excel may hold
CUT = " […]"
LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "|", "%", "＝", "＋", "－", "＠")
"""What a text starts with that some program takes for a formula, a command or a mark: such a cell is marked as text."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"  # XML and Excel do not hold them
    "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufff9-\ufffb]"  # unseen, or turn the text around
)
_BREAKS = re.compile("\r\n|\r|\x85|\u2028|\u2029")
_TAKEN = frozenset({"history"})  # Excel keeps the name for itself


def clean(text: str) -> str:
    """Text that a cell can hold and a person sees whole: no control or direction marks, at most 32,767 characters.

    Excel counts in UTF-16, where some characters count as two. What is cut is shown as cut.
    """
    text = _UNPRINTABLE.sub("", _BREAKS.sub("\n", text))
    if 2 * len(text) <= CELL or _units(text) <= CELL:
        return text
    left, kept = CELL - len(CUT), 0
    for char in text:
        left -= 1 + (char > "\uffff")
        if left < 0:
            break
        kept += 1
    return text[:kept] + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def capped(text: str, most: int) -> str:
    """At most ``most`` characters on one line, the cut shown: a name or text from outside must not push a page apart."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def sheet_name(name: str, taken: Iterable[str]) -> str:
    r"""``name`` as Excel takes it: no ``[]:*?/\\``, no outer apostrophe, at most 31 characters, unlike those taken."""
    used = _TAKEN | {other.casefold() for other in taken}
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
