"""A change of beneficial owner or shareholder within a year; weighs more near the award of a contract, or when repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from screening.checks._owners import Counted, Sources, changes, deal
from screening.checks._timing import near
from screening.checks._window import all_dated, at_latest, known_from
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Context,
    Event,
    Fact,
    History,
    Ownership,
    Shareholders,
    Verdict,
    clear,
    flag,
    lacks,
    not_applicable,
    unknown,
)
from screening.model.states import PROTECTED, TELLING
from screening.model.states import owners as members


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Counted):
    """The window that flags, and how many changes in which window weigh more."""

    window_days: int
    repeat: int
    repeat_days: int


def check(
    owners: History[BeneficialOwners] | None,
    holders: History[Shareholders] | None,
    ownership: Ownership | None,
    record: CompanyRecord | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags a change in ``window_days``: ``near_award``, ``repeated`` or ``near_option`` where it weighs more.

    A name that became nearly the same, where nothing tells whether it is one person, is ``uncertain``. Shareholders can
    show a change; that there was none takes the register of beneficial owners.
    """
    if owners is not None and owners.latest.state == "exempt":
        return not_applicable("exempt")
    known = Sources(owners, holders, ownership, record.registered_on if record is not None else None, c.today)
    every = changes(known, "owners", p)
    recent = [item for item in every if (c.today - item.on).days <= p.window_days]
    if recent:
        return _changed(recent, sum((c.today - item.on).days <= p.repeat_days for item in every), known, c, p)
    renamed = [item for item in changes(known, "owner_name", p) if (c.today - item.on).days <= p.window_days]
    if renamed:
        shown = renamed[-1]
        return flag(
            shown.facts[0],
            *shown.facts[1:],
            level="uncertain",
            variant="respelled",
            changed_on=shown.on,
            owners_before=_names(shown.before),
            owners_after=_names(shown.after),
            as_of_on=shown.facts[0].provenance.held_on,
        )
    return lacks(BeneficialOwners.kind) if owners is None else _none_recent(owners, known, c, p)


def _changed(recent: Sequence[Event], count: int, known: Sources, c: Context, p: P) -> Verdict:
    repeated = count >= p.repeat
    at = near([item.on for item in recent], c, p)
    shown = next((item for item in recent if item.on == at.on), recent[-1])
    beside = deal(shown, known, p)
    facts: dict[int, Fact] = {id(fact): fact for item in (shown, beside) if item is not None for fact in item.facts}
    held = shown.kind == Shareholders.kind
    rows = known.holders if held else known.owners
    first = at.first
    return flag(
        *facts.values(),
        level="near_award" if at.level == "near_award" else "repeated" if repeated else at.level,
        variant=("holders_" if held else "") + ("repeated" if repeated and at.level != "near_award" else "changed"),
        changed_on=shown.on,
        changed_after_on=shown.after_day if at_latest(shown) else None,
        owners_before=_names(shown.before),
        owners_after=_names(shown.after),
        holders_before=_names(beside.before) if beside is not None else None,
        holders_after=_names(beside.after) if beside is not None else None,
        changes=count,
        contracts_timing=at.timing,
        days_from_award=abs(first.days) if first is not None and at.level == "near_award" else None,
        contract_id=first.contract_id if first is not None else None,
        as_of_on=(rows.latest if rows is not None else shown.facts[0]).provenance.held_on,
    )


def _none_recent(owners: History[BeneficialOwners], known: Sources, c: Context, p: P) -> Verdict:
    """Nothing changed as far as is known: clear only where that reaches back over the whole window.

    The first filing that was met tells of the time since it was registered.
    """
    latest = owners.latest
    if latest.state not in TELLING:
        return not_applicable("no_owner_filed")
    dated = latest.state == "registered" and all_dated(members(latest).values())
    since = min(owners.observed_from_on, owners.versions[0].registered_on or owners.observed_from_on)
    if not known_from(since, c.today - timedelta(days=p.window_days), known.registered_on) and not dated:
        return unknown("short_history", observed_from_on=since)
    holders = known.holders
    return clear(
        latest,
        *([holders.latest] if holders is not None else []),
        owners_now=_now(latest),
        observed_from_on=since,
        shareholders_now=_now(holders.latest) if holders is not None else None,
        shareholders_from_on=holders.observed_from_on if holders is not None else None,
    )


def _now(fact: BeneficialOwners | Shareholders) -> str:
    return _names("\n".join(sorted(member.text for member in members(fact).values())))


def _names(lines: str | None) -> str:
    """Names on one line; an owner with protected identity has none."""
    return ", ".join(name for name in (lines or "").split("\n") if not name.startswith(PROTECTED))
