"""A change of beneficial owner within a year; weighs more near the award of a contract, or when repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks._timing import Timing, near
from screening.checks._window import all_dated, at_latest, known_from
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
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
class P(Timing):
    """The window that flags, and how many changes in which window weigh more."""

    window_days: int
    repeat: int
    repeat_days: int


def check(owners: History[BeneficialOwners], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags a change in ``window_days``: ``near_award``, ``repeated`` or ``near_option`` where it weighs more."""
    registered_on = record.registered_on if record is not None else None
    known = events("beneficial_owners", owners.versions, registered_on=registered_on, today=c.today, what=("owners",))
    recent = [item for item in known if (c.today - item.on).days <= p.window_days]
    if not recent:
        return _none_recent(owners, registered_on, c, p)
    counted = [item for item in known if (c.today - item.on).days <= p.repeat_days]
    repeated = len(counted) >= p.repeat
    at = near([item.on for item in recent], c, p)
    shown = next((item for item in recent if item.on == at.on), recent[-1])
    first = at.first
    return flag(
        shown.facts[0],
        *shown.facts[1:],
        level="near_award" if at.level == "near_award" else "repeated" if repeated else at.level,
        variant="repeated" if repeated and at.level != "near_award" else "changed",
        changed_on=shown.on,
        changed_after_on=shown.after_day if at_latest(shown) else None,
        owners_before=_names(shown.before),
        owners_after=_names(shown.after),
        changes=len(counted),
        contracts_timing=at.timing,
        days_from_award=abs(first.days) if first is not None and at.level == "near_award" else None,
        contract_id=first.contract_id if first is not None else None,
        as_of_on=owners.latest.provenance.held_on,
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


def _names(lines: str | None) -> str:
    """Names on one line; an owner with protected identity has none."""
    return ", ".join(name for name in (lines or "").split("\n") if not name.startswith(PROTECTED))
