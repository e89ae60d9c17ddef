"""A whole column of amounts, dates or marks at once: exact öre, day numbers, and hashes that are equal for equal cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from screening.adapters.cells import DecimalSign, clean, ore
from screening.adapters.table import Coded, Column

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

OK, MISSING, WRONG = 0, 1, 2

_LARGEST = 1e12  # kronor; more is a number in the wrong column
_SWEDISH = re.compile(r"-?(?:\d{1,3}(?:[ \u00a0]\d{3})+|\d+),\d{2}")
_NOT_DIGITS = str.maketrans("", "", " \u00a0,")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)


_clean = lru_cache(maxsize=1 << 15)(clean)  # of texts: the suppliers and units of one chunk come again in the next


def factorise(column: Column) -> tuple[Ints, list[Any]]:
    """Code per cell and the distinct cells; -1 for an empty one (``None`` and NaN; ``""`` has a code)."""
    if isinstance(column, Coded):
        return column.codes, list(column.cells)
    codes, uniques = pd.factorize(column)
    return codes.astype(np.int64, copy=False), list(uniques)


def texts(column: Column) -> tuple[Ints, list[str]]:
    """Code per cell and the distinct texts, where code 0 is the empty text."""
    codes, uniques = factorise(column)
    known: dict[str, int] = {"": 0}
    places = np.zeros(len(uniques) + 1, dtype=np.int64)  # the last place is that of code -1
    for place, cell in enumerate(uniques):
        text = _clean(cell) if type(cell) is str else clean(cell)
        places[place] = known.setdefault(text, len(known))
    return places[codes], list(known)


def amounts(column: Column, decimal: DecimalSign) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Öre and whether each was there and could be read."""
    if not isinstance(column, Coded) and column.dtype.kind in "iuf":
        return _numbers(column.astype(np.float64))
    codes, uniques = factorise(column)
    values = np.zeros(len(uniques) + 1, dtype=np.int64)
    states = np.full(len(uniques) + 1, MISSING, dtype=np.uint8)
    numbers = [place for place, cell in enumerate(uniques) if type(cell) in (int, float)]
    values[numbers], states[numbers] = _numbers(np.array([uniques[place] for place in numbers], dtype=np.float64))
    for place, cell in enumerate(uniques):
        if type(cell) in (int, float):
            continue
        if type(cell) is str and _SWEDISH.fullmatch(cell):
            value: int | None = int(cell.translate(_NOT_DIGITS))
        else:
            try:
                value = ore(cell, decimal)
            except ValueError:
                states[place] = WRONG
                continue
        if value is not None:
            states[place] = OK if abs(value) < _LARGEST * 100 else WRONG
            values[place] = value if states[place] == OK else 0
    return values[codes], states[codes]


def _numbers(column: npt.NDArray[np.float64]) -> tuple[Ints, npt.NDArray[np.uint8]]:
    states = np.zeros(len(column), dtype=np.uint8)
    missing = np.isnan(column)
    wrong = np.abs(column) >= _LARGEST  # infinity too; NaN compares false
    states[missing] = MISSING
    states[wrong] = WRONG
    return np.rint(np.where(missing | wrong, 0.0, column) * 100).astype(np.int64), states


