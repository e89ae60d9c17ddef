"""A representative who is listed with a trading prohibition in force; the role is told, never the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from screening.checks import Params
from screening.model import Context, Officers, TradingProhibition, Verdict, clear, flag, unknown
from screening.model.states import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Whose prohibition counts wholly, and whose in part (Bolagsverket's codes)."""

    roles: tuple[str, ...]
    partial_roles: tuple[str, ...]


def check(prohibitions: tuple[TradingProhibition, ...], officers: Officers | None, c: Context, p: P) -> Verdict:
    """Flags an active prohibition of someone in scope: ``partial`` for a deputy. Ended and exempted ones are clear."""
    order = (*p.roles, *p.partial_roles)
    active = [
        item
        for item in prohibitions
        if item.role_code in order and _stands(item, c.today) and not _has_left(item, officers)
    ]
    if active:
        worst = min(active, key=lambda item: order.index(item.role_code))
        return flag(
            worst,
            *(item for item in active if item is not worst),
            level="" if worst.role_code in p.roles else "partial",
            role=ROLES.get(worst.role_code, worst.role_code),
            people=len({item.person_key for item in active}),
            from_on=worst.from_on,
            to_on=worst.to_on,
            as_of_on=worst.provenance.held_on,
        )
    asked = {item.person_key for item in prohibitions}
    people = officers.people if officers is not None else ()
    unasked = {person.person_key for person in people if person.role_code in order} - asked
    if unasked:
        return unknown("partial", asked=len(asked), not_asked=len(unasked))
    return clear(*prohibitions, asked=len(asked))


def _has_left(item: TradingProhibition, officers: Officers | None) -> bool:
    """Whether a newer answer on who the officers are no longer has the person."""
    if officers is None or officers.provenance.held_on < item.provenance.held_on:
        return False
    return all(person.person_key != item.person_key for person in officers.people)


def _stands(item: TradingProhibition, today: date) -> bool:
    """Whether it is in force on the day: begun (or undated), not past its last day, neither ended nor exempted."""
    begun = item.from_on is None or item.from_on <= today
    return item.state == "active" and begun and (item.to_on is None or item.to_on >= today)
