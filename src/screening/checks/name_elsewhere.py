"""A name in our lists that is unlike every registered name of its number, and like another supplier's registered name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from screening.checks import Params
from screening.checks._names import likest, registered_names, said
from screening.model import (
    CompanyRecord,
    Context,
    History,
    NameElsewhere,
    Value,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How alike (0-1) the other supplier's registered name must be, and below what its own number's names must be."""

    min_other_share: Decimal
    own_below_share: Decimal


def check(records: History[CompanyRecord], elsewhere: NameElsewhere | None, c: Context, p: P) -> Verdict:
    """Flags when a row of ours seems to bear another supplier's number; never a number that a person has accepted.

    Whether another supplier has the name is looked up once over all suppliers of a run (``NameElsewhere``), and only for
    names that are unlike their own number's.
    """
    supplier, record = c.supplier, records.latest
    names = said((supplier.name, *supplier.names))
    if not names:
        return not_applicable("no_name")
    if supplier.identity_accepted:
        return clear(record, accepted=True)
    registered = registered_names(records)
    own = {name: likest(name, registered) for name in dict.fromkeys(names)}
    doubtful = [name for name, (_closest, share) in own.items() if share < p.own_below_share]
    if not doubtful:
        return clear(record, export_name=names[0], registered_name=own[names[0]][0], own_share=own[names[0]][1])
    if elsewhere is None or elsewhere.export_name not in own:
        return unknown("partial")
    share = elsewhere.likeness_share or Decimal(0)
    closest, own_share = own[elsewhere.export_name]
    seen: dict[str, Value] = {
        "export_name": elsewhere.export_name,
        "other_name": elsewhere.other_name,
        "likeness_share": share,
        "own_share": own_share,
    }
    if elsewhere.state == "none" or elsewhere.export_name not in doubtful or share < p.min_other_share:
        return clear(elsewhere, record, **seen)
    seen |= {
        "registered_name": closest or None,
        "other_id": elsewhere.other_id,
        "as_of_on": elsewhere.provenance.held_on,
    }
    return flag(elsewhere, record, level="", variant="" if registered else "not_registered", **seen)
