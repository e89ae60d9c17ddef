"""The hidden check value of a row: whose row it is, of which run, and whether its cells are as they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from screening.store import Store

SEPARATOR = "\x1f"
_SEAL = re.compile(r"(?P<name>.+?) (?P<run>[A-Z]-\d{4}-\d{2}-\d+) (?P<mark>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Seal:
    """A check value taken apart.

    ``name`` says whose row it is: a finding id in *Flaggor*, supplier id and missing thing in *Ej bedömbara*, sample id and
    supplier id in *Stickprov*, the word ``rad`` in *Indatafel*. ``run_id``: the run whose workbook it was written in.
    ``mark``: a keyed hash of both and of every cell that people do not write in.
    """

    name: str
    run_id: str
    mark: str


def sealed(store: Store, run_id: str, name: str, fixed: Sequence[object]) -> str:
    """The check value of a row: ``SKA-01-7F3K9Q2M M-2026-11-1 0123456789abcdef``.

    Args:
        store: its key makes the mark, so that another store's rows are not taken for its own.
        run_id: the run that the row is of.
        name: whose row it is.
        fixed: the cells that people do not write in, in the order of the columns.
    """
    text = SEPARATOR.join((name, run_id, *map(plain, fixed)))
    return f"{name} {run_id} {store.seal(text)}"


def opened(text: object) -> Seal | None:
    """The parts of a check value; ``None`` when the cell holds none."""
    found = _SEAL.fullmatch(plain(text))
    return Seal(found["name"], found["run"], found["mark"]) if found else None


def plain(value: object) -> str:
    """A cell as text that survives being saved by another program: days as ISO, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    return " ".join(str(value).split())
