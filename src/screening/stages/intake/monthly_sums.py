"""What ledgers say by month and by invoice day: payments of the last months, and VAT where a ledger has a column for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from screening.model import InvoicedVat, Origin, Provenance
from screening.stages.intake.amounts import Ints
from screening.stages.intake.desk import Desk, Part

MONTHS = 7  # the run's own month and six before: contributions are decided a month or two late, and three are compared
SOURCE = "reskontra"  # whatever ledgers they came in
_DAYS = 1 << 20  # more days than any calendar has: (mention, day) pairs as one integer
_EPOCH = date(1970, 1, 1).toordinal()
_FILES = 3  # named in the evidence; more are counted


class Months:
    """Sums per mention and month of the last months."""

    def __init__(self, today: date) -> None:
        self._now = today.year * 12 + today.month - 1
        self._parts: list[tuple[Ints, Ints]] = []

    def add(self, mentions: Ints, values: Ints, days: Ints) -> None:
        """Rows of the run, in öre; those of other months are let go."""
        month = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        back = self._now - month
        take = (back >= 0) & (back < MONTHS)
        if take.any():
            self._parts.append(_summed(mentions[take] * MONTHS + back[take], values[take]))

    def of(self, party_of: Sequence[int]) -> dict[int, dict[str, int]]:
        """Supplier -> month (``YYYY-MM``) -> öre."""
        found: dict[int, dict[str, int]] = {}
        for keys, sums in self._parts:
            for key, value in zip(keys.tolist(), sums.tolist(), strict=True):
                year, number = divmod(self._now - key % MONTHS, 12)
                months = found.setdefault(party_of[key // MONTHS], {})
                name = f"{year}-{number + 1:02}"
                months[name] = months.get(name, 0) + value
        return found


@dataclass(slots=True)
class _Charged:
    """What one supplier has charged in VAT: rows that tell, and (rows, öre) per invoice day."""

    rows: int = 0
    days: dict[int, list[int]] = field(default_factory=dict)


class Vat:
    """VAT per mention and invoice day, from the ledgers that have a column for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._files: dict[str, None] = {}
        self._told: list[tuple[Ints, Ints]] = []
        self._days: list[tuple[Ints, Ints, Ints]] = []

    def add(self, part: Part, mentions: Ints, values: Ints, days: Ints, first: int) -> None:
        """Rows whose VAT is told; of invoice days before ``first`` only that they tell it."""
        if not len(mentions):
            return
        self._files[part.file] = None
        within = days > first
        self._told.append(_summed(mentions, within.astype(np.int64)))
        charged = within & (values != 0) & (days <= self._desk.as_of.toordinal())
        if charged.any():
            keys = mentions[charged] * _DAYS + days[charged]
            places, sums = _summed(keys, values[charged])
            self._days.append((places, _summed(keys, np.ones(len(keys), dtype=np.int64))[1], sums))

    def facts(self, party_of: Sequence[int]) -> dict[int, InvoicedVat]:
        """Supplier -> what it has charged, of those about whom some row tells it."""
        found: dict[int, _Charged] = {}
        for mentions, rows in self._told:
            for mention, count in zip(mentions.tolist(), rows.tolist(), strict=True):
                found.setdefault(party_of[mention], _Charged()).rows += count
        for keys, rows, sums in self._days:
            for key, count, value in zip(keys.tolist(), rows.tolist(), sums.tolist(), strict=True):
                day = found[party_of[key // _DAYS]].days.setdefault(key % _DAYS, [0, 0])
                day[0] += count
                day[1] += value
        return {party: self._fact(charged) for party, charged in found.items()}

    def _fact(self, charged: _Charged) -> InvoicedVat:
        days = sorted(charged.days.items())
        return InvoicedVat(
            provenance=self._provenance(),
            rows=charged.rows,
            vat_sek=Decimal(sum(value for _day, (_rows, value) in days)) / 100,
            days=tuple((date.fromordinal(day), rows, Decimal(value) / 100) for day, (rows, value) in days),
        )

    def _provenance(self) -> Provenance:
        names = list(self._files)
        more = [f"+{len(names) - _FILES}"] if len(names) > _FILES else []
        return Provenance(
            source=SOURCE,
            origin=Origin.FILE,
            as_of=self._desk.as_of,
            fetched_at=self._desk.at,
            request_ref="; ".join([*names[:_FILES], *more]),
        )


def _summed(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """The distinct keys, and the sum of each."""
    inverse, found = pd.factorize(keys)
    sums = np.zeros(len(found), dtype=np.int64)
    np.add.at(sums, inverse, values)
    return found, sums
