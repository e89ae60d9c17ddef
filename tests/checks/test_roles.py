"""Roles in other companies, as a register tells them and as the buyer's other suppliers show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from screening.checks._roles import engaged, told
from screening.model import Engagement, Origin, Provenance, RoleEngagements, SupplierRoles

CAME = Provenance(
    source="register",
    origin=Origin.AUTHORITY,
    as_of=date(2026, 11, 30),
    fetched_at=datetime(2026, 11, 30, 6, tzinfo=UTC),
)
BARE = Engagement("K-A", "C-1", "LE")
WHOLE = Engagement(
    "K-B", "C-1", "VD", bankrupt_on=date(2026, 1, 2), ended_on=date(2026, 3, 4), employees=5, group_key="G"
)
OTHER = Engagement(
    "K-B", "C-2", "VD", bankrupt_on=date(2020, 1, 2), ended_on=date(2020, 3, 4), employees=9, group_key="H"
)


def roles(*items: Engagement) -> RoleEngagements:
    return RoleEngagements(provenance=CAME, engagements=items)


def here(*items: Engagement) -> SupplierRoles:
    return SupplierRoles(provenance=CAME, engagements=items)


def test_what_the_register_does_not_tell_of_a_company_is_taken_from_our_suppliers() -> None:
    """Of the same company, whoever's role it was; not of another."""
    filled = replace(
        BARE, bankrupt_on=WHOLE.bankrupt_on, ended_on=WHOLE.ended_on, employees=WHOLE.employees, group_key="G"
    )
    assert engaged(roles(BARE), here(OTHER, WHOLE)) == (filled, OTHER, WHOLE)


def test_what_the_register_does_tell_stands() -> None:
    """Also that nobody is employed."""
    own = replace(WHOLE, person_key="K-A", employees=0)
    shown = replace(
        WHOLE, bankrupt_on=date(2025, 1, 1), ended_on=date(2025, 1, 1), employees=7, group_key="X", person_key="K-C"
    )
    assert engaged(roles(own), here(shown))[0] == own


def test_one_role_of_one_person_is_counted_once() -> None:
    """A second person's role in the same company is another."""
    second = replace(BARE, person_key="K-C")
    assert engaged(roles(BARE), here(BARE, second)) == (BARE, second)
    assert engaged(roles(BARE), None) == (BARE,)
    assert engaged(None, here(BARE)) == (BARE,)
    assert engaged(None, None) == ()


def test_the_register_is_shown_before_what_our_suppliers_show() -> None:
    """A verdict rests on at least one."""
    one, other = roles(BARE), here(BARE)
    assert told(one, other) == (one, other)
    assert told(one, None) == (one,)
    assert told(None, other) == (other,)
    with pytest.raises(ValueError, match="not enough values"):
        told(None, None)
