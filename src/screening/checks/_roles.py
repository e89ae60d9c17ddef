"""The roles of a supplier's people in other companies: what a register tells, and what the buyer's other suppliers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from screening.model import Engagement, RoleEngagements, SupplierRoles


def engaged(roles: RoleEngagements | None, here: SupplierRoles | None) -> tuple[Engagement, ...]:
    """Every role that is known. What one source does not tell of a company is taken from the other."""
    told = roles.engagements if roles is not None else ()
    shown = here.engagements if here is not None else ()
    met = [(item.person_key, item.company_key) for item in told]
    return tuple(_filled(item, shown) for item in told) + tuple(
        item for item in shown if (item.person_key, item.company_key) not in met
    )


def _filled(item: Engagement, shown: Sequence[Engagement]) -> Engagement:
    same = next((other for other in shown if other.company_key == item.company_key), None)
    if same is None:
        return item
    return replace(
        item,
        bankrupt_on=item.bankrupt_on or same.bankrupt_on,
        ended_on=item.ended_on or same.ended_on,
        employees=same.employees if item.employees is None else item.employees,
        group_key=item.group_key or same.group_key,
    )


def told(
    roles: RoleEngagements | None, here: SupplierRoles | None
) -> tuple[RoleEngagements | SupplierRoles, *tuple[RoleEngagements | SupplierRoles, ...]]:
    """The facts that a verdict rests on, the register's first.

    Raises:
        ValueError: there is none.
    """
    first, *more = [fact for fact in (roles, here) if fact is not None]
    return (first, *more)
