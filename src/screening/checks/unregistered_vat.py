"""VAT on invoices of days on which the supplier was not registered for VAT. No VAT charged is never a sign of anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from screening.checks import Params
from screening.model import Context, InvoicedVat, TaxRegistration, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """From which sum VAT counts, and how long before its first day a registration may have been pending."""

    limit_sek: Decimal
    pending_days: int


def check(registration: TaxRegistration, vat: InvoicedVat | None, c: Context, p: P) -> Verdict:
    """Flags VAT of unregistered days, credits set off, from ``limit_sek``."""
    if vat is None:
        return unknown("no_source") if c.spend.rows else not_applicable("not_invoiced")
    charged = [item for item in vat.days if item[0] <= c.today]
    if not any(amount > 0 for _day, _rows, amount in charged):
        return clear(vat, vat_sek=vat.vat_sek, rows=vat.rows)
    if registration.vat is None:
        return unknown("partial")
    first, last = _registered(registration, p.pending_days)
    if registration.vat == "ended" and last is None:
        return _ended_some_day(registration, vat, charged, p)
    outside = [item for item in charged if _is_outside(item[0], first, last)]
    return _judged(registration, vat, outside, p)


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


def _is_outside(day: date, first: date, last: date | None) -> bool:
    return day < first or (last is not None and day > last)


def _ended_some_day(
    registration: TaxRegistration, vat: InvoicedVat, charged: list[tuple[date, int, Decimal]], p: P
) -> Verdict:
    """The register says that it has ended but not when: only days after that answer are surely outside."""
    verdict = _judged(registration, vat, [item for item in charged if item[0] > registration.provenance.as_of], p)
    return verdict if verdict.outcome == "flag" else unknown("partial")


def _judged(registration: TaxRegistration, vat: InvoicedVat, outside: list[tuple[date, int, Decimal]], p: P) -> Verdict:
    total = _sum(outside)
    if not outside or total < p.limit_sek:
        return clear(vat, registration, vat_sek=vat.vat_sek, unregistered_vat_sek=total)
    return flag(
        vat,
        registration,
        variant=_variant(registration, outside[-1][0]),
        unregistered_vat_sek=total,
        vat_sek=vat.vat_sek,
        rows=sum(rows for _day, rows, _amount in outside),
        first_on=outside[0][0],
        last_on=outside[-1][0],
        vat_from_on=registration.vat_from_on,
        vat_to_on=registration.vat_to_on,
        as_of_on=registration.provenance.held_on,
    )


def _variant(registration: TaxRegistration, last: date) -> str:
    """What the register said of the days that VAT was charged on."""
    start = registration.vat_from_on
    over = registration.vat == "ended" or registration.vat_to_on is not None
    if over and (start is None or last >= start):
        return "ended"
    return "never" if start is None else "before"


def _sum(days: list[tuple[date, int, Decimal]]) -> Decimal:
    return sum((amount for _day, _rows, amount in days), Decimal(0))
