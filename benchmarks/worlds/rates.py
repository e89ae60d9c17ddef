"""How often what happens among a municipality's suppliers: what is planted for a first run to find, and what is just so.

Two rates are given from outside (2 % insolvency, 3 % with public claims). All others are assumptions, set on the high side
so that the alert share is not flattered; none of them has been measured on a real ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from benchmarks.worlds.base import declare, listed, nothing_owed, without_papers
from benchmarks.worlds.life import FAR_AHEAD, PENDING, Life, always, company, taxed
from benchmarks.worlds.plant_names import spelled_otherwise
from benchmarks.worlds.plant_owners import newcomer, succeed
from benchmarks.worlds.plant_tax import claims

from screening.model import (
    Accounts,
    Address,
    BeneficialOwners,
    CompanyName,
    CompanyRecord,
    Credit,
    Declaration,
    Engagement,
    Industry,
    Proceeding,
    RecordCheckAttestation,
    Referral,
    RoleEngagements,
    SanctionsHit,
    TaxAccount,
    TaxRegistration,
)


class Rate(NamedTuple):
    """What befalls a share of the suppliers that it can befall."""

    rule: str
    share: float
    befalls: Callable[[Life], None]
    fits: Callable[[Life], bool] = taxed


# --- planted ------------------------------------------------------------------------------------------------------------
def insolvency(life: Life) -> None:
    """Bankruptcy, winding-up, petition, reorganisation, or gone."""
    sound = cast("CompanyRecord", life.says["company_record"](life.first))
    since = life.first - timedelta(days=life.random.randint(1, 300))
    code = life.random.choice(("KK", "KK", "LI", "KKAN", "FR", "gone"))
    found = replace(sound, proceedings=(Proceeding(code, from_on=since),))
    if code == "gone":
        found = replace(sound, state="deregistered", deregistered_on=since, deregistration_reason="KKAV")
    life.says["company_record"] = always(found)


def public_claims(life: Life) -> None:
    """Debts to the state from the limit up; most are small."""
    sek = int(min(life.random.lognormvariate(10.2, 1.1) + 10_000, 3_000_000))
    life.says["enforcement_debt"] = always(claims(life, sek))


def without_f_tax(life: Life) -> None:
    """Paid without approval for F-tax."""
    life.says["tax_registration"] = always(
        TaxRegistration(provenance=PENDING, f_tax="ended", vat="active", employer="active")
    )


def owner_not_filed(life: Life) -> None:
    """Nothing filed though it should be."""
    life.says["beneficial_owners"] = always(BeneficialOwners(provenance=PENDING, state="none_registered"))


def petition_in_rating(life: Life) -> None:
    """The bureau has withdrawn the rating for a bankruptcy petition."""
    life.says["credit"] = always(Credit(provenance=PENDING, no_rating_reason="-29 bankruptcy application"))


def unchecked_in_statutory_area(life: Life) -> None:
    """No attestation of record checks where statute demands them."""
    without_papers(life, lambda paper: not isinstance(paper, RecordCheckAttestation))


# --- just so ------------------------------------------------------------------------------------------------------------
def small_claims(life: Life) -> None:
    """A parking fine or a toll that went to collection."""
    life.says["enforcement_debt"] = always(claims(life, life.random.randint(300, 9_500)))


def private_claims(life: Life) -> None:
    """A disputed invoice with another company, small against the turnover."""
    sek = Decimal(life.random.randint(500, 40_000))
    life.says["enforcement_debt"] = always(replace(nothing_owed(life), private_debt_sek=sek, private_cases=1))


def other_spelling(life: Life) -> None:
    """A ledger's spelling."""
    spelled_otherwise(life)


def trade_name(life: Life) -> None:
    """A trade name in the ledger that the register does not have."""
    life.says["company_record"] = always(
        replace(
            cast("CompanyRecord", life.says["company_record"](life.first)),
            names=(CompanyName("Qvarnholmens Invest AB"),),
        )
    )


def low_rating(life: Life) -> None:
    """A score below forty."""
    life.says["credit"] = always(Credit(provenance=PENDING, score=life.random.randint(5, 39), band="D"))


def no_rating(life: Life) -> None:
    """Too little data for a rating."""
    life.says["credit"] = always(Credit(provenance=PENDING, no_rating_reason="-95 too little data"))


def _some_change(life: Life, count: int) -> None:
    for place in range(min(count, len(life.board))):
        seat = next(item for item in life.board[place:] if item.until == FAR_AHEAD)
        succeed(life, seat, life.first - timedelta(days=life.random.randint(1, 360)))


def one_new_director(life: Life) -> None:
    """One change in the last year."""
    _some_change(life, 1)


