"""How often what happens among a municipality's suppliers: what is planted for a first run to find, and what is just so.

Two rates are given from outside (2 % insolvency, 3 % with public claims). All others are assumptions, set on the high side
so that the alert share is not flattered; none of them has been measured on a real ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from benchmarks.worlds.base import declare, nothing_owed, without_papers
from benchmarks.worlds.life import FAR_AHEAD, PENDING, Life, always, company, taxed
from benchmarks.worlds.plant_names import spelled_otherwise
from benchmarks.worlds.plant_owners import newcomer, succeed
from benchmarks.worlds.plant_tax import claims

from screening.model import (
    BeneficialOwners,
    CompanyName,
    CompanyRecord,
    Credit,
    Declaration,
    Proceeding,
    RecordCheckAttestation,
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
    Rate("any", 0.03, source_silent),
)
