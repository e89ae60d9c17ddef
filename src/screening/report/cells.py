"""What a cell and a sheet of Excel can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

CELL = 32_767  # characters that a cell of Excel may hold
CUT = " […]"
LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "|", "%", "＝", "＋", "－", "＠")
"""What a text starts with that some program takes for a formula, a command or a mark: such a cell is marked as text."""

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