def lively_board(life: Life) -> None:
    """Three changes in the last year."""
    _some_change(life, 3)


def sold(life: Life) -> None:
    """A new owner in the last year, as the register dates it."""
    owner, since, _until = life.owners[0]
    on = life.first - timedelta(days=life.random.randint(1, 365))
    key, name = newcomer(life)
    life.owners[0] = (owner, since, on)
    life.owners.append((replace(owner, person_key=key, name=name, since_on=on), on, FAR_AHEAD))


def owners_undated(life: Life) -> None:
    """Spread ownership: lawfully none."""
    life.says["beneficial_owners"] = always(BeneficialOwners(provenance=PENDING, state="none_exists"))


def statement_not_on_file(life: Life) -> None:
    """Nobody has filed the sworn statement, or only the one from the procurement, some years old."""
    without_papers(life, lambda paper: not isinstance(paper, Declaration))
    if life.random.random() < 0.7:
        declare(life, life.first - timedelta(days=life.random.randint(366, 1_400)))


def tender_under_way(life: Life) -> None:
    """One of the contracts is still a tender; its statement is new."""
    life.contracts[0] = replace(life.contracts[0], phase="tender", awarded_on=None)
    without_papers(life, lambda paper: not isinstance(paper, Declaration))
    declare(life, life.first - timedelta(days=10))


def late_attestation(life: Life) -> None:
    """The latest quarter's attestation is missing in a contract area."""
    unchecked_in_statutory_area(life)


def new_deficit(life: Life) -> None:
    """A deficit of some days on the tax account, less than the limit."""
    since = life.first - timedelta(days=12)
    balance = Decimal(-life.random.randint(1, 9_000))
    life.says["tax_account"] = always(TaxAccount(provenance=PENDING, balance_sek=balance, deficit_since_on=since))


def no_extract(life: Life) -> None:
    """The supplier has handed in no tax account statement."""
    life.says["tax_account"] = always("not_found")


def source_silent(life: Life) -> None:
    """Some source gave no answer."""
    kind = life.random.choice(sorted(life.says.keys() - {"company_record"}))  # the free register is asked again
    life.says[kind] = always("source_down")


def young_company(life: Life) -> None:
    """Registered in the last two years."""
    life.registered_on = life.first - timedelta(days=life.random.randint(60, 700))
    sound = cast("CompanyRecord", life.says["company_record"](life.first))
    life.says["company_record"] = always(replace(sound, registered_on=life.registered_on))
    for seat in life.board:
        seat.since = life.registered_on
    life.owners = [(replace(owner, since_on=life.registered_on), *days) for owner, *days in life.owners]  # type: ignore[misc]


def report_late(life: Life, months: int = 8) -> None:
    """The annual report has not come in; most of them only some weeks late."""
    was = life.says["accounts"]
    ended = date(life.first.year, life.first.month, 1) - timedelta(days=30 * (months - 1))
    newest = ended.replace(year=ended.year - 1)
    life.says["accounts"] = lambda day: replace(cast("Accounts", was(day)), period_to_on=newest)


def report_very_late(life: Life) -> None:
    """Ten months, or a year: a queue at the register, a quarrel with the auditor, or worse."""
    report_late(life, life.random.choice((10, 13)))


def vat_in_a_group(life: Life) -> None:
    """Charges VAT under the registration of its group."""
    life.says["tax_registration"] = always(
        TaxRegistration(provenance=PENDING, f_tax="active", f_tax_form="F", vat="never", employer="active")
    )


def staff_of_others(life: Life) -> None:
    """Not an employer: the work is done by partners or a sister company."""
    life.says["tax_registration"] = always(
        TaxRegistration(provenance=PENDING, f_tax="active", f_tax_form="F", vat="active", employer="never")
    )
    was = life.spend
    life.spend = lambda day: replace(was(day), last_12_months_sek=Decimal(900_000))


def disputed_claims(life: Life) -> None:
    """Private claims of three per cent of a small turnover."""
    life.turnover_sek = 3_000_000
    life.says["enforcement_debt"] = always(
        replace(nothing_owed(life), private_debt_sek=Decimal(90_000), private_cases=1)
    )


def tolls_again(life: Life) -> None:
    """Two small public claims in a year, both paid."""
    days = (life.first - timedelta(days=300), life.first - timedelta(days=60))
    found = tuple(Referral(day, Decimal(2_000 + 900 * place), str(place)) for place, day in enumerate(days))
    life.says["enforcement_debt"] = always(replace(nothing_owed(life), referrals=found))


def deficit_for_months(life: Life) -> None:
    """Behind with tax for two reconciliations."""
    since = life.first - timedelta(days=70)
    life.says["tax_account"] = always(
        TaxAccount(
            provenance=PENDING, balance_sek=Decimal(-25_000), deficit_since_on=since, reconciliations_in_deficit=2
        )
    )


