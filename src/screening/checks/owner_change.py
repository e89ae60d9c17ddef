"""A change of beneficial owner within a year; weighs more near the award of a contract, or when repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from screening.checks import Params
from screening.checks._board import FOUNDING_DAYS, known_from
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
    Contract,
    History,
    Owner,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)
from screening.names import SAME, likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The window that flags, how near an award weighs more, and how many changes in which window do."""

    window_days: int
    near_days: int
    repeat: int
    repeat_days: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of owners: when, who before and after, and the answers that show it."""

    on: date
    before: str
    after: str
    facts: tuple[BeneficialOwners, ...]


TELLING = ("registered", "none_exists", "exempt")
"""States that say who owns. A late first filing, or a filing withdrawn, says nothing about a change (see AGA-03)."""


def check(owners: History[BeneficialOwners], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags a change in ``window_days``: ``near_award`` or ``repeated`` where it weighs more."""
    registered_on = record.registered_on if record is not None else None
    known = changes(owners, registered_on, c.today)
    recent = [item for item in known if (c.today - item.on).days <= p.window_days]
    if not recent:
        return _none_recent(owners, registered_on, c, p)
    counted = [item for item in known if (c.today - item.on).days <= p.repeat_days]
    near = [
        (abs(days), days, contract, item)
        for item in recent
        for contract in c.contracts
        if (days := _days_from_award(item.on, contract, c.today)) is not None and abs(days) <= p.near_days
    ]
    repeated = len(counted) >= p.repeat
    if near:
        _distance, days, contract, shown = min(near, key=lambda item: (item[0], item[2].id))
        variant = "tender" if contract.awarded_on is None else "after_award" if days >= 0 else "before_award"
    else:
        days, contract, shown = None, None, recent[-1]
        variant = "repeated" if repeated else "changed"
    return flag(
        *shown.facts,
        level="near_award" if near else "repeated" if repeated else "",
        variant=variant,
        changed_on=shown.on,
        owners_before=shown.before,
        owners_after=shown.after,
        changes=len(counted),
        days_from_award=abs(days) if days is not None else None,
        contract_id=contract.id if contract is not None else None,
        awarded_on=contract.awarded_on if contract is not None else None,
        as_of_on=owners.latest.provenance.as_of,
    )


def _none_recent(owners: History[BeneficialOwners], registered_on: date | None, c: Context, p: P) -> Verdict:
    """Nothing changed as far as is known: clear only where that reaches back over the whole window.

    The first filing that was met tells of the time since it was registered.
    """
    latest = owners.latest
    if latest.state == "exempt":
        return not_applicable("exempt")
    if latest.state not in TELLING:
        return not_applicable("no_owner_filed")
    dated = latest.state == "registered" and all(owner.since_on is not None for owner in latest.owners)
    since = min(owners.observed_from_on, owners.versions[0].registered_on or owners.observed_from_on)
    if not known_from(since, c.today - timedelta(days=p.window_days), registered_on) and not dated:
        return unknown("short_history", observed_from_on=since)
    return clear(latest, owners_now=_names(latest.owners), observed_from_on=since)


def changes(history: History[BeneficialOwners], registered_on: date | None, today: date) -> tuple[Change, ...]:
    """Every change of owners that is known, oldest first.

    Between two answers that say who owns: whoever is new or gone. In the first answer: owners whose own date lies after
    the founding, unless it is the company's first filing come late.
    """
    telling = [row for row in history.versions if row.state in TELLING]
    found: list[Change] = []
    if telling and telling[0] is history.versions[0]:
        found += _from_first(telling[0], registered_on)
    for before, after in pairwise(telling):
        came, left = _difference(before.owners, after.owners)
        if came or left:
            on = _day(came, before.provenance.as_of, after.provenance.as_of)
            found.append(Change(on, _names(before.owners), _names(after.owners), (after, before)))
    return tuple(sorted((item for item in found if item.on <= today), key=lambda item: item.on))


def _from_first(first: BeneficialOwners, registered_on: date | None) -> list[Change]:
    """Changes that the register dates itself; the founders' own entry is none, nor is a filing with no one before."""
    dated = sorted({owner.since_on for owner in first.owners if owner.since_on is not None})
    if registered_on is None:
        later = dated[1:]
    else:
        later = [day for day in dated if day > registered_on + timedelta(days=FOUNDING_DAYS)]
    return [
        Change(day, "", _names([owner for owner in first.owners if owner.since_on == day]), (first,)) for day in later
    ]


def _difference(before: Sequence[Owner], after: Sequence[Owner]) -> tuple[list[Owner], list[Owner]]:
    """Who came and who left; one person is one whether by key or, where keys differ, by a name spelled alike."""
    old, new = {owner.person_key for owner in before}, {owner.person_key for owner in after}
    came = [owner for owner in after if owner.person_key not in old]
    left = [owner for owner in before if owner.person_key not in new]
    for owner in list(came):
        same = next((item for item in left if _alike(item, owner)), None)
        if same is not None:
            came.remove(owner)
            left.remove(same)
    return came, left


def _alike(one: Owner, other: Owner) -> bool:
    return bool(one.name and other.name) and likeness(one.name, other.name) >= SAME


def _day(came: Sequence[Owner], before: date, seen_on: date) -> date:
    """The new owner's own date when it lies between the answers or shortly before them, else the day it was seen."""
    own = [owner.since_on for owner in came if owner.since_on is not None]
    fitting = [day for day in own if before - timedelta(days=FOUNDING_DAYS) <= day <= seen_on]
    return max(fitting) if fitting else seen_on


def _days_from_award(changed_on: date, contract: Contract, today: date) -> int | None:
    """Days from the award to the change; in a tender that is not yet awarded, from today."""
    if contract.awarded_on is not None:
        return (changed_on - contract.awarded_on).days
    return (changed_on - today).days if contract.phase == "tender" else None


def _names(owners: Sequence[Owner]) -> str:
    """Names in order; an owner with protected identity has none."""
    return ", ".join(sorted(owner.name for owner in owners if owner.name and not owner.anonymous))
