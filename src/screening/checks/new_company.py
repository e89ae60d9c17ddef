"""A young company with one director, from which much is bought or with which a large contract is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from screening.checks import Params
from screening.checks._timing import Timing, near
from screening.model import CompanyRecord, Context, Officers, Verdict, clear, flag, not_applicable, unknown

DIRECTORS = frozenset({"LE", "OF", "KPL", "BOLM"})
"""Members of the board, and partners. A managing director who is no member is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How young (years), how few directors, and more than how much."""

    young_years: int
    directors: int
    limit_sek: Decimal


def check(record: CompanyRecord, officers: Officers, c: Context, p: P) -> Verdict:
    """Flags more than ``limit_sek`` in a year, or as one contract's value, while younger than ``young_years``."""
    if record.state != "registered":
        return not_applicable("not_registered")
    if record.registered_on is None:
        return unknown("partial")
    born = record.registered_on
    age = (c.today - born).days
    contracts = [(item.value_sek, item.id) for item in c.contracts if item.value_sek is not None]
    contracted, contract_id = max(contracts, default=(Decimal(0), None))
    bought = c.spend.last_12_months_sek
    directors = len({person.person_key for person in officers.people if person.role_code in DIRECTORS})
    young = c.today < _years_after(born, p.young_years)
    if not young or directors > p.directors or max(bought, contracted) <= p.limit_sek:
        return clear(record, officers, age_days=age, bought_sek=bought, directors=directors)
    at = near([born], c, Timing(near_days=age, option_days=-1))
    by_contract = contracted > p.limit_sek
    return flag(
        record,
        officers,
        variant="contract" if by_contract else "bought",
        registered_on=born,
        age_days=age,
        bought_sek=bought,
        volume_sek=max(bought, contracted),
        contract_sek=contracted if by_contract else None,
        contract_id=contract_id if by_contract else None,
        directors=directors,
        contracts_timing=at.timing,
        as_of_on=record.provenance.held_on,
    )


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
