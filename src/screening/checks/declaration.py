"""A sworn statement (sanningsförsäkran) that is missing, old, or from before the latest change of board."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.checks._window import at_latest
from screening.model import (
    CompanyRecord,
    Context,
    Declaration,
    History,
    Officers,
    Verdict,
    clear,
    events,
    flag,
    unknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How long a statement is taken as current."""

    max_days: int


def check(
    declaration: Declaration, officers: History[Officers] | None, record: CompanyRecord | None, c: Context, p: P
) -> Verdict:
    """Flags by contract: base in a tender (a duty of evidence), ``in_contract`` later (no statutory renewal)."""
    level = "" if c.contract is not None and c.contract.phase == "tender" else "in_contract"
    if declaration.state == "none":
        return flag(declaration, level=level, variant="missing", as_of_on=declaration.provenance.held_on)
    days = [day for day in (declaration.signed_on, declaration.confirmed_on) if day is not None]
    if not days:
        return unknown("partial")
    last = max(days)
    age = (c.today - last).days
    if age > p.max_days:
        return flag(
            declaration,
            level=level,
            variant="old",
            declared_on=last,
            age_days=age,
            signatory=declaration.signatory_role,
        )
    if officers is not None:
        registered_on = record.registered_on if record is not None else None
        known = events("officers", officers.versions, registered_on=registered_on, today=c.today, what=("board",))
        later = [
            item for item in known if item.earliest > last
        ]  # surely after: it may have been earlier than it was seen
        if later:
            return flag(
                declaration,
                officers.latest,
                level=level,
                variant="board_changed",
                declared_on=last,
                changed_on=later[-1].on,
                changed_after_on=later[-1].after_day if at_latest(later[-1]) else None,
                age_days=age,
                signatory=declaration.signatory_role,
            )
    return clear(declaration, declared_on=last, age_days=age)