def days(column: Column, parse: Callable[[Any], date | None]) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Day numbers (``date.toordinal``) and whether each was there and could be read."""
    codes, uniques = factorise(column)
    values = np.zeros(len(uniques) + 1, dtype=np.int64)
    states = np.full(len(uniques) + 1, MISSING, dtype=np.uint8)
    for place, cell in enumerate(uniques):
        try:
            found = parse(cell)
        except ValueError:
            states[place] = WRONG
            continue
        if found is not None:
            values[place], states[place] = found.toordinal(), OK
    return values[codes], states[codes]


def marks(column: Column) -> Hashes:
    """A hash per cell: the same for ``12``, ``12.0`` and ``"0012"``, whatever file they stand in; 0 for an empty one."""
    if not isinstance(column, Coded) and column.dtype.kind in "iu":
        return mixed(column.astype(np.int64).view(np.uint64))
    if not isinstance(column, Coded) and column.dtype.kind == "f":
        return _float_marks(column)
    codes, uniques = factorise(column)
    found = np.zeros(len(uniques) + 1, dtype=np.uint64)
    written: list[str] = []
    places: list[int] = []
    for place, cell in enumerate(uniques):
        text = cell.strip() if type(cell) is str else clean(cell)
        if text.isascii() and text.isdigit() and len(text) <= 18:
            found[place] = int(text)
        elif text:
            written.append(text)
            places.append(place)
    found[:-1] = mixed(found[:-1])
    if written:
        found[places] = pd.util.hash_array(np.array(written, dtype=object), categorize=False)
    found[[place for place, cell in enumerate(uniques) if cell == ""]] = 0
    return found[codes]


def _float_marks(column: npt.NDArray[Any]) -> Hashes:
    whole = np.nan_to_num(column, nan=0.0, posinf=0.0, neginf=0.0)
    exact = (whole == np.rint(whole)) & (np.abs(whole) < 2**53)
    found = np.where(exact, whole, 0.0).astype(np.int64).view(np.uint64)
    found = np.where(exact, found, column.astype(np.float64).view(np.uint64))
    result = mixed(found)
    result[np.isnan(column)] = 0
    return result


def mixed(values: Hashes) -> Hashes:
    """Every bit of the result depends on every bit of the value."""
    with np.errstate(over="ignore"):
        found = (values + _ODD) * _MIX
        found ^= found >> _SHIFT
        found *= _ODD
        return found ^ (found >> _SHIFT)


def joined(hashes: Hashes, more: Hashes) -> Hashes:
    """Two hashes as one; order counts."""
    with np.errstate(over="ignore"):
        found = (hashes ^ (hashes >> _SHIFT)) * _MIX + more
        return found ^ (found >> _SHIFT)


class Seen:
    """The hashes met so far, eight bytes each."""

    def __init__(self) -> None:
        self._levels: list[Hashes] = []

    def repeats(self, hashes: Hashes) -> Mask:
        """Which of ``hashes`` were met before, in this call or an earlier one; then remembers them."""
        order = np.argsort(hashes)  # which of two equal rows is the first does not matter
        ordered = hashes[order]  # looking up in order reads the memory in order
        again = np.zeros(len(ordered), dtype=bool)
        again[1:] = ordered[1:] == ordered[:-1]
        for level in self._levels:
            at = np.searchsorted(level, ordered)
            at[at == len(level)] = 0
            again |= level[at] == ordered
        fresh = ordered[~again]
        if len(fresh):
            self._levels.append(fresh)
        while len(self._levels) > 1 and len(self._levels[-1]) * 2 > len(self._levels[-2]):
            last = self._levels.pop()
            self._levels[-1] = np.sort(np.concatenate((self._levels[-1], last)), kind="stable")
        found = np.empty(len(hashes), dtype=bool)
        found[order] = again
        return found


class Ordinals:
    """How many times each content has come before in one file, for rows that have no voucher to be known by."""

    def __init__(self) -> None:
        self._known: Hashes = np.zeros(0, dtype=np.uint64)
        self._counts: Ints = np.zeros(0, dtype=np.int64)

    def of(self, hashes: Hashes) -> Ints:
        """The ordinal of each hash among its equals in the file, from 0."""
        within = pd.Series(hashes, copy=False).groupby(hashes, sort=False).cumcount().to_numpy(dtype=np.int64)
        before = np.zeros(len(hashes), dtype=np.int64)
        if len(self._known):
            at = np.searchsorted(self._known, hashes)
            at[at == len(self._known)] = 0
            same = self._known[at] == hashes
            before[same] = self._counts[at[same]]
        known, inverse = np.unique(np.concatenate((self._known, hashes)), return_inverse=True)
        weights = np.concatenate((self._counts, np.ones(len(hashes), dtype=np.int64)))
        self._counts = np.bincount(inverse, weights=weights, minlength=len(known)).astype(np.int64)
        self._known = known
        return before + within
