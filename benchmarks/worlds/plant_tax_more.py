"""Planted events of the SKA family's other half: final decisions, referrals, VAT, employers and contributions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import contributions, dated, invoiced, months_before, nothing_owed
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Planter, always, company, steps, taxed
from benchmarks.worlds.plant_tax import DEBT, REGISTRATION

from screening.model import (
    DeliveredHours,
    EmployerContributions,
    EnforcementDebt,
    FinalDecision,
    PaymentAgreement,
    Referral,
    TaxRegistration,
)

FINAL = frozenset({"final", "agreement"})
STAFF = REGISTRATION
WAGES = frozenset({"contributions"})
STAFFED = ("hemtjänst", "personlig assistans", "hvb")
"""Services of the worlds that take staff by any reading of the catalogue."""


# --- SKA-03: a final decision -----------------------------------------------------------------------------------------------
def _decided(life: Life, final: date | None, *, by: str = "kommunjurist", settled: date | None = None) -> date:
    """Noted in the case file some months before the first run, or in one of the months; gives the day."""
    noted = life.random.choice((life.first - timedelta(days=30), life.during(latest=4)))
    life.hand_in(
        FinalDecision(
            provenance=dated(noted),
            decided_on=noted - timedelta(days=60),
            final_on=final,
            set_by=by,
            settled_on=settled,
        ),
        noted,
    )
    return noted


def final_decision(life: Life) -> None:
    """Final before it was noted, unpaid."""
    noted = _decided(life, life.first - timedelta(days=35))
    life.mark("SKA-03", "flag", since=noted, severity="critical")


def appeal_time_open(life: Life) -> None:
    """It becomes final on a day that has not come; from that day it is."""
    final = life.random.choice((life.days[3], life.last + timedelta(days=1)))
    noted = _decided(life, final)
    life.mark("SKA-03", "flag", since=max(final, noted), severity="critical")


def final_and_paid(life: Life) -> None:
    """Paid since, with interest."""
    _decided(life, life.first - timedelta(days=60), settled=life.first - timedelta(days=31))


def final_under_agreement(life: Life) -> None:
    """A binding agreement, decided and on file."""
    _decided(life, life.first - timedelta(days=60))
    decided = life.first - timedelta(days=50)
    ends = life.last + timedelta(days=300)
    life.hand_in(
        PaymentAgreement(
            provenance=dated(decided), agreement="payment_plan", decided_on=decided, valid_to_on=ends, documented=True
        ),
        decided,
    )


def noted_by_an_officer(life: Life) -> None:
    """Only a lawyer may set it; nor is it known to be final without its day."""
    final, by = life.random.choice(
        ((life.first - timedelta(days=60), "upphandlare"), (None, "kommunjurist"), (None, "upphandlare"))
    )
    noted = _decided(life, final, by=by)
    life.mark("SKA-03", "unknown", since=noted)


# --- SKA-04: referred again and again ----------------------------------------------------------------------------------------
def _referred(life: Life, *referrals: Referral) -> None:
    """The register's own list, each from its day; the sums are paid at once, so that no debt stands."""

    def say(day: date) -> EnforcementDebt:
        return replace(nothing_owed(life), referrals=tuple(item for item in referrals if item.on <= day))

    life.says["enforcement_debt"] = say


def referred_twice(life: Life) -> None:
    """Two debts of their own within a year: flagged from the second until the first is older than a year."""
    first = life.first - timedelta(days=life.random.choice((300, 200, 60)))
    second = life.during(latest=4)
    low = law.REFERRAL_SEK
    _referred(life, Referral(first, Decimal(low), "1"), Referral(second, Decimal(low * 3), "2"))
    life.mark("SKA-04", "flag", since=second, until=first + timedelta(days=law.REFERRAL_DAYS + 1), severity="high")


def referred_once(life: Life) -> None:
    """One; or two of which one is a krona too small, or just over a year older."""
    small = Referral(life.first - timedelta(days=100), Decimal(law.REFERRAL_SEK - 1), "1")
    old = Referral(life.first - timedelta(days=law.REFERRAL_DAYS + 1), Decimal(20_000), "1")
    recent = Referral(life.first - timedelta(days=10), Decimal(9_000), "2")
    _referred(life, *life.random.choice(((recent,), (small, recent), (old, replace(recent, on=life.first)))))


