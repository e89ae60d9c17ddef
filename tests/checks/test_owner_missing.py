"""Owners in the register against those named in the bid."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from screening.checks.owner_missing import compare
from screening.model import BeneficialOwners, Origin, Owner, OwnersInBid, Provenance

CAME = Provenance(
    source="r", origin=Origin.AUTHORITY, as_of=date(2026, 11, 20), fetched_at=datetime(2026, 11, 20, 6, tzinfo=UTC)
)
EARLY, LATE = date(2020, 1, 1), date(2026, 9, 1)


def owner(name: str, since: date | None = EARLY, *, anonymous: bool = False) -> Owner:
    return Owner(f"K-{name}", name, since_on=since, anonymous=anonymous)


@pytest.mark.parametrize(
    ("owners", "named", "extra", "absent"),
    [
        ((owner("Alva Ek"), owner("Bo Lind")), ("Bo Lind", "Alva Ek"), [], []),
        ((owner("Alva Ek"), owner("Bo Lind")), ("Alva Ek",), ["Bo Lind"], []),
        ((owner("Alva Ek"),), ("Alva Ek", "Bo Lind"), [], ["Bo Lind"]),
        ((owner("Alva Ek"), owner("Cia Berg", LATE)), ("Alva Ek", "Bo Lind"), [], []),
        ((owner("Cia Berg", None),), ("Bo Lind",), ["Cia Berg"], ["Bo Lind"]),
        ((owner("", anonymous=True),), ("Bo Lind",), [], []),
        ((owner("", anonymous=True),), ("Bo Lind", "Alva Ek"), [], ["Bo Lind", "Alva Ek"]),
    ],
)
def test_what_differs_is_told_from_both_sides(
    owners: tuple[Owner, ...], named: tuple[str, ...], extra: list[str], absent: list[str]
) -> None:
    """A later owner explains who is gone; one with protected identity stands for one name, not for all."""
    register = BeneficialOwners(provenance=CAME, state="registered", owners=owners)
    bid = OwnersInBid(provenance=CAME, names=named, stated_on=date(2026, 3, 1))
    assert compare(register, bid) == (extra, absent)
