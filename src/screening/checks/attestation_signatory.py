"""An attestation signed by someone who, by role, neither signs for the company nor holds a power of attorney.

Only the role is known, never the person: what a role may do is read from the register's words and the roles on file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from screening.checks import Params
from screening.checks._quarters import end, timing
from screening.checks._services import spelled
from screening.model import (
    Context,
    Officers,
    PowerOfAttorney,
    RecordCheckAttestation,
    Signatory,
    Verdict,
    clear,
    flag,
    not_applicable,
    unknown,
)

Right = Literal["yes", "no", "not_known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """What each role may do.

    Attributes:
        signatories: roles that sign for the company by what they are.
        registered: (role, codes of the register that show it) of those that may sign if they are registered.
        board: roles that sign alone only where the register says so, or where nobody else sits on the board.
        alone: words of the register by which each signs alone.
        registration_days: so long a new role may take to be registered.
        due_days: when a quarter is due (older ones are history).
    """

    signatories: tuple[str, ...]
    registered: tuple[tuple[str, ...], ...]
    board: tuple[str, ...]
    alone: tuple[str, ...]
    registration_days: int
    due_days: int


def check(  # noqa: PLR0911 - one return per exclusion
    attestation: RecordCheckAttestation,
    signatory: Signatory | None,
    officers: Officers | None,
    powers: tuple[PowerOfAttorney, ...] | None,
    c: Context,
    p: P,
) -> Verdict:
    """Flags a role without right to sign; unknown where the register, which could show the right, has not answered."""
    if timing(attestation.quarter, c.today, p.due_days) == "older":
        return not_applicable("older_item")
    if attestation.state != "received":
        return not_applicable("no_attestation")
    role = attestation.signatory_role
    if not role:
        return unknown("partial", quarter=attestation.quarter)
    signed_on = attestation.signed_on or min(end(attestation.quarter), c.today)
    power = next((item for item in powers or () if _covers(item, role, signed_on)), None)
    if power is not None:
        return clear(attestation, power, signatory_role=role, power_to_on=power.valid_to_on)
    right = _right(spelled(role), signatory, officers, p)
    if right == "yes":
        return clear(attestation, *(item for item in (signatory, officers) if item is not None), signatory_role=role)
    if right == "not_known":
        missing = tuple(kind.kind for kind, fact in ((Signatory, signatory), (Officers, officers)) if fact is None)
        return replace(unknown("partial", quarter=attestation.quarter), missing=missing)
    if _may_be_registered(spelled(role), p) and (c.today - signed_on).days <= p.registration_days:
        return not_applicable("recent_change", signed_on=signed_on)
    return flag(
        attestation,
        *(item for item in (signatory, officers) if item is not None),
        quarter=attestation.quarter,
        area=attestation.area,
        signatory_role=role,
        signed_on=attestation.signed_on,
        signatory_text=signatory.text if signatory is not None else None,
    )


def _covers(power: PowerOfAttorney, role: str, signed_on: date) -> bool:
    """Whether a power of attorney is for the role, or for none by name, and held on the day of signing."""
    begun = power.signed_on is None or power.signed_on <= signed_on
    lasts = power.valid_to_on is None or power.valid_to_on >= signed_on
    return begun and lasts and (not power.role or spelled(power.role) == spelled(role))


def _right(role: str, signatory: Signatory | None, officers: Officers | None, p: P) -> Right:
    """Whether the role signs for the company, as far as the register tells."""
    if role in map(spelled, p.signatories):
        return "yes"
    held = {person.role_code for person in officers.people} if officers is not None else set()
    for name, *codes in p.registered:
        if role == spelled(name):
            return "not_known" if officers is None else "yes" if held & set(codes) else "no"
    if role not in map(spelled, p.board):
        return "no"
    if signatory is not None and any(spelled(word) in spelled(signatory.text) for word in p.alone):
        return "yes"
    members = {person.person_key for person in officers.people if person.role_code in BOARD} if officers else set()
    if len(members) == 1:
        return "yes"
    return "not_known" if signatory is None else "no"


BOARD = frozenset({"LE", "OF"})
"""The register's codes of members and chair."""


def _may_be_registered(role: str, p: P) -> bool:
    """Whether the role is one that a register would show, so that it may lag."""
    return role in {spelled(name) for name, *_codes in p.registered} | set(map(spelled, p.board))
