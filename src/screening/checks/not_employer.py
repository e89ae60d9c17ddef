"""Much is paid for work that takes staff, to a supplier that is not registered as an employer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._registered import state_on
from screening.checks._services import of_services, sub_suppliers
from screening.model import Context, TaxRegistration, Verdict, clear, flag, not_applicable, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Which services take staff, and above what a year's payments somebody must have been employed."""

    services: tuple[str, ...]
    limit_sek: Decimal

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"services": self.services}


def check(registration: TaxRegistration, c: Context, p: P) -> Verdict:
    """Flags payments above ``limit_sek``; ``with_subs`` where the contract list names someone else who may do the work."""
    concerned = of_services(c.contracts, p.services)
    if not concerned:
        return not_applicable("service")
    begins_on, ended_on = registration.employer_from_on, registration.employer_to_on
    if registration.employer is None:
        return unknown("partial")
    state = state_on(registration.employer, begins_on, ended_on, c.today)
    if state == "active":
        return clear(registration, employer=state, employer_to_on=ended_on)
    paid = c.spend.last_12_months_sek
    if paid <= p.limit_sek:
        return clear(registration, employer=state, bought_sek=paid)
    subs = sub_suppliers(concerned)
    return flag(
        registration,
        level="with_subs" if subs else "",
        variant=f"{state}_with_subs" if subs else state,
        employer=state,
        employer_from_on=begins_on,
        employer_to_on=ended_on,
        bought_sek=paid,
        services=", ".join(sorted({item.service for item in concerned})),
        sub_suppliers=subs,
        as_of_on=registration.provenance.held_on,
    )
