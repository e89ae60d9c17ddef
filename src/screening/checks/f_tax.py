"""A payee without approval for F-tax: the buyer may have to withhold tax, for a person also pay contributions."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.checks._registered import state_on
from screening.model import (
    CompanyRecord,
    Context,
    Supplier,
    TaxRegistration,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Forms that need no F-tax to be paid, and what numbers of such bodies start with where the form is not known."""

    exempt_forms: tuple[str, ...]
    exempt_number_starts: tuple[str, ...]


def check(registration: TaxRegistration, record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags F-tax that does not stand today, where something was paid lately; ``person`` for sole traders."""
    if _exempt(c.supplier, record, p):
        return not_applicable("exempt_form")
    if registration.f_tax is None:
        return unknown("partial")
    begins_on, ended_on = registration.f_tax_from_on, registration.f_tax_to_on
    state = state_on(registration.f_tax, begins_on, ended_on, c.today)
    if state == "active":
        return clear(registration, f_tax=state, f_tax_form=registration.f_tax_form, f_tax_to_on=ended_on)
    if c.spend.last_90_days_sek <= 0:
        return not_applicable("no_payments", f_tax=state)
    person = c.supplier.kind == "person"
    return flag(
        registration,
        level="person" if person else "",
        variant=f"{'person_' if person else ''}{state}",
        f_tax=state,
        f_tax_from_on=begins_on,
        f_tax_to_on=ended_on,
        f_tax_end_reason=registration.f_tax_end_reason,
        paid_90_days_sek=c.spend.last_90_days_sek,
        last_paid_on=c.spend.last_on,
        as_of_on=registration.provenance.held_on,
    )


def _exempt(supplier: Supplier, record: CompanyRecord | None, p: P) -> bool:
    """Associations, foundations and public bodies; by the number's first digit where the register has no form."""
    if record is not None and record.legal_form is not None:
        return record.legal_form in p.exempt_forms
    number = supplier.identity.compact if supplier.identity is not None else ""
    return supplier.kind == "organisation" and number.startswith(p.exempt_number_starts)
