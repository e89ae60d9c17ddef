"""Two clearly unlike names in our lists with one organisation number: perhaps two suppliers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from screening.checks import Params
from screening.checks._names import alike, likest, registered_names, said
from screening.model import (
    CompanyRecord,
    Context,
    History,
    NameUse,
    NumberUse,
    Value,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How unlike (0-1) two names must be to be two suppliers', and from where a name is taken for a registered one.

    ``min_rows`` is how many rows each name must stand in: one row is a slip of the pen.
    """

    unlike_below_share: Decimal
    registered_from_share: Decimal
    min_rows: int


def check(use: NumberUse | None, records: History[CompanyRecord] | None, c: Context, p: P) -> Verdict:
    """Flags two names of one number that are clearly unlike each other, where one at least is not a registered name.

    A number with two supplier numbers of the buyer's weighs more than a name that only stands in other words in some row.
    Registered special business names and former names are the number's own, however unlike.
    """
    supplier = c.supplier
    names = said(dict.fromkeys((supplier.name, *supplier.names)))
    if not names:
        return not_applicable("no_name")
    behind = (use,) if use is not None else ()
    if supplier.identity_accepted:
        return clear(*behind, accepted=True)
    pairs = [(one, two) for one, two in combinations(names, 2) if alike(one, two) < p.unlike_below_share]
    if not pairs:
        return clear(*behind)
    if use is None:
        return unknown("partial")
    known = registered_names(records) if records is not None else ()
    own = frozenset(name for name in names if likest(name, known)[1] >= p.registered_from_share)
    found = [pair for pair in _uses(use, pairs) if not own.issuperset(item.name for item in pair)]
    counted = [pair for pair in found if min(item.rows for item in pair) >= p.min_rows]
    if not counted:
        return clear(use, *_latest(records))
    one, two = max(counted, key=_weight)
    return flag(
        use,
        *_latest(records),
        level=_level(one, two),
        **_seen(one, two, supplier.names),
        as_of_on=use.provenance.held_on,
    )


def _uses(use: NumberUse, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[NameUse, NameUse]]:
    """The pairs of names as they are used; names that the lists no longer have are left out."""
    by_name = {item.name: item for item in use.uses}
    for one, two in pairs:
        if one in by_name and two in by_name:
            yield by_name[one], by_name[two]


def _weight(pair: tuple[NameUse, NameUse]) -> tuple[bool, int]:
    """Two numbers of the buyer's own first, then what stands in most rows."""
    one, two = pair
    return _level(one, two) == "", min(one.rows, two.rows)


def _level(one: NameUse, two: NameUse) -> str:
    """``one_number`` unless each name has a supplier number that the other has not."""
    apart = set(one.supplier_numbers) - set(two.supplier_numbers) and set(two.supplier_numbers) - set(
        one.supplier_numbers
    )
    return "" if apart else "one_number"


def _seen(one: NameUse, two: NameUse, names: Sequence[str]) -> dict[str, Value]:
    return {
        "variant": "two_numbers" if _level(one, two) == "" else "",
        "first_name": one.name,
        "first_numbers": ", ".join(one.supplier_numbers) or None,
        "first_rows": one.rows,
        "second_name": two.name,
        "second_numbers": ", ".join(two.supplier_numbers) or None,
        "second_rows": two.rows,
        "likeness_share": alike(one.name, two.name),
        "names": len(names),
    }


def _latest(records: History[CompanyRecord] | None) -> tuple[CompanyRecord, ...]:
    return () if records is None else (records.latest,)
