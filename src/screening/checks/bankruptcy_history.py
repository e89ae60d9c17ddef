"""One of the supplier's people has been in several companies that went bankrupt while in office, or soon after leaving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks import Params
from screening.checks._roles import engaged, told
from screening.model import Context, Engagement, RoleEngagements, SupplierRoles, Verdict, clear, flag, lacks, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How many, how long back, how long after leaving, and whose office is no sign (liquidators and the like)."""

    bankruptcies: int
    window_days: int
    after_days: int
    excluded_roles: tuple[str, ...]


def check(roles: RoleEngagements | None, here: SupplierRoles | None, c: Context, p: P) -> Verdict:
    """Flags ``bankruptcies`` of one person in ``window_days``; those of one group count once.

    Roles in the buyer's other suppliers are some of all: they can flag, and never clear.
    """
    items = engaged(roles, here)
    first_day = c.today - timedelta(days=p.window_days)
    by_person: defaultdict[str, dict[str, date]] = defaultdict(dict)
    for item in items:
        day = item.bankrupt_on
        if (
            day is not None
            and first_day <= day <= c.today
            and p.counts(day)
            and item.role_code not in p.excluded_roles
            and _was_in(item, day, p)
        ):
            key = item.group_key or item.company_key
            earlier = by_person[item.person_key].get(key, day)
            by_person[item.person_key][key] = max(earlier, day)
    worst = max((sorted(days.values()) for days in by_person.values()), key=len, default=[])
    if len(worst) >= p.bankruptcies:
        people = sum(len(days) >= p.bankruptcies for days in by_person.values())
        return flag(
            *told(roles, here),
            variant="some" if roles is None or roles.partial else "",
            bankruptcies=len(worst),
            people=people,
            roles=_roles(items, by_person, p),
            first_on=worst[0],
            last_on=worst[-1],
            as_of_on=told(roles, here)[0].provenance.held_on,
        )
    if roles is None:
        return lacks(RoleEngagements.kind)
    counted = [day for day in roles.bankruptcies_on if first_day <= day <= c.today and p.counts(day)]
    if roles.partial or (not roles.engagements and len(counted) >= p.bankruptcies):
        return unknown(
            "partial", bankruptcies=len(counted)
        )  # whose they were, in which role, or what more there is, is not told
    return clear(*told(roles, here), bankruptcies=len(worst))


def _was_in(item: Engagement, day: date, p: P) -> bool:
    """Whether the person was in office on the day, or had left less than ``after_days`` before."""
    begun = item.from_on is None or item.from_on <= day
    return begun and (item.to_on is None or (day - item.to_on).days < p.after_days)


def _roles(items: Iterable[Engagement], by_person: dict[str, dict[str, date]], p: P) -> str:
    """The codes of the roles held, none twice; never a name."""
    people = [key for key, days in by_person.items() if len(days) >= p.bankruptcies]
    found = {item.role_code for item in items if item.person_key in people and item.bankrupt_on is not None}
    return ", ".join(sorted(found - set(p.excluded_roles)))
