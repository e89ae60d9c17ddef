"""One of the supplier's people has many active roles in companies with hardly any employees."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screening.checks import Params
from screening.checks._roles import engaged, told
from screening.model import Context, Engagement, RoleEngagements, SupplierRoles, Verdict, clear, flag, lacks, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """More than how many companies, fewer than how many employees each, and for what share of them employees must be known."""

    companies: int
    employees: Decimal
    known_share: Decimal
    excluded_roles: tuple[str, ...]


def check(roles: RoleEngagements | None, here: SupplierRoles | None, c: Context, p: P) -> Verdict:
    """Flags more than ``companies`` with fewer than ``employees`` on average; companies of one group count once.

    Roles in the buyer's other suppliers are some of all: they can flag, and never clear.
    """
    items = engaged(roles, here)
    by_person: defaultdict[str, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.role_code not in p.excluded_roles and _active(item, c.today):
            by_person[item.person_key][item.group_key or item.company_key].append(item.employees)
    many = {key: companies for key, companies in by_person.items() if len(companies) > p.companies}
    unclear = False
    for _key, companies in sorted(many.items(), key=lambda item: -len(item[1])):
        known = [
            sum(values) for group in companies.values() if (values := [item for item in group if item is not None])
        ]
        if Decimal(len(known)) / len(companies) < p.known_share:
            unclear = True
            continue
        average = (Decimal(sum(known)) / len(known)).quantize(Decimal("0.1"))
        if Decimal(sum(known)) / len(known) < p.employees:
            return flag(
                *told(roles, here),
                variant="some" if roles is None or roles.partial else "",
                companies=len(companies),
                employees_average=average,
                people=len(many),
                as_of_on=told(roles, here)[0].provenance.held_on,
            )
    if roles is None:
        return lacks(RoleEngagements.kind)
    if unclear:
        return unknown("partial", companies=max(len(companies) for companies in many.values()))
    if roles.partial or (not roles.engagements and (roles.active_roles or 0) > p.companies):
        return unknown("partial", companies=roles.active_roles)  # whose they are, or what more there is, is not told
    return clear(*told(roles, here), companies=max((len(companies) for companies in by_person.values()), default=0))


def _active(item: Engagement, today: date) -> bool:
    """Whether the role is held today in a company that exists."""
    ends = (item.to_on, item.bankrupt_on, item.ended_on)
    return (item.from_on is None or item.from_on <= today) and all(day is None or day > today for day in ends)
