"""A change of beneficial owner within a year; weighs more near the award of a contract, or when repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks import Params
from screening.checks._window import all_dated, known_from
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
    Contract,
    History,
    Verdict,
    clear,
    events,
    flag,
    not_applicable,
    unknown,
)
from screening.model.states import PROTECTED, TELLING
from screening.model.states import owners as members


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """The window that flags, how near an award weighs more, and how many changes in which window do."""

    window_days: int
    near_days: int
    repeat: int
    repeat_days: int


def check(owners: History[BeneficialOwners], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags a change in ``window_days``: ``near_award`` or ``repeated`` where it weighs more."""
    registered_on = record.registered_on if record is not None else None
    known = events("beneficial_owners", owners.versions, registered_on=registered_on, today=c.today, what=("owners",))
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
        shown.facts[0],
        *shown.facts[1:],
        level="near_award" if near else "repeated" if repeated else "",
        variant=variant,
        changed_on=shown.on,
        owners_before=_names(shown.before),
        owners_after=_names(shown.after),
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
    dated = latest.state == "registered" and all_dated(members(latest).values())
    since = min(owners.observed_from_on, owners.versions[0].registered_on or owners.observed_from_on)
    if not known_from(since, c.today - timedelta(days=p.window_days), registered_on) and not dated:
        return unknown("short_history", observed_from_on=since)
    return clear(
        latest,
        owners_now=_names("\n".join(sorted(member.text for member in members(latest).values()))),
        observed_from_on=since,
    )


def _days_from_award(changed_on: date, contract: Contract, today: date) -> int | None:
    """Days from the award to the change; in a tender that is not yet awarded, from today."""
    if contract.awarded_on is not None:
        return (changed_on - contract.awarded_on).days
    return (changed_on - today).days if contract.phase == "tender" else None


def _names(lines: str | None) -> str:
    """Names on one line; an owner with protected identity has none."""
    return ", ".join(name for name in (lines or "").split("\n") if not name.startswith(PROTECTED))