def registered_again(life: Life) -> None:
    """The same debt registered again some weeks later, with a little interest, under another number."""
    on = life.first - timedelta(days=90)
    again = on + timedelta(days=life.random.randint(3, 40))
    _referred(life, Referral(on, Decimal(20_000), "1"), Referral(again, Decimal(20_300), "2"))


def referrals_of_unknown_past(life: Life) -> None:
    """A source that gives sums alone, first asked by us: a year is not known until a year has gone."""
    life.says["enforcement_debt"] = always(replace(nothing_owed(life), referrals_from_on=None))
    life.mark("SKA-04", "unknown")


# --- SKA-07: VAT without registration -----------------------------------------------------------------------------------------
def _vat(
    state: Literal["never", "active", "ended", "future"] | None, start: date | None = None, end: date | None = None
) -> TaxRegistration:
    return TaxRegistration(
        provenance=PENDING,
        f_tax="active",
        f_tax_form="F",
        vat=state,
        vat_from_on=start,
        vat_to_on=end,
        employer="active",
    )


def vat_never_registered(life: Life) -> None:
    """VAT on the invoices, and no registration."""
    life.says["tax_registration"] = always(_vat("never"))
    life.mark("SKA-07", "flag", severity="high")


def vat_ended(life: Life) -> None:
    """Deregistered on a day, and VAT on invoices after it: seen when the next invoice has come."""
    ended = life.days[1]
    life.says["tax_registration"] = steps((LONG_AGO, _vat("active")), (ended, _vat("ended", LONG_AGO, ended)))
    for day in life.days:
        if day - timedelta(days=7) > ended:
            life.mark("SKA-07", "flag", since=day, until=day + timedelta(days=1), severity="high")


def no_vat_charged(life: Life) -> None:
    """Not registered, and no VAT on any invoice: exempt care."""
    life.says["tax_registration"] = always(_vat("never"))
    life.says["invoiced_vat"] = invoiced(Decimal(0))


def vat_register_silent(life: Life) -> None:
    """A source that does not carry the VAT register."""
    life.says["tax_registration"] = always(_vat(None))
    life.mark("SKA-07", "unknown")


# --- SKA-08 and SKA-09: employers ----------------------------------------------------------------------------------------------
def _bought(life: Life, yearly: int) -> None:
    was, sek = life.spend, Decimal(yearly)
    life.spend = lambda day: replace(was(day), last_12_months_sek=sek)


def _no_employer(life: Life) -> None:
    state: Literal["never", "ended"] = life.random.choice(("never", "ended"))
    life.says["tax_registration"] = always(
        TaxRegistration(provenance=PENDING, f_tax="active", f_tax_form="F", vat="active", employer=state)
    )


def not_employer(life: Life) -> None:
    """More than half a million bought of staff-heavy work, and no employer."""
    _no_employer(life)
    _bought(life, life.random.choice((law.STAFF_SEK + 1, 2_000_000)))
    life.mark("SKA-08", "flag", severity="high")


def not_employer_little_bought(life: Life) -> None:
    """Exactly half a million."""
    _no_employer(life)
    _bought(life, law.STAFF_SEK)


def not_employer_other_service(life: Life) -> None:
    """Much bought, of work that takes no staff."""
    _no_employer(life)
    _bought(life, 4_000_000)


def employer_register_silent(life: Life) -> None:
    """A source that does not carry the employer register."""
    life.says["tax_registration"] = always(
        TaxRegistration(provenance=PENDING, f_tax="active", f_tax_form="F", vat="active", employer=None)
    )
    life.mark("SKA-08", "unknown")


def wages_too_low_for_hours(life: Life) -> None:
    """119 kronor an hour by the contributions."""
    wages = Decimal(238_000)
    _paid(life, Decimal(300_000))
    life.says["employer_contributions"] = contributions(wages)
    life.says["delivered_hours"] = lambda day: DeliveredHours(
        provenance=PENDING, months=tuple((month, Decimal(2_000)) for month in months_before(day, 6))
    )
    life.mark("SKA-09", "flag")


