"""VAT on invoices of days on which the supplier was not registered for VAT. No VAT charged is never a sign of anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from screening.checks import Params
from screening.model import (
    Context,
    History,
    InvoicedVat,
    TaxRegistration,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """From which sum VAT counts, and how long before its first day a registration may have been pending."""

    limit_sek: Decimal
    pending_days: int


def check(registrations: History[TaxRegistration], vat: InvoicedVat | None, c: Context, p: P) -> Verdict:
    """Flags VAT of unregistered days, credits set off, from ``limit_sek``; each day by the answer that tells of it."""
    if vat is None:
        return unknown("no_source") if c.spend.rows else not_applicable("not_invoiced")
    charged = [item for item in vat.days if item[0] <= c.today]
    if not any(amount > 0 for _day, _rows, amount in charged):
        return clear(vat, vat_sek=vat.vat_sek, rows=vat.rows)
    latest = registrations.latest
    if latest.vat is None:
        return unknown("partial")
    said = [row for row in registrations.versions if row.vat is not None]
    told = [
        (item, row, _is_registered(item[0], row, p.pending_days)) for item in charged for row in (_of(item[0], said),)
    ]
    outside = [(item, row) for item, row, registered in told if registered is False]
    total = sum((amount for (_day, _rows, amount), _row in outside), Decimal(0))
    if not outside or total < p.limit_sek:
        if any(registered is None for _item, _row, registered in told):
            return unknown("partial")
        return clear(vat, latest, vat_sek=vat.vat_sek, unregistered_vat_sek=total)
    (last_on, _rows, _amount), row = outside[-1]
    return flag(
        vat,
        row,
        *((latest,) if row is not latest else ()),
        variant=_variant(row, last_on) if row is latest else "earlier",
        unregistered_vat_sek=total,
        vat_sek=vat.vat_sek,
        rows=sum(rows for (_day, rows, _vat), _row in outside),
        first_on=outside[0][0][0],
        last_on=last_on,
        vat_from_on=latest.vat_from_on,
        vat_to_on=latest.vat_to_on,
        as_of_on=row.provenance.held_on,
    )


def _of(day: date, said: Sequence[TaxRegistration]) -> TaxRegistration:
    """The answer that tells of a day: the newest when its own dates cover it, else the first that held then or later."""
    latest = said[-1]
    if latest.vat_from_on is not None and _is_registered(day, latest, 0):
        return latest
    return next((row for row in said if row.provenance.held_on >= day), latest)


def _is_registered(day: date, registration: TaxRegistration, pending_days: int) -> bool | None:
    """Whether VAT may be charged on a day; an end of unknown day tells only of days after that answer."""
    if registration.vat == "ended" and registration.vat_to_on is None:
        return False if day > registration.provenance.as_of else None
    first, last = _registered(registration, pending_days)
    return first <= day and (last is None or day <= last)


def _registered(registration: TaxRegistration, pending_days: int) -> tuple[date, date | None]:
    """(first, last) day on which VAT may be charged; a registration without dates has none before and none after."""
    if registration.vat == "never":
        return date.max, None
    start = registration.vat_from_on
    if start is None:
        start = date.max if registration.vat == "future" else date.min
    else:
        start -= timedelta(days=pending_days)
    return start, registration.vat_to_on


def _variant(registration: TaxRegistration, last: date) -> str:
    """What the register said of the days that VAT was charged on."""
    start = registration.vat_from_on
    over = registration.vat == "ended" or registration.vat_to_on is not None
    if over and (start is None or last >= start):
        return "ended"
    return "never" if start is None else "before"
