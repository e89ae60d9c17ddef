"""More planted events of the AGA family: changes set against contracts, shareholders and heirs, Russian sub-suppliers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import owners_of
from benchmarks.worlds.life import FAR_AHEAD, LONG_AGO, PENDING, Life, Planter, company, steps
from benchmarks.worlds.plant_owners import (
    BOARD,
    OWNERS,
    SEASON,
    board_changed,
    bought,
    newcomer,
    owned,
    sitting,
    succeed,
)
from benchmarks.worlds.plant_register import OWNED, THRESHOLD_SEK, consulting, owned_from, owned_large

from screening.model import BeneficialOwners, Industry, Severity, Shareholder, Shareholders

CONTRACT = frozenset({"award", "declaration", "attestation"})


# --- changes against contracts ---------------------------------------------------------------------------------------------
def _option(life: Life, ends: date) -> None:
    """The first contract may be prolonged; someone decides by the day it ends."""
    until = ends + timedelta(days=730)
    life.contracts[0] = replace(life.contracts[0], ends_on=ends, option_until_on=until)


def _far_options(life: Life) -> None:
    """Every other contract ends far away and may not be prolonged."""
    life.contracts = [replace(item, ends_on=life.last + timedelta(days=900)) for item in life.contracts]


def owner_changed_before_option(life: Life) -> None:
    """Ninety days before the option is decided, or less; or a day more."""
    on = life.during(latest=4)
    distance = life.random.choice((90, 60, 91, 180))
    _far_options(life)
    if on + timedelta(days=distance) < life.last:
        return  # nobody prolonged it: the contract is over
    _option(life, on + timedelta(days=distance))
    bought(life, on)
    severity: Severity = "high" if distance <= law.OWNER_NEAR_AWARD_DAYS else "medium"
    life.mark("AGA-02", "flag", since=on, severity=severity)


def board_replaced_near_award(life: Life) -> None:
    """More than half of the board leaves within ninety days of an award; or a day more from it."""
    month = next((number for number, day in enumerate(life.days) if number and day.month not in SEASON), None)
    if month is None:
        return
    there = sitting(life)
    day = life.days[month]
    distance = life.random.choice((-90, -20, 30, 90, 91))
    life.contracts[0] = replace(life.contracts[0], awarded_on=day + timedelta(days=distance))
    for seat in there[: len(there) // 2 + 1]:
        succeed(life, seat, day)
    severity: Severity = "high" if abs(distance) <= law.OWNER_NEAR_AWARD_DAYS else "medium"
    life.mark("AGA-01", "flag", since=day, severity=severity)
    board_changed(life, [day])


def turned_to_care_near_award(life: Life) -> None:
    """From consulting to care, near an award or not."""
    on = life.days[life.random.randint(1, 4)]  # seen on its day, since the register dates no change of branch
    distance = life.random.choice((-90, 40, 90, 91))
    life.contracts[0] = replace(life.contracts[0], awarded_on=on + timedelta(days=distance))
    new = Industry(provenance=PENDING, codes=(("87301", "särskilt boende"),), description="omsorg om äldre")
    old = life.says["industry"](life.first)
    life.says["industry"] = steps((LONG_AGO, old), (on, new))
    severity: Severity = "medium" if abs(distance) <= law.OWNER_NEAR_AWARD_DAYS else "low"
    life.mark("AGA-13", "flag", since=on, severity=severity)


# --- AGA-02: shareholders and heirs ------------------------------------------------------------------------------------------
def _held(*rows: tuple[str, str, str, date | None]) -> Shareholders:
    """Persons who hold shares: key, name, share, since."""
    owners = tuple(
        Shareholder(key, name, "SE", Decimal(share), Decimal(share), since, holder="person")
        for key, name, share, since in rows
    )
    return Shareholders(provenance=PENDING, owners=owners)


def _shares_sold(life: Life, share: str, on: date) -> None:
    """One of two shareholders sells to somebody new."""
    long, rest = life.registered_on, str(Decimal(1) - Decimal(share))
    key, name = newcomer(life)
    stays, left = ("K-stays", "Egil Kvarblivare", rest, long), ("K-left", "Ragnhild Utträdd", share, long)
    life.says["shareholders"] = steps((LONG_AGO, _held(stays, left)), (on, _held(stays, (key, name, share, on))))


def shares_sold(life: Life) -> None:
    """More than a quarter goes to another person; who controls the company in the end is not changed by it."""
    on = life.during()
    _shares_sold(life, life.random.choice(("0.26", "0.40")), on)
    life.mark("AGA-02", "flag", since=on, severity="medium")


def few_shares_sold(life: Life) -> None:
    """A quarter is not more than a quarter."""
    _shares_sold(life, life.random.choice(("0.25", "0.05")), life.during())


def sold_in_both_registers(life: Life) -> None:
    """The bureau sees the shares first, the register of beneficial owners some weeks later: one change, not two."""
    on = life.during(latest=3)
    bought(life, on + timedelta(days=life.random.choice((0, 14, 60))))
    _shares_sold(life, "0.90", on)
    life.mark("AGA-02", "flag", since=on, severity="medium")


def heir_by_birth(life: Life) -> None:
    """A child with nearly the same name takes over, and the register knows when each was born."""
    on = life.during()
    owner, since, _until = life.owners[0]
    heir = replace(owner, person_key=f"{owner.person_key}-heir", name=f"{owner.name}s", since_on=on)
    life.owners[0] = (owner, since, on)
    life.owners.append((heir, on, FAR_AHEAD))
    told = owners_of(life)
    births = ((owner.person_key, "born-1950"), (heir.person_key, "born-1980"))

    def say(day: date) -> BeneficialOwners:
        said = cast("BeneficialOwners", told(day))
        there = {row.person_key for row in said.owners}
        return replace(said, births=tuple(pair for pair in births if pair[0] in there))

    life.says["beneficial_owners"] = say
    life.mark("AGA-02", "flag", since=on, severity="medium")


# --- AGA-14: Russian sub-suppliers -----------------------------------------------------------------------------------------
def russian_sub_supplier(life: Life) -> None:
    """More than a tenth of the contract; or a part that nobody has told."""
    owned_from(life, "RU", "0.75", THRESHOLD_SEK)
    part = life.random.choice((Decimal("0.11"), Decimal("0.5"), None))
    life.contracts = [replace(contract, role="sub", share=part) for contract in life.contracts]
    life.mark("AGA-14", "flag", severity="high" if part is None else "critical")


def small_russian_sub_supplier(life: Life) -> None:
    """A tenth is not more than a tenth."""
    owned_from(life, "RU", "0.75", THRESHOLD_SEK)
    life.contracts = [replace(contract, role="sub", share=Decimal("0.10")) for contract in life.contracts]


def _six(life: Life) -> bool:
    return company(life) and life.form in ("AB", "EK") and len(sitting(life)) >= 3


PLANTERS = (
    Planter("AGA-01", "planted", board_replaced_near_award, BOARD | CONTRACT | OWNERS, _six),
    Planter("AGA-02", "planted", owner_changed_before_option, OWNERS | CONTRACT, owned),
    Planter("AGA-02", "planted", shares_sold, OWNERS, owned),
    Planter("AGA-02", "planted", sold_in_both_registers, OWNERS, owned),
    Planter("AGA-02", "planted", heir_by_birth, OWNERS, owned),
    Planter("AGA-02", "near", few_shares_sold, OWNERS, owned),
    Planter("AGA-13", "planted", turned_to_care_near_award, frozenset({"industry"}) | CONTRACT | OWNERS, consulting),
    Planter("AGA-14", "planted", russian_sub_supplier, OWNED, owned_large),
    Planter("AGA-14", "near", small_russian_sub_supplier, OWNED, owned_large),
)