def wages_enough_for_hours(life: Life) -> None:
    """121 kronor an hour."""
    wages = Decimal(242_000)
    _paid(life, Decimal(300_000))
    life.says["employer_contributions"] = contributions(wages)
    life.says["delivered_hours"] = lambda day: DeliveredHours(
        provenance=PENDING, months=tuple((month, Decimal(2_000)) for month in months_before(day, 6))
    )


def _paid(life: Life, monthly: Decimal) -> None:
    was = life.spend
    life.spend = lambda day: replace(was(day), by_month=tuple((month, monthly) for month in months_before(day, 6)))


def wages_thin(life: Life) -> None:
    """39 per cent of what was paid, three months running."""
    _paid(life, Decimal(1_000_000))
    life.says["employer_contributions"] = contributions(Decimal(390_000))
    life.mark("SKA-09", "flag")


def wages_at_share(life: Life) -> None:
    """A little above forty per cent."""
    _paid(life, Decimal(1_000_000))
    life.says["employer_contributions"] = contributions(Decimal(400_100))


def holiday_month(life: Life) -> None:
    """One thin month of the three, when the staff was on leave."""
    _paid(life, Decimal(1_000_000))
    usual, thin = contributions(Decimal(600_000)), contributions(Decimal(100_000))

    def say(day: date) -> EmployerContributions:
        whole, lean = usual(day), thin(day)
        assert isinstance(whole, EmployerContributions)
        assert isinstance(lean, EmployerContributions)
        return replace(whole, months=(*whole.months[:-2], lean.months[-2], whole.months[-1]))

    life.says["employer_contributions"] = say


def no_contributions_known(life: Life) -> None:
    """The supplier's statement does not come."""
    life.says["employer_contributions"] = always("not_found")
    life.mark("SKA-09", "unknown")


def _staffed(life: Life) -> bool:
    return company(life) and life.contracts[0].service in STAFFED


def _unstaffed(life: Life) -> bool:
    return company(life) and life.contracts[0].service in ("konsult", "lokalhyra", "livsmedel")


PLANTERS = (
    Planter("SKA-03", "planted", final_decision, FINAL, taxed),
    Planter("SKA-03", "near", appeal_time_open, FINAL, taxed),
    Planter("SKA-03", "alike", final_and_paid, FINAL, taxed),
    Planter("SKA-03", "alike", final_under_agreement, FINAL, taxed),
    Planter("SKA-03", "missing", noted_by_an_officer, FINAL, taxed),
    Planter("SKA-04", "planted", referred_twice, DEBT, taxed),
    Planter("SKA-04", "near", referred_once, DEBT, taxed),
    Planter("SKA-04", "alike", registered_again, DEBT, taxed),
    Planter("SKA-04", "missing", referrals_of_unknown_past, DEBT, taxed),
    Planter("SKA-07", "planted", vat_never_registered, REGISTRATION, taxed),
    Planter("SKA-07", "planted", vat_ended, REGISTRATION, taxed),
    Planter("SKA-07", "alike", no_vat_charged, REGISTRATION, taxed),
    Planter("SKA-07", "missing", vat_register_silent, REGISTRATION, taxed),
    Planter("SKA-08", "planted", not_employer, STAFF, _staffed),
    Planter("SKA-08", "near", not_employer_little_bought, STAFF, _staffed),
    Planter("SKA-08", "alike", not_employer_other_service, STAFF, _unstaffed),
    Planter("SKA-08", "missing", employer_register_silent, STAFF, _staffed),
    Planter("SKA-09", "planted", wages_too_low_for_hours, WAGES | STAFF, _staffed),
    Planter("SKA-09", "planted", wages_thin, WAGES | STAFF, _staffed),
    Planter("SKA-09", "near", wages_enough_for_hours, WAGES | STAFF, _staffed),
    Planter("SKA-09", "near", wages_at_share, WAGES | STAFF, _staffed),
    Planter("SKA-09", "alike", holiday_month, WAGES | STAFF, _staffed),
    Planter("SKA-09", "missing", no_contributions_known, WAGES | STAFF, _staffed),
)