def namesake_in_list(life: Life) -> None:
    """A listed enterprise of nearly the same name."""
    life.says["sanctions"] = listed(
        SanctionsHit(f"EU.{life.tag}", life.name, 0.9, strong_alias=True, subject="enterprise", own_name=life.name)
    )


def box(life: Life) -> None:
    """Letters to a box."""
    life.says["address"] = always(Address(provenance=PENDING, street="Box 7", postcode="99999", city="Sjövika"))


def other_trade(life: Life) -> None:
    """The first code in the register is of something else."""
    life.says["industry"] = always(Industry(provenance=PENDING, codes=(("47999", "handel"),), description="handel"))


def no_auditor(life: Life) -> None:
    """Small enough to do without."""
    life.board = [seat for seat in life.board if seat.role != "REV"]
    life.employees, life.turnover_sek = 2, 1_500_000


def chair_by_profession(life: Life) -> None:
    """Sits in twenty boards of small companies."""
    person = life.board[0].key
    life.says["role_engagements"] = always(
        RoleEngagements(
            provenance=PENDING,
            engagements=tuple(Engagement(person, f"C-{life.tag}-{place}", "LE", employees=1) for place in range(20)),
        )
    )


def signed_by_the_manager(life: Life) -> None:
    """The attestations are signed by whoever runs the place."""
    life.papers = [
        (on, replace(paper, signatory_role="verksamhetschef") if isinstance(paper, RecordCheckAttestation) else paper)
        for on, paper in life.papers
    ]


def history_unknown(life: Life) -> None:
    """First asked now: nobody knows what was before."""
    life.past = []
    for seat in life.board:
        seat.told = False


def _contracted(life: Life) -> bool:
    return bool(life.contracts) and taxed(life)


def _board(life: Life) -> bool:
    return company(life) and len(life.board) >= 3


def _owned(life: Life) -> bool:
    return company(life) and bool(life.owners)


def _statutory(life: Life) -> bool:
    return life.area in ("hvb", "school", "lss_child")


PLANTED = (
    Rate("AGA-12", 0.02, insolvency),  # given
    Rate("SKA-01", 0.03, public_claims),  # given
    Rate("SKA-06", 0.01, without_f_tax, lambda life: company(life) or life.kind == "person"),
    Rate("AGA-03", 0.02, owner_not_filed, _owned),
    Rate("KRE-01", 0.005, petition_in_rating, company),
    Rate("REG-02", 0.10, unchecked_in_statutory_area, _statutory),
)
NATURAL = (
    Rate("SKA-01", 0.04, small_claims),
    Rate("KRE-03", 0.05, private_claims),
    Rate("AGA-08", 0.07, young_company, company),
    Rate("IDE-01", 0.12, other_spelling, company),
    Rate("IDE-01", 0.02, trade_name, company),
    Rate("KRE-01", 0.06, low_rating, company),
    Rate("KRE-01", 0.05, no_rating, company),
    Rate("AGA-01", 0.25, one_new_director, _board),
    Rate("AGA-01", 0.05, lively_board, _board),
    Rate("AGA-02", 0.08, sold, _owned),
    Rate("AGA-03", 0.04, owners_undated, _owned),
    Rate("REG-01", 0.30, statement_not_on_file, _contracted),
    Rate("REG-01", 0.02, tender_under_way, _contracted),
    Rate("REG-03", 0.20, late_attestation, lambda life: life.area == "home_care"),
    Rate("SKA-02", 0.05, new_deficit),
    Rate("SKA-02", 0.40, no_extract),
    Rate("AGA-11", 0.04, report_late, company),
    Rate("AGA-11", 0.015, report_very_late, company),
    Rate("SKA-07", 0.01, vat_in_a_group, company),
    Rate("SKA-08", 0.04, staff_of_others, lambda life: bool(life.area) and company(life)),
    Rate("KRE-02", 0.007, disputed_claims, company),
    Rate("SKA-04", 0.01, tolls_again),
    Rate("SKA-02", 0.02, deficit_for_months),
    Rate("SAN-01", 0.003, namesake_in_list, company),
    Rate("AGA-09", 0.12, box, company),
    Rate("AGA-13", 0.10, other_trade, company),
    Rate("AGA-10", 0.35, no_auditor, lambda life: life.form == "AB" and company(life)),
    Rate("AGA-07", 0.03, chair_by_profession, _board),
    Rate("REG-08", 0.30, signed_by_the_manager, lambda life: bool(life.area)),
    Rate("any", 0.30, history_unknown, company),
    Rate("any", 0.03, source_silent),
)
